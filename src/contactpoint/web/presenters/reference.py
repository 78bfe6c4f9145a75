"""The words of the lists of organisations and so on: what a change changes, and what came of it."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from contactpoint.domain.here import HERE
from contactpoint.domain.people_file import safe_cell
from contactpoint.domain.reference_lists import (
    FIELDS,
    MOST_FAULTS,
    Difference,
    ListAnswer,
    ListChange,
    ListKind,
    ListState,
    RowFault,
)
from contactpoint.web.presenters.messages import Link
from contactpoint.web.presenters.proposed import ProposedRow, by_two
from contactpoint.web.presenters.words import counted, moment_words

KIND_WORDS: Final = {
    ListKind.AUTHORITY: "Authorities",
    ListKind.SCHOOL: "Schools",
    ListKind.PRACTICE: "GP practices",
    ListKind.WARD: "Wards",
}
ONE_WORDS: Final = {
    ListKind.SCHOOL: "School",
    ListKind.PRACTICE: "GP practice",
    ListKind.TRUST: "NHS trust",
    ListKind.POLICE: "Police",
    ListKind.YOUTH_JUSTICE: "Youth justice service",
    ListKind.CHARITY: "Charity",
    ListKind.AUTHORITY: "Authority",
    ListKind.NATIONAL: "National body",
    ListKind.SOURCE: "Source",
}
STATE_WORDS: Final = {
    ListState.DRAFT: "Tried, and not asked for",
    ListState.ASKED: "A second person has to agree",
    ListState.AGREED: "Agreed: it is carried out within a minute",
    ListState.DROPPED: "Dropped",
    ListState.REFUSED: "Refused",
    ListState.DONE: "In force",
    ListState.FAILED: "Could not be carried out",
}
DONE_WORDS: Final = {
    ListState.DRAFT: "This puts everything back as it was. Ask for it as for any other change.",
    ListState.ASKED: "Recorded. It holds when a colleague agrees.",
    ListState.AGREED: "Recorded. It is carried out within a minute.",
    ListState.DROPPED: "Recorded. Nothing was changed.",
    ListState.REFUSED: "Recorded. Nothing was changed.",
}
FIELD_WORDS: Final = {
    "ward": "Ward",
    "name": "Name",
    "contract": "Contract",
    "organisation": "Answers for it",
    "authority": "Authority",
    "every": "Days between deliveries, at most",
    "phone": "Telephone",
    "hours": "Hours",
    "cover": "Cover",
    "address": "Address",
    "postcode": "Postcode",
    "closed": "In the list",
}
_SHOWN: Final = 100
_CLOSED_BODY: Final = "They are marked as closed. Nothing about children who were there is deleted."
_CLOSED_WARD: Final = "These postcodes are in no ward then."
_CLOSED_SOURCE: Final = "It is taken out: nothing ever came by it."
_CLOSED: Final = {ListKind.WARD: _CLOSED_WARD, ListKind.SOURCE: _CLOSED_SOURCE}
_COUNTED: Final = frozenset({ListKind.AUTHORITY, ListKind.SCHOOL, ListKind.PRACTICE})
_OF_EACH: Final = {ListKind.WARD: "Ward and postcode", ListKind.SOURCE: "Source"}
_NOTHING: Final = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """One body and what of it differs: lines of field, before and after."""

    code: str
    name: str
    what: str
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """The report of a change, and what may be done with it."""

    number: int
    title: str
    facts: tuple[tuple[str, str], ...]
    of_each: str
    rows: tuple[DifferenceRow, ...]
    more: str
    asks: bool
    drops: bool
    answers: bool
    puts_back: bool
    next: Link | None


def change_rows(found: Iterable[ListChange]) -> tuple[ProposedRow, ...]:
    """The history, and what waits."""
    return tuple(
        ProposedRow(
            number=one.number,
            title=f"{_title(one)}, {moment_words(one.at.astimezone(HERE))}",
            what=_counts(one),
            who=by_two(one.by, one.answered_by),
            because=one.because or _NOTHING,
            state=STATE_WORDS[one.state],
        )
        for one in found
    )


def change_view(one: ListChange) -> ChangeView:
    """One change."""
    shown = one.differences[:_SHOWN]
    left = len(one.differences) - len(shown)
    return ChangeView(
        number=one.number,
        title=f"{_title(one)}: what changes",
        facts=tuple(_facts(one)),
        of_each=_OF_EACH.get(one.kind, "Body"),
        rows=tuple(_row(difference) for difference in shown),
        more=f"{counted(left, 'more is', 'more are')} in the file to download." if left else "",
        asks=one.state is ListState.DRAFT and one.mine,
        drops=one.state in {ListState.DRAFT, ListState.ASKED} and one.mine,
        answers=one.state is ListState.ASKED and not one.mine,
        puts_back=one.state is ListState.DONE and one.stands,
        next=_next(one),
    )


def fault_rows(faults: tuple[RowFault, ...]) -> tuple[tuple[str, str, str], ...]:
    """The faults that a page has room for: line, field, reason."""
    return tuple(
        (str(one.line) if one.line else _NOTHING, one.field or "whole row", one.reason)
        for one in faults[:MOST_FAULTS]
    )


def faults_title(faults: tuple[RowFault, ...]) -> str:
    """How many faults there are, and how many of them are listed."""
    if not faults:
        return ""
    first = f" The first {MOST_FAULTS} are listed." if len(faults) > MOST_FAULTS else ""
    return f"{counted(len(faults), 'thing is', 'things are')} wrong in this file. Nothing was changed.{first}"


def done_words(answer: ListAnswer) -> str:
    """What came of a step."""
    return DONE_WORDS[ListState(answer.state)]


def report_csv(one: ListChange) -> str:
    """Every difference, a field a row; no spreadsheet runs anything in it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["code", "name", "what", "field", "before", "after"])
    for row in map(_row, one.differences):
        for line in row.lines:
            writer.writerow([safe_cell(cell) for cell in (row.code, row.name, row.what, *line)])
    return "\ufeff" + out.getvalue()


