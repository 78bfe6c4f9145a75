"""What practitioners keep of their own work: versions, looks, hand-overs, and corrections they asked for.

The web role has no right on these tables: pages come by them through the functions of
storage/sql/keeping.sql, which pass over what a shield hides.
"""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation
from contactpoint.storage.models.records import InvolvementRow, SourceRecord


class OwnLook(models.Model):
    """When somebody last looked at "My children", and the time before: what changed since then is news."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    looked_at = models.DateTimeField()
    looked_before = models.DateTimeField(null=True)

    class Meta:
        """One row per account and organisation."""

        db_table = "own_look"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "organisation"], name="own_look_once"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"look {self.pk}"


class OwnWordVersion(models.Model):
    """What a practitioner's own word said from `held_from` to `held_until`; a version is never rewritten.

    storage/sql/keeping.sql writes one whenever the involvement changes, whoever changes it (ADR 4). Role and
    telephone are encrypted in `sealed_said` while its involvement is (storage/sealed_involvements.py).
    """

    id = models.BigAutoField(primary_key=True)
    involvement = models.ForeignKey(InvolvementRow, on_delete=models.PROTECT, related_name="versions")
    practitioner_role = models.CharField(max_length=120, blank=True)
    contact_phone = models.CharField(max_length=24, blank=True)
    contact_hours = models.CharField(max_length=80, blank=True)
    contact_cover = models.CharField(max_length=160, blank=True)
    start_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    lead_practitioner = models.BooleanField()
    lead_since = models.DateField(null=True)
    assessment = models.BooleanField()
    held_from = models.DateTimeField()
    held_until = models.DateTimeField(null=True)
    sealed_said = models.TextField(null=True)  # noqa: DJ001 - none where the row is clear

    class Meta:
        """One current version of each; none ends before it begins."""

        db_table = "own_word_version"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["involvement"],
                condition=models.Q(held_until__isnull=True),
                name="own_word_version_one_current",
            ),
            models.CheckConstraint(
                condition=models.Q(held_until__isnull=True) | models.Q(held_until__gte=models.F("held_from")),
                name="own_word_version_forward",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"version {self.pk}"


class Handover(models.Model):
    """A practitioner asks a colleague of the same organisation to take a child over."""

    id = models.BigAutoField(primary_key=True)
    involvement = models.ForeignKey(InvolvementRow, on_delete=models.PROTECT, related_name="handovers")
    offered_to = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """One offer at a time; an answer has its time."""

        db_table = "handover"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["involvement"], condition=models.Q(answer=""), name="handover_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | models.Q(answer__in=["accepted", "declined", "withdrawn"], answered_at__isnull=False),
                name="handover_answer_known",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"hand-over {self.pk}"


class Correction(models.Model):
    """Somebody asks a source to correct a field: what it said then, what is right, and its answer (R61).

    Of somebody's own word `because` is why it is right, `passed_to` who was asked next (ADR 52). Both texts
    are encrypted; `said_tag` stands for what it said, so that the same asked again is known (ADR 28).
    """

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=20)
    said = models.TextField()
    said_tag = models.CharField(max_length=44, blank=True, db_default="")
    right = models.TextField()
    basis = models.CharField(max_length=12)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True)
    because = models.CharField(max_length=12, blank=True, db_default="")
    passed_to = models.CharField(max_length=10, blank=True, db_default="")
    answered_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """Nobody asks the same twice while it is open; an answer has its time and its person."""

        db_table = "correction"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["record", "field", "asked_by", "said_tag"],
                condition=models.Q(answer="") & ~models.Q(said_tag=""),
                name="correction_asked_once",
            ),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | models.Q(
                    answer__in=["stands", "agreed", "corrected"],
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="correction_answer_known",
            ),
            models.CheckConstraint(
                condition=models.Q(passed_to__in=["", "colleague", "team"]), name="correction_passed_on_known"
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"correction {self.pk}"
