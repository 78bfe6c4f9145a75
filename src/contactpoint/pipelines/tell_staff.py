"""Tells people by e-mail that they are invited, and what of their account runs out soon. It names no child.

An invitation says neither where to sign in nor holds a link: whoever reads it on the way has half of it.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher
from django.db import transaction
from django.utils import timezone

from contactpoint.actions.people.first_password import random_password
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Lapse, Viewer
from contactpoint.domain.staff import INVITATION_LASTS, StaffMember
from contactpoint.domain.standing import TOLD_BEFORE
from contactpoint.pipelines.post import EmailMessage, send
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage.queries import staff, staff_notices
from contactpoint.storage.queries.staff_notices import Invited

LAPSES_EVERY: Final = timedelta(hours=6)
AT_ONCE: Final = 50
_A_PIECE: Final = 500
# A first password has 79 random bits: nobody guesses it, however quickly it is hashed.
_ROUNDS: Final = 20_000
_WHAT: Final = {
    Lapse.CHECK_EXPIRED: "Your criminal-record check is good until",
    Lapse.TRAINING_EXPIRED: "Your training is good until",
    Lapse.AGREEMENT_UNSIGNED: "Your user agreement is good until",
    Lapse.NOT_RENEWED: "Your manager has to renew your account by",
    Lapse.NO_SECOND_FACTOR: "Your one-time code or passkey is good until",
    Lapse.ORGANISATION_NOT_ACCREDITED: "Your organisation is accredited until",
    Lapse.IDLE: "You have not signed in for long. Sign in by",
}


def tell_invited(*, by: Viewer, at: datetime) -> int:
    """Give whoever was invited a first password, by e-mail; return how many were told.

    Whoever is told twice, because this was killed between sending and noting, uses the later one. Without
    e-mail nobody is told: whoever invited them gives them a password on the page.
    """
    check_may_run(by)
    if not settings.EMAIL_BACKEND:
        return 0
    waiting = staff_notices.to_invite(AT_ONCE)
    for one in waiting:
        with transaction.atomic():
            password = random_password()
            if staff.begin_invitation(one.account, _hashed(password), at):
                record(Action.INVITED_BY_EMAIL, by=by, at=at, details={"account": str(one.account)})
                send([invitation_to(one, password, at)])
    return len(waiting)


def tell_lapses(*, by: Viewer, at: datetime) -> int:
    """Tell people, and their managers, what runs out within four weeks, once; return how many people."""
    check_may_run(by)
    if not settings.EMAIL_BACKEND:
        return 0
    told, managers = 0, dict[UUID, int]()
    for member in _everybody():
        if _tell_one(member, by, at):
            told += 1
            if member.manager:
                managers[member.manager] = managers.get(member.manager, 0) + 1
    for piece in staff_notices.addresses(managers):
        send([_to_manager(piece.email, managers[piece.account])])
    return told


def ending(member: StaffMember, on: date) -> Iterator[tuple[Lapse, date]]:
    """What of an account runs out within four weeks, being unused too (R56)."""
    yield from member.standing.ends_soon(on)
    idle = member.standing.idle_from()
    if idle is not None and on <= idle <= on + TOLD_BEFORE:
        yield Lapse.IDLE, idle


def invitation_to(one: Invited, password: str, at: datetime) -> EmailMessage:
    """The e-mail to somebody who was invited."""
    until = timezone.localtime(at + INVITATION_LASTS)
    return EmailMessage(
        subject="You have an account for ContactPoint",
        body=(
            f"{one.invited_by} has made you an account for ContactPoint, for {one.organisation}.\n\n"
            f"Sign in with this e-mail address and this password for one use: {password}\n\n"
            f"It is good until {until.day} {until:%B %Y}. You then choose your own password and set up a "
            "one-time code on your telephone.\n\n"
            f"{one.invited_by} tells you the address to sign in at: this e-mail holds no link on purpose. "
            "If you did not expect it, tell them. Do not answer it.\n"
        ),
        to=[one.email],
    )


def notice_to(member: StaffMember, soon: Iterable[tuple[Lapse, date]]) -> EmailMessage:
    """The e-mail to somebody of whose account something runs out."""
    lines = [f"{_WHAT[what]} {last.day} {last:%B %Y}." for what, last in soon]
    ask = (
        f"Ask {member.manager_name} to renew it." if member.manager_name else "Ask your manager to renew it."
    )
    return EmailMessage(
        subject="Something of your ContactPoint account ends soon",
        body=(
            "\n".join(lines) + f"\n\nAfter that day you are shut out until it is renewed. {ask}\n\n"
            "This e-mail holds no link on purpose. Do not answer it.\n"
        ),
        to=[member.email],
    )


def _tell_one(member: StaffMember, by: Viewer, at: datetime) -> bool:
    on = timezone.localdate(at)
    with transaction.atomic():
        new = [one for one in ending(member, on) if staff_notices.note(member.account, *one, at=at)]
        if new:
            details = {"account": str(member.account), "what": [what.value for what, _ in new]}
            record(Action.TOLD_OF_LAPSE, by=by, at=at, details=details)
            send([notice_to(member, new)])
    return bool(new)


def _to_manager(address: str, count: int) -> EmailMessage:
    people = "1 person" if count == 1 else f"{count} people"
    return EmailMessage(
        subject="Accounts in your ContactPoint team end soon",
        body=(
            f"Something of the account of {people} in your team ends within four weeks.\n\n"
            "Sign in to ContactPoint, open “Your account” and then your team, to see whose and what.\n\n"
            "This e-mail holds no link on purpose. Do not answer it.\n"
        ),
        to=[address],
    )


def _everybody() -> Iterator[StaffMember]:
    after: UUID | None = None
    while piece := staff.open_accounts(after, _A_PIECE):
        yield from piece
        after = piece[-1].account


def _hashed(password: str) -> str:
    hasher = get_hasher()
    rounds = {"iterations": _ROUNDS} if isinstance(hasher, PBKDF2PasswordHasher) else {}
    return str(hasher.encode(password, hasher.salt(), **rounds))
