"""How good what sources send is, by week: counts of records, of no child."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.supply import Source


class QualityCount(models.Model):
    """What was counted of a source in a week.

    `area` is empty for all of England, else the code of an authority; within an area `place_kind` and `place`
    name an organisation or a ward, and are empty for the area as a whole. `figures` are those of
    domain.quality.Counted. Every source that was counted has the row of England, be it of no records.
    """

    id = models.BigAutoField(primary_key=True)
    week = models.DateField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    area = models.CharField(max_length=3, blank=True)
    place_kind = models.CharField(max_length=12, blank=True)
    place = models.CharField(max_length=32, blank=True)
    figures = models.JSONField()

    class Meta:
        """One row a week, source and place."""

        db_table = "quality_count"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "area", "week", "place_kind", "place"], name="quality_count_once"
            ),
            models.CheckConstraint(
                condition=models.Q(place_kind="", place="")
                | (models.Q(place_kind__in=["organisation", "ward"]) & ~models.Q(area="")),
                name="quality_count_place_known",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"quality {self.pk}"
