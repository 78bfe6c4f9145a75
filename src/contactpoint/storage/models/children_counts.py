"""How many children there are, by month: rounded before it is kept, and of no child."""

from typing import ClassVar

from django.db import models


class ChildrenCount(models.Model):
    """What may be told of a month within an authority.

    `area` is the code of an authority; empty for children of whom none is known. That row every counted month
    has, and in it how many records are protected in England. `figures` are domain.children_counts.Cells.
    """

    id = models.BigAutoField(primary_key=True)
    month = models.DateField()
    area = models.CharField(max_length=3, blank=True)
    figures = models.JSONField()

    class Meta:
        """One row a month and authority."""

        db_table = "children_count"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["month", "area"], name="children_count_once"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"children {self.pk}"
