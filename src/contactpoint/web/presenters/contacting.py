"""The words of getting in touch: the inbox, what one asked, and the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from contactpoint.domain.brokering import REPLIES, goes_out_at
from contactpoint.domain.contacting import (
    AnsweredContact,
    AskedContact,
    CallNoted,
    ContactSent,
    ContactToAnswer,
    DeskLine,
    DeskMessage,
    RequestOutcome,
    RequestState,
    ThreadLine,
    ThreadStep,
)
from contactpoint.domain.directory import Reached
from contactpoint.domain.here import HERE
from contactpoint.web.forms.contacting import ABOUT_WORDS, OUTCOME_WORDS, URGENCY_WORDS
from contactpoint.web.presenters.messages import Link, MessagePage
from contactpoint.web.presenters.record import closed_words, reached_words
from contactpoint.web.presenters.words import age_words, moment_words, number_words, telephone_link

# The same for every child and whoever is involved, protected or not (R27, R39; pages.md).
DESK_ANSWER = "If anyone is involved, they have your message."
NATIONAL_ANSWER = (
    "The national desk has your message. It rings back on your organisation's registered number."
)
# Stands on every message to a desk; the times are those of domain/brokering.py, which a test compares.
WINDOW_WORDS = "What it passes back goes out at 9, 12, 15 and 18 o'clock."
REPLY_WORDS = {
    RequestOutcome.WILL_RING: "A reply through the desk: you will be rung.",
    RequestOutcome.RING_DESK: "A reply through the desk: ring the desk, and it puts you through.",
    RequestOutcome.IN_HAND: "A reply through the desk: it is in hand.",
}
TOLD_WORDS = {
    RequestOutcome.SPOKE: "said that you have spoken",
    RequestOutcome.LEFT_MESSAGE: "left you a message",
    RequestOutcome.NOT_REACHED: "tried and could not reach you",
    RequestOutcome.NOT_INVOLVED: "said that they are not in contact with this child",
}
OF_A_DESK = REPLIES | {RequestOutcome.NO_REPLY}
DONE_WORDS = {
    "taken": "Recorded: whoever asked sees that you will get in touch.",
    "answered": "Recorded. What whoever asked you reads of it stands below, under “You answered”.",
    "handed_on": "Handed on to your colleague.",
    "withdrawn": "Taken back.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAnswerView:
    """One line of what we are asked."""

    handle: str
    child: str
    facts: str
    service: str
    about: str
    how_soon: str
    late: bool
    who: str
    phone: str
    phone_link: str
    state: str
    taken: bool
    note: str
    outcomes: tuple[tuple[str, str], ...]
    thread: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedView:
    """One line of what I asked."""

    handle: str
    child: str
    whom: str
    about: str
    asked: str
    became: str
    open: bool
    thread: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredView:
    """One line of what we answered, and what whoever asked reads of it."""

    child: str
    who: str
    answered: str
    reads: str
    thread: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLineView:
    """One line of the desk."""

    handle: str
    about: str
    how_soon: str
    late: bool
    asked_for: str
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskContactView:
    """A service in contact, as the desk sees it."""

    service: str
    who: str
    phone: str
    phone_link: str
    mark: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskMessageView:
    """A message, opened."""

    child: str
    number: str
    protected: bool
    about: str
    how_soon: str
    asked: str
    who: str
    phone: str
    phone_link: str
    phone_note: str
    meant_for: str
    contacts: tuple[DeskContactView, ...]


def to_answer_view(one: ContactToAnswer, handle: str, at: datetime) -> ToAnswerView:
    """One request to our service."""
    state = ""
    if one.state is RequestState.TAKEN:
        state = "You said that you will get in touch" if one.mine else f"{one.taken_by} gets in touch"
    note = ""
    if one.through_desk:
        note = (
            "The desk passed this on. They do not know that you are in contact with this child: you decide "
            "whether to ring, and what you say. A reply through the desk tells them that somebody has their "
            "message, without your name, number and place; it goes out at 9, 12, 15 or 18 o'clock."
        )
    return ToAnswerView(
        handle=handle,
        child=one.child_name,
        facts=age_words(one.date_of_birth, at.date()),
        service=one.service,
        about=ABOUT_WORDS[one.about],
        how_soon=_how_soon(URGENCY_WORDS[one.urgency], one.asked_at),
        late=one.state is RequestState.WAITING and one.answer_by <= at,
        who=", ".join(part for part in (one.asked_by, one.asked_by_title, one.asked_for) if part),
        phone=one.phone,
        phone_link=telephone_link(one.phone),
        state=state,
        taken=one.state is RequestState.TAKEN,
        note=note,
        outcomes=tuple(
            (outcome.value, words)
            for outcome, words in OUTCOME_WORDS.items()
            if one.through_desk or outcome not in OF_A_DESK
        ),
        thread=thread_lines(one.thread),
    )


def asked_view(one: AskedContact, handle: str, at: datetime) -> AskedView:
    """One request of mine. Of a desk, and of what is not shown any more, always the same words."""
    if one.organisation is None:
        whom = "The national desk" if one.protected else "The desk"
        became = NATIONAL_ANSWER if one.protected else _through_desk(one)
        is_open = False
    else:
        whom, became = f"{one.service}, {one.organisation}", _became(one, at)
        is_open = one.state in {RequestState.WAITING, RequestState.TAKEN}
    return AskedView(
        handle=handle,
        child=one.child_name,
        whom=whom,
        about=f"{ABOUT_WORDS[one.about]}. {URGENCY_WORDS[one.urgency]}",
        asked=_when(one.asked_at),
        became=became,
        open=is_open,
        thread=thread_lines(one.thread),
    )


def thread_lines(thread: tuple[ThreadLine, ...]) -> tuple[str, ...]:
    """What has happened, step by step, in the same words for both sides."""
    return tuple(f"{_when(line.at)}: {_step_words(line)}." for line in thread)


def _step_words(line: ThreadLine) -> str:
    match line.step:
        case ThreadStep.ASKED:
            return f"{line.who} asked"
        case ThreadStep.PASSED_ON:
            return "the desk passed it on"
        case ThreadStep.TAKEN:
            return f"{line.who} said that they will get in touch"
        case ThreadStep.HANDED_ON:
            return f"{line.who} handed it on to {line.to}"
        case ThreadStep.ANSWERED:
            return f"{line.who} answered “{OUTCOME_WORDS[line.outcome]}”" if line.outcome else "answered"
        case ThreadStep.WITHDRAWN:
            return f"{line.who} took it back"
        case ThreadStep.DESK:
            return "the desk dealt with it"
    assert_never(line.step)


def sent_page(sent: ContactSent, *, protected: bool, handle: str) -> MessagePage:
    """Asked."""
    if protected:
        lines: tuple[str, ...] = (NATIONAL_ANSWER,)
    elif sent.asked is None:
        lines = (DESK_ANSWER, "The desk does not tell who is involved. They ring you if they choose to.")
    elif sent.reachable:
        lines = (
            f"{sent.asked} has your request in its inbox.",
            "If nobody takes it on in time, the desk sees it as well.",
            *_reached_lines(sent.reached),
        )
    else:
        lines = (
            f"Nobody at {sent.asked} uses ContactPoint yet, so the desk has your request and rings them.",
            "If you can, ring them yourself: their number is on the record.",
            *_reached_lines(sent.reached),
        )
    return MessagePage(
        title="Asked",
        lines=lines,
        links=(
            Link(text="Go back to the record", href=f"/record/{handle}/"),
            Link(text="See what became of it", href="/inbox/"),
        ),
    )


def _reached_lines(reached: list[str]) -> tuple[str, ...]:
    """How the service says that it is reached, if it has said."""
    if not reached:
        return ()
    phone, hours, night, holidays = reached
    said = Reached(phone=phone, hours=hours, night=night, holidays=holidays)
    return (f"The service: {phone}.", *(f"{line}." for line in reached_words(said)))


def noted_page(noted: CallNoted, handle: str) -> MessagePage:
    """Noted."""
    lines: tuple[str, ...] = ("Thank you: it is recorded how ringing them went.",)
    if noted.asked:
        lines += (f"{noted.asked} has been asked to correct what the record says.",)
    if noted.asked_again:
        lines += ("The service has been asked whether its own number still holds.",)
    links = [Link(text="Go back to the record", href=f"/record/{handle}/")]
    if noted.asked:
        links.append(Link(text="See what became of it", href="/corrections/"))
    return MessagePage(title="Recorded", lines=lines, links=tuple(links))


def desk_line_view(one: DeskLine, handle: str) -> DeskLineView:
    """One message that waits."""
    return DeskLineView(
        handle=handle,
        about=ABOUT_WORDS[one.about],
        how_soon=URGENCY_WORDS[one.urgency],
        late=one.unanswered,
        asked_for=one.asked_for,
        asked=_when(one.asked_at),
    )


def desk_message_view(one: DeskMessage) -> DeskMessageView:
    """A message, opened; about a protected child one rings the organisation's own number (R32)."""
    phone = one.ring_back if one.protected else one.phone
    return DeskMessageView(
        child=one.child_name,
        number=number_words(one.number),
        protected=one.protected,
        about=ABOUT_WORDS[one.line.about],
        how_soon=URGENCY_WORDS[one.line.urgency],
        asked=_when(one.line.asked_at),
        who=", ".join(part for part in (one.asked_by, one.asked_by_title, one.line.asked_for) if part),
        phone=phone,
        phone_link=telephone_link(phone),
        phone_note="their organisation's registered number: ring no other" if one.protected else "",
        meant_for=f"{one.meant_for} has not taken it on." if one.meant_for else "",
        contacts=tuple(
            DeskContactView(
                service=contact.service,
                who=", ".join(part for part in (contact.practitioner, contact.organisation) if part),
                phone=contact.phone,
                phone_link=telephone_link(contact.phone) if contact.phone else "",
                mark="Not shown to the sender" if contact.hidden else "",
                lines=(f"{closed_words(contact.closed)}.",)
                if contact.closed
                else reached_words(contact.reached),
            )
            for contact in one.contacts
        ),
    )


