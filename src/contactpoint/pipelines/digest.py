"""Tells people once a day by e-mail how much is new under their notices: no child, no service, no link.

A day's e-mail to somebody is claimed, with its event, before it is sent: killed, started again or run twice,
nobody gets two of a day. One that was claimed and never sent is made good by the next day's.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.held import KnownRecord
from contactpoint.domain.disclosure.keeping import (
    from_when_is_it_asked,
    since_when_is_news_told,
    what_changed,
)
from contactpoint.domain.disclosure.news import (
    which_numbers_joined,
    which_parts_left,
    which_places_and_lead_changed,
)
from contactpoint.domain.disclosure.notices import (
    SHOWN_FOR,
    Notice,
    NoticeKind,
    OwnNews,
    Telling,
    which_notices_are_told,
)
from contactpoint.domain.involvement import Involvement
from contactpoint.domain.settings import Values
from contactpoint.pipelines.post import EmailMessage, send
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage.queries import notices as stored
from contactpoint.storage.queries.cases import records_parted
from contactpoint.storage.queries.history import numbers_joined_to
from contactpoint.storage.queries.notices import Person
from contactpoint.storage.settings import settings_at

EVERY: Final = timedelta(minutes=5)
"""How often the worker asks whether it is time."""

FROM: Final = time(7)
"""Everybody's e-mail of a day goes out from this time on, whatever happened when."""

KEPT: Final = timedelta(days=35)
SUBJECT: Final = "What is new for you in ContactPoint"
_BY_EMAIL: Final = frozenset({Telling.EMAIL})
_COUNTED: Final = {
    NoticeKind.SERVICE: ("service became involved or ended", "services became involved or ended"),
    NoticeKind.LEAD: ("lead practitioner changed", "lead practitioners changed"),
    NoticeKind.STALE: ("“still involved?” to answer", "“still involved?” to answer"),
    NoticeKind.IDENTITY: ("record was joined or parted", "records were joined or parted"),
}


def anything_to_digest(at: datetime) -> bool:
    """Say whether today's e-mails are to be sent."""
    here = timezone.localtime(at)
    return bool(settings.EMAIL_BACKEND) and here.time() >= FROM and not stored.is_run_over(here.date())


def send_digests(*, by: Viewer, at: datetime) -> int:
    """Send today's e-mail to everybody who has something new and wants it; return how many were sent.

    Without e-mail nothing is noted: the page holds everything.
    """
    check_may_run(by)
    if not settings.EMAIL_BACKEND:
        return 0
    here = timezone.localtime(at)
    day = here.date()
    stored.begin_run(day, at)
    since = stored.run_before(day) or at - timedelta(days=1)
    sent = sum(_tell(person, since, by=by, at=here) for person in _everybody())
    stored.end_run(day, at)
    stored.forget(day - KEPT)
    return sent


def message_to(email: str, told: Counter[NoticeKind]) -> EmailMessage:
    """The e-mail to one person: how much of what."""
    lines = [
        f"{told[kind]} {one if told[kind] == 1 else several}"
        for kind, (one, several) in _COUNTED.items()
        if told[kind]
    ]
    return EmailMessage(
        subject=SUBJECT,
        body=(
            "About children you work with, or whose records you opened:\n\n"
            + "\n".join(lines)
            + "\n\nSign in to ContactPoint and open “Notices” to see about whom. There you also choose "
            "what you are told.\n\n"
            "This e-mail names no child on purpose, and holds no link. Do not answer it.\n"
        ),
        to=[email],
    )


def _everybody() -> Iterator[Person]:
    after: UUID | None = None
    while piece := stored.people_to_tell(after):
        yield from piece
        after = piece[-1].account


def _tell(person: Person, run_before: datetime, *, by: Viewer, at: datetime) -> bool:
    """Tell one person; whether there was anything, and nobody had told them today."""
    day = at.date()
    with transaction.atomic():
        since = _told_until(person.account, run_before, at)
        told = _notices_since(person, since, at)
        if not told or not stored.claim(person.account, day, told_from=since, at=at):
            return False
        counted = Counter(one.kind for one in told)
        record(
            Action.TOLD_BY_DIGEST,
            by=by,
            at=at,
            subjects=[one.child for one in told],
            details={"account": str(person.account), **{kind.value: n for kind, n in counted.items()}},
        )
    send([message_to(person.email, counted)])
    stored.note_sent(person.account, day, at)
    return True


def _told_until(account: UUID, run_before: datetime, at: datetime) -> datetime:
    """Since when they have not been told: since the last time all were, or what was lost on the way."""
    last = stored.last_digest(account)
    if last is None:
        since = run_before
    elif last.sent_at is None:
        since = last.told_from
    else:
        since = max(last.claimed_at, run_before)
    return max(since, at - SHOWN_FOR)


def _notices_since(person: Person, since: datetime, at: datetime) -> tuple[Notice, ...]:
    """What the page would tell them now that it had not when they were told, or looked, last."""
    own: list[OwnNews] = []
    begins: list[datetime] = []
    for organisation in person.organisations:
        looked = stored.looked_at(person.account, organisation)
        begins.append(max(since, looked) if looked else since)
        own += _own_news(person.account, organisation, begins[-1], at)
    begin = max(begins, default=since)
    return which_notices_are_told(
        own,
        stored.opened_changed(person.account, begin),
        stored.choices_of(person.account),
        places=_BY_EMAIL,
        asked_since=begin.astimezone(at.tzinfo).date(),
        on=at.date(),
    )


def _own_news(account: UUID, organisation: str, since: datetime, at: datetime) -> list[OwnNews]:
    limits, rows = settings_at(at), stored.own_for_digest(account, organisation, at.date())
    return [_news(child, own, since, limits, at) for child, own in rows]


def _news(child: str, own: Involvement, looked_at: datetime, limits: Values, at: datetime) -> OwnNews:
    """What the page of notices would tell of a child, without its name."""
    since = since_when_is_news_told(own, looked_at)
    shown = stored.shown_for_digest(child) if since else ()
    held = KnownRecord(number=child, statements=(), involvements=shown)
    return OwnNews(
        involvement_id=own.id,
        child=child,
        child_name="",
        changes=(
            *which_numbers_joined(numbers_joined_to(child, since), at),
            *which_parts_left(records_parted(child, since), at),
            *which_places_and_lead_changed(held, stored.past_for_digest(child), own.id, since, at),
            *what_changed(shown, own=own.id, since=since, on=at.date()),
        )
        if since
        else (),
        asked_from=from_when_is_it_asked(own, at.date(), limits),
    )
