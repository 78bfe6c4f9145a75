"""The service directory: how each service says that it is reached."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Account, Organisation


class ServicePoint(models.Model):
    """The contact point of one service of one organisation, and who last said that it holds.

    `doubted_on` is when somebody rang the number and found it wrong, until it is said again.
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    service = models.CharField(max_length=32)
    phone = models.CharField(max_length=24)
    hours = models.CharField(max_length=80, blank=True)
    night = models.CharField(max_length=160, blank=True)
    holidays = models.CharField(max_length=160, blank=True)
    confirmed_on = models.DateField()
    doubted_on = models.DateField(null=True)
    confirmed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        """One of each, with a number to ring."""

        db_table = "service_point"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organisation", "service"], name="service_point_once"),
            models.CheckConstraint(condition=~models.Q(phone=""), name="service_point_can_be_rung"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"contact point {self.pk}"
