"""Audit: what happened, its purgeable body, the queue for the sealer, the tree's leaves and signed heads.

Rows are written and read by `storage.audit_log`, not through managers: the web role may insert and never
select, so nothing here may need RETURNING. Who may do what stands in `storage/sql/audit.sql`; why there are
five tables, in ADR 0001.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models.expressions import RawSQL

from contactpoint.storage.models.accounts import Account, Organisation


class TransactionIdField(models.BigIntegerField):  # type: ignore[type-arg]  # generic in the stubs alone
    """PostgreSQL's xid8: a 64-bit transaction id that never wraps round."""

    def db_type(self, connection: Any) -> str:  # noqa: ANN401, ARG002 - Django's own signature
        """Name the column type."""
        return "xid8"


class AuditEvent(models.Model):
    """That something happened: a random id and the commitment to its body. Never changed, never deleted."""

    id = models.UUIDField(primary_key=True, editable=False)
    commitment = models.BinaryField(max_length=32)

    class Meta:
        """A commitment is a SHA-256."""

        db_table = "audit_event"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(RawSQL("octet_length(commitment) = 32", (), models.BooleanField())),
                name="audit_commitment_length",
            ),
        ]

    def __str__(self) -> str:
        """Name the event, which says nothing about anyone."""
        return str(self.pk)


class AuditBody(models.Model):
    """What happened: the canonical body, its salt, and the parts of it one searches by. Goes in a purge."""

    event = models.OneToOneField(
        AuditEvent, primary_key=True, on_delete=models.PROTECT, related_name="body", db_index=False
    )
    occurred_at = models.DateTimeField()
    action = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10)
    account = models.UUIDField(null=True)
    organisation = models.CharField(max_length=64, null=True)  # noqa: DJ001 - NULL as in the body, to compare
    subjects = ArrayField(models.CharField(max_length=11))
    body = models.BinaryField()
    salt = models.BinaryField(max_length=32)

    class Meta:
        """Lengths that the commitment relies on, and the four ways one looks events up."""

        db_table = "audit_body"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(RawSQL("octet_length(salt) = 32", (), models.BooleanField())),
                name="audit_salt_length",
            ),
            models.CheckConstraint(
                condition=models.Q(RawSQL("octet_length(body) > 0", (), models.BooleanField())),
                name="audit_body_not_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["allowed", "refused"]), name="audit_outcome_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["account", "-occurred_at"], name="audit_body_account"),
            models.Index(fields=["organisation", "-occurred_at"], name="audit_body_organisation"),
            BrinIndex(fields=["occurred_at"], name="audit_body_occurred", autosummarize=True),
            GinIndex(fields=["subjects"], name="audit_body_subjects"),
        ]

    def __str__(self) -> str:
        """Name the event, which says nothing about anyone."""
        return str(self.pk)


class AuditPending(models.Model):
    """The queue before the sealer: which transaction wrote an event that has no leaf yet."""

    event = models.OneToOneField(
        AuditEvent, primary_key=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    txid = TransactionIdField(db_default=RawSQL("pg_current_xact_id()", ()))
    recorded_at = models.DateTimeField(db_default=RawSQL("clock_timestamp()", ()))

    class Meta:
        """In the order in which leaves are numbered."""

        db_table = "audit_pending"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["txid", "event"], name="audit_pending_order"),
        ]

    def __str__(self) -> str:
        """Name the event, which says nothing about anyone."""
        return str(self.pk)


class AuditLeaf(models.Model):
    """Leaf number `seq`, from 0, of the tree. Never changed, never deleted."""

    seq = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="leaf")
    leaf = models.BinaryField(max_length=49)

    class Meta:
        """A leaf is 49 bytes (ADR 0001)."""

        db_table = "audit_leaf"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(seq__gte=0), name="audit_leaf_from_zero"),
            models.CheckConstraint(
                condition=models.Q(RawSQL("octet_length(leaf) = 49", (), models.BooleanField())),
                name="audit_leaf_length",
            ),
        ]

    def __str__(self) -> str:
        """Name the leaf."""
        return f"leaf {self.seq}"


class AuditCheckpoint(models.Model):
    """A signed head of the first `size` leaves, and the subtree roots from which the next is computed.

    `subtrees` holds one 32-byte hash for each 1 in the binary form of `size`, largest subtree first. There is
    no time here: nothing would prove it.
    """

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    subtrees = models.BinaryField()
    note = models.TextField()

    class Meta:
        """A root is a SHA-256; nothing is signed about an empty log."""

        db_table = "audit_checkpoint"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(size__gt=0), name="audit_checkpoint_not_empty"),
            models.CheckConstraint(
                condition=models.Q(RawSQL("octet_length(root) = 32", (), models.BooleanField())),
                name="audit_root_length",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    RawSQL(
                        "octet_length(subtrees) = 32 * bit_count(size::bit(64))", (), models.BooleanField()
                    )
                ),
                name="audit_subtrees_length",
            ),
        ]

    def __str__(self) -> str:
        """Name the head."""
        return f"checkpoint at {self.size}"


class AuditKey(models.Model):
    """A change of the key that signs: a note that the old key and the new one both signed. Never changed."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField()
    signed = models.TextField()

    class Meta:
        """From the head of `size` entries on the new key signs."""

        db_table = "audit_key"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(size__gte=0), name="audit_key_from_zero"),
        ]

    def __str__(self) -> str:
        """Name the change."""
        return f"change of key {self.pk}"


class AuditHandover(models.Model):
    """A checkpoint that is handed to an organisation's auditor, and the proof that it grew from the last.

    Asked for by a page or the command line; the worker makes it within seconds. `proof` is the RFC 6962
    consistency proof from the `previous` one's size, 32 bytes a hash. `taken_at` is when an auditor first
    took it away.
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    previous = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    size = models.BigIntegerField(null=True)
    signed = models.TextField(blank=True)
    proof = models.BinaryField(null=True)
    made_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        """One at a time is asked for; what is made has all its parts."""

        db_table = "audit_handover"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(made_at__isnull=True),
                name="audit_handover_one_asked",
            ),
            models.CheckConstraint(
                condition=models.Q(made_at__isnull=True, size__isnull=True, proof__isnull=True, signed="")
                | (
                    models.Q(made_at__isnull=False, size__isnull=False, proof__isnull=False)
                    & ~models.Q(signed="")
                ),
                name="audit_handover_whole",
            ),
        ]

    def __str__(self) -> str:
        """Name the handover."""
        return f"handover {self.pk}"
