"""The words of "Today": each queue with its count, and where it is worked."""

from collections.abc import Iterable
from dataclasses import dataclass

from contactpoint.domain.today import Queue, Waiting
from contactpoint.web.presenters.words import counted

# The page of each queue, and what its lines are called: one, many.
PAGES = {
    Queue.OVERRIDES: ("shields", "override to look into", "overrides to look into"),
    Queue.SHIELDS: ("shields", "protection to decide about", "protections to decide about"),
    Queue.DESK: ("desk", "message at the desk", "messages at the desk"),
    Queue.INBOX: ("inbox", "request to get in touch", "requests to get in touch"),
    Queue.CONSENTS: ("consents", "consent to ask about", "consents to ask about"),
    Queue.FAMILIES: ("families", "family to answer", "families to answer"),
    Queue.MIXED: ("cases_decided", "breach to decide", "breaches to decide"),
    Queue.MIXED_NEAR: (
        "protected_cases_decided",
        "breach near a protection to decide",
        "breaches near a protection to decide",
    ),
    Queue.CASES: ("cases", "record to check", "records to check"),
    Queue.CASES_NEAR: (
        "protected_cases",
        "record near a protection to check",
        "records near a protection to check",
    ),
    Queue.EDUCATION: ("education", "child without a school", "children without a school"),
    Queue.MOVES: ("moves", "child who moves to answer for", "children who move to answer for"),
    Queue.UNPLACED: (
        "unplaced",
        "child for whom nobody is responsible",
        "children for whom nobody is responsible",
    ),
    Queue.TO_CONFIRM: ("waiting", "contact with a child to confirm", "contacts with a child to confirm"),
    Queue.CORRECTIONS: ("corrections", "correction to answer", "corrections to answer"),
    Queue.FEEDBACK: ("feedback_list", "report from users to read", "reports from users to read"),
    Queue.CORRECTIONS_LATE: (
        "corrections_by_feed",
        "correction that no source has answered in time",
        "corrections that no source has answered in time",
    ),
    Queue.POINTS: ("contact_points", "contact point to confirm", "contact points to confirm"),
    Queue.WAVES: ("rollout", "wave for a second person", "waves for a second person"),
    Queue.LISTS: ("reference", "list for a second person", "lists for a second person"),
    Queue.AUTHORITIES: (
        "authorities",
        "split or merger for a second person",
        "splits or mergers for a second person",
    ),
    Queue.ROLES: ("asked_roles", "role for a second person", "roles for a second person"),
    Queue.SETTINGS: ("settings", "setting for a second person", "settings for a second person"),
    Queue.MODELS: ("model", "matching model for a second person", "matching models for a second person"),
    Queue.MAPPINGS: (
        "feeds",
        "way to read a feed for a second person",
        "ways to read a feed for a second person",
    ),
    Queue.ACCOUNTS: ("people", "account that ends soon", "accounts that end soon"),
    Queue.FEEDS_HELD: ("feeds", "delivery held for a person", "deliveries held for a person"),
    Queue.FEEDS_LATE: ("feeds", "feed late", "feeds late"),
}

_SAYS_LATE = frozenset(
    {Queue.SHIELDS, Queue.DESK, Queue.INBOX, Queue.FAMILIES, Queue.MIXED, Queue.MIXED_NEAR, Queue.MOVES}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """One queue."""

    page: str
    words: str
    late: str
    waits: bool


def queue_views(waiting: Iterable[Waiting]) -> tuple[QueueView, ...]:
    """Choose the words for each queue, riskiest first."""
    return tuple(_view(one) for one in waiting)


def _view(one: Waiting) -> QueueView:
    page, single, several = PAGES[one.queue]
    late = f"{one.late} late" if one.late and one.queue in _SAYS_LATE else ""
    words = counted(one.count, single, several) if one.count else f"No {several}"
    return QueueView(page=page, words=words, late=late, waits=one.count > 0)
