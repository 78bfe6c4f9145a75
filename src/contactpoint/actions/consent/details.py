"""What the audit keeps of a consent that was recorded."""

from contactpoint.domain.audit.events import Json
from contactpoint.domain.disclosure.consent_life import ConsentSaid


def consent_details(said: ConsentSaid) -> dict[str, Json]:
    """Who agreed to what until when, or who decided without: codes, and the one name that answers for it."""
    details: dict[str, Json] = {"basis": said.basis.value, "scope": said.scope.value}
    if said.until is not None:
        details["until"] = said.until.isoformat()
    if said.understands is not None:
        details["child_understands"] = said.understands
    if said.relation is not None:
        details["relation"] = said.relation.value
    if said.without is not None:
        details |= {
            "decided_by": said.decided_by,
            "decided_by_title": said.decided_by_title,
            "without": said.without.value,
        }
    return details
