"""The words of overriding and of looking into it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.override import OverrideInFull, OverrideRight, OverrideToLookInto
from contactpoint.domain.here import HERE
from contactpoint.web.forms.overrides import OUTCOME_WORDS, REASON_WORDS
from contactpoint.web.presenters.words import day_words, moment_words, number_words

DONE_WORDS = {
    "given": "Recorded. It counts once a second person of a shield desk has agreed.",
    "agreed": "Recorded. The right counts from now on.",
    "ended": "Recorded. The right has ended.",
}
CLOSED = "Recorded what came of looking into the override."


@dataclass(frozen=True, slots=True, kw_only=True)
class ToLookIntoView:
    """One override in the list."""

    handle: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RightView:
    """Somebody who may override, or could once a second person agrees."""

    handle: str
    name: str
    organisation: str
    given: str
    until: str
    may_agree: bool


def to_look_into_rows(
    found: Sequence[OverrideToLookInto], keep: Callable[[int], str]
) -> list[ToLookIntoView]:
    """The list of overrides."""
    return [ToLookIntoView(handle=keep(one.id), when=_moment(one.used_at)) for one in found]


def override_facts(found: OverrideInFull) -> list[tuple[str, str]]:
    """What there is to know of one."""
    facts = [
        ("Who", ", ".join(part for part in (found.name, found.job_title) if part)),
        ("For", ", ".join(part for part in (found.organisation, found.phone) if part)),
        ("Whose record", f"{found.child_name}, {number_words(found.number)}"),
        ("When", _moment(found.used_at)),
        ("Why it had to be then", REASON_WORDS[found.reason]),
    ]
    return [*facts, ("What came of it", OUTCOME_WORDS[found.outcome])] if found.outcome else facts


def right_rows(
    rights: Sequence[OverrideRight], viewer: Viewer, keep: Callable[[int], str]
) -> list[RightView]:
    """The list of rights."""
    return [
        RightView(
            handle=keep(one.id),
            name=one.name,
            organisation=one.organisation,
            given=f"{one.first} and {one.second}"
            if one.second
            else f"{one.first}; waits for a second person",
            until=day_words(one.until),
            may_agree=one.second is None and viewer.account_id not in (one.account, one.first_account),
        )
        for one in rights
    ]


def _moment(at: datetime) -> str:
    return moment_words(at.astimezone(HERE))