def _facts(one: ListChange) -> Iterator[tuple[str, str]]:
    yield "How far it is", STATE_WORDS[one.state]
    yield "What changes", _counts(one)
    if one.gone:
        yield "Closed", _CLOSED.get(one.kind, _CLOSED_BODY)
    if one.kind is ListKind.WARD:
        yield "Where it shows", "In how good the data is, from the next weekly count on"
    elif one.kind in _COUNTED:
        about = "fewer than 100" if one.children is None else f"about {one.children:,}"
        yield "Children it concerns", f"{about} (to the nearest 100; protected children are not counted)"
    yield "Brought by", f"{one.by}, {moment_words(one.at.astimezone(HERE))}"
    if one.because:
        yield "Why", one.because
    if one.answered_by:
        yield ("Refused by" if one.state is ListState.REFUSED else "Agreed by"), one.answered_by
    if one.done_at:
        yield "Carried out", moment_words(one.done_at.astimezone(HERE))
    if one.outcome:
        yield "What went wrong", one.outcome
    if one.puts_back:
        yield "Puts back", f"change {one.puts_back}"


def _title(one: ListChange) -> str:
    return f"{ONE_WORDS[one.kind]} {one.of_one}" if one.of_one else KIND_WORDS[one.kind]


def _next(one: ListChange) -> Link | None:
    """Where to go on from one body or source in force: nobody signs in for a body that is not accredited."""
    if one.state is not ListState.DONE or not one.of_one or one.gone:
        return None
    if one.kind is ListKind.SOURCE:
        return Link(text="Go on to its feed", href=reverse("feed", args=[one.of_one]))
    return Link(text="Go on to its accreditation", href=reverse("accredit", args=[one.of_one]))


def _counts(one: ListChange) -> str:
    return f"{one.added:,} new, {one.changed:,} changed, {one.gone:,} closed"


def _row(one: Difference) -> DifferenceRow:
    if one.before is None:
        lines = tuple(
            (FIELD_WORDS[name], _NOTHING, one.after[name]) for name in FIELDS if one.after.get(name)
        )
        return DifferenceRow(code=one.code, name=one.after["name"], what="New", lines=lines)
    what = "Closed" if one.closes else "Changed"
    lines = tuple(
        (FIELD_WORDS[name], _said(name, one.before[name]), _said(name, one.after[name]))
        for name in one.fields
    )
    return DifferenceRow(code=one.code, name=one.after["name"], what=what, lines=lines)


def _said(name: str, text: str) -> str:
    if name == "closed":
        return "closed" if text else "open"
    return text or _NOTHING
