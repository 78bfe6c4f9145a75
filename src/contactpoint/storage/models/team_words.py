"""What teams wrote down of children because no source had told it (R49).

The web role has no right on this table: pages come by it through functions (storage/sql/team_words.sql).
"""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation
from contactpoint.storage.models.records import Child


class TeamWordRow(models.Model):
    """One word of a team about a child; it stands while nobody has taken it back, and is never rewritten.

    `authority` is that of the team, empty where the national team wrote.
    """

    id = models.BigAutoField(primary_key=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14)
    day = models.DateField()
    known_from = models.CharField(max_length=12)
    because = models.CharField(max_length=12)
    authority = models.CharField(max_length=3, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    taken_back_because = models.CharField(max_length=12, blank=True, db_default="")

    class Meta:
        """One of a kind stands at a time, and none is taken back without a reason."""

        db_table = "team_word"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["child"],
                condition=models.Q(taken_back_at__isnull=True, kind="died"),
                name="team_word_one_death",
            ),
            models.UniqueConstraint(
                fields=["child"],
                condition=models.Q(taken_back_at__isnull=True) & ~models.Q(kind="died"),
                name="team_word_one_leaving",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["died", "left_england", "left_returning", "left_for_good"]),
                name="team_word_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    taken_back_at__isnull=True, taken_back_by__isnull=True, taken_back_because=""
                )
                | models.Q(
                    taken_back_at__isnull=False,
                    taken_back_by__isnull=False,
                    taken_back_because__in=["wrong_child", "wrong_day", "not_so", "back"],
                ),
                name="team_word_taken_back_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the child."""
        return f"word {self.pk} of a team"
