"""Deliveries on their way in: staged, compared with what is published, and seen by no reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import polars as pl
from django.db import connection

from contactpoint.storage.copying import copy_in
from contactpoint.storage.models import Delivery, Organisation, Source

WAITING: Final = ("staged", "linked", "held")

_STAGE: Final = """
    INSERT INTO staged_record
        (delivery_id, record, local_id, line, facts, involvements, fingerprint, changed, rejected)
    SELECT %(delivery)s, coalesce(r.id, nextval('source_record_id_seq')), a.local_id, a.line,
        a.facts::jsonb, a.involvements::jsonb, decode(a.fingerprint, 'hex'),
        NOT a.rejected AND v.fingerprint IS DISTINCT FROM decode(a.fingerprint, 'hex'), a.rejected
    FROM arriving a
    LEFT JOIN source_record r ON r.source_id = %(source)s AND r.local_id = a.local_id
    LEFT JOIN record_version v ON v.record_id = r.id AND v.superseded_at IS NULL
    WHERE r.id IS NOT NULL OR NOT a.rejected
    ORDER BY a.line
"""
_LEAVING: Final = """
    WITH leaving AS (
        SELECT r.id FROM source_record r WHERE r.source_id = %(source)s AND r.withdrawn_at IS NULL
            AND NOT EXISTS (SELECT FROM staged_record s
                WHERE s.delivery_id = %(delivery)s AND s.local_id = r.local_id)
    )
    SELECT (SELECT count(*) FROM source_record WHERE source_id = %(source)s AND withdrawn_at IS NULL),
        (SELECT count(*) FROM leaving),
        (SELECT count(*) FROM leaving l JOIN involvement i ON i.record_id = l.id
            WHERE i.typed_by_id IS NULL AND (i.end_date IS NULL OR i.end_date > %(as_at)s))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A delivery's own particulars."""

    source: str
    as_at: date
    kind: str
    sha256: str
    file_name: str
    mapping: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """What is known of a source: its contract's code and its name."""

    code: str
    name: str
    contract: str


def find_source(code: str) -> SourceInfo | None:
    """Return a source by its code."""
    row = Source.objects.filter(pk=code).first()
    return SourceInfo(code=row.code, name=row.name, contract=row.contract) if row else None


def organisation_codes() -> frozenset[str]:
    """Every organisation known here."""
    return frozenset(Organisation.objects.values_list("code", flat=True))


def same_delivery(arrival: Arrival) -> Delivery | None:
    """The delivery of exactly this file for this day, read in this way, unless a newer one replaced it."""
    return (
        Delivery.objects.filter(
            source_id=arrival.source,
            as_at=arrival.as_at,
            kind=arrival.kind,
            sha256=arrival.sha256,
            mapping=arrival.mapping,
        )
        .exclude(state="replaced")
        .first()
    )


def newest_published(source: str) -> date | None:
    """The day of a source's newest published delivery."""
    newest = Delivery.objects.filter(source_id=source, state="published").order_by("-as_at").first()
    return newest.as_at if newest else None


def waiting_of(source: str) -> Delivery | None:
    """A source's delivery that is staged, linked or held; there is at most one."""
    return Delivery.objects.filter(source_id=source, state__in=WAITING).first()


def anything_waiting() -> bool:
    """Say whether a delivery is staged or linked and not yet published."""
    return Delivery.objects.filter(state__in=("staged", "linked")).exists()


def drop(delivery: Delivery, state: str) -> None:
    """Let go of a held delivery: "replaced", because a newer one has come, or "refused" by a person."""
    delivery.state = state
    delivery.save(update_fields=["state"])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM staged_record WHERE delivery_id = %s", [delivery.pk])


def stage(arrival: Arrival, pieces: Iterable[pl.DataFrame], *, at: datetime) -> Delivery:
    """Put a delivery's records beside what is published, in the caller's transaction.

    Args:
        arrival: the delivery.
        pieces: its records, as many at a time as there are: `local_id`, `line`, `facts` and `involvements`
            (JSON), `fingerprint` (hexadecimal), `rejected`.
        at: now.
    """
    delivery = Delivery.objects.create(
        source_id=arrival.source,
        as_at=arrival.as_at,
        kind=arrival.kind,
        sha256=arrival.sha256,
        mapping=arrival.mapping,
        file_name=arrival.file_name[:200],
        state="staged",
        received_at=at,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE arriving (local_id text, line integer, facts text, involvements text, "
            "fingerprint text, rejected boolean) ON COMMIT DROP"
        )
        for records in pieces:
            copy_in("arriving", records)
        cursor.execute("ANALYZE arriving")
        cursor.execute(_STAGE, {"delivery": delivery.pk, "source": arrival.source})
        cursor.execute("DROP TABLE arriving")
        cursor.execute("SELECT count(*) FROM staged_record WHERE delivery_id = %s AND changed", [delivery.pk])
        delivery.rows_changed = int((cursor.fetchone() or (0,))[0])
    delivery.save(update_fields=["rows_changed"])
    return delivery


def count_rows(delivery: Delivery, *, read: int, accepted: int) -> None:
    """Keep how many rows the file has, and how many were accepted."""
    delivery.rows_read, delivery.rows_accepted, delivery.rows_rejected = read, accepted, read - accepted
    delivery.save(update_fields=["rows_read", "rows_accepted", "rows_rejected"])


def keep_rejections(delivery: Delivery, rejections: pl.DataFrame) -> None:
    """Keep where and why rows were rejected, never what they said."""
    copy_in(
        "rejection",
        rejections.select(
            pl.lit(delivery.pk).alias("delivery_id"),
            "line",
            pl.col("field").str.head(40),
            pl.col("reason").str.head(240),
        ),
    )


def withdrawals(delivery: Delivery) -> tuple[int, int]:
    """Return how many records of the source are published, and how many a full delivery no longer holds.

    The delivery keeps both, and how many contacts would end.
    """
    if delivery.kind != "full":
        return 0, 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM source_record WHERE source_id = %s)", [delivery.source_id])
        if cursor.fetchone() == (False,):
            return 0, 0
        cursor.execute(
            _LEAVING,
            {"delivery": delivery.pk, "source": delivery.source_id, "as_at": delivery.as_at},
        )
        published, leaving, ending = map(int, cursor.fetchone() or (0, 0, 0))
    delivery.records_before, delivery.records_leaving, delivery.contacts_ending = published, leaving, ending
    delivery.save(update_fields=["records_before", "records_leaving", "contacts_ending"])
    return published, leaving


def hold(delivery: Delivery, because: str) -> None:
    """Keep a delivery back for a person."""
    delivery.state, delivery.held_because = "held", because
    delivery.save(update_fields=["state", "held_because"])


def let_go_on(delivery: Delivery) -> None:
    """A person has looked: the delivery may be published."""
    delivery.state, delivery.held_because = "staged", ""
    delivery.save(update_fields=["state", "held_because"])
