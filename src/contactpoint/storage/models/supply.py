"""Sources, their deliveries, and rows waiting to be linked and published."""

from typing import ClassVar

from django.db import models

from contactpoint.storage.models.accounts import Organisation


class Source(models.Model):
    """A body's system that supplies records under one declared contract.

    `vouched_at` is the day of its newest published full delivery: that day it stood by every record it
    then held.
    """

    code = models.CharField(primary_key=True, max_length=48)
    name = models.CharField(max_length=120)
    contract = models.CharField(max_length=32)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    authority = models.CharField(max_length=3, blank=True)
    promised_days = models.PositiveSmallIntegerField(default=31)
    vouched_at = models.DateField(null=True)

    class Meta:
        """Table options."""

        db_table = "source"

    def __str__(self) -> str:
        """Name the source."""
        return self.name


class Delivery(models.Model):
    """One file from a source: staged whole, then linked, then published; or held, refused or replaced.

    `held_because` is the sentence a person reads when it waits for them. Rejected rows near a shield count as
    accepted here: no page may tell them apart. Of a full delivery, `records_before` and `records_leaving`
    count the source's records and those it no longer holds, `contacts_ending` the contacts that end with
    them. `mapping` is the version of the source's mapping that it was read by, 0 for the contract's names.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    as_at = models.DateField()
    kind = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    mapping = models.PositiveIntegerField(db_default=0)
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=12)
    received_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    held_because = models.CharField(max_length=240, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_accepted = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    records_before = models.PositiveIntegerField(default=0)
    records_leaving = models.PositiveIntegerField(default=0)
    contacts_ending = models.PositiveIntegerField(default=0)

    class Meta:
        """The same file for the same day, read in the same way, is the same delivery; one waits at a time."""

        db_table = "delivery"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["source", "as_at", "kind", "sha256", "mapping"],
                condition=~models.Q(state="replaced"),
                name="delivery_once",
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(state__in=["staged", "linked", "held"]),
                name="delivery_one_waiting",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["full", "delta"]), name="delivery_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["staged", "linked", "published", "held", "refused", "replaced"]
                ),
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
    """One source record of a delivery that is not published yet; no reader sees it.

    `record` is the source record's id, reserved when it is new. `rejected` marks a record the file holds but
    that could not be read: it stays as it was published, and is not withdrawn.
    """

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    record = models.BigIntegerField()
    local_id = models.CharField(max_length=40)
    line = models.PositiveIntegerField()
    facts = models.JSONField()
    involvements = models.JSONField(default=list)
    fingerprint = models.BinaryField(max_length=16)
    changed = models.BooleanField(default=True)
    rejected = models.BooleanField(default=False)

    class Meta:
        """One row per local id."""

        db_table = "staged_record"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["delivery", "local_id"], name="staged_record_once"),
        ]

    def __str__(self) -> str:
        """Name the line."""
        return f"line {self.line}"


class StagedLink(models.Model):
    """What linking decided about a staged record: its child, or none while it is quarantined (R21).

    `sk`, `fk` and `sfk` are the codes its row in the matching index will have.
    """

    record = models.BigIntegerField(primary_key=True)
    child = models.CharField(max_length=11, null=True)  # noqa: DJ001 - quarantined is not a number
    is_new = models.BooleanField()
    decision = models.CharField(max_length=12)
    weight = models.FloatField(null=True)
    levels = models.BinaryField(null=True, max_length=80)
    partner = models.BigIntegerField(null=True)
    model_version = models.CharField(max_length=32)
    sk = models.BigIntegerField(null=True)
    fk = models.BigIntegerField(null=True)
    sfk = models.BigIntegerField(null=True)

    class Meta:
        """Table options."""

        db_table = "staged_link"

    def __str__(self) -> str:
        """Name the row."""
        return f"staged link of {self.pk}"


class StagedReview(models.Model):
    """A pair that linking will not decide alone, waiting to be published as a review case (R20)."""

    id = models.BigAutoField(primary_key=True)
    record_a = models.BigIntegerField()
    record_b = models.BigIntegerField()
    kind = models.CharField(max_length=24)
    weight = models.FloatField()
    levels = models.BinaryField(max_length=80)
    near_shield = models.BooleanField(default=False)

    class Meta:
        """Table options."""

        db_table = "staged_review"

    def __str__(self) -> str:
        """Name the row."""
        return f"staged review {self.pk}"
