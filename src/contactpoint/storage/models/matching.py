"""What people decided about review cases, and every change to which records are about which child.

The web role has no right on these tables: pages come by them through the functions of
storage/sql/matching.sql, which pass over what a shield or missing consent hides.
"""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation
from contactpoint.storage.models.breach import OUTCOME_KNOWN, BreachAsked
from contactpoint.storage.models.records import Child, SourceRecord


class IdentityChange(models.Model):
    """Two numbers became one ("merge") or one became two ("split"); append-only, undone by a later row.

    `kept` is the number that stays; `other` the one that retired into it, or that left it.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=8)
    kept = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    because = models.TextField()
    made_by = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        """Two numbers, and a kind that is known."""

        db_table = "identity_change"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["merge", "split"]), name="identity_change_kind_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(kept=models.F("other")), name="identity_change_two_numbers"
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"change {self.pk}"


class IdentityMove(models.Model):
    """One source record that a change moved from one number to another; append-only."""

    id = models.BigAutoField(primary_key=True)
    change = models.ForeignKey(IdentityChange, on_delete=models.PROTECT, related_name="moves")
    record = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="+")
    from_child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        """A change moves a record once."""

        db_table = "identity_move"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["change", "record"], name="identity_move_once"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"move {self.pk}"


class KeptApart(models.Model):
    """Two records that a person said are two children: linking never joins their clusters again (R20)."""

    id = models.BigAutoField(primary_key=True)
    record_a = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="+")
    record_b = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One row a pair, lower record first."""

        db_table = "kept_apart"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["record_a", "record_b"], name="kept_apart_once"),
            models.CheckConstraint(
                condition=models.Q(record_a__lt=models.F("record_b")), name="kept_apart_ordered"
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"kept apart {self.pk}"


class MixedQuestion(BreachAsked):
    """Whether what was seen while two children were one record is a breach: decided within 72 hours (R55)."""

    change = models.OneToOneField(
        IdentityChange, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """What can come of it."""

        db_table = "mixed_question"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=OUTCOME_KNOWN,
                name="mixed_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"question of change {self.pk}"


class CaseWord(models.Model):
    """What the first of two people said of a pair of records; gone once a second says so too, or else.

    A case whose comparison is another by now has none: `levels` are those it was said on.
    """

    id = models.BigAutoField(primary_key=True)
    record_a = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="+")
    record_b = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="+")
    levels = models.BinaryField(max_length=80)
    what = models.CharField(max_length=12)
    parts = models.JSONField(default=list)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    said_at = models.DateTimeField()

    class Meta:
        """One word a pair at a time."""

        db_table = "case_word"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["record_a", "record_b"], name="case_word_once"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"word {self.pk}"


class CaseDecision(models.Model):
    """What somebody decided about a pair of records, or that an earlier decision be undone.

    It holds what it was decided on, so that it stands when the case is gone. `done_at` is empty until the
    worker has carried it out; `outcome` says why it could not be. `parts` are the records that leave with
    `record_b` where there were two children in one.
    """

    id = models.BigAutoField(primary_key=True)
    record_a = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="+")
    record_b = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    weight = models.FloatField()
    levels = models.BinaryField(max_length=80)
    what = models.CharField(max_length=12)
    because = models.TextField()
    parts = models.JSONField(default=list)
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    decided_as = models.CharField(max_length=32)
    decided_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField()
    undoes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    change = models.ForeignKey(IdentityChange, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=240, blank=True, default="")

    class Meta:
        """What can be decided; an undoing says what it undoes."""

        db_table = "case_decision"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["decided_at"], condition=models.Q(done_at__isnull=True), name="case_decision_waiting"
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(what="undo", undoes__isnull=False)
                | models.Q(what__in=["same", "different", "cannot_tell"], undoes__isnull=True),
                name="case_decision_what_known",
            ),
            models.UniqueConstraint(
                fields=["undoes"], condition=models.Q(outcome=""), name="case_decision_undone_once"
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"decision {self.pk}"
