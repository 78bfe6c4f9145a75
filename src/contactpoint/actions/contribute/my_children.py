"""My children: whom the viewer works with, what changed, and what they are asked."""

from datetime import datetime

from django.db import transaction

from contactpoint.actions.contribute.own_child import (
    is_archived,
    is_record_archived,
    known,
    named,
    own_child,
)
from contactpoint.actions.contribute.word_corrections import count_words
from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import (
    HandoverOffer,
    MyChildren,
    OwnChild,
    ProtectedRecord,
    Refusal,
)
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, is_it_archived
from contactpoint.domain.disclosure.shielding import what_does_a_shielded_record_show
from contactpoint.storage.queries.children import born_of_shielded, shielded_record
from contactpoint.storage.queries.handovers import OfferedRow, offers_to
from contactpoint.storage.queries.own_children import current_of, note_look, protected_children_of
from contactpoint.storage.settings import settings_at

_ASKED = Permission.KEEP_INVOLVEMENT
NO_ACCOUNT = Refusal(
    sentence="Only a person works with children.", rules=("R44",), way_on="Sign in as yourself."
)


@transaction.atomic
def my_children(*, by: Viewer, at: datetime) -> MyChildren | Refusal:
    """Return the children the viewer said they work with, by name, and offers to take one over (R44, R45).

    Of a shielded child the four facts and constants only (R27). Looking is noted, so that the next look knows
    what is news, and audited.
    """
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal or by.account_id is None:
        return record_refusal(decision.refusal or NO_ACCOUNT, _ASKED, by=by, at=at)
    account, organisation, on = by.account_id, by.organisation_code, at.date()
    before = note_look(account, organisation, at)
    # Each record is read once: a practitioner may work with many children.
    read = [(row, known(row.child)) for row in current_of(account, organisation, on)]
    rows = [(row, held) for row, held in read if not is_record_archived(held, at)]
    limits = settings_at(at)
    protected = _protected(protected_children_of(account, organisation, on), at)
    offered = [row for row in offers_to(account, organisation, on) if not is_archived(row.child, at)]
    children: list[OwnChild | ProtectedRecord] = [
        *(own_child(row, held, looked_at=before, limits=limits, at=at) for row, held in rows),
        *protected,
    ]
    seeing = record(
        Action.LISTED_OWN_CHILDREN,
        by=by,
        at=at,
        subjects=[
            *(row.child for row, _ in rows),
            *(one.number for one in protected),
            *(row.child for row in offered),
        ],
        details={"rules": list(decision.rules), "protected": len(protected)},
    )
    return MyChildren(
        children=tuple(sorted(children, key=_by_name)),
        offers=tuple(_offer(row, at) for row in offered),
        to_answer=count_words(seeing, at)[0],
    )


def _by_name(one: OwnChild | ProtectedRecord) -> tuple[str, str]:
    return (one.name.casefold(), one.date_of_birth or "")


def _protected(numbers: tuple[str, ...], at: datetime) -> list[ProtectedRecord]:
    held = [one for number in numbers if (one := shielded_record(number)) is not None]
    return [
        what_does_a_shielded_record_show(one)
        for one in held
        if not is_it_archived(born_of_shielded(one), None, at.date())
    ]


def _offer(row: OfferedRow, at: datetime) -> HandoverOffer:
    name, born = named(row.child, at)
    return HandoverOffer(
        handover_id=row.id,
        child_name=name,
        date_of_birth=born,
        service=row.involvement.service.name,
        offered_by=row.offered_by,
        lead_practitioner=row.involvement.lead_practitioner,
    )
