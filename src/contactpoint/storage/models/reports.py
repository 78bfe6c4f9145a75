"""How much the directory was used, by day: counts of what staff did, of nobody and of no child."""

from typing import ClassVar

from django.db import models


class UseCount(models.Model):
    """A day's counts within a scope.

    `scope` is empty for all of England, `authority:353` for the organisations of an authority, and
    `organisation:la-353` for one. `figures` holds counts by measure and part (domain.reports). Every day that
    was counted has the row of England, so that no day is counted twice or forgotten.
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    scope = models.CharField(max_length=80, blank=True)
    figures = models.JSONField()

    class Meta:
        """One row a scope and day."""

        db_table = "use_count"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scope", "day"], name="use_count_once"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"counts {self.pk}"
