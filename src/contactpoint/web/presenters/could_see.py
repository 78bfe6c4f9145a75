"""The words of "What somebody could see"."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.here import HERE
from contactpoint.domain.replay import CouldSee, Replayed, ReplayLine
from contactpoint.web.presenters.words import counted, listed, moment_words, number_words

WAITS: Final = "It is being worked out. It is ready in a few seconds: open this page again."
CLOSED: Final = (
    "This record is protected, or was at that moment. What could be seen of it is told to shield staff alone."
)
NO_ROLE: Final = "Had no role then, and could see nothing."
NO_RULES: Final = (
    "It cannot be answered: it was not written down yet which rules were in force at that moment, nor what "
    "changed since."
)
_VERSION: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CouldSeeCard:
    """One question and its answer, a sentence a role; `by_rules` names the version that answered."""

    who: str
    child: str
    when: str
    because: str
    says: tuple[str, ...]
    by_rules: str


def could_see_cards(found: Sequence[ReplayLine]) -> tuple[CouldSeeCard, ...]:
    """What was asked, newest first."""
    return tuple(_card(one) for one in found)


def _card(one: ReplayLine) -> CouldSeeCard:
    exact = one.answer is not None and one.answer.exact
    return CouldSeeCard(
        who=one.name,
        child=number_words(one.child),
        when=moment_words(one.moment.astimezone(HERE)),
        because=one.because,
        says=_says(one),
        by_rules=_by_rules(one.answer) if one.answer is not None and exact else "",
    )


def _says(one: ReplayLine) -> tuple[str, ...]:
    if one.closed:
        return (CLOSED,)
    if one.answer is None:
        return (WAITS,)
    if one.answer.rules_then is None:
        return (NO_RULES,)
    if not one.answer.exact:
        return (_not_installed(one.answer),)
    return tuple(_could_see(role) for role in one.answer.could_see) or (NO_ROLE,)


def _could_see(one: CouldSee) -> str:
    acting = f"As {_ROLES.get(one.role, one.role)} for {one.organisation}: "
    if one.refusal:
        return f"{acting}nothing. They would have read: “{one.refusal}”"
    if one.protected:
        return f"{acting}name, sex, birth date and number: the record was protected."
    shown = [name.replace("_", " ") for name in (*one.fields, *one.identifiers)]
    services = counted(len(one.involvements), "service in contact", "services in contact")
    return f"{acting}{listed(['name and number', *shown, services])}."


def _by_rules(found: Replayed) -> str:
    since = moment_words(found.rules_since.astimezone(HERE)) if found.rules_since else ""
    held = f"settings version {found.settings}" if found.settings else "settings as shipped"
    return f"By the rules of version {found.rules_now[:_VERSION]}, in force since {since}, and {held}."


def _not_installed(found: Replayed) -> str:
    then = (found.rules_then or "")[:_VERSION]
    return (
        f"It cannot be answered here: the rules in force at that moment, version {then}, are not those that "
        f"are installed, version {found.rules_now[:_VERSION]}. Whoever runs the directory can answer it with "
        "the release that has them, on a restored backup."
    )


_ROLES: Final = {role.value: role.value.replace("_", " ") for role in Role}
