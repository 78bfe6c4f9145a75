"""Whether what somebody saw is a breach: asked when it is first looked at, decided within 72 hours (R55)."""

from django.db import models

from contactpoint.storage.models.accounts import Account


class BreachAsked(models.Model):
    """The columns of such a question; what it is asked of is the subclass's key."""

    opened_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    decide_by = models.DateTimeField()
    outcome = models.CharField(max_length=24, blank=True, db_default="")
    decided_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """No table of its own."""

        abstract = True


OUTCOME_KNOWN = models.Q(outcome__in=["", "no_breach", "not_reportable", "reported"])
"""What can come of it."""
