"""What stood before of rows that keep no history of their own, and which rules were in force since when.

Written by the triggers of storage/sql/past.sql and read by the worker alone, to answer what somebody could
see of a child at a moment.
"""

from typing import ClassVar

from django.db import models
from django.db.models.fields.json import KeyTextTransform


class PastRow(models.Model):
    """A row as it stood until a moment; without an image there was no such row before it."""

    id = models.BigAutoField(primary_key=True)
    tab = models.CharField(max_length=16)
    row_key = models.CharField(max_length=48)
    image = models.JSONField(null=True)
    until = models.DateTimeField()

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
