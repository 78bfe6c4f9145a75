"""What people say of the directory itself, of no child (domain/feedback.py)."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation
from contactpoint.storage.models.rollout import WaveRow


class FeedbackRow(models.Model):
    """What somebody said, in the wave that their organisation was in, and what the national team answered."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12)
    doing = models.CharField(max_length=12)
    worked = models.CharField(max_length=8, blank=True)
    hindered = models.CharField(max_length=12, blank=True)
    miss = models.CharField(max_length=16, blank=True)
    harm = models.CharField(max_length=8, blank=True)
    text = models.CharField(max_length=500, blank=True)
    wave = models.ForeignKey(WaveRow, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, default="new")
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """Each kind has its own answers; whatever is not new was answered by somebody."""

        db_table = "feedback"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(
                    models.Q(kind="how", miss="", harm="") & ~models.Q(worked="") & ~models.Q(hindered="")
                )
                | (
                    models.Q(kind="near_miss", worked="", hindered="")
                    & ~models.Q(miss="")
                    & ~models.Q(harm="")
                ),
                name="feedback_of_one_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(state="new", answered_by__isnull=True, answered_at__isnull=True)
                | models.Q(state__in=["seen", "done"], answered_by__isnull=False, answered_at__isnull=False),
                name="feedback_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"feedback {self.pk}"
