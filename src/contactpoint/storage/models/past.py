"""What stood before of rows that keep no history of their own, and which rules were in force since when.

Written by the triggers of storage/sql/past.sql and read by the worker alone, to answer what somebody could
see of a child at a moment.
"""

from typing import ClassVar

from django.db import models
from django.db.models.fields.json import KeyTextTransform

from contactpoint.storage.models.accounts import Account, Organisation
from contactpoint.storage.models.records import Child


class PastRow(models.Model):
    """A row as it stood until a moment; without an image there was no such row before it.

    `sealed` and `sealed_with` are those of an involvement's image: it is encrypted as its row is.
    """

    id = models.BigAutoField(primary_key=True)
    tab = models.CharField(max_length=16)
    row_key = models.CharField(max_length=48)
    image = models.JSONField(null=True)
    until = models.DateTimeField()
    sealed = models.BooleanField(default=False, db_default=False)
    sealed_with = models.SmallIntegerField(null=True)

    class Meta:
        """Found by row and time, and records by the child they were about."""

        db_table = "past_row"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["tab", "row_key", "until"], name="past_row_when"),
            models.Index(
                KeyTextTransform("child_id", "image"),
                condition=models.Q(tab="source_record"),
                name="past_row_child",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(sealed=True, sealed_with__isnull=True),
                name="past_row_to_seal",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(sealed=False, sealed_with__isnull=False),
                name="past_row_to_open",
            ),
            models.Index(
                fields=["sealed_with"],
                condition=models.Q(sealed_with__isnull=False),
                name="past_row_sealed_with",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"{self.tab} before {self.pk}"


class Ruleset(models.Model):
    """The rules of disclosure in force since a moment, as a digest of their text."""

    id = models.BigAutoField(primary_key=True)
    version = models.CharField(max_length=64)
    since = models.DateTimeField()

    class Meta:
        """In the order in which they came."""

        db_table = "ruleset"

    def __str__(self) -> str:
        """Name the version."""
        return self.version


class ReplayRequest(models.Model):
    """A question of what somebody could see of a child at a moment, and its answer, which shows no value.

    Pages come by it through the functions of storage/sql/replay.sql; the worker answers. `role` is what the
    asker acted as. `protected`: the child was at that moment.
    """

    id = models.BigAutoField(primary_key=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    moment = models.DateTimeField()
    because = models.TextField()
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=24)
    asked_at = models.DateTimeField()
    protected = models.BooleanField(db_default=False)
    answer = models.JSONField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """An answer has its moment."""

        db_table = "replay_request"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(answer__isnull=True, answered_at__isnull=True)
                | models.Q(answer__isnull=False, answered_at__isnull=False),
                name="replay_request_answered",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["audit_reviewer", "shield_team"]), name="replay_request_role"
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never anybody."""
        return f"replay {self.pk}"
