"""How many children there are, by month: rounded before it is kept, and of no child."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Organisation


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


class PartnerCount(models.Model):
    """What may be told of a month to the team of a charity: the children with whom its own services work.

    `figures` are domain.children_counts.Cells. Every charity that there was has a row, so that none looks as
    if it had not been counted.
    """

    id = models.BigAutoField(primary_key=True)
    month = models.DateField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField()

    class Meta:
        """One row a month and charity."""

        db_table = "partner_count"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["month", "organisation"], name="partner_count_once"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"partner's children {self.pk}"
