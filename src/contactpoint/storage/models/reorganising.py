"""Authorities that are split or merged, as one reversible action (R58).

A row of a change is the change: inserting it writes the new value where it says, marking it undone writes the
old one back (storage/sql/reorganising.sql). The web role has no right on these tables.
"""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account


class AuthorityChange(models.Model):
    """A plan for an authority: who asked, who agreed, and the same for taking it back."""

    id = models.BigAutoField(primary_key=True)
    authority = models.CharField(max_length=3)
    plan = models.JSONField()
    because = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    done_at = models.DateTimeField(null=True)
    undo_asked_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    undo_agreed_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    undone_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        """Two people each time; one plan of an authority at a time."""

        db_table = "authority_change"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(agreed_by__isnull=True) | ~models.Q(agreed_by=models.F("asked_by")),
                name="authority_change_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(undo_agreed_by__isnull=True)
                | ~models.Q(undo_agreed_by=models.F("undo_asked_by")),
                name="authority_change_undone_by_two",
            ),
            models.UniqueConstraint(
                fields=["authority"],
                condition=models.Q(done_at__isnull=True, dropped_at__isnull=True),
                name="authority_change_one_waits",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"authority change {self.pk}"


class AuthorityChangeRow(models.Model):
    """One value that a change replaced, and by what."""

    id = models.BigAutoField(primary_key=True)
    change = models.ForeignKey(AuthorityChange, on_delete=models.CASCADE, related_name="rows")
    tab = models.CharField(max_length=20)
    col = models.CharField(max_length=20)
    row_key = models.CharField(max_length=48)
    was = models.CharField(max_length=48, blank=True)
    becomes = models.CharField(max_length=48, blank=True)
    undone = models.BooleanField(db_default=False)

    class Meta:
        """Table options."""

        db_table = "authority_change_row"

    def __str__(self) -> str:
        """Name the row."""
        return f"change row {self.pk}"
