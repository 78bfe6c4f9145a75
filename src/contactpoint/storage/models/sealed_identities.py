"""Sealed identities: what keeps the halves apart, the way between them, and who may go it (R35, ADR 53)."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account


class SealedPair(models.Model):
    """Two halves of a sealed identity, kept apart by an HMAC of the pair under the worker's key (R35).

    No row names both halves: without the key the table says nothing, and with it only a guess can be tested.
    """

    pair = models.BinaryField(primary_key=True, max_length=32)

    class Meta:
        """Table options."""

        db_table = "sealed_pair"

    def __str__(self) -> str:
        """Say nothing."""
        return "sealed pair"


class SealedHalf(models.Model):
    """The way from one half of a sealed identity to the other, for whoever has its number and the key.

    `half` is an HMAC of one number, `other` the other one encrypted under a key made of the worker's and of
    the first. So no row can be opened without a number of the pair, and none says which other is its pair's.
    """

    other = models.BinaryField(primary_key=True, max_length=64)
    half = models.BinaryField(max_length=32, db_index=True)

    class Meta:
        """Table options."""

        db_table = "sealed_half"

    def __str__(self) -> str:
        """Say nothing."""
        return "half of a sealed pair"


class PairProposal(models.Model):
    """A pair that one person of the national shield desk typed, and a second types too (R35).

    `typed` and `typed_again` are both numbers, encrypted by whoever typed them; they are gone once the worker
    has compared them. `outcome` is what became of it, blank while it waits.
    """

    id = models.BigAutoField(primary_key=True)
    typed = models.TextField(blank=True, db_default="")
    typed_again = models.TextField(blank=True, db_default="")
    ground = models.CharField(max_length=20)
    first_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    second_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=12, blank=True, db_default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Two people, and nothing left of what they typed."""

        db_table = "pair_proposal"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(second_by__isnull=True) | ~models.Q(second_by=models.F("first_by")),
                name="pair_typed_by_a_second",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", ended_at__isnull=True)
                | models.Q(
                    outcome__in=["recorded", "different", "not_found", "one_record", "dropped"],
                    ended_at__isnull=False,
                    typed="",
                    typed_again="",
                ),
                name="pair_ended_is_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(ground__in=["adoption", "protected_person", "court"]),
                name="pair_ground_known",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never a child."""
        return f"pair proposal {self.pk}"


class CrosserRow(models.Model):
    """One of the two who may cross between the halves of sealed identities, named by two others (R35).

    Until the second has agreed, after the last day and once it was ended it counts for nothing. `place` is
    first or second, so that there are never three.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.SmallIntegerField()
    until = models.DateField()
    named_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    named_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Three people for each, two places, and nobody in both."""

        db_table = "crosser"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(ended_at__isnull=True), name="crosser_once"
            ),
            models.UniqueConstraint(
                fields=["place"], condition=models.Q(ended_at__isnull=True), name="crosser_place_once"
            ),
            models.CheckConstraint(condition=models.Q(place__in=[1, 2]), name="crosser_places"),
            models.CheckConstraint(
                condition=~models.Q(account=models.F("named_by")), name="crosser_not_named_by_oneself"
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | (
                    models.Q(agreed_at__isnull=False)
                    & ~models.Q(agreed_by=models.F("named_by"))
                    & ~models.Q(agreed_by=models.F("account"))
                ),
                name="crosser_agreed_by_a_third",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the person."""
        return f"crosser {self.pk}"


class CrossingRow(models.Model):
    """A crossing that one of the two asked for, and the other agreed to (R35).

    `number` and `answer` are encrypted; the one is gone when the worker has answered, the other once it was
    seen, or was not in time.
    """

    id = models.BigAutoField(primary_key=True)
    number = models.TextField(blank=True, db_default="")
    answer = models.TextField(blank=True, db_default="")
    reason = models.CharField(max_length=20)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agreed_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Two people, one at a time for each, and nothing left of what was asked or answered."""

        db_table = "crossing"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["asked_by"], condition=models.Q(ended_at__isnull=True), name="crossing_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | (models.Q(agreed_at__isnull=False) & ~models.Q(agreed_by=models.F("asked_by"))),
                name="crossing_agreed_by_the_other",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answer="")
                | models.Q(agreed_at__isnull=False, answered_at__isnull=False, number=""),
                name="crossing_answered_once_agreed",
            ),
            models.CheckConstraint(
                condition=models.Q(seen_at__isnull=True)
                | models.Q(answered_at__isnull=False, ended_at__isnull=False),
                name="crossing_seen_is_over",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(number="", answer=""),
                name="crossing_over_is_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=["danger", "court_or_police", "health", "own_wish"]),
                name="crossing_reason_known",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never a child."""
        return f"crossing {self.pk}"
