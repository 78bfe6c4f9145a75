"""Source records with their system-time history, and the children they are linked to.

Foreign keys that another index covers, and text ones (for which Django would add a second index for LIKE),
have `db_index=False`: each index is paid for at every delivery. The keys of tables with a row for each record
have `db_constraint=False`: storage/sql/references.sql keeps them, a statement at a time (ADR 11).
"""

from typing import ClassVar

from django.db import models

from contactpoint.domain.directory import Reached
from contactpoint.storage.models.accounts import Account, Organisation
from contactpoint.storage.models.supply import Delivery, Source


class Child(models.Model):
    """A permanent random number; all that is known is derived from source records (ADR 0004).

    `archived` where its time is up (ADR 0022); `stays_until` where a consent to stay until 25 is in force.
    """

    number = models.CharField(primary_key=True, max_length=11)
    created_at = models.DateTimeField()
    shielded = models.BooleanField(default=False)
    archived = models.BooleanField(default=False, db_default=False)
    stays_until = models.DateField(null=True)
    retired_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="aliases", db_constraint=False
    )

    class Meta:
        """A number is well formed and never retires into itself."""

        db_table = "child"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^C[0-9]{9}[A-Z]$"), name="child_number_form"
            ),
            models.CheckConstraint(
                condition=~models.Q(number=models.F("retired_into")), name="child_not_own_alias"
            ),
        ]

    def __str__(self) -> str:
        """Show the number."""
        return self.number


class SourceRecord(models.Model):
    """What one source says about one child, keyed by (source, local id).

    `child` is the newest link's child. `sealed` follows the child's shield and archive; row-level security
    hides sealed rows from the web role. A source vouches for every record with each full delivery;
    `last_vouched` is the day it last did where its newer ones hold the record in a rejected row, and empty
    otherwise.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    local_id = models.CharField(max_length=40)
    child = models.ForeignKey(
        Child,
        null=True,
        on_delete=models.PROTECT,
        related_name="records",
        db_index=False,
        db_constraint=False,
    )
    sealed = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    last_vouched = models.DateField(null=True)

    class Meta:
        """One record per source and local id."""

        db_table = "source_record"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["child"], name="source_record_child"),
            models.Index(
                fields=["source"],
                condition=models.Q(last_vouched__isnull=False),
                name="source_record_unvouched",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "local_id"], name="source_record_once"),
        ]

    def __str__(self) -> str:
        """Name the row, never the person."""
        return f"record {self.pk}"


class RecordVersion(models.Model):
    """One version of a source record: what the directory held from `recorded_at` to `superseded_at`.

    With `sealed_with`, the number of a key, `facts` are encrypted (storage/sealed_facts.py).
    """

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(
        SourceRecord, on_delete=models.CASCADE, related_name="versions", db_constraint=False
    )
    delivery = models.ForeignKey(
        Delivery, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    as_at = models.DateField()
    facts = models.JSONField()
    fingerprint = models.BinaryField(max_length=16)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    sealed = models.BooleanField(default=False)
    sealed_with = models.SmallIntegerField(null=True)

    class Meta:
        """One current version per record; few of them end a record's time (storage/retention.py)."""

        db_table = "record_version"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["record"],
                condition=models.Q(superseded_at__isnull=True)
                & (
                    models.Q(facts__has_key="date_of_death")
                    | models.Q(facts__address_kind__startswith="left_")
                ),
                name="record_version_ends",
            ),
            # What the worker has to encrypt, to decrypt, or to put under a newer key.
            models.Index(
                fields=["id"],
                condition=models.Q(sealed=True, sealed_with__isnull=True),
                name="record_version_to_seal",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(sealed=False, sealed_with__isnull=False),
                name="record_version_to_open",
            ),
            models.Index(
                fields=["sealed_with"],
                condition=models.Q(sealed_with__isnull=False),
                name="record_version_sealed_with",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["record"],
                condition=models.Q(superseded_at__isnull=True),
                name="record_version_one_current",
            ),
        ]

    def __str__(self) -> str:
        """Name the row, never the person."""
        return f"version {self.pk}"


class Link(models.Model):
    """The decision that a source record is about a child; append-only, newest counts.

    `change` names the joining or parting that made it, if a person did.
    """

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(
        SourceRecord, on_delete=models.CASCADE, related_name="links", db_index=False, db_constraint=False
    )
    child = models.ForeignKey(
        Child, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    decision = models.CharField(max_length=12)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=48)
    weight = models.FloatField(null=True)
    levels = models.BinaryField(null=True, max_length=80)
    partner = models.BigIntegerField(null=True)
    model_version = models.CharField(max_length=32)
    change = models.ForeignKey(
        "IdentityChange",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )

    class Meta:
        """Table options."""

        db_table = "link"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["record", "-id"], name="link_newest"),
            models.Index(fields=["child"], name="link_child"),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"link {self.pk}"


