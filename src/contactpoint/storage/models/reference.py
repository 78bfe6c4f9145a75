"""Changes of the lists of authorities, schools and practices (domain/reference_lists.py; ADR 38).

The web role has no right on the table: it is read and moved on by functions alone.
"""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account


class ReferenceChange(models.Model):
    """What a file would change in one list.

    `rows` holds of each body its code, and how it is before and after. `children` is rounded, and empty below
    one hundred. `outcome` says why it could not be carried out.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=8, default="draft")
    rows = models.JSONField()
    added = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    gone = models.PositiveIntegerField()
    children = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    because = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=240, blank=True)
    puts_back = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        """One waits of a list at a time; nobody agrees to their own."""

        db_table = "reference_change"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["authority", "school", "gp"]), name="reference_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "asked", "dropped", "refused"])
                | (
                    models.Q(state__in=["agreed", "done", "failed"], answered_by__isnull=False)
                    & ~models.Q(answered_by=models.F("by"))
                ),
                name="reference_by_two",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(state__in=["asked", "agreed"]),
                name="reference_one_waits",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"reference change {self.pk}"


class AreaRework(models.Model):
    """Postcode districts that came into another area, until that is worked out for every child there.

    `done_through` is the child up to whom it is.
    """

    id = models.BigAutoField(primary_key=True)
    districts = models.JSONField()
    asked_at = models.DateTimeField()
    done_through = models.CharField(max_length=11, blank=True, db_default="")

    class Meta:
        """Table options."""

        db_table = "area_rework"

    def __str__(self) -> str:
        """Name the row."""
        return f"districts {self.pk}"
