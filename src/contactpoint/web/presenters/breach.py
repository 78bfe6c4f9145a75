"""The words of "Who saw what"."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contactpoint.domain.disclosure.purpose import PurposeCode
from contactpoint.domain.here import HERE
from contactpoint.domain.incident import Seen
from contactpoint.web.presenters.activity import ACTION_WORDS
from contactpoint.web.presenters.words import counted, listed, moment_words, number_words
from contactpoint.web.reasons import reason_words

MOST: Final = 200
NOTHING_FITS: Final = "Nobody was shown anything that fits. Try a longer time, or enter less."
COLUMNS: Final = (
    "at", "who", "organisation", "role", "on_behalf_of", "what", "child", "shown", "reason", "event",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRow:
    """Who saw what of one child, once."""

    when: str
    who: str
    what: str
    child: str
    shown: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """How many saw something of how many, and the first of what they saw."""

    summary: str
    rows: tuple[SeenRow, ...]
    more: str


def report_view(found: Sequence[Seen]) -> ReportView:
    """The report, oldest first."""
    people, children = len({one.account for one in found}), len({one.child for one in found})
    summary = (
        f"{counted(people, 'person', 'people')} saw something of {counted(children, 'child', 'children')}."
    )
    return ReportView(
        summary=summary if found else NOTHING_FITS,
        rows=tuple(_row(one) for one in found[:MOST]),
        more=f"The first {MOST} of {len(found):,} are shown; the file has all." if len(found) > MOST else "",
    )


def row_of(one: Seen) -> tuple[str, ...]:
    """One line of the file."""
    values = (getattr(one, name) for name in COLUMNS)
    return tuple(" ".join(value) if isinstance(value, tuple) else str(value) for value in values)


def _row(one: Seen) -> SeenRow:
    role = f"{one.role.replace('_', ' ')} for {one.organisation}"
    asked = f", on behalf of {one.on_behalf_of}" if one.on_behalf_of else ""
    return SeenRow(
        when=moment_words(one.at.astimezone(HERE)),
        who=f"{one.who or 'Somebody whose account is gone'}, {role}{asked}",
        what=ACTION_WORDS.get(one.what, one.what.replace("_", " ").capitalize()),
        child=number_words(one.child),
        shown=_shown(one.shown),
        reason=reason_words(PurposeCode(one.reason)) if one.reason in set(PurposeCode) else one.reason,
    )


def _shown(shown: tuple[str, ...]) -> str:
    if shown == ("protected",):
        return "Name, sex, birth date and number: the record was protected"
    fields = [name.replace("_", " ") for name in shown if not name.startswith("involvement ")]
    services = sum(name.startswith("involvement ") for name in shown)
    words = [*fields, *([counted(services, "service", "services")] if services else [])]
    return listed(words).capitalize() if words else "That there is a record"
