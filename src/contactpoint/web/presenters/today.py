"""The words of "Today": each queue with its count, and where it is worked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from contactpoint.domain.today import QUEUE_OF, Queue, Waiting
from contactpoint.domain.work import REVIEWED_WITHIN
from contactpoint.web.presenters.words import counted, day_words, month_words

# The page of each queue, and what its lines are called: one, many.
PAGES = {
    Queue.INCIDENTS: ("incident", "incident for a second person", "incidents for a second person"),
    Queue.USE_SENT_ON: ("use", "look that was sent on to you", "looks that were sent on to you"),
    Queue.USE_SUSPENDED: (
        "use",
        "look for which an account is suspended",
        "looks for which an account is suspended",
    ),
    Queue.USE_ANSWERED: (
        "use",
        "look about which a manager has answered",
        "looks about which a manager has answered",
    ),
    Queue.USE: ("use", "look to review", "looks to review"),
    Queue.USE_ASKED: ("use", "look about which a manager is asked", "looks about which a manager is asked"),
    Queue.USE_MONTHS: ("use_month", "month to sign off", "months to sign off"),
    Queue.CHECKPOINTS: ("checkpoints", "checkpoint to take away", "checkpoints to take away"),
    Queue.CHECKPOINT_DUE: (
        "checkpoints",
        "checkpoint to ask for: none was taken away for a month",
        "checkpoints to ask for",
    ),
    Queue.CHECKPOINTS_ELSEWHERE: (
        "checkpoints",
        "organisation whose auditor should take a checkpoint away",
        "organisations whose auditors should take a checkpoint away",
    ),
    Queue.OVERRIDES: ("shields", "override to look into", "overrides to look into"),
    Queue.SHIELDS: ("shields", "protection to decide about", "protections to decide about"),
    Queue.CROSSINGS: ("sealed_identities", "crossing to agree to", "crossings to agree to"),
    Queue.PAIRS: (
        "sealed_identities",
        "sealed identity for a second person",
        "sealed identities for a second person",
    ),
    Queue.CROSSERS: (
        "crossers",
        "person missing of the two who may cross between sealed identities",
        "people missing of the two who may cross between sealed identities",
    ),
    Queue.DESK_CROSSERS: (
        "sealed_identities",
        "person missing of the two who may cross between sealed identities",
        "people missing of the two who may cross between sealed identities",
    ),
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
    Queue.WORDS: (
        "corrections",
        "correction of what a practitioner said to answer",
        "corrections of what practitioners said to answer",
    ),
    Queue.FEEDBACK: ("feedback_list", "report from users to read", "reports from users to read"),
    Queue.CORRECTIONS_LATE: (
        "corrections_by_feed",
        "correction that no source has answered in time",
        "corrections that no source has answered in time",
    ),
    Queue.POINTS: ("contact_points", "contact point to confirm", "contact points to confirm"),
    Queue.WAVES: ("rollout", "wave for a second person", "waves for a second person"),
    Queue.LISTS: ("reference", "list for a second person", "lists for a second person"),
    Queue.PAIRINGS: (
        "pairings",
        "pairing of shield desks for a second person",
        "pairings of shield desks for a second person",
    ),
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

_STATE_OF = {queue: state for state, queue in QUEUE_OF.items()}
_SAYS_LATE = frozenset(
    {
        Queue.SHIELDS,
        Queue.DESK,
        Queue.INBOX,
        Queue.FAMILIES,
        Queue.MIXED,
        Queue.MIXED_NEAR,
        Queue.MOVES,
        Queue.WORDS,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """One queue."""

    page: str
    asked: str
    words: str
    age: str
    late: str
    waits: bool


def queue_views(waiting: Iterable[Waiting], on: date) -> tuple[QueueView, ...]:
    """Choose the words for each queue, riskiest first."""
    return tuple(_view(one, on) for one in waiting)


def _view(one: Waiting, on: date) -> QueueView:
    page, single, several = PAGES[one.queue]
    late = f"{one.late} late" if one.late and one.queue in _SAYS_LATE | _STATE_OF.keys() else ""
    return QueueView(
        page=page,
        asked=_asked(one),
        words=counted(one.count, single, several) if one.count else f"No {several}",
        age=_age(one, on) if one.oldest else "",
        late=late,
        waits=one.count > 0,
    )


def _asked(one: Waiting) -> str:
    """What its page is asked for: what waits and no more."""
    if one.queue is Queue.USE_MONTHS and one.oldest:
        return f"?month={one.oldest:%Y-%m}"
    return f"?stands={_STATE_OF[one.queue].value}" if one.queue in _STATE_OF else ""


def _age(one: Waiting, on: date) -> str:
    """How long the oldest waits, beside how soon it should be done."""
    if one.oldest is None:
        return ""
    if one.queue is Queue.USE_MONTHS:
        return f"The oldest is {month_words(one.oldest)}."
    if one.queue in _STATE_OF:
        days = (on - one.oldest).days
        waited = f"has waited {counted(days, 'day', 'days')}" if days > 0 else "came today"
        return f"The oldest {waited}; each should be decided within {REVIEWED_WITHIN.days} days."
    return f"The oldest is ready since {day_words(one.oldest)}."
