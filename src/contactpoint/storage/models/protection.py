"""Shields, and the pairs of identities that must never meet."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.records import Child


class Shield(models.Model):
    """A decision that a child's whereabouts must not be visible (R26-R31). No feed can end one."""

    id = models.BigAutoField(primary_key=True)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="shields")
    ground = models.CharField(max_length=24)
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=64)
    review_by = models.DateField()
    lifted_at = models.DateTimeField(null=True)

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
        ]

    def __str__(self) -> str:
        """Name the row, never the child."""
        return f"shield {self.pk}"


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
