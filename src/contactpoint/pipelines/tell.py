"""Tells a service by e-mail that somebody asks it to get in touch: that, how soon, and nothing else.

A desk is told that something waits: in the same words for whatever comes to it, whoever it is about.
An e-mail passes through hands that are not ours. It names no child, nobody who asks, and holds no link.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.contacting import Urgency
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.pipelines.post import EmailMessage, send
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage.queries.contacting import (
    ToTell,
    desks_to_tell,
    note_desk_told,
    note_told,
    to_tell,
)
from contactpoint.storage.queries.overrides import note_override_told, overrides_to_tell

EVERY: Final = timedelta(seconds=10)
AT_ONCE: Final = 50
SUBJECT: Final = "You are asked to get in touch"
DESK_SUBJECT: Final = "Something waits at your desk"
_DESK_BODY: Final = (
    "Something waits at your desk in ContactPoint.\n\n"
    "Sign in to ContactPoint, and open Today: what does most harm when it is left stands first.\n\n"
    "This e-mail says no more on purpose, and holds no link. Do not answer it.\n"
)
_HOW_SOON: Final = {
    Urgency.NOW: "as soon as possible",
    Urgency.TODAY: "today",
    Urgency.WEEK: "this week",
}


def tell(*, by: Viewer, at: datetime) -> int:
    """Tell whoever may answer a request that it waits; return how many requests were told.

    Without e-mail nothing is sent or noted: the inbox holds everything. Whoever is told twice, because this
    was killed between sending and noting, is told the same.
    """
    check_may_run(by)
    if not settings.EMAIL_BACKEND:
        return 0
    waiting = to_tell(AT_ONCE)
    if waiting:
        send([message_of(one, address) for one in waiting for address in one.addresses])
    for one in waiting:
        with transaction.atomic():
            note_told(one.request, at)
            details = {"request": one.request, "people": len(one.addresses)}
            record(Action.TOLD_BY_EMAIL, by=by, at=at, subjects=[one.child], details=details)
    return len(waiting)


def message_of(one: ToTell, address: str) -> EmailMessage:
    """The e-mail to one person."""
    return EmailMessage(
        subject=SUBJECT,
        body=(
            f"Somebody asks your service to get in touch about a child, {_HOW_SOON[one.urgency]}.\n\n"
            "Sign in to ContactPoint and open your inbox to see who, and about whom.\n\n"
            "This e-mail says no more on purpose, and holds no link. Do not answer it.\n"
        ),
        to=[address],
    )


def tell_desks(*, by: Viewer, at: datetime) -> int:
    """Tell each desk once that something waits for it (R32); return how many messages that were.

    A message at once, a request when nobody took it on in time: one that is urgent after half an hour.
    """
    check_may_run(by)
    if not settings.EMAIL_BACKEND:
        return 0
    waiting = desks_to_tell(AT_ONCE, at)
    if waiting:
        send([desk_message(address) for one in waiting for address in one.addresses])
    for one in waiting:
        with transaction.atomic():
            note_desk_told(one.request, at)
            details = {"request": one.request, "desk": True, "people": len(one.addresses)}
            record(Action.TOLD_BY_EMAIL, by=by, at=at, subjects=[one.child], details=details)
    return len(waiting)


def tell_shield_desks(*, by: Viewer, at: datetime) -> int:
    """Tell shield desks once of each override, in the words of every desk; return of how many (R33)."""
    check_may_run(by)
    if not settings.EMAIL_BACKEND:
        return 0
    waiting = overrides_to_tell(AT_ONCE)
    if waiting:
        send([desk_message(address) for one in waiting for address in one.addresses])
    for one in waiting:
        with transaction.atomic():
            note_override_told(one.override, at)
            details = {"override": one.override, "desk": True, "people": len(one.addresses)}
            record(Action.TOLD_BY_EMAIL, by=by, at=at, subjects=[one.child], details=details)
    return len(waiting)


def desk_message(address: str) -> EmailMessage:
    """The e-mail to one person of a desk: nothing of what waits, not even how soon it is wanted."""
    return EmailMessage(subject=DESK_SUBJECT, body=_DESK_BODY, to=[address])
