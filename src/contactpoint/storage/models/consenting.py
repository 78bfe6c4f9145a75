"""Consents to sensitive services, as steps that only grow, and decisions not to share.

The web role has no right on these tables: pages come by them through the functions of
storage/sql/consent.sql, which answer only whoever provides the service and the consent desk.
"""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation
from contactpoint.storage.models.records import Child, InvolvementRow


class ConsentStep(models.Model):
    """A consent that was given, or withdrawn (R37, R38, R41); writing one changes what its involvement shows.

    `basis` of a withdrawal is who withdrew it. `understands` is whether the child was judged to understand.
    `decided_by` and its title name who decided that harm is suspected.
    """

    id = models.BigAutoField(primary_key=True)
    involvement = models.ForeignKey(
        InvolvementRow, on_delete=models.PROTECT, related_name="consents", db_constraint=False
    )
    what = models.CharField(max_length=12)
    basis = models.CharField(max_length=20)
    scope = models.CharField(max_length=8)
    until = models.DateField(null=True)
    understands = models.BooleanField(null=True)
    relation = models.CharField(max_length=16, blank=True, db_default="")
    decided_by = models.TextField(blank=True, db_default="")
    decided_by_title = models.TextField(blank=True, db_default="")
    without = models.CharField(max_length=24, blank=True, db_default="")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        """A child who understands agrees for themselves; a suspicion has somebody who answers for it."""

        db_table = "consent_step"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(what="withdrawn", basis__in=["child", "carer"])
                | models.Q(what="given", basis="child", understands=True, relation="")
                | (models.Q(what="given", basis="carer", understands=False) & ~models.Q(relation=""))
                | (
                    models.Q(what="given", basis="significant_harm", scope="desk")
                    & ~models.Q(decided_by="")
                    & ~models.Q(decided_by_title="")
                    & ~models.Q(without="")
                ),
                name="consent_step_says_whose",
            ),
            models.CheckConstraint(
                condition=models.Q(scope__in=["listed", "team", "desk"]), name="consent_step_scope_known"
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the child."""
        return f"consent step {self.pk}"


class NotShared(models.Model):
    """A decision not to share something about a child, with its coded reason and who answers for it."""

    id = models.BigAutoField(primary_key=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=16)
    reason = models.CharField(max_length=24)
    decided_by = models.TextField()
    decided_by_title = models.TextField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        """Somebody who is named answers for it."""

        db_table = "not_shared"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(decided_by="") & ~models.Q(decided_by_title=""),
                name="not_shared_names_who_decided",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the child."""
        return f"decision not to share {self.pk}"
