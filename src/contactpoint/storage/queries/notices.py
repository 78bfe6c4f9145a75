"""What somebody chose to be told, when they looked, which opened records changed, and the daily e-mails."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from contactpoint.domain.disclosure.notices import Choices, NoticeKind, OpenedChanged, Telling
from contactpoint.storage.asking import fetch
from contactpoint.storage.models import Digest, DigestRun, NoticeChoice

_PIECE: Final = 500
_CLAIM: Final = """
    INSERT INTO digest (account_id, day, told_from, claimed_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT DO NOTHING RETURNING id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may be told, where, and for which organisations they act."""

    account: UUID
    email: str
    organisations: tuple[str, ...]


def choices_of(account: UUID) -> Choices:
    """Return what somebody chose, kind by kind."""
    rows = NoticeChoice.objects.filter(account_id=account).values_list("kind", "telling")
    known = set(NoticeKind)
    return {NoticeKind(kind): Telling(telling) for kind, telling in rows if kind in known}


def choose(account: UUID, choices: Mapping[NoticeKind, Telling]) -> None:
    """Keep what somebody chose."""
    for kind, telling in choices.items():
        NoticeChoice.objects.update_or_create(
            account_id=account, kind=kind.value, defaults={"telling": telling.value}
        )


def note_look(account: UUID, organisation: str, at: datetime) -> datetime | None:
    """Note that somebody looks at their notices now; return when they looked before."""
    before: datetime | None = fetch("SELECT note_notice_look(%s, %s, %s)", account, organisation, at)[0][0]
    return before


def own_opened_changed(account: UUID, since: datetime) -> tuple[OpenedChanged, ...]:
    """Return which records that somebody who is signed in opened were joined or parted since."""
    query = "SELECT number, opened_at, joined, made_at FROM own_opened_and_changed(%s, %s)"
    return tuple(opened(*row) for row in fetch(query, account, since))


def opened(number: str, opened_at: datetime, joined: str | None, made_at: datetime) -> OpenedChanged:
    """One of them, by its columns."""
    return OpenedChanged(number=number, opened_at=opened_at, joined=joined, made_at=made_at)


def people_to_tell(after: UUID | None) -> tuple[Person, ...]:
    """Return the next piece of those who may be told."""
    rows = fetch("SELECT account, email, organisations FROM digest_people(%s, %s)", after, _PIECE)
    return tuple(Person(account=row[0], email=row[1], organisations=tuple(row[2])) for row in rows)


def is_run_over(day: date) -> bool:
    """Say whether everybody was told on a day."""
    return DigestRun.objects.filter(day=day, ended_at__isnull=False).exists()


def begin_run(day: date, at: datetime) -> datetime:
    """Note that a day's telling begins; return when it did, which is earlier where it was begun before."""
    return DigestRun.objects.get_or_create(day=day, defaults={"began_at": at})[0].began_at


def end_run(day: date, at: datetime) -> None:
    """Note that everybody was told."""
    DigestRun.objects.filter(day=day, ended_at__isnull=True).update(ended_at=at)


def run_before(day: date) -> datetime | None:
    """Return when the last telling began that was ended, of an earlier day."""
    last = DigestRun.objects.filter(day__lt=day, ended_at__isnull=False).order_by("-day").first()
    return last.began_at if last else None


def claim(account: UUID, day: date, *, told_from: datetime, at: datetime) -> bool:
    """Claim the day's one e-mail to somebody; False where it was claimed already."""
    return bool(fetch(_CLAIM, account, day, told_from, at))


def note_sent(account: UUID, day: date, at: datetime) -> None:
    """Note that it went out."""
    Digest.objects.filter(account_id=account, day=day).update(sent_at=at)


def forget(before: date) -> int:
    """Delete what was sent before a day, but for the last of each person; return how many rows."""
    gone = fetch(
        "DELETE FROM digest d WHERE d.day < %s AND EXISTS (SELECT FROM digest n "
        "WHERE n.account_id = d.account_id AND n.day > d.day) RETURNING d.id",
        before,
    )
    return len(gone)
