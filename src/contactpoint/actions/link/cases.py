"""Records to check: the cases that wait for a person, one of them in full, and what was decided."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.contribute.own_child import named
from contactpoint.actions.link.changing import match_of
from contactpoint.actions.model_in_force import model_in_force
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.consent import which_statements_may_speak
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, may_this_organisation_read
from contactpoint.domain.matching import (
    BetweenRecord,
    CaseInFull,
    CaseKind,
    CaseLine,
    CaseRow,
    DecidedLine,
    Evidence,
    compared,
    would_say,
)
from contactpoint.domain.people import AddressKind, Statement
from contactpoint.domain.survivorship import derive
from contactpoint.linking.model.explain import explain
from contactpoint.linking.model.levels import HOME, PHONE, TWINS, Context, Levels
from contactpoint.linking.model.score import score_pair, weigh
from contactpoint.storage.queries import cases as stored
from contactpoint.storage.queries.cases import DecisionRow, Reach
from contactpoint.storage.queries.children import shielded_record
from contactpoint.storage.queries.involvements import involvements_of
from contactpoint.storage.queries.statements import statements_of

FIELDS: Final = (
    "forename", "middle_names", "surname", "former_surname", "known_as", "suffix", "date_of_birth", "sex",
    "address", "postcode", "phone", "email", "nhs_number", "upn", "carer_forename", "carer_surname",
    "mother_former_surname", "birth_order", "date_of_death",
)  # fmt: skip
_NUMBERS: Final = ("nhs_number", "upn")
_ASKED: Final = Permission.CHECK_RECORDS
_NO_NAME: Final = "No name"
_SAME_WEIGHT: Final = 0.01
_KEPT_BACK: Final = frozenset({HOME, PHONE})
NOTHING_WAITS = Refusal(
    sentence="No records of that number wait for you to check.",
    rules=("R20",),
    way_on="A colleague may have decided already. Go back to “Records to check”.",
)


def reach_of(
    action: Action,
    *,
    near_shield: bool,
    subjects: Sequence[str] = (),
    details: Mapping[str, Json],
    by: Viewer,
    at: datetime,
) -> Reach:
    """Write down first what somebody does: the database answers nobody else (R20, R21, R34).

    Whom a look was about is written down again, with what was shown.
    """
    told = {**details, "near_shield": True} if near_shield else details
    event = record(action, by=by, at=at, subjects=subjects, details=told)
    return Reach(seeing=event, near=near_shield)


@transaction.atomic
def cases_to_check(
    *,
    by: Viewer,
    at: datetime,
    kinds: Collection[CaseKind] = tuple(CaseKind),
    passed_over: int = 0,
    near_shield: bool = False,
) -> tuple[int, tuple[CaseLine, ...]] | Refusal:
    """Return how many cases wait and a page of them, riskiest kind first, then the oldest; audited (R20).

    With `near_shield`, those that touch a shielded child, and no others: for shield staff (R21, R34).
    """
    reach = _reach(_ASKED, Action.LISTED_CASES, near_shield=near_shield, by=by, at=at)
    if isinstance(reach, Refusal):
        return reach
    in_all, rows = stored.cases_to_check(reach, kinds=kinds, passed_over=passed_over)
    lines = tuple(_line(row, reach, at) for row in rows)
    record(
        Action.LISTED_CASES,
        by=by,
        at=at,
        subjects=[number for row in rows for number in row.children],
        details={"cases": [row.id for row in rows], "in_all": in_all},
    )
    return in_all, lines


@transaction.atomic
def case_after(
    case: int,
    *,
    by: Viewer,
    at: datetime,
    kinds: Collection[CaseKind] = tuple(CaseKind),
    near_shield: bool = False,
) -> int | None:
    """Return the case that is next once one was decided; None where nothing of these kinds waits; audited."""
    reach = _reach(_ASKED, Action.LISTED_CASES, near_shield=near_shield, by=by, at=at)
    return None if isinstance(reach, Refusal) else stored.case_after(case, reach, kinds=kinds)


@transaction.atomic
def open_case(
    *,
    case: int,
    by: Viewer,
    at: datetime,
    near_shield: bool = False,
    ahead: bool = False,
    leaving: Collection[int] | None = None,
) -> CaseInFull | Refusal:
    """Return a case with all a reviewer needs; audited. Of what is not theirs nobody learns.

    With `ahead`, before anybody asked for it: it counts as a look all the same, and is written down as sent.
    Two in one are shown parted as proposed; with `leaving`, as they would be if just these of the records
    between (by their place in the case) went with the second.
    """
    found = find_case(case, _ASKED, near_shield=near_shield, by=by, at=at, leaving=leaving)
    if isinstance(found, Refusal):
        return found
    details: dict[str, Json] = {"case": case, "fields": [one.field for one in found.fields]}
    if ahead:
        details["ahead"] = True
    record(Action.OPENED_CASE, by=by, at=at, subjects=found.row.children, details=details)
    return found


@transaction.atomic
def cases_decided(
    *, by: Viewer, at: datetime, near_shield: bool = False
) -> tuple[DecidedLine, ...] | Refusal:
    """Return what was decided and what became of it, newest first; audited."""
    reach = _reach(_ASKED, Action.LISTED_CASES, near_shield=near_shield, by=by, at=at)
    if isinstance(reach, Refusal):
        return reach
    rows = stored.cases_decided(reach)
    record(
        Action.LISTED_CASES,
        by=by,
        at=at,
        subjects=[number for row in rows for number in (row.child_a, row.child_b) if number],
        details={"decisions": [row.id for row in rows]},
    )
    return tuple(_decided(row, at) for row in rows)


def find_case(
    case: int,
    asked: Permission,
    *,
    near_shield: bool,
    by: Viewer,
    at: datetime,
    leaving: Collection[int] | None = None,
) -> CaseInFull | Refusal:
    """Read a case and ask the rules about it; a refusal is recorded. It is kept still until the end."""
    reach = _reach(asked, Action.OPENED_CASE, near_shield=near_shield, by=by, at=at, details={"case": case})
    if isinstance(reach, Refusal):
        return reach
    row = stored.case_to_check(case, reach)
    match = match_of(row.children, restricted=near_shield, asked=True) if row else None
    decision = authorise(AccessRequest(viewer=by, permission=asked, at=at, match=match))
    if decision.refusal or row is None:
        return record_refusal(decision.refusal or NOTHING_WAITS, asked, by=by, at=at, details={"case": case})
    return in_full(row, reach, by=by, at=at, leaving=leaving)


def _reach(
    asked: Permission,
    action: Action,
    *,
    near_shield: bool,
    by: Viewer,
    at: datetime,
    details: Mapping[str, Json] | None = None,
) -> Reach | Refusal:
    match = match_of((), restricted=True, asked=True) if near_shield else None
    decision = authorise(AccessRequest(viewer=by, permission=asked, at=at, match=match))
    if decision.refusal:
        return record_refusal(decision.refusal, asked, by=by, at=at, details=details)
    return reach_of(action, near_shield=near_shield, details=details or {}, by=by, at=at)


def in_full(
    row: CaseRow, reach: Reach, *, by: Viewer, at: datetime, leaving: Collection[int] | None = None
) -> CaseInFull:
    """Both sides of a case, as far as each child's record page would show them to the viewer."""
    fields = [
        one for one in FIELDS if one not in _NUMBERS or may_this_organisation_read(one, by.organisation_kind)
    ]
    left, right = _sides(row, reach, at, leaving)
    going = {one.record for one in right}
    return CaseInFull(
        row=row,
        names=(_name(left), _name(right)),
        numbers=(row.child_a or "", row.child_b or ""),
        fields=compared(left, right, fields),
        evidence=evidence_of(
            row.levels,
            row.weight,
            alone=not reach.near,
            unsaid=_KEPT_BACK if _is_a_home_kept_back((*left, *right)) else (),
        ),
        between=tuple(
            _between(one, leaves=one.record in going)
            for one in _in_between((*left, *right), row)
            if row.kind is CaseKind.POSSIBLE_TWO
        ),
        after=tuple(would_say(one, fields) for one in _after(row, left, right)),
        another_there=None if reach.near else stored.another_lives_there(row.id, reach),
        version=_version(row, left, right),
    )


