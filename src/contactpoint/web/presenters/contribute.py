"""The words of "I am working with this child" and of confirming it."""

from dataclasses import dataclass

from contactpoint.domain.disclosure.answers import WaitingInvolvement
from contactpoint.domain.meanwhile import InvolvementVersion
from contactpoint.web.forms.contribute import CONSENT_WORDS, Said
from contactpoint.web.presenters.activity import HERE
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
    if said.consent is not None:
        rows.append(("Who agreed", CONSENT_WORDS[said.consent]))
        rows.append(("Until", day_words(said.consent_until) if said.consent_until else "No end set"))
    return tuple(rows)


def done_page(confirming: str, handle: str) -> MessagePage:
    """Recorded, and waiting."""
    return MessagePage(
        title="Recorded",
        lines=(
            f"Recorded, and waiting for {confirming} to confirm. Others see it once confirmed.",
            "Ask a colleague in your organisation to sign in and open “To confirm”.",
        ),
        links=(Link(text="Go back to the record", href=f"/record/{handle}/"), FIND_AGAIN),
    )


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
