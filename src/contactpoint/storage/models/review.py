"""Review of use: what waits for a reviewer, what was decided, what was judged and signed off (R52-R54).

The web role has no right on these tables: pages come by them through the functions of
storage/sql/review.sql, which look for themselves who asks and what is theirs to review.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation


class UseItem(models.Model):
    """All that one person did about one child in one day, or about none, and why somebody should look.

    While it waits it takes in what they do about that child on further days, until `last_day`. `codes` say
    why; `explained` what stands beside them. `reviewed_by` says whose reviewers look: an authority's code,
    `at:` and a partner's, or empty for the national ones.
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    last_day = models.DateField(null=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    child = models.CharField(max_length=11, blank=True)
    team_size = models.PositiveIntegerField()
    restricted = models.BooleanField()
    reviewed_by = models.CharField(max_length=35, blank=True)
    codes = ArrayField(models.CharField(max_length=16))
    weight = models.PositiveSmallIntegerField()
    explained = models.CharField(max_length=16, blank=True)
    events = ArrayField(models.UUIDField())
    state = models.CharField(max_length=12, default="waiting")
    made_at = models.DateTimeField()

    class Meta:
        """One row a person, organisation, child and day, however often the day is judged."""

        db_table = "use_item"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["day", "account", "organisation", "child"], name="use_item_once"),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "waiting",
                        "asked",
                        "answered",
                        "escalated",
                        "suspended",
                        "justified",
                        "misuse",
                        "explained",
                    ]
                ),
                name="use_item_state_known",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["reviewed_by", "state", "-weight", "day"], name="use_item_queue"),
            models.Index(fields=["child", "day"], name="use_item_child"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"use {self.pk}"


class UseStep(models.Model):
    """One thing that was done about an item; append-only. `by` is empty where the directory did it itself."""

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(UseItem, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=12)
    because = models.TextField(blank=True)
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        """Read by item."""

        db_table = "use_step"

    def __str__(self) -> str:
        """Name the row."""
        return f"step {self.pk}"


class UseDay(models.Model):
    """A day that was judged: when, when once more four weeks later, and its figures by authority."""

    day = models.DateField(primary_key=True)
    judged_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    figures = models.JSONField()

    class Meta:
        """One row a day."""

        db_table = "use_day"

    def __str__(self) -> str:
        """Name the row."""
        return str(self.pk)


class UseSignOff(models.Model):
    """A month of use that reviewers signed off, with its figures as they were then."""

    id = models.BigAutoField(primary_key=True)
    month = models.DateField()
    reviewed_by = models.CharField(max_length=35, blank=True)
    figures = models.JSONField()
    because = models.CharField(max_length=500)
    signed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    signed_at = models.DateTimeField()

    class Meta:
        """A month is signed off once."""

        db_table = "use_sign_off"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["month", "reviewed_by"], name="use_sign_off_once"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"month {self.month}"


class StaffHome(models.Model):
    """Where a member of staff lives, as a digest under the worker's key and in no other form (R53)."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField(max_length=32)
    kept_at = models.DateTimeField()

    class Meta:
        """One row a person and home."""

        db_table = "staff_home"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "digest"], name="staff_home_once"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"home {self.pk}"
