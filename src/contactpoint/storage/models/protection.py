"""Shields, and the pairs of identities that must never meet."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation
from contactpoint.storage.models.records import Child


class Shield(models.Model):
    """A decision that a child's whereabouts must not be visible (R26-R31). No feed can end one.

    `state` says where it is in its life (domain/disclosure/shield_life.py); it hides until it is lifted,
    whatever the state. Only a step moves it. `authority` is whose desk it waits at, empty for the national
    one.
    """

    id = models.BigAutoField(primary_key=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="shields")
    ground = models.CharField(max_length=24)
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=64)
    review_by = models.DateField()
    lifted_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=16, db_default="temporary")
    authority = models.CharField(max_length=3, db_default="", blank=True)
    confirm_by = models.DateTimeField(null=True)
    lift_at = models.DateTimeField(null=True)

    class Meta:
        """At most one shield in force per child."""

        db_table = "shield"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["child"], condition=models.Q(lifted_at__isnull=True), name="shield_one_in_force"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ground__in=["domestic_abuse", "adoption", "hidden_location", "protected_identity"]
                ),
                name="shield_ground_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="lifted", lifted_at__isnull=False)
                | models.Q(
                    state__in=["temporary", "escalated", "confirmed", "lift_asked", "lift_waiting"],
                    lifted_at__isnull=True,
                ),
                name="shield_hides_until_lifted",
            ),
            models.CheckConstraint(
                condition=models.Q(confirm_by__isnull=False) | ~models.Q(state="temporary"),
                name="shield_temporary_has_an_end_of_waiting",
            ),
            models.CheckConstraint(
                condition=models.Q(lift_at__isnull=False) | ~models.Q(state__in=["lift_waiting", "lifted"]),
                name="shield_lift_waits_until",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the child."""
        return f"shield {self.pk}"


class ShieldStep(models.Model):
    """What moved a shield, by whom and on what coded answers; append-only, and nothing else moves one.

    `by` is empty for what a process did. `answers` holds codes alone, never what somebody typed (R17).
    """

    id = models.BigAutoField(primary_key=True)
    shield = models.ForeignKey(Shield, on_delete=models.PROTECT, related_name="steps")
    what = models.CharField(max_length=16)
    was = models.CharField(max_length=16, blank=True)
    becomes = models.CharField(max_length=16)
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_for = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField()
    answers = models.JSONField(default=dict)
    review_by = models.DateField(null=True)
    lift_at = models.DateTimeField(null=True)

    class Meta:
        """Table options."""

        db_table = "shield_step"

    def __str__(self) -> str:
        """Name the row, never the child."""
        return f"step {self.pk}"


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
