"""Words for an account that may not be used now: which rule, since when, and the way on."""

from collections.abc import Mapping
from datetime import date
from typing import Final, assert_never

from contactpoint.domain.disclosure.actors import Lapse, Viewer
from contactpoint.domain.disclosure.shielding import NATIONAL_DESK_PHONE as DESK_PHONE
from contactpoint.domain.standing import Standing
from contactpoint.web.presenters.messages import TRAINING, URGENT, MessagePage
from contactpoint.web.presenters.words import day_words, listed

_RULES = {
    Lapse.SHUT: "R55",
    Lapse.SUSPENDED: "R52",
    Lapse.ORGANISATION_NOT_ACCREDITED: "R3",
    Lapse.CHECK_EXPIRED: "R3, R56",
    Lapse.TRAINING_EXPIRED: "R3, R56",
    Lapse.AGREEMENT_UNSIGNED: "R3, R56",
    Lapse.NOT_RENEWED: "R56",
    Lapse.IDLE: "R56",
    Lapse.NO_SECOND_FACTOR: "R4",
    Lapse.NOT_OPEN_YET: "R3",
}


def lapsed_page(viewer: Viewer | None, standing: Standing | None) -> MessagePage:
    """The page somebody sees instead of the directory, naming everything that has to be mended."""
    if viewer is None or standing is None:
        return MessagePage(
            title="You cannot use ContactPoint now",
            lines=(
                "You do not belong to an organisation here now: accounts close on the day somebody leaves.",
                "If you have joined another organisation, its account manager adds you.",
                URGENT,
            ),
            rules="Rule: access comes only from an organisation (R1, R56).",
        )
    reasons = [_reason(lapse, standing) for lapse in viewer.lapses]
    way_on = _way_on(viewer.lapses[0], viewer.organisation_name)
    return MessagePage(
        title="You cannot use ContactPoint now",
        lines=(f"This is because {listed(reasons)}.", way_on, URGENT),
        rules=f"Rules: {', '.join(dict.fromkeys(_RULES[lapse] for lapse in viewer.lapses))}.",
        links=(TRAINING,) if Lapse.TRAINING_EXPIRED in viewer.lapses else (),
    )


_ENDING = {
    Lapse.CHECK_EXPIRED: "Your criminal-record check",
    Lapse.TRAINING_EXPIRED: "Your training",
    Lapse.AGREEMENT_UNSIGNED: "Your user agreement",
    Lapse.NOT_RENEWED: "Your account",
    Lapse.NO_SECOND_FACTOR: "Your one-time code or passkey",
    Lapse.ORGANISATION_NOT_ACCREDITED: "The accreditation of your organisation",
}


def ending_words(standing: Standing, on: date) -> str:
    """What runs out soon, said before it does; empty where nothing does."""
    soon = [f"{_ENDING[what]} is good until {day_words(last)}." for what, last in standing.ends_soon(on)]
    if not soon:
        return ""
    return f"{' '.join(soon)} Your account closes after that day: ask your manager to renew it now."


# Of each reason that has a day: which it is, what is said with it, and what where there is none.
_SINCE: Final[Mapping[Lapse, tuple[str, str, str]]] = {
    Lapse.SUSPENDED: ("suspended_on", "your account was suspended", "your account is suspended"),
    Lapse.ORGANISATION_NOT_ACCREDITED: (
        "accredited_until",
        "the accreditation of your organisation ran out",
        "your organisation is not accredited yet",
    ),
    Lapse.CHECK_EXPIRED: (
        "check_ends",
        "your criminal-record check became three years old",
        "we hold no criminal-record check for you",
    ),
    Lapse.TRAINING_EXPIRED: (
        "trained_until",
        "your training ran out",
        "you have not passed the training yet",
    ),
    Lapse.AGREEMENT_UNSIGNED: (
        "agreement_ends",
        "your user agreement became three years old",
        "you have not signed the user agreement",
    ),
    Lapse.NOT_RENEWED: ("renew_by", "your account was to be renewed", ""),
    Lapse.IDLE: ("last_seen", "you last signed in more than 90 days ago,", ""),
    Lapse.NO_SECOND_FACTOR: (
        "factor_ends",
        "your one-time code or passkey became three years old",
        "you have not set up a one-time code",
    ),
    Lapse.NOT_OPEN_YET: ("opens_on", "your area is not open yet: it is to open", "your area is not open yet"),
}


def _reason(lapse: Lapse, standing: Standing) -> str:
    if lapse is Lapse.SHUT:
        return "access is shut while a security incident is looked into"
    name, ended, never = _SINCE[lapse]
    day: date | None = getattr(standing, name)
    return f"{ended} on {day_words(day)}" if day else never


def _way_on(lapse: Lapse, organisation: str) -> str:
    manager = f"the account manager of {organisation}"
    match lapse:
        case Lapse.SHUT:
            return f"Nothing is wrong with your account. Until it opens again, ring the desk on {DESK_PHONE}."
        case Lapse.SUSPENDED | Lapse.IDLE:
            return f"Ask {manager} to open your account again."
        case Lapse.ORGANISATION_NOT_ACCREDITED:
            return f"Ask {manager} when it will be accredited."
        case Lapse.CHECK_EXPIRED:
            return f"Ask {manager} to start a new check and to record it here."
        case Lapse.TRAINING_EXPIRED:
            return (
                f"Pass the assessment in Training England and enter what it gives you, or ask {manager} to "
                "record the training; your account opens again at once."
            )
        case Lapse.AGREEMENT_UNSIGNED:
            return f"Ask {manager} for the user agreement, and sign it."
        case Lapse.NOT_RENEWED:
            return f"Ask your manager, or {manager}, to say that you still need it."
        case Lapse.NO_SECOND_FACTOR:
            return (
                "Sign in again and set up your one-time code. If yours is too old, choose “I have lost my "
                "telephone” there, and ask your manager."
            )
        case Lapse.NOT_OPEN_YET:
            return f"Your account is ready. Go on as you do now until then; {manager} knows how far it is."
    assert_never(lapse)
