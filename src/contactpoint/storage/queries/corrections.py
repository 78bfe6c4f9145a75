"""Corrections that were asked for, as domain values; of unsealed records only (storage/sql/keeping.sql)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contactpoint.domain.disclosure.answering import AskedAs, RightBecause, WordAnswer
from contactpoint.domain.disclosure.contesting import Answer, Basis, Contest, Field
from contactpoint.domain.involvement import Involvement
from contactpoint.storage.asking import fetch
from contactpoint.storage.queries.involvements import involvement_of
from contactpoint.storage.queries.seen import involvement_rows
from contactpoint.storage.seal_key import key_ring
from contactpoint.storage.typed_texts import CORRECTION, key_to_write_with

_COLUMNS = (
    'id, record_id, field, said, "right", basis, asked_at, answer, child_id, local_id, source_name, '
    "source_organisation, delivered_at, source_id, because, passed_to"
)
_OF_WORD = ", ".join(f"(asked).{name}" for name in _COLUMNS.split(", "))


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRow:
    """A contest, with the child and the source record that it is about."""

    contest: Contest
    child: str
    local_id: str
    source_name: str
    source_organisation: str
    source: str
    because: RightBecause | None = None
    passed_to: AskedAs | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedWordRow:
    """A contest of what a person said of their own work, and as whom the viewer is asked about it."""

    row: CorrectionRow
    asked_as: AskedAs
    discreet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WordNow:
    """What somebody says of their own work, with the role and the number that they gave."""

    involvement: Involvement
    role: str
    phone: str


def ask(contest: Contest, *, by: UUID, organisation: str) -> int | None:
    """Insert a correction and return its id; the same asked again while it is open is the same one.

    None where the record is sealed meanwhile.
    """
    key, about = key_to_write_with(), f"{contest.record}.{contest.field.value}"
    said, right = CORRECTION.seal(contest.asked_at, key, said=contest.said, right=contest.right)
    # Its own tag first; one that was asked before the key was changed has the tag of an older key.
    keys = [key, *(one for one in key_ring().keys.values() if one.number != key.number)]
    tags = [CORRECTION.tag(one, about, contest.said) for one in keys]
    query = "SELECT ask_correction(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
    values = (contest.record, contest.field.value, said, tags, right, contest.basis.value)
    made: int | None = fetch(query, *values, by, organisation, contest.asked_at)[0][0]
    return made


def asked_by(account: UUID, organisation: str) -> tuple[CorrectionRow, ...]:
    """Return what an account asked for an organisation, newest first."""
    return _rows("corrections_asked(%s, %s)", account, organisation)


def waiting_of(organisation: str, whose: UUID | None) -> tuple[CorrectionRow, ...]:
    """Return what an organisation's sources are asked, as far as one may see it.

    It is what they have not answered, and what they agreed to before they delivered again.
    """
    return _rows("corrections_waiting(%s, %s)", organisation, whose)


def about(number: str) -> tuple[Contest, ...]:
    """Return every correction that was asked for about a child, in the order asked."""
    return tuple(row.contest for row in _rows("corrections_about(%s)", number))


def answer(correction_id: int, what: Answer, *, organisation: str, by: UUID, at: datetime) -> bool:
    """Note what the source says to it; False if somebody else was first."""
    query = "SELECT answer_correction(%s, %s, %s, %s, %s)"
    return bool(fetch(query, correction_id, organisation, what.value, by, at)[0][0])


def of_feed(seeing: UUID, code: str | None) -> tuple[CorrectionRow, ...]:
    """Return what waits at one feed, or at all that whoever the event names runs, oldest first."""
    return _rows("feed_corrections(%s, %s)", seeing, code)


def overdue(seeing: UUID, before: datetime) -> tuple[CorrectionRow, ...]:
    """Return what has waited at any feed since before a moment."""
    return _rows("corrections_overdue(%s, %s)", seeing, before)


def answer_of_feed(seeing: UUID, correction_id: int, code: str, what: Answer) -> bool:
    """Note what whoever runs a feed says to it; False if somebody else was first."""
    query = "SELECT answer_feed_correction(%s, %s, %s, %s)"
    return bool(fetch(query, seeing, correction_id, code, what.value)[0][0])


def words_asked(seeing: UUID) -> tuple[AskedWordRow, ...]:
    """Return what whoever the event names is asked about their own word or another's, oldest first."""
    query = f"SELECT asked_as, discreet, {_OF_WORD} FROM word_corrections(%s)"  # noqa: S608 - constants
    return tuple(
        AskedWordRow(row=_row(*row), asked_as=AskedAs(asked_as), discreet=discreet)
        for asked_as, discreet, *row in fetch(query, seeing)
    )


def word_in_question(seeing: UUID, correction_id: int) -> WordNow | None:
    """Return the word itself, as much of it as whoever the event names may read."""
    for row in involvement_rows("word_in_question", [seeing, correction_id]):
        return WordNow(involvement=involvement_of(row), role=row.practitioner_role, phone=row.contact_phone)
    return None


def answer_word(
    seeing: UUID,
    correction_id: int,
    what: WordAnswer,
    *,
    because: RightBecause | None,
    role: str,
    phone: str,
    since: date | None,
) -> bool:
    """Note what is answered, and correct or end the word with it; False if somebody else was first."""
    query = "SELECT answer_word(%s, %s, %s, %s, %s, %s, %s)"
    why = because.value if because else ""
    return bool(fetch(query, seeing, correction_id, what.value, why, role, phone, since)[0][0])


def _rows(function: str, *values: object) -> tuple[CorrectionRow, ...]:
    return tuple(_row(*row) for row in fetch(f"SELECT {_COLUMNS} FROM {function}", *values))  # noqa: S608 - constants


def _row(
    number: int,
    record: int,
    field: str,
    said: str,
    right: str,
    basis: str,
    asked_at: datetime,
    answered: str,
    child: str,
    local_id: str,
    source_name: str,
    source_organisation: str,
    delivered_at: datetime | None,
    source: str,
    because: str,
    passed_to: str,
) -> CorrectionRow:
    said, right = CORRECTION.open(asked_at, said=said, right=right)
    return CorrectionRow(
        contest=Contest(
            id=number,
            record=record,
            field=Field(field),
            said=said,
            right=right,
            basis=Basis(basis),
            asked_at=asked_at,
            answer=Answer(answered) if answered else None,
            delivered_at=delivered_at,
        ),
        child=child,
        local_id=local_id,
        source_name=source_name,
        source_organisation=source_organisation,
        source=source,
        because=RightBecause(because) if because else None,
        passed_to=AskedAs(passed_to) if passed_to else None,
    )
