"""What forms offer: authorities to search in, and an organisation's own services to record."""

from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.involvement import SERVICES, Service, ServiceKind
from contactpoint.storage.queries import organisations
from contactpoint.storage.queries.organisations import NamedCode


def authorities() -> tuple[NamedCode, ...]:
    """The local authorities to choose from, by name; the code is the three-digit one that criteria take."""
    return organisations.authorities()


def organisations_like(text: str) -> tuple[NamedCode, ...]:
    """Organisations whose code it is, or whose name holds every word of it, at most twenty, by name."""
    return organisations.organisations_like(text, limit=20)


def services_of(by: Viewer) -> tuple[Service, ...]:
    """The services a viewer may record as their own, in the order of their account."""
    return tuple(SERVICES[code] for code in by.services if code in SERVICES)


def keeps_consents(by: Viewer) -> bool:
    """Say whether a viewer keeps consents at all: of no child in particular, so that it tells nothing."""
    sensitive = any(one.kind is ServiceKind.SENSITIVE for one in services_of(by))
    return by.role is Role.CONSENT_TEAM or (sensitive and Permission.KEEP_CONSENTS in PERMISSIONS[by.role])


def may_mediate_for_others(by: Viewer) -> bool:
    """Say whether a viewer may look for somebody who has no account (R6)."""
    return Permission.MEDIATE in PERMISSIONS[by.role]
