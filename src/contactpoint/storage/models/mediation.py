"""Who asked through somebody else to look at a record (R6).

The web role has no right on this table: pages come by it through the functions of storage/sql/mediation.sql.
"""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation
from contactpoint.storage.models.records import Child


class MediationRow(models.Model):
    """Somebody without an account asked; `child` is the one record that was opened for them, if one was.

    What was typed is encrypted (storage/typed_texts.py).
    """

    id = models.BigAutoField(primary_key=True)
    mediator = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.TextField()
    title = models.TextField()
    email = models.TextField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    checked = models.CharField(max_length=16)
    purpose = models.CharField(max_length=24)
    purpose_text = models.TextField(blank=True, db_default="")
    asked_at = models.DateTimeField()
    child = models.ForeignKey(Child, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True)

    class Meta:
        """Whoever asks was made sure of."""

        db_table = "mediation"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(checked__in=["rang_back", "here"]), name="mediation_checked"
            ),
            models.CheckConstraint(
                condition=models.Q(child__isnull=True, opened_at__isnull=True)
                | models.Q(child__isnull=False, opened_at__isnull=False),
                name="mediation_opened_one",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, nobody in it."""
        return f"mediation {self.pk}"