def _after(
    row: CaseRow, left: Sequence[Statement], right: Sequence[Statement]
) -> tuple[Sequence[Statement], ...]:
    """The records there would be: two if two in one are parted, one if two are joined."""
    return (left, right) if row.kind is CaseKind.POSSIBLE_TWO else ((*left, *right),)


def evidence_of(packed: bytes, weight: float, *, alone: bool, unsaid: Collection[int] = ()) -> Evidence:
    """What the comparison showed, line by line; bits only where the model of today says the same.

    With `alone`, as the two records weigh by themselves. Whether some source lists two such children is left
    out then: it may list one whose home nobody may learn (R27). So are the comparisons `unsaid`.
    """
    if not packed:
        return Evidence(weight=weight, lines=())
    levels, model = Levels.unpack(packed), model_in_force()
    is_todays = abs(weigh(levels, model) - weight) <= _SAME_WEIGHT
    if alone:
        codes = (*levels.codes[:TWINS], int(Context.UNKNOWN), *levels.codes[TWINS + 1 :])
        levels = replace(levels, codes=codes)
    if unsaid:
        codes = tuple(0 if place in unsaid else code for place, code in enumerate(levels.codes))
        levels = replace(levels, codes=codes)
    told = explain(levels, model)
    if not is_todays:
        return Evidence(weight=weight, lines=tuple((one.label, one.words, None) for one in told.lines))
    return Evidence(
        weight=told.weight,
        prior=told.prior,
        lines=tuple((one.label, one.words, one.bits) for one in told.lines),
        rest=told.rest,
        against=told.against,
    )


