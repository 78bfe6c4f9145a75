"""What is archived, who agreed to stay, and what the jobs that end things have done.

The web role has no right on these tables: a data manager's page comes by an archived record through a
function of storage/sql/retention.sql.
"""

from datetime import timedelta
from typing import ClassVar, Final

from django.db import models

from contactpoint.storage.models.accounts import Account
from contactpoint.storage.models.audit import TransactionIdField
from contactpoint.storage.models.records import Child

_SIX_YEARS: Final = timedelta(days=6 * 365 + 1)  # the fewest days that six years have


class Archived(models.Model):
    """A record whose time is up: why, the day it was so, and the day on which it is destroyed (R47-R50).

    `authority` was responsible for it then. `checked_at` is when its facts were last looked at: whoever comes
    back, or did not die, comes back from here.
    """

    child = models.OneToOneField(Child, primary_key=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=16)
    since = models.DateField()
    purge_on = models.DateField(db_index=True)
    authority = models.CharField(max_length=3, blank=True)
    archived_at = models.DateTimeField()
    checked_at = models.DateTimeField()

    class Meta:
        """Six years lie between the two days, whoever writes."""

        db_table = "archived"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(why__in=["turned_18", "turned_25", "died", "left_england"]),
                name="archived_why_known",
            ),
            models.CheckConstraint(
                condition=models.Q(purge_on__gte=models.F("since") + _SIX_YEARS),
                name="archived_six_years",
            ),
        ]

    def __str__(self) -> str:
        """Name the table, never the child."""
        return "archived record"


class StayConsent(models.Model):
    """A young person's own explicit consent to stay until 25, and its withdrawal (R16).

    Which of the two groups they belong to is not kept: it would say more than that they agreed (R17).
    """

    id = models.BigAutoField(primary_key=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    given_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """One in force at a time."""

        db_table = "stay_consent"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["child"], condition=models.Q(withdrawn_at__isnull=True), name="stay_consent_once"
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the child."""
        return f"consent to stay {self.pk}"


class RetentionRun(models.Model):
    """What one day's job did, in numbers that name nobody; without `ended_at` it is not done yet.

    `step` and `after` say how far it is: which chain, and the last child's number there.
    """

    day = models.DateField(primary_key=True)
    step = models.CharField(max_length=12, blank=True, db_default="")
    after = models.CharField(max_length=11, blank=True, db_default="")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    figures = models.JSONField(default=dict)

    class Meta:
        """Table options."""

        db_table = "retention_run"

    def __str__(self) -> str:
        """Name the day."""
        return str(self.pk)


class Purging(models.Model):
    """The transaction that purges at this moment: only in it do append-only tables let rows go.

    No row outlives the transaction that wrote it, and only storage/sql/retention.sql writes one.
    """

    txid = TransactionIdField(primary_key=True)

    class Meta:
        """Table options."""

        db_table = "purging"

    def __str__(self) -> str:
        """Say nothing."""
        return "purging"
