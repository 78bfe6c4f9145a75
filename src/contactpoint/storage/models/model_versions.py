"""Versions of the matching model (domain/matching_models.py; ADR 41).

The web role has no right on the table: it is read and moved on by functions alone. Where no row is in force,
the model that comes with the project is.
"""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account


class ModelVersion(models.Model):
    """A model that somebody proposed: its text as it is kept for ever, and what became of it.

    `against` was in force then, and is what putting it back goes back to. `tries` is how often its report
    was begun, and `looked_at` when the published children had been looked at under it.
    """

    id = models.BigAutoField(primary_key=True)
    version = models.CharField(max_length=32)
    sha256 = models.CharField(max_length=64)
    body = models.TextField()
    because = models.CharField(max_length=300)
    state = models.CharField(max_length=8, default="asked")
    proposed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    proposed_at = models.DateTimeField()
    against = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    puts_back = models.BooleanField(default=False)
    report = models.JSONField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    reported_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    in_force_from = models.DateTimeField(null=True)
    in_force_until = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=240, blank=True)

    class Meta:
        """One is in force; nobody agrees to their own, and nobody before the report is there."""

        db_table = "model_version"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "reported", "failed", "dropped", "refused"])
                | (
                    models.Q(
                        state__in=["in_force", "replaced"],
                        answered_by__isnull=False,
                        report__isnull=False,
                        in_force_from__isnull=False,
                    )
                    & ~models.Q(answered_by=models.F("proposed_by"))
                ),
                name="model_version_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(state="replaced", in_force_until__isnull=False)
                | (~models.Q(state="replaced") & models.Q(in_force_until__isnull=True)),
                name="model_version_until",
            ),
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="in_force"), name="model_version_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"model version {self.pk}"
