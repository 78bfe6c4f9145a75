"""What the national team set: proposals, and the versions that hold (domain/settings.py, ADR 32).

Versions are append-only: what held at a moment is the newest that began by then. The web role has no right on
either table.
"""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account


class SettingChange(models.Model):
    """A value that somebody proposes; one of a setting waits at a time."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=48)
    value = models.IntegerField()
    words = models.CharField(max_length=80, db_default="")
    because = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="asked")
    answered_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """Nobody agrees to their own."""

        db_table = "setting_change"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(state="agreed")
                | (models.Q(answered_by__isnull=False) & ~models.Q(answered_by=models.F("asked_by"))),
                name="setting_change_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(state="asked", answered_at__isnull=True)
                | models.Q(state__in=("agreed", "refused", "taken_back"), answered_at__isnull=False),
                name="setting_change_state_known",
            ),
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(state="asked"), name="setting_change_one_waits"
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"setting change {self.pk}"


class SettingVersion(models.Model):
    """One value and from when it holds: who said so, why, and who agreed where it loosens a protection."""

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=48)
    value = models.IntegerField()
    words = models.CharField(max_length=80, db_default="")
    from_when = models.DateTimeField(db_index=True)
    because = models.CharField(max_length=300)
    loosens = models.BooleanField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    agreed_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        """What loosens a protection takes two people."""

        db_table = "setting_version"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(loosens=False)
                | (models.Q(agreed_by__isnull=False) & ~models.Q(agreed_by=models.F("by"))),
                name="setting_version_by_two",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"setting version {self.pk}"
