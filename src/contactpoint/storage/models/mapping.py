"""How each source's files are read, version by version (domain/source_mappings.py; ADR 40).

The web role sees of the table that one waits, and whose it is: it is read and moved on by functions alone.
"""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account
from contactpoint.storage.models.supply import Source


class SourceMapping(models.Model):
    """One version of a source's mapping; no text is the contract's own names.

    `against` is the version that was in force when this one was tried, and `puts_back` the one whose change
    it undoes. `folder` is where the file lies until it has been tried, `report` what it came to: counts, and
    never a value.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=8)
    text = models.TextField(blank=True)
    against = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    puts_back = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    file_name = models.CharField(max_length=120, blank=True)
    folder = models.CharField(max_length=32, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    report = models.JSONField(null=True)
    failed = models.CharField(max_length=240, blank=True)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    because = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        """One is in force and one waits of a source at a time; nobody agrees to their own."""

        db_table = "source_mapping"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=["trying", "tried", "asked", "dropped"])
                | (
                    models.Q(state__in=["refused", "in_force", "replaced"], answered_by__isnull=False)
                    & ~models.Q(answered_by=models.F("by"))
                ),
                name="source_mapping_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["trying", "tried", "dropped"]) | ~models.Q(because=""),
                name="source_mapping_why",
            ),
            models.UniqueConstraint(fields=["source", "version"], name="source_mapping_once"),
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(state="in_force"), name="source_mapping_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(state="asked"), name="source_mapping_one_waits"
            ),
        ]

    def __str__(self) -> str:
        """Name source and version."""
        return f"mapping {self.version} of {self.source_id}"