class InvolvementRow(models.Model):
    """A service in contact with a child, as its source record says now.

    `changed_at` is when whoever typed it last changed it; what stood before is an `OwnWordVersion`. `reached`
    is no column: how its service is reached, where whoever read the row looked that up.

    With `sealed_said` the row does not say whose it is: organisation, people and telephones are encrypted
    there, under the key of the number `sealed_with`, which is empty while the row has to be encrypted anew.
    `organisation_tag` and `typed_by` then hold what statements compare (storage/sealed_involvements.py).
    """

    reached: Reached | None = None

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(
        SourceRecord,
        on_delete=models.CASCADE,
        related_name="involvements",
        db_index=False,
        db_constraint=False,
    )
    involvement_id = models.CharField(max_length=40, blank=True)
    service = models.CharField(max_length=32)
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    team = models.CharField(max_length=120, blank=True)
    practitioner = models.CharField(max_length=120, blank=True)
    practitioner_role = models.CharField(max_length=120, blank=True)
    contact_phone = models.CharField(max_length=24, blank=True)
    contact_hours = models.CharField(max_length=80, blank=True)
    contact_cover = models.CharField(max_length=160, blank=True)
    start_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    last_confirmed = models.DateField(null=True)
    lead_practitioner = models.BooleanField(default=False)
    lead_since = models.DateField(null=True)
    assessment = models.BooleanField(default=False)
    consent = models.CharField(max_length=20, blank=True)
    consent_until = models.DateField(null=True)
    consent_withdrawn_at = models.DateTimeField(null=True)
    consent_scope = models.CharField(max_length=8, db_default="listed", default="listed")
    typed_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    confirmed_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    confirmed_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    end_recorded_at = models.DateTimeField(null=True)
    sealed = models.BooleanField(default=False)
    sealed_with = models.SmallIntegerField(null=True)
    organisation_tag = models.CharField(max_length=24, null=True)  # noqa: DJ001 - none where the row is clear
    sealed_said = models.TextField(null=True)  # noqa: DJ001 - none where the row is clear

    class Meta:
        """Dates run forwards; a sensitive service has its basis; nobody confirms their own word."""

        db_table = "involvement"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation"], name="involvement_organisation"),
            models.Index(
                fields=["organisation"],
                condition=models.Q(consent__gt=""),
                name="involvement_consented",
            ),
            # What the worker has to encrypt, to decrypt, or to put under a newer key.
            models.Index(
                fields=["id"],
                condition=models.Q(sealed=True, sealed_with__isnull=True),
                name="involvement_to_seal",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(sealed=False, sealed_said__isnull=False),
                name="involvement_to_open",
            ),
            models.Index(
                fields=["sealed_with"],
                condition=models.Q(sealed_with__isnull=False),
                name="involvement_sealed_with",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["record", "involvement_id"], name="involvement_once"),
            models.CheckConstraint(
                condition=models.Q(end_date__isnull=True)
                | models.Q(start_date__isnull=True)
                | models.Q(end_date__gte=models.F("start_date")),
                name="involvement_dates_forward",
            ),
            models.CheckConstraint(
                condition=~models.Q(service__in=["mental_health", "sexual_health", "substance_misuse"])
                | models.Q(consent__in=["child", "carer", "significant_harm"]),
                name="involvement_sensitive_needs_basis",
            ),
            models.CheckConstraint(
                condition=models.Q(consent_scope__in=["listed", "team", "desk"]),
                name="involvement_consent_scope_known",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True)
                | models.Q(typed_by__isnull=True)
                | ~models.Q(confirmed_by=models.F("typed_by")),
                name="involvement_not_self_confirmed",
            ),
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False, sealed_said__isnull=True)
                | models.Q(organisation__isnull=True, sealed_said__isnull=False),
                name="involvement_says_whose",
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"involvement {self.pk}"


class ReviewCase(models.Model):
    """A pair the model will not decide alone (R20)."""

    id = models.BigAutoField(primary_key=True)
    record_a = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+")
    record_b = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24)
    weight = models.FloatField()
    levels = models.BinaryField(max_length=80)
    opened_at = models.DateTimeField()
    near_shield = models.BooleanField(default=False)

    class Meta:
        """One case per pair, lower record first."""

        db_table = "review_case"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["record_a", "record_b"], name="review_case_once"),
            models.CheckConstraint(
                condition=models.Q(record_a__lt=models.F("record_b")), name="review_case_ordered"
            ),
        ]

    def __str__(self) -> str:
        """Name the row."""
        return f"case {self.pk}"
