"""Each month's list of children without an education setting, authority by authority (R62).

The web role has no right on these tables: pages come by them through functions (storage/sql/education.sql).
"""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account
from contactpoint.storage.models.records import Child


class EducationList(models.Model):
    """The list of one authority for one month; `covered` is whether schools told us of anybody lately."""

    id = models.BigAutoField(primary_key=True)
    authority = models.CharField(max_length=3)
    month = models.DateField()
    made_at = models.DateTimeField()
    covered = models.BooleanField()

    class Meta:
        """One a month."""

        db_table = "education_list"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["authority", "month"], name="education_list_once"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"education list {self.pk}"


class EducationItem(models.Model):
    """A child on a list: why, since when, and what was said of it."""

    id = models.BigAutoField(primary_key=True)
    of_list = models.ForeignKey(EducationList, on_delete=models.CASCADE, related_name="+", db_index=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=8)
    since = models.DateField(null=True)
    decision = models.CharField(max_length=16, blank=True, db_default="")
    decided_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """Each child once on each list."""

        db_table = "education_item"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["of_list", "child"], name="education_item_once"),
            models.CheckConstraint(
                condition=models.Q(why__in=["never", "ended"])
                & models.Q(decision__in=["", "home_educated", "moved", "wrong_data"]),
                name="education_item_known",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the child."""
        return f"education item {self.pk}"
