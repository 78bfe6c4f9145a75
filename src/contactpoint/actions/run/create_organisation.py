"""Take an organisation in, and say until when it is accredited (R3)."""

from datetime import date, datetime

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import Conflict, NotFound
from contactpoint.storage import accounts

_ASKED = Permission.MANAGE_ACCOUNTS


@transaction.atomic
def create_organisation(
    *,
    code: str,
    name: str,
    kind: str,
    authority: str = "",
    phone: str = "",
    hours: str = "",
    cover: str = "",
    address: str = "",
    postcode: str = "",
    accredited_until: date | None = None,
    by: Viewer,
    at: datetime,
) -> str | Refusal:
    """Add an organisation and return its code.

    Raises:
        Conflict: there is one of that code.
    """
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    fields = {
        "name": name,
        "kind": kind,
        "authority": authority,
        "phone": phone,
        "hours": hours,
        "cover": cover,
        "address": address,
        "postcode": postcode,
    }
    if not accounts.insert_organisation(code, fields, accredited_until):
        raise Conflict(f"There is an organisation {code} already.")
    record(Action.CREATED_ORGANISATION, by=by, at=at, details={"organisation": code})
    return code


@transaction.atomic
def accredit_organisation(*, code: str, until: date, by: Viewer, at: datetime) -> str | Refusal:
    """Accredit an organisation until a day, so that its people may sign in (R3); return its code.

    Raises:
        NotFound: there is none of that code.
    """
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at)
    if not accounts.set_accredited(code, until):
        raise NotFound(f"There is no organisation {code}.")
    record(
        Action.GRANTED, by=by, at=at, details={"organisation": code, "accredited_until": until.isoformat()}
    )
    return code