def _is_a_home_kept_back(statements: Sequence[Statement]) -> bool:
    """Say whether a child is at a place that is not named: how addresses compare is left out then, too."""
    return any(address.kind is AddressKind.NOT_SHOWN for one in statements for address in one.addresses)


def _sides(
    row: CaseRow, reach: Reach, at: datetime, leaving: Collection[int] | None = None
) -> tuple[list[Statement], list[Statement]]:
    if not reach.near:
        left, right = _speaking(row.child_a, at), _speaking(row.child_b, at)
    else:
        left, right = (list(stored.sealed_side(row.id, one, reach)) for one in (row.record_a, row.record_b))
    if row.kind is not CaseKind.POSSIBLE_TWO:
        return left, right
    going = which_go_with_the_second(left, row.record_a, row.record_b)
    if leaving is not None:
        between = enumerate(_in_between(left, row))
        going = {row.record_b, *(one.record for place, one in between if place in leaving)}
    return [one for one in left if one.record not in going], [one for one in left if one.record in going]


def _in_between(every: Sequence[Statement], row: CaseRow) -> list[Statement]:
    """Of two in one, what may go with either of the two compared; in the same order however it is parted."""
    compared_two = (row.record_a, row.record_b)
    return sorted((one for one in every if one.record not in compared_two), key=lambda one: one.record)


def which_go_with_the_second(every: Sequence[Statement], first: int, second: int) -> Collection[int]:
    """Of one child's records, those that are more like the second record of the case than like the first."""
    by_record = {one.record: one.facts for one in every}
    a, b, model = by_record.get(first), by_record.get(second), model_in_force()
    if a is None or b is None:
        return frozenset()
    return frozenset(
        record
        for record, facts in by_record.items()
        if record == second
        or (record != first and score_pair(facts, b, model).weight > score_pair(facts, a, model).weight)
    )


def _speaking(number: str | None, at: datetime) -> list[Statement]:
    if number is None:
        return []
    return list(which_statements_may_speak(statements_of(number), involvements_of(number), at.date()))


def _between(one: Statement, *, leaves: bool) -> BetweenRecord:
    return BetweenRecord(
        record=one.record,
        source_name=one.source_name,
        as_at=one.as_at,
        name=_name([one]),
        date_of_birth=one.facts.date_of_birth,
        leaves=leaves,
    )


def _name(statements: Sequence[Statement]) -> str:
    name = derive(statements).name if statements else None
    return name.value if name else _NO_NAME


def _version(row: CaseRow, left: Sequence[Statement], right: Sequence[Statement]) -> str:
    said = sorted((one.record, sorted(one.facts.as_mapping().items())) for one in (*left, *right))
    told = repr((row.id, row.kind, row.child_a, row.child_b, row.levels, said))
    return hashlib.sha256(told.encode()).hexdigest()


def _line(row: CaseRow, reach: Reach, at: datetime) -> CaseLine:
    left, right = _sides(row, reach, at)
    return CaseLine(
        id=row.id,
        kind=row.kind,
        names=(_name(left), _name(right)),
        born=(_born(left), _born(right)),
        opened_at=row.opened_at,
    )


def _born(statements: Sequence[Statement]) -> str | None:
    born = derive(statements).date_of_birth if statements else None
    return born.value if born else None


def _decided(row: DecisionRow, at: datetime) -> DecidedLine:
    state = row.outcome or ("undone" if row.undone else "waiting" if row.open or row.undoing else "done")
    return DecidedLine(
        id=row.id,
        kind=row.kind,
        verdict=row.verdict,
        names=(
            _called(row.child_a, at),
            _called(row.child_b, at),
        ),
        because=row.because,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        state=state,
        may_be_undone=state == "done" and row.newest,
        was_mixed=row.change is not None
        and state == ("done" if row.kind is CaseKind.POSSIBLE_TWO else "undone"),
    )


def _called(number: str | None, at: datetime) -> str:
    """A child's name as everybody may see it, shielded or not."""
    if number is None:
        return _NO_NAME
    shielded = shielded_record(number)
    return shielded.name if shielded else named(number, at)[0]
