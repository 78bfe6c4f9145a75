"""Moves of children between authorities (R58, R59).

The web role has no right on this table: pages come by it through functions (storage/sql/moves.sql).
"""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account
from contactpoint.storage.models.records import Child


class AuthorityMove(models.Model):
    """What is said of a child now puts it in another authority than the one that is responsible.

    Where nobody was, `from_authority` is empty and `given_because` is why the national team gives it to one.

    The old one stays responsible while `closed_at` is empty. `answer_by` is the last day on which the new one
    can answer; `escalated_at` is when it went on to the national team.
    """

    id = models.BigAutoField(primary_key=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    from_authority = models.CharField(max_length=3)
    to_authority = models.CharField(max_length=3)
    state = models.CharField(max_length=9, db_default="asked")
    reason = models.CharField(max_length=12, blank=True, db_default="")
    given_because = models.CharField(max_length=14, blank=True, db_default="")
    opened_at = models.DateTimeField()
    answer_by = models.DateField()
    escalated_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        """One at a time of each child; found from either side while somebody has to answer."""

        db_table = "authority_move"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["to_authority", "state"], name="authority_move_to"),
            models.Index(fields=["from_authority", "state"], name="authority_move_from"),
            models.Index(
                fields=["state", "answer_by"],
                condition=models.Q(closed_at__isnull=True),
                name="authority_move_open",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["child"], condition=models.Q(closed_at__isnull=True), name="authority_move_one"
            ),
            models.CheckConstraint(
                condition=~models.Q(from_authority=models.F("to_authority")) & ~models.Q(to_authority=""),
                name="authority_move_to_another",
            ),
            models.CheckConstraint(
                condition=models.Q(given_because="") & ~models.Q(from_authority="")
                | models.Q(
                    given_because__in=["last_known", "family_says", "service_says", "authority_says"],
                    from_authority="",
                ),
                name="authority_move_given_for_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["asked", "declined", "objected", "kept"], closed_at__isnull=True
                )
                | models.Q(state__in=["accepted", "overtaken"], closed_at__isnull=False),
                name="authority_move_closed_when_over",
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=["", "not_here", "placed", "for_a_while", "wrong_data"]),
                name="authority_move_reason_known",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the child."""
        return f"move {self.pk}"


class UnplacedChild(models.Model):
    """A child who lives, as far as is said, in no authority here, and since when that is so.

    The worker keeps it with the search index, of protected children as of others; what pages come by of it
    passes over those.
    """

    child = models.OneToOneField(Child, primary_key=True, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        """The oldest first."""

        db_table = "unplaced_child"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["since", "child"], name="unplaced_child_oldest")
        ]

    def __str__(self) -> str:
        """Name the row, never the child."""
        return "child in no authority"


class LeftEngland(models.Model):
    """What the national team wrote down of a child who belongs to no authority: they left England (R50).

    It stands until something is said that puts the child into an authority.
    """

    child = models.OneToOneField(Child, primary_key=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=14)
    left_on = models.DateField()
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        """One statement of each leaver."""

        db_table = "left_england"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["left_england", "left_returning", "left_for_good"]),
                name="left_england_kind_known",
            )
        ]

    def __str__(self) -> str:
        """Name the row, never the child."""
        return "child who left England"
