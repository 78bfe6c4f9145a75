"""The words of "I am working with this child" and of confirming it."""

from dataclasses import dataclass

from contactpoint.domain.disclosure.answers import AlreadySaid, ShownTo, WaitingInvolvement
from contactpoint.domain.here import HERE
from contactpoint.domain.meanwhile import InvolvementVersion
from contactpoint.web.forms.contribute import Said
from contactpoint.web.presenters.consent import consent_rows
from contactpoint.web.presenters.messages import FIND_AGAIN, Link, MessagePage
from contactpoint.web.presenters.words import day_words, moment_words

BACK_TO_LIST = Link(text="Go back to the list", href="/to-confirm/")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingView:
    """One involvement to confirm."""

    involvement_id: int
    child: str
    service: str
    who: str
    since: str
    recorded: str
    button: str
    version: InvolvementVersion


def check_rows(said: Said) -> tuple[tuple[str, str], ...]:
    """What is about to be recorded, as questions and answers."""
    rows = [
        ("Service", said.service.name),
        ("Your role", said.role),
        ("Telephone", said.phone),
        ("Since", day_words(said.start)),
        ("Lead practitioner", "Yes" if said.lead_practitioner else "No"),
        ("Assessment held", "Yes" if said.assessment_held else "No"),
    ]
    return (*rows, *(consent_rows(said.consent) if said.consent else ()))


def done_page(said: AlreadySaid, handle: str) -> MessagePage:
    """Recorded, whether it waits, and who will be shown it."""
    lines = [f"Recorded. {shown_words(said)}"]
    if said.confirming:
        lines = [
            f"Recorded, and waiting for {said.confirming} to confirm. {shown_words(said)}",
            "Ask a colleague in your organisation to sign in and open “To confirm”.",
        ]
    return MessagePage(
        title="Recorded",
        lines=tuple(lines),
        links=(Link(text="Go back to the record", href=f"/record/{handle}/"), FIND_AGAIN),
    )


def shown_words(said: AlreadySaid) -> str:
    """To whom it is shown that one works with a child, and from when."""
    once = "Once confirmed, others see it" if said.confirming else "Others see it"
    match said.shown_to:
        case ShownTo.WHOEVER_OPENS:
            return f"{once} when they open the record."
        case ShownTo.WHILE_AGREED:
            until = f", until {day_words(said.shown_until)}" if said.shown_until else ""
            agreed = "as long as the child, or a parent or carer, agrees"
            return f"{once} when they open the record, {agreed}{until}."
        case ShownTo.NOBODY_AGREES:
            return (
                "Nobody else is shown it, confirmed or not, because nobody agrees to it now. The national "
                "desk can pass on a message."
            )
        case ShownTo.NOBODY:
            return (
                "This record is protected: nobody is shown who works with the child, and no colleague is "
                "asked to confirm it. The national desk can pass on a message."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadySaidView:
    """What stands already. `own` is the handle of the page that changes it, empty where nothing can be."""

    rows: tuple[tuple[str, str], ...]
    shown: str
    own: str


def already_said_view(said: AlreadySaid, own: str) -> AlreadySaidView:
    """What was said before, as questions and answers; of a protected child the service alone (R27)."""
    if said.shown_to is ShownTo.NOBODY:
        return AlreadySaidView(rows=(("Service", said.service),), shown=shown_words(said), own="")
    rows = (
        ("Service", said.service),
        ("Your role", said.role),
        ("Telephone", said.phone),
        ("Since", day_words(said.start) if said.start else "Not said"),
        ("Assessment held", "Yes" if said.assessment_held else "No"),
        ("Confirmed", f"Waiting for {said.confirming}" if said.confirming else "Yes"),
    )
    return AlreadySaidView(rows=rows, shown=shown_words(said), own=own)


def confirmed_page() -> MessagePage:
    """Confirmed."""
    return MessagePage(
        title="Confirmed",
        lines=(
            "It now stands under “Who is in contact” for everybody who may see it.",
            "A sensitive service is shown only while the child, or a parent or carer, agrees.",
            "Nobody is shown who is in contact with a child whose record is protected.",
        ),
        links=(BACK_TO_LIST, FIND_AGAIN),
    )


def waiting_view(one: WaitingInvolvement) -> WaitingView:
    """One row."""
    return WaitingView(
        involvement_id=one.involvement_id,
        child=one.child_name,
        service=one.service,
        who=", ".join(part for part in (one.practitioner, one.practitioner_role) if part),
        since=day_words(one.start) if one.start else "Not said",
        recorded=moment_words(one.recorded_at.astimezone(HERE)),
        button=f"Confirm {one.practitioner} and {one.child_name}",
        version=InvolvementVersion(
            service=one.service,
            practitioner=one.practitioner,
            practitioner_role=one.practitioner_role,
            start=one.start,
            end=None,
            confirmed_by=None,
        ),
    )
