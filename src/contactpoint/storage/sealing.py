"""Pairs that two people typed, and crossings that two agreed on, as the worker carries them out (R35)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from contactpoint.domain.disclosure.sealed_identity import PairEnd
from contactpoint.storage.asking import execute, fetch
from contactpoint.storage.typed_texts import CROSSING, PAIR

_TYPED: Final = """
    SELECT id, asked_at, typed, typed_again, ground, first_by_id, second_by_id FROM pair_proposal
    WHERE outcome = '' AND second_by_id IS NOT NULL ORDER BY id FOR UPDATE SKIP LOCKED
"""
_AGREED: Final = """
    SELECT id, asked_at, number, asked_by_id, agreed_by_id FROM crossing
    WHERE ended_at IS NULL AND agreed_at IS NOT NULL AND answered_at IS NULL
    ORDER BY id FOR UPDATE SKIP LOCKED
"""
# A number that retired into another is that child.
_CHILD: Final = """
    WITH RECURSIVE up (number, retired_into_id) AS (
        SELECT number, retired_into_id FROM child WHERE number = %(typed)s
        UNION SELECT c.number, c.retired_into_id FROM child c JOIN up ON c.number = up.retired_into_id)
    SELECT u.number FROM up u WHERE u.retired_into_id IS NULL AND NOT EXISTS (
        SELECT FROM shield s WHERE s.child_id = u.number AND s.lifted_at IS NULL
            AND s.kept_from_id = ANY(%(people)s))
"""
# The cases that ask whether the two are one; and those that put one record beside both.
_CASES: Final = """
    WITH sides AS (SELECT id, child_id AS child FROM source_record WHERE child_id IN (%(one)s, %(other)s)),
    beside AS (
        SELECT c.id, s.child, x.other FROM review_case c
        CROSS JOIN LATERAL (
            VALUES (c.record_a_id, c.record_b_id), (c.record_b_id, c.record_a_id)) AS x (mine, other)
        JOIN sides s ON s.id = x.mine)
    DELETE FROM review_case WHERE id IN (
        SELECT b.id FROM beside b JOIN sides s ON s.id = b.other WHERE s.child <> b.child
        UNION SELECT b.id FROM beside b JOIN beside o ON o.other = b.other AND o.child = %(one)s
            WHERE b.child = %(other)s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPair:
    """A pair that two people typed."""

    id: int
    first: tuple[str, ...]
    second: tuple[str, ...]
    ground: str
    people: tuple[UUID, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCross:
    """A crossing that was agreed to; from which number, and for whom."""

    id: int
    asked_at: datetime
    number: str
    people: tuple[UUID, UUID]


def pairs_typed() -> tuple[TypedPair, ...]:
    """Return every pair that both have typed, kept still."""
    found = []
    for pair, at, typed, again, ground, first, second in fetch(_TYPED):
        one, other = PAIR.open(at, typed=typed, typed_again=again)
        found.append(
            TypedPair(
                id=pair,
                first=tuple(sorted(one.split())),
                second=tuple(sorted(other.split())),
                ground=ground,
                people=(first, second),
            )
        )
    return tuple(found)


def end_pair(pair: int, became: PairEnd, at: datetime) -> None:
    """Say what became of one, and forget what was typed."""
    execute(
        "UPDATE pair_proposal SET outcome = %s, ended_at = %s, typed = '', typed_again = '' WHERE id = %s",
        became.value, at, pair,
    )  # fmt: skip


def child_of(typed: str, people: Sequence[UUID]) -> str | None:
    """Return the child that a number is of; None where there is none, or it is kept from one of these."""
    found = fetch(_CHILD, typed=typed, people=list(people))
    return found[0][0] if found else None


def drop_cases_between(one: str, other: str) -> int:
    """Take away what asks a person about two children at once; return how many that were."""
    return execute(_CASES, one=one, other=other)


def crossings_agreed() -> tuple[ToCross, ...]:
    """Return every crossing that waits to be looked up, kept still."""
    return tuple(
        ToCross(
            id=crossing,
            asked_at=at,
            number=CROSSING.open(at, number=number)[0],
            people=(asker, agreer),
        )
        for crossing, at, number, asker, agreer in fetch(_AGREED)
    )


def answer_crossing(one: ToCross, numbers: Sequence[str], at: datetime) -> None:
    """Keep what was found, encrypted, for whoever asked to see once; forget from where it was asked."""
    # Padded alike whether anything was found or not; a blank answer would be no text to encrypt.
    (answer,) = CROSSING.seal(one.asked_at, answer=" ".join(numbers) or " ")
    execute(
        "UPDATE crossing SET number = '', answer = %s, answered_at = %s WHERE id = %s", answer, at, one.id
    )


def end_late_crossings(*, asked_before: datetime, agreed_before: datetime, at: datetime) -> None:
    """End what nobody agreed to, and what nobody looked at, in time."""
    execute(
        "UPDATE crossing SET ended_at = %s, number = '', answer = '' WHERE ended_at IS NULL "
        "AND (agreed_at <= %s OR (agreed_at IS NULL AND asked_at <= %s))",
        at, agreed_before, asked_before,
    )  # fmt: skip


def forget_ended(before: datetime) -> None:
    """Let go of what ended earlier: the audit has what was done."""
    execute("DELETE FROM pair_proposal WHERE ended_at < %s", before)
    execute("DELETE FROM crossing WHERE ended_at < %s", before)
