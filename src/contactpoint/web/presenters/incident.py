"""The words of "Security incident"."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contactpoint.domain.here import HERE
from contactpoint.domain.incident import Incident, IncidentState, Scope, may_a_page_open_it, may_they_agree
from contactpoint.web.presenters.words import counted, moment_words

_DONE = {
    IncidentState.ASKED: "Asked for. It is not shut yet: a second person has to agree.",
    IncidentState.SHUT: "Shut, from the next click of whoever it concerns.",
    IncidentState.OPENING: "Asked for. It is still shut: a second person has to agree.",
    IncidentState.OPEN: "Open again.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """One shutting, and what the viewer may do about it."""

    id: int
    what: str
    because: str
    stands: str
    steps: tuple[str, ...]
    agree: str
    may_open: bool
    is_over: bool


def done_words(state: str) -> str:
    """What was just done."""
    return _DONE[IncidentState(state)]


def incident_rows(incidents: Sequence[Incident], account: UUID | None) -> tuple[IncidentRow, ...]:
    """What is shut first, newest first."""
    rows = [_row(one, account) for one in incidents]
    return tuple(sorted(rows, key=lambda row: row.is_over))


def _row(one: Incident, account: UUID | None) -> IncidentRow:
    agree = ""
    if may_they_agree(one, account):
        agree = "Agree: shut everybody out" if one.state is IncidentState.ASKED else "Agree: let everybody in"
    return IncidentRow(
        id=one.id,
        what=_what(one),
        because=one.because,
        stands=_stands(one),
        steps=tuple(_steps(one)),
        agree=agree,
        may_open=may_a_page_open_it(one),
        is_over=one.state is IncidentState.OPEN,
    )


def _what(one: Incident) -> str:
    match one.scope:
        case Scope.NATIONAL:
            return "Everybody in England"
        case Scope.ORGANISATION:
            return f"The people of {one.name}"
        case Scope.FEED:
            return f"What {one.name} delivers"


def _stands(one: Incident) -> str:
    if one.scope is Scope.FEED and one.state is IncidentState.SHUT:
        waiting = counted(one.waiting, "file waits", "files wait")
        command = f"contactpoint incident open --feed {one.code}"
        return f"Shut; {waiting}. It opens at the command line, after a dry run: {command}."
    return {
        IncidentState.ASKED: "Not shut yet: a second person has to agree.",
        IncidentState.SHUT: "Shut.",
        IncidentState.OPENING: "Still shut: a second person has to agree that it opens.",
        IncidentState.OPEN: "Open again.",
    }[one.state]


def _steps(one: Incident) -> list[str]:
    steps = [f"Asked for by {one.asked_by_name or 'whoever runs the directory'} on {_moment(one.asked_at)}"]
    if one.agreed_by_name:
        steps.append(f"{one.agreed_by_name} agreed")
    if one.shut_at:
        steps.append(f"Shut on {_moment(one.shut_at)}")
    if one.open_asked_by_name:
        steps.append(f"{one.open_asked_by_name} asked that it open")
    if one.opened_at:
        steps.append(
            f"Opened by {one.opened_by_name or 'whoever runs the directory'} on {_moment(one.opened_at)}"
        )
    return steps


def _moment(at: datetime) -> str:
    return moment_words(at.astimezone(HERE))
