"""Roll-out in waves: which bodies open together, what was done with each wave, and what shield desks said."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation
from contactpoint.storage.models.reorganising import AuthorityChange


class WaveRow(models.Model):
    """A wave. `opened_at` is empty for as long as it is not open: practitioners of its bodies wait then.

    From the moment of `made_at` of the first on, whoever is in no open wave waits.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12)
    planned_on = models.DateField()
    made_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="planned")
    asked_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField(null=True)

    class Meta:
        """A wave is open from a moment on, and asked for by somebody."""

        db_table = "wave"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["pathfinder", "national"]), name="wave_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", opened_at__isnull=False)
                | models.Q(state__in=["planned", "asked", "dropped"], opened_at__isnull=True),
                name="wave_open_from_a_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(state="asked", asked_by__isnull=False)
                | (~models.Q(state="asked") & models.Q(asked_by__isnull=True)),
                name="wave_asked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"wave {self.pk}"


class WaveBody(models.Model):
    """A body that opens with a wave: an authority's, or a national partner; until its plan was dropped.

    `change` is the split or merger by which it came into the wave of the authority before it.
    """

    id = models.BigAutoField(primary_key=True)
    wave = models.ForeignKey(WaveRow, on_delete=models.PROTECT, related_name="bodies")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    change = models.ForeignKey(
        AuthorityChange, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        """A body is in one wave at a time."""

        db_table = "wave_body"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(ended_at__isnull=True),
                name="wave_body_in_one_wave",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"body {self.pk} of a wave"


class WaveStepRow(models.Model):
    """What was done with a wave, and why; never changed."""

    id = models.BigAutoField(primary_key=True)
    wave = models.ForeignKey(WaveRow, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=8)
    because = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        """Only opening needs no reason."""

        db_table = "wave_step"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(step__in=["ask", "agree"]) | ~models.Q(because=""),
                name="wave_step_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"step {self.pk} of a wave"


class ShieldsCheckedRow(models.Model):
    """An authority's shield desk says that the protections there were stand here, checked."""

    authority = models.CharField(primary_key=True, max_length=3)
    how = models.CharField(max_length=8)
    on = models.DateField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        """One row an authority."""

        db_table = "shields_checked"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(how__in=["loaded", "none"]), name="shields_checked_how_known"
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"protections of {self.authority}"
