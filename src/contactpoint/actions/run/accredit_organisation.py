"""Say until when an organisation is accredited, for whoever runs the service (R3)."""

from datetime import date, datetime

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import NotFound
from contactpoint.storage import accounts

_ASKED = Permission.MANAGE_ACCOUNTS


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
