"""Sources, their deliveries, and rows waiting to be linked and published."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Organisation


class Source(models.Model):
    """A body's system that supplies records under one declared contract."""

    code = models.CharField(primary_key=True, max_length=48)
    name = models.CharField(max_length=120)
    contract = models.CharField(max_length=32)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    authority = models.CharField(max_length=3, blank=True)
    promised_days = models.PositiveSmallIntegerField(default=31)

    class Meta:
        """Table options."""

        db_table = "source"

    def __str__(self) -> str:
        """Name the source."""
        return self.name


class Delivery(models.Model):
    """One file from a source: staged whole, then linked, then published, or refused."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    as_at = models.DateField()
    kind = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=12)
    received_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_accepted = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)

    class Meta:
        """The same file twice is the same delivery."""

        db_table = "delivery"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "sha256"], name="delivery_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["full", "delta"]), name="delivery_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["receiving", "staged", "linked", "published", "held"]),
                name="delivery_state_known",
            ),
        ]

    def __str__(self) -> str:
        """Name source and day."""
        return f"{self.source_id} as at {self.as_at}"


class Rejection(models.Model):
    """One rejected row: where, which field, why. Never the value: a reason is kept, data is not."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="rejections")
    line = models.PositiveIntegerField()
    field = models.CharField(max_length=40)
    reason = models.CharField(max_length=240)

    class Meta:
        """Table options."""

        db_table = "rejection"

    def __str__(self) -> str:
        """Name line and field."""
        return f"line {self.line}: {self.field}"


class StagedRecord(models.Model):
    """One accepted source record of a delivery that is not published yet; no reader sees it."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="+")
    local_id = models.CharField(max_length=40)
    line = models.PositiveIntegerField()
    facts = models.JSONField()
    involvements = models.JSONField(default=list)
    fingerprint = models.BinaryField(max_length=16)

    class Meta:
        """One row per local id."""

        db_table = "staged_record"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["delivery", "local_id"], name="staged_record_once"),
        ]

    def __str__(self) -> str:
        """Name the line."""
        return f"line {self.line}"
