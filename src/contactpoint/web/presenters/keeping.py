"""The words of "My children"."""

from dataclasses import dataclass
from datetime import date, timedelta

from contactpoint.domain.disclosure.answers import (
    Change,
    Contact,
    FactChange,
    HandoverOffer,
    MyChildren,
    NewsField,
    OwnChild,
    OwnChildInFull,
    ProtectedRecord,
)
from contactpoint.domain.disclosure.history import HistoryField
from contactpoint.web.presenters.history import told_words, who_words
from contactpoint.web.presenters.record import ProtectedView, protected_view
from contactpoint.web.presenters.words import age_words, counted, day_words, listed, number_words

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DONE_WORDS = {
    "still": "Recorded: you are still involved. We ask again in a term.",
    "ended": "Recorded: your involvement has ended. The record shows it in the past.",
    "corrected": "Recorded: what you said is corrected.",
    "lead": "Recorded: you are the lead practitioner now.",
    "offered": "Your colleague has been asked. Until they accept, nothing changes.",
    "accepted": "Recorded: you have taken over, and your colleague's involvement has ended.",
    "declined": "Recorded: you did not take over. It stays with your colleague.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChildView:
    """One child of mine."""

    involvement_id: int
    handle: str
    name: str
    facts: str
    work: str
    marks: tuple[str, ...]
    waiting: str
    changes: tuple[str, ...]
    ask: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """A child a colleague asks me to take over."""

    handover_id: int
    name: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MyChildrenView:
    """The page."""

    children: tuple[OwnChildView | ProtectedView, ...]
    offers: tuple[OfferView, ...]
    to_answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadView:
    """What happens when I become the lead practitioner, said before it does."""

    is_mine: bool
    possible: bool
    words: str


def my_children_view(mine: MyChildren, handles: dict[int, str], on: date) -> MyChildrenView:
    """Choose the words for everything on the page."""
    return MyChildrenView(
        children=tuple(
            protected_view(one, on)
            if isinstance(one, ProtectedRecord)
            else own_child_view(one, handles[one.involvement_id], on)
            for one in mine.children
        ),
        offers=tuple(_offer(one, on) for one in mine.offers),
        to_answer=_to_answer(mine.to_answer),
    )


def _to_answer(count: int) -> str:
    if not count:
        return ""
    asked = counted(count, "correction waits", "corrections wait")
    return f"Somebody says that what you or a colleague said is wrong: {asked} for your answer."


def own_child_view(child: OwnChild, handle: str, on: date) -> OwnChildView:
    """Choose the words for one child."""
    marks = [
        mark
        for mark, holds in (
            ("Lead practitioner", child.lead_practitioner and not child.confirming),
            ("Holds an assessment", child.assessment_held),
        )
        if holds
    ]
    waiting = ""
    if child.confirming:
        waiting = f"Waiting for {child.confirming} to confirm. Others see it once confirmed."
    elif child.offered_to:
        waiting = f"{child.offered_to} has been asked to take over and has not answered."
    since = f", since {day_words(child.start)}" if child.start else ""
    told = f"You last said so on {day_words(child.last_confirmed)}." if child.last_confirmed else ""
    return OwnChildView(
        involvement_id=child.involvement_id,
        handle=handle,
        name=child.name,
        facts=age_words(child.date_of_birth, on),
        work=f"{child.service}, {child.role}{since}",
        marks=tuple(marks),
        waiting=waiting,
        changes=tuple(change_words(one, on) for one in child.changes),
        ask=f"Are you still involved? {told}".strip() if child.ask_whether_still else "",
    )


_NEWS_WORDS = {
    NewsField.NAME: ("Name", HistoryField.NAME),
    NewsField.KNOWN_AS: ("Name they go by", HistoryField.KNOWN_AS),
    NewsField.ADDRESS: ("Address", HistoryField.ADDRESS),
    NewsField.CARER: ("Parents and carers", HistoryField.CARER),
    NewsField.SCHOOL: ("School", HistoryField.SERVICE),
    NewsField.GP: ("GP practice", HistoryField.SERVICE),
    NewsField.LEAD: ("Lead practitioner", HistoryField.SERVICE),
}


def change_words(change: Change | FactChange, on: date) -> str:
    """News in words: "School nursing became involved on Tuesday", "Address changed today: now ..."."""
    if isinstance(change, FactChange):
        return _fact_change_words(change, recent_day_words(change.on, on))
    verb = "became involved" if change.began else "ended"
    return f"{change.service} {verb} {recent_day_words(change.on, on)}"


def _fact_change_words(change: FactChange, when: str) -> str:
    if change.field is NewsField.NUMBER:
        numbers = listed([number_words(one) for one in change.now if isinstance(one, str)])
        return f"Two records became one {when}: ContactPoint number {numbers} leads to this child now"
    if change.field is NewsField.PARTED:
        return f"Part of this record was about another child and was taken out {when}: check what is left"
    label, item = _NEWS_WORDS[change.field]
    told = [who_words(one) if isinstance(one, Contact) else told_words(one, item) for one in change.now]
    now = "; ".join(told) or "nothing is known"
    return f"{label} changed {when}: now {now}"


def recent_day_words(day: date, on: date) -> str:
    """A day as one would say it: today, yesterday, on Tuesday, on 3 November 2026."""
    ago = on - day
    if ago == timedelta(0):
        return "today"
    if ago == timedelta(days=1):
        return "yesterday"
    if timedelta(0) < ago < timedelta(days=7):
        return f"on {_WEEKDAYS[day.weekday()]}"
    return f"on {day_words(day)}"


def lead_view(full: OwnChildInFull) -> LeadView:
    """Say who leads now and what becomes of it, before anything happens (R43)."""
    if full.child.confirming:
        return LeadView(is_mine=False, possible=False, words="You can once a colleague has confirmed this.")
    now = full.lead_now
    if now is None:
        return LeadView(is_mine=False, possible=True, words="Nobody is the lead practitioner now.")
    if now.id == full.child.involvement_id:
        return LeadView(is_mine=True, possible=False, words="You are the lead practitioner now.")
    who = ", ".join(part for part in (now.practitioner, now.practitioner_role, now.service) if part)
    return LeadView(
        is_mine=False,
        possible=True,
        words=(
            f"The lead practitioner now: {who}. There is one at a time: when you take over, they are it no "
            "longer. Ring them first."
        ),
    )


def _offer(offer: HandoverOffer, on: date) -> OfferView:
    lead = " You become the lead practitioner." if offer.lead_practitioner else ""
    return OfferView(
        handover_id=offer.handover_id,
        name=offer.child_name,
        words=(
            f"{age_words(offer.date_of_birth, on)}. {offer.offered_by} asks you to take over: "
            f"{offer.service}.{lead}"
        ),
    )
