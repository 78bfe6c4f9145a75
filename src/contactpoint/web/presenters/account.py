"""The words of "Your account" and "Your team"."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contactpoint.access.passkeys import Passkey
from contactpoint.access.sessions import OpenSession
from contactpoint.domain.here import HERE
from contactpoint.domain.teams import TeamMember
from contactpoint.web.presenters.messages import SIGN_IN, MessagePage
from contactpoint.web.presenters.words import day_words, moment_words


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """One place where somebody is signed in."""

    session_id: UUID
    browser: str
    since: str
    last_used: str
    is_this_one: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyView:
    """One passkey."""

    passkey_id: int
    name: str
    added: str
    used: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """One person of a team."""

    account_id: UUID
    name: str
    job_title: str
    email: str
    waiting_since: str
    link_until: str
    suspended_since: str


def moment(at: datetime) -> str:
    """A moment as a person here reads it."""
    return moment_words(at.astimezone(HERE))


def session_view(one: OpenSession) -> SessionView:
    """Words for one sign-in."""
    return SessionView(
        session_id=one.session_id,
        browser=one.browser,
        since=moment(one.began_at),
        last_used="now" if one.is_this_one else moment(one.used_at),
        is_this_one=one.is_this_one,
    )


def passkey_view(one: Passkey) -> PasskeyView:
    """Words for one passkey."""
    return PasskeyView(
        passkey_id=one.passkey_id,
        name=one.name,
        added=day_words(one.added_at.astimezone(HERE).date()),
        used=moment(one.used_at) if one.used_at else "not used yet",
    )


def member_view(one: TeamMember, now: datetime) -> MemberView:
    """Words for one person of a team; a link that has run out is not mentioned."""
    lives = one.link_until is not None and one.link_until > now
    return MemberView(
        account_id=one.account_id,
        name=one.name,
        job_title=one.job_title,
        email=one.email,
        waiting_since=moment(one.waiting_since) if one.waiting_since else "",
        link_until=moment(one.link_until) if lives and one.link_until else "",
        suspended_since=moment(one.suspended_since) if one.suspended_since else "",
    )


def asked_page(manager: str) -> MessagePage:
    """The manager has been asked."""
    return MessagePage(
        title=f"Ring {manager} now",
        lines=(
            f"Your request is on {manager}'s page “Your team”. We send no e-mail.",
            "They check that it is you, and give you a link that works once, for 60 minutes.",
            "With it and your password you set up a new one-time code.",
            "Then your old telephone, passkeys and recovery codes stop working, and you are signed out.",
        ),
        links=(SIGN_IN,),
    )
