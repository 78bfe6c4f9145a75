"""Look for a service and how it is reached, of no child in particular."""

from datetime import datetime
from typing import Final

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.service_search import A_PAGE, FoundService, ServiceSought
from contactpoint.storage.queries import services as stored

_ASKED: Final = Permission.FIND_SERVICE
NOBODY: Final = Refusal(
    sentence="Only a person looks for a service.", rules=("R1",), way_on="Sign in as somebody."
)


@transaction.atomic
def find_services(
    *, sought: ServiceSought, skip: int, by: Viewer, at: datetime
) -> tuple[FoundService, ...] | Refusal:
    """Return a page of the services that fit, and one more where there are more; audited."""
    decision = authorise(AccessRequest(viewer=by, permission=_ASKED, at=at))
    details = {"words": sought.words[:80], "service": sought.service, "authority": sought.authority}
    if decision.refusal or by.account_id is None:
        refusal = decision.refusal or NOBODY
        return record_refusal(refusal, _ASKED, by=by, at=at, details=details)
    seeing = record(Action.LISTED_SERVICES, by=by, at=at, details={**details, "rules": list(decision.rules)})
    return stored.services_found(seeing, sought, skip=skip, limit=A_PAGE + 1)