def _through_desk(one: AskedContact) -> str:
    """The same whatever happened; then what was passed back, by nobody who is named."""
    said = [REPLY_WORDS[reply] for reply in one.replies if reply in REPLY_WORDS]
    return " ".join([DESK_ANSWER, WINDOW_WORDS, *said])


def answered_view(one: AnsweredContact, at: datetime) -> AnsweredView:
    """One request that we answered, with what whoever asked reads of it."""
    return AnsweredView(
        child=one.child_name,
        who=f"{one.service}, asked by {one.asked_by}",
        answered=f"{OUTCOME_WORDS[one.outcome]} ({one.answered_by}, {_when(one.answered_at)})",
        reads=_they_read(one, at),
        thread=thread_lines(one.thread),
    )


def _they_read(one: AnsweredContact, at: datetime) -> str:
    if not one.through_desk:
        return f"They read: {one.answered_by} {TOLD_WORDS.get(one.outcome, 'answered')}."
    if one.outcome not in REPLY_WORDS:
        return "They read nothing of it."
    out = goes_out_at(one.answered_at)
    verb = "went" if out <= at else "goes"
    return f"It {verb} out on {_when(out)}. They read: {REPLY_WORDS[one.outcome]}"


def _became(one: AskedContact, at: datetime) -> str:
    when = f" on {_when(one.changed_at)}" if one.changed_at else ""
    match one.state:
        case RequestState.TAKEN:
            return f"{one.taken_by} gets in touch with you: said{when}."
        case RequestState.ANSWERED if one.by_desk:
            return f"Nobody took it on in time. The desk dealt with it{when}.{_ring_words(one.reached)}"
        case RequestState.ANSWERED:
            ended = TOLD_WORDS[one.outcome] if one.outcome else "answered"
            return f"{one.taken_by} {ended}{when}."
        case RequestState.WITHDRAWN:
            return f"You took it back{when}."
        case _ if one.answer_by <= at:
            ring = _ring_words(one.reached)
            return f"Nobody has taken it on in time. The desk sees it as well.{ring}"
        case _:
            return f"Waits. If nobody takes it on by {_when(one.answer_by)}, the desk sees it as well."


def _ring_words(reached: Reached | None) -> str:
    """How else a service that does not answer is reached."""
    if reached is None:
        return ""
    return " " + " ".join(f"{line}." for line in (f"Ring {reached.phone}", *reached_words(reached)))


def _how_soon(words: str, asked_at: datetime) -> str:
    return f"{words}, asked on {_when(asked_at)}"


def _when(moment: datetime) -> str:
    return moment_words(moment.astimezone(HERE))
