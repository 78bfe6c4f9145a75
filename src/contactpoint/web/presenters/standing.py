"""Words for an account that may not be used now: which rule, since when, and the way on."""

from datetime import date
from typing import assert_never

from contactpoint.domain.disclosure.actors import Lapse, Viewer
from contactpoint.domain.disclosure.shielding import NATIONAL_DESK_PHONE as DESK_PHONE
from contactpoint.domain.standing import Standing
from contactpoint.web.presenters.messages import URGENT, MessagePage
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


def _since(day: date | None, *, ended: str, never: str) -> str:
    return f"{ended} on {day_words(day)}" if day else never


def _reason(lapse: Lapse, standing: Standing) -> str:
    match lapse:
        case Lapse.SHUT:
            return "access is shut while a security incident is looked into"
        case Lapse.SUSPENDED:
            return _since(
                standing.suspended_on, ended="your account was suspended", never="your account is suspended"
            )
        case Lapse.ORGANISATION_NOT_ACCREDITED:
            return _since(
                standing.accredited_until,
                ended="the accreditation of your organisation ran out",
                never="your organisation is not accredited yet",
            )
        case Lapse.CHECK_EXPIRED:
            return _since(
                standing.check_ends,
                ended="your criminal-record check became three years old",
                never="we hold no criminal-record check for you",
            )
        case Lapse.TRAINING_EXPIRED:
            return _since(
                standing.trained_until,
                ended="your training ran out",
                never="you have not passed the training yet",
            )
        case Lapse.AGREEMENT_UNSIGNED:
            return _since(
                standing.agreement_ends,
                ended="your user agreement became three years old",
                never="you have not signed the user agreement",
            )
        case Lapse.NOT_RENEWED:
            return _since(standing.renew_by, ended="your account was to be renewed", never="")
        case Lapse.IDLE:
            return (
                _since(standing.last_seen, ended="you last signed in", never="") + ", more than 90 days ago"
            )
        case Lapse.NO_SECOND_FACTOR:
            return _since(
                standing.factor_ends,
                ended="your one-time code or passkey became three years old",
                never="you have not set up a one-time code",
            )
    assert_never(lapse)


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
            return f"Ask {manager} for the training; your account opens again on the day it is recorded."
        case Lapse.AGREEMENT_UNSIGNED:
            return f"Ask {manager} for the user agreement, and sign it."
        case Lapse.NOT_RENEWED:
            return f"Ask your manager, or {manager}, to say that you still need it."
        case Lapse.NO_SECOND_FACTOR:
            return (
                "Sign in again and set up your one-time code. If yours is too old, choose “I have lost my "
                "telephone” there, and ask your manager."
            )
    assert_never(lapse)
