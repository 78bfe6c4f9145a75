"""Accounts let in again after a suspension or a long rest: one person asks, another agrees (R52, R56)."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account


class Reinstatement(models.Model):
    """That somebody asked for it, and who agreed; neither is the other, or the account itself."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    because = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        """Two people, neither of them the one it is about; one at a time is asked for."""

        db_table = "reinstatement"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(asked_by=models.F("account"))
                & (
                    models.Q(agreed_by__isnull=True)
                    | (~models.Q(agreed_by=models.F("asked_by")) & ~models.Q(agreed_by=models.F("account")))
                ),
                name="reinstatement_by_two_others",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(agreed_at__isnull=True),
                name="reinstatement_one_asked",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"reinstatement {self.pk}"
