"""What forms offer: authorities to search in, and an organisation's own services to record."""

from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.involvement import SERVICES, Service
from contactpoint.storage.queries import organisations
from contactpoint.storage.queries.organisations import NamedCode


def authorities() -> tuple[NamedCode, ...]:
    """The local authorities to choose from, by name; the code is the three-digit one that criteria take."""
    return organisations.authorities()


def services_of(by: Viewer) -> tuple[Service, ...]:
    """The services a viewer may record as their own, in the order of their account."""
    return tuple(SERVICES[code] for code in by.services if code in SERVICES)
