"""Which involvements may be shown, and which sources may speak without giving away one that may not."""

from collections.abc import Container, Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar

from contactpoint.domain.involvement import ConsentScope, Involvement, ServiceKind
from contactpoint.domain.people import Statement

# Ended involvements stay in sight this long, then are archived (R46).
ENDED_SHOWN_FOR = timedelta(days=365)

# Bodies that hold nearly every child: to be named as a source says nothing about the child. Nor does that an
# authority's team said it by hand: whoever made a record is not told of (R23), and that a child died is the
# word of the team that answers for them anyway (R49).
UNREVEALING_CONTRACTS: frozenset[str] = frozenset(
    {
        "births",
        "child_benefit",
        "nhs_demographics",
        "school_census",
        "gp_registrations",
        "child_health",
        "by_hand",
        "team_word",
    }
)


def does_consent_allow_showing(involvement: Involvement, on: date) -> bool:
    """A sensitive service is shown only while somebody who may has agreed (R36-R39, R41).

    Suspected harm permits recording it, not showing it.
    """
    if involvement.service.kind is not ServiceKind.SENSITIVE:
        return True
    return involvement.consent is not None and involvement.consent.allows_showing(on)


def may_somebody_be_named(involvement: Involvement) -> bool:
    """Of a sensitive service nobody is named unless that was agreed to as well (R38, R39)."""
    consent = involvement.consent
    sensitive = involvement.service.kind is ServiceKind.SENSITIVE
    return not sensitive or (consent is not None and consent.scope is ConsentScope.LISTED)


def is_somebody_elses_word_behind_it(involvement: Involvement) -> bool:
    """One practitioner's own word is not shown until a feed or a second person confirms it."""
    return involvement.confirmed


def did_it_end_too_long_ago(involvement: Involvement, on: date, shown_for: timedelta) -> bool:
    """Ended entries stay visible for a configurable period, then archive (R46)."""
    return involvement.end is not None and involvement.end + shown_for < on


def has_it_begun(involvement: Involvement, on: date) -> bool:
    """Contact that begins later is not contact yet (R44)."""
    return involvement.start is None or involvement.start <= on


def may_this_involvement_be_shown(
    involvement: Involvement, on: date, shown_for: timedelta = ENDED_SHOWN_FOR
) -> bool:
    """An involvement is shown if it is confirmed, has begun, is not archived, and consent allows it."""
    return (
        is_somebody_elses_word_behind_it(involvement)
        and has_it_begun(involvement, on)
        and not did_it_end_too_long_ago(involvement, on, shown_for)
        and does_consent_allow_showing(involvement, on)
    )


def which_statements_may_speak(
    statements: Iterable[Statement],
    involvements: Iterable[Involvement],
    on: date,
    shown_for: timedelta = ENDED_SHOWN_FOR,
) -> tuple[Statement, ...]:
    """A source that holds few children speaks only where an involvement of its own is shown (R39, R46).

    Otherwise "address: from the substance misuse service" would tell what the list of contacts keeps back.
    """
    shown = {
        involvement.record
        for involvement in involvements
        if may_this_involvement_be_shown(involvement, on, shown_for)
    }
    return tuple(
        statement
        for statement in statements
        if statement.contract in UNREVEALING_CONTRACTS or statement.record in shown
    )


class Said(Protocol):
    """What of a source record decides whether it may be searched."""

    @property
    def contract(self) -> str:
        """The feed contract of its source."""

    @property
    def record(self) -> int:
        """Which source record it is."""


AnySaid = TypeVar("AnySaid", bound=Said)


def which_statements_may_be_searched(
    statements: Iterable[AnySaid], open_records: Container[int]
) -> tuple[AnySaid, ...]:
    """A source whose every involvement with the child is sensitive adds nothing to the search index (R39).

    `open_records` are records with a confirmed involvement that is not sensitive. The index outlives consent,
    so consent does not open it.
    """
    return tuple(
        statement
        for statement in statements
        if statement.contract in UNREVEALING_CONTRACTS or statement.record in open_records
    )
