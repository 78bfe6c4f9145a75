"""What reviewers said of known pairs, which are about no child (domain/known_pairs.py)."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation


class KnownAnswerRow(models.Model):
    """What somebody said of a known pair in a round; the first word stands."""

    id = models.BigAutoField(primary_key=True)
    round = models.CharField(max_length=6)
    pair = models.CharField(max_length=24)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    verdict = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        """One word of each person on each pair of a round."""

        db_table = "known_answer"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "by", "pair"], name="known_answer_once"),
            models.CheckConstraint(
                condition=models.Q(verdict__in=["same", "different", "cannot_tell"]),
                name="known_answer_is_a_verdict",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"known answer {self.pk}"
