"""Families who ask what is held about a child (R60).

The web role has no right on this table: pages come by it through the functions of storage/sql/family.sql.
"""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation
from contactpoint.storage.models.records import Child


class FamilyRequest(models.Model):
    """Somebody asked what is held about a child, and what became of it.

    Codes alone: no document is kept, nor a name of who asked. `made_for` answers; where the child is shielded
    or it was passed on (`passed_on`), the national shield desk does. What happened when is in the audit.
    """

    id = models.BigAutoField(primary_key=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    asker = models.CharField(max_length=16)
    identity = models.CharField(max_length=16)
    entitlement = models.CharField(max_length=24)
    received_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, db_default="open")
    because = models.CharField(max_length=20, blank=True, db_default="")
    passed_on = models.BooleanField(db_default=False)
    made_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    moved_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    moved_at = models.DateTimeField(null=True)

    class Meta:
        """What is extended or refused has its reason; nobody answers whom they do not know."""

        db_table = "family_request"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "answered"])
                | (models.Q(state__in=["extended", "refused"]) & ~models.Q(because="")),
                name="family_request_moved_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="answered")
                | (~models.Q(identity="not_shown") & ~models.Q(entitlement="not_shown")),
                name="family_request_answered_once_shown",
            ),
            models.CheckConstraint(
                condition=models.Q(asker__in=["child", "parent", "representative"])
                & models.Q(due_on__gt=models.F("received_on")),
                name="family_request_known",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never anybody."""
        return f"family request {self.pk}"
