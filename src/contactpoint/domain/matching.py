"""Records to check: what a person is asked about pairs the model will not decide, and what they said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.people import Statement
from contactpoint.domain.survivorship import derive


class CaseKind(StrEnum):
    """What is asked, riskiest first: two children in one record may show one child's home to the other's."""

    POSSIBLE_TWO = "possible_two_children"
    CONFLICT = "identifier_conflict"
    POSSIBLE_MERGE = "possible_merge"
    UNSURE_PAIR = "unsure_pair"


class Verdict(StrEnum):
    """What a person says of a case."""

    SAME = "same"
    DIFFERENT = "different"
    CANNOT_TELL = "cannot_tell"


LONGEST_REASON = 240
_IN_ORDER = ("name", "known_as", "date_of_birth", "sex", "address", "nhs_number", "upn", "date_of_death")
FIRST_OF_TWO = "first_of_two"
"""What becomes of a word that a second person has to say as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case as it is stored.

    `record_a` and `record_b` are the source records compared, `child_a` and `child_b` their children, the
    same where the question is whether there are two in one. `levels` are packed (linking.model.levels) and
    `weight` is in bits. `restricted` cases are the shield staff's.
    """

    id: int
    kind: CaseKind
    record_a: int
    record_b: int
    child_a: str | None
    child_b: str | None
    weight: float
    levels: bytes
    opened_at: datetime
    restricted: bool = False

    @property
    def children(self) -> tuple[str, ...]:
        """The children it is about, each once; a row in quarantine is about none yet."""
        return tuple(dict.fromkeys(one for one in (self.child_a, self.child_b) if one))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """A case in the list: how each side is called, and when each was born."""

    id: int
    kind: CaseKind
    names: tuple[str, str]
    born: tuple[str | None, str | None]
    opened_at: datetime
    decided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One value of a field on one side, and who says so: source and the day it vouches for."""

    value: str
    by: tuple[tuple[str, date], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedField:
    """One field on both sides. `differs` is None where one side says nothing."""

    field: str
    left: tuple[Said, ...]
    right: tuple[Said, ...]

    @property
    def differs(self) -> bool | None:
        """Whether no value of one side is a value of the other."""
        if not self.left or not self.right:
            return None
        return not {_plain(one.value) for one in self.left} & {_plain(one.value) for one in self.right}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why it is asked: what was compared, how it agrees, and how many bits that says for the same child.

    Where the model of today weighed it, `prior`, bits and `rest` add up to the weight, against the likeliest
    other alternative ("twin", "sibling", "stranger"); of another model's there are words alone.
    """

    weight: float
    lines: tuple[tuple[str, str, float | None], ...]
    prior: float | None = None
    rest: float | None = None
    against: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BetweenRecord:
    """A record of a child that may be two, beside the two that were compared; `leaves` is a proposal."""

    record: int
    source_name: str
    as_at: date
    name: str
    date_of_birth: str | None
    leaves: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WouldSay:
    """What a record would say after a decision, field by field, and of how many sources."""

    fields: tuple[tuple[str, str], ...]
    sources: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseInFull:
    """All a reviewer needs.

    `numbers` are what each side's child is called here. `between` are, for two in one, the records that may
    go with either of the two compared. `after` is what the record would say if it is one child, or both would
    if there are two in one. `another_there` says whether a child of neither side was born that day and lives
    there; None where that is not told, near a shield. `version` is equal only while nothing of this has
    changed.
    """

    row: CaseRow
    names: tuple[str, str]
    numbers: tuple[str, str]
    fields: tuple[ComparedField, ...]
    evidence: Evidence
    between: tuple[BetweenRecord, ...]
    after: tuple[WouldSay, ...]
    another_there: bool | None
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedLine:
    """What somebody decided, and what became of it. `state` is "waiting", "done", "undone" or a sentence.

    `was_mixed` where two children were one record until it was decided, or until it was taken back.
    """

    id: int
    kind: CaseKind
    verdict: Verdict
    names: tuple[str, str]
    because: str
    decided_by: str
    decided_at: datetime
    state: str
    may_be_undone: bool
    was_mixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDecided:
    """It is recorded. `waits` where the worker carries it out within seconds."""

    decision: int
    verdict: str
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChanged:
    """Nothing was decided: what the case rests on is no longer what the page had shown."""

    now: CaseInFull


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChanged:
    """Two numbers became one, or one became two. `change` can be undone."""

    change: int
    kept: str
    other: str


CaseAnswer = CaseDecided | CaseChanged | Refusal


def which_kind_of_case(stored: str, *, one_is_new: bool) -> CaseKind:
    """Where neither child is new, joining them joins two published children (R20)."""
    if stored in (CaseKind.POSSIBLE_TWO, CaseKind.CONFLICT):
        return CaseKind(stored)
    return CaseKind.UNSURE_PAIR if one_is_new else CaseKind.POSSIBLE_MERGE


def who_keeps_the_number(one: str, other: str, first_linked: Mapping[str, tuple[int, ...]]) -> str:
    """The number with the earliest link stays; the other becomes its alias for ever (R22).

    `first_linked` holds, by number, a key that orders first links: earlier is smaller.
    """
    return min(one, other, key=lambda number: (*first_linked[number], number))


def which_part_leaves(
    stays: Sequence[int], leaves: Sequence[int], first_linked: Mapping[int, tuple[int, ...]]
) -> Sequence[int]:
    """The part of a record with the earliest link keeps the number, the other leaves (R22)."""
    earliest = [min(first_linked[record] for record in part) for part in (stays, leaves)]
    return leaves if earliest[0] <= earliest[1] else stays


def compared(
    left: Sequence[Statement], right: Sequence[Statement], fields: Sequence[str]
) -> tuple[ComparedField, ...]:
    """Both sides field by field, with source and date, leaving out what neither says anything of."""
    rows = (ComparedField(field=name, left=_said(left, name), right=_said(right, name)) for name in fields)
    return tuple(row for row in rows if row.left or row.right)


def would_say(statements: Sequence[Statement], fields: Collection[str]) -> WouldSay:
    """What a record of these statements says of `fields`, by the rules that every record is made by."""
    made = derive(statements)
    home = made.addresses[0].address if made.addresses else None
    chosen = {
        "name": made.name,
        "known_as": made.known_as,
        "date_of_birth": made.date_of_birth,
        "sex": made.sex,
        **dict(made.identifiers),
        "date_of_death": made.date_of_death,
    }
    said = {field: one.value for field, one in chosen.items() if one is not None}
    if home and (lines := [part for part in (home.line, home.postcode) if part]):
        said["address"] = ", ".join(lines)
    shown = {"name", *fields}
    return WouldSay(
        fields=tuple((field, said[field]) for field in _IN_ORDER if field in said and field in shown),
        sources=len({one.source_name for one in statements}),
    )


def _said(statements: Sequence[Statement], field: str) -> tuple[Said, ...]:
    found: dict[str, list[tuple[str, date]]] = {}
    for one in sorted(statements, key=lambda statement: (statement.as_at, statement.record), reverse=True):
        value = getattr(one.facts, field)
        if value:
            found.setdefault(value, []).append((one.source_name, one.as_at))
    return tuple(Said(value=value, by=tuple(by)) for value, by in found.items())


def _plain(text: str) -> str:
    return "".join(text.casefold().split())
