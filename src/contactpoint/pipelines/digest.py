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
from contactpoint.domain.disclosure.notices import NoticeKind
from contactpoint.pipelines.digest_news import news_of
from contactpoint.pipelines.post import EmailMessage, send
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage.queries import notices as stored
from contactpoint.storage.queries.notices import Person

EVERY: Final = timedelta(minutes=5)
"""How often the worker asks whether it is time."""

FROM: Final = time(7)
"""Everybody's e-mail of a day goes out from this time on, whatever happened when."""

KEPT: Final = timedelta(days=35)
SUBJECT: Final = "What is new for you in ContactPoint"
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
    sent = sum(_tell(person, since, by=by, at=here) for person in _whoever_has_news(since, here))
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


def _whoever_has_news(run_before: datetime, at: datetime) -> Iterator[Person]:
    """Those of everybody who have any, some hundreds read at once; most have none on most days."""
    after: UUID | None = None
    while piece := stored.people_to_tell(after):
        news = news_of(piece, run_before, at)
        yield from (person for person in piece if news[person.account].notices)
        after = piece[-1].account


def _tell(person: Person, run_before: datetime, *, by: Viewer, at: datetime) -> bool:
    """Tell one person; whether there was anything, and nobody had told them today."""
    day = at.date()
    with transaction.atomic():
        # Read again, as it is in this transaction: whatever is hidden since is in no e-mail.
        since, told = news_of([person], run_before, at)[person.account]
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
