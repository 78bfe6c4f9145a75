"""The list of wards, and changes of it and of the others (domain/reference_lists.py; ADR 38, 54).

The web role has no right on the changes: they are read and moved on by functions alone.
"""

from typing import ClassVar

from django.db import models

from contactpoint.domain.wards import POSTCODE, WARD
from contactpoint.storage.models.accounts import Account


class ReferenceChange(models.Model):
    """What a file would change in one list, or what is said of the one body or source of a code.

    `rows` holds of each body its code, of wards the postcode, and how it is before and after. `children` is
    rounded, and empty below one hundred. `outcome` says why it could not be carried out.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=16)
    of_one = models.CharField(max_length=48, blank=True, db_default="")
    state = models.CharField(max_length=8, default="draft")
    rows = models.JSONField()
    added = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    gone = models.PositiveIntegerField()
    children = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    because = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=240, blank=True)
    puts_back = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        """One waits at a time of a list, and of each body or source; nobody agrees to their own."""

        db_table = "reference_change"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["authority", "school", "gp", "ward"])
                | models.Q(
                    kind__in=["nhs_trust", "police", "youth_justice", "charity", "national", "source"],
                )
                & ~models.Q(of_one=""),
                name="reference_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "asked", "dropped", "refused"])
                | (
                    models.Q(state__in=["agreed", "done", "failed"], answered_by__isnull=False)
                    & ~models.Q(answered_by=models.F("by"))
                ),
                name="reference_by_two",
            ),
            models.UniqueConstraint(
                fields=["kind", "of_one"],
                condition=models.Q(state__in=["asked", "agreed"]),
                name="reference_one_waits",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"reference change {self.pk}"


class WardPostcode(models.Model):
    """The ward that a postcode is in; of a sector or district, wherever no longer row says otherwise."""

    postcode = models.CharField(primary_key=True, max_length=8)
    ward = models.CharField(max_length=9)
    name = models.CharField(max_length=120)
    authority = models.CharField(max_length=3)

    class Meta:
        """Rows are asked for by ward and by authority."""

        db_table = "ward_postcode"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ward"], name="ward_postcode_ward"),
            models.Index(fields=["authority"], name="ward_postcode_authority"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(postcode__regex=f"^{POSTCODE}$", ward__regex=f"^{WARD}$")
                & ~models.Q(name="")
                & ~models.Q(authority=""),
                name="ward_postcode_form",
            )
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"ward of {self.pk}"


class AreaRework(models.Model):
    """Postcode districts that came into another area, until that is worked out for every child there.

    `done_through` is the child up to whom it is.
    """

    id = models.BigAutoField(primary_key=True)
    districts = models.JSONField()
    asked_at = models.DateTimeField()
    done_through = models.CharField(max_length=11, blank=True, db_default="")

    class Meta:
        """Table options."""

        db_table = "area_rework"

    def __str__(self) -> str:
        """Name the row."""
        return f"districts {self.pk}"
