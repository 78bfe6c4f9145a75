"""Security incidents: what was shut, by whom, and when it opened again (R55)."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation
from contactpoint.storage.models.supply import Source


class IncidentShut(models.Model):
    """Access that is, or was, shut. Nobody who asked is whoever ran the command.

    To shut the country out, and to let it in again, a second person agrees; the command line is for when
    there is no time.
    """

    id = models.BigAutoField(primary_key=True)
    scope = models.CharField(max_length=12)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=300)
    asked_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    shut_at = models.DateTimeField(null=True)
    open_asked_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opened_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField(null=True)

    class Meta:
        """Says what is shut, once; two different people for the country."""

        db_table = "incident_shut"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(scope="national", organisation__isnull=True, source__isnull=True)
                | models.Q(scope="organisation", organisation__isnull=False, source__isnull=True)
                | models.Q(scope="feed", organisation__isnull=True, source__isnull=False),
                name="incident_scope_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(scope="national")
                | models.Q(shut_at__isnull=True)
                | models.Q(asked_by__isnull=True)
                | (models.Q(agreed_by__isnull=False) & ~models.Q(agreed_by=models.F("asked_by"))),
                name="incident_shut_by_two",
            ),
            models.CheckConstraint(
                condition=~models.Q(scope="national")
                | models.Q(opened_at__isnull=True)
                | models.Q(open_asked_by__isnull=True)
                | (models.Q(opened_by__isnull=False) & ~models.Q(opened_by=models.F("open_asked_by"))),
                name="incident_opened_by_two",
            ),
            models.UniqueConstraint(
                fields=["scope", "organisation", "source"],
                condition=models.Q(opened_at__isnull=True),
                nulls_distinct=False,
                name="incident_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"incident {self.pk}"
