"""Looking for a service by its name, kind or area, of no child in particular (R25, R36; ADR 20, 55)."""

from dataclasses import dataclass
from typing import Final

from contactpoint.domain.directory import Reached
from contactpoint.domain.discreet import DISCREET_KINDS, NOT_SHOWN
from contactpoint.domain.involvement import SERVICES, ServiceKind

A_PAGE: Final = 25
IMPLIED: Final = {"school": "school", "gp": "gp", "youth_justice": "youth_justice"}
"""What a body of a kind does where nobody said which services it provides."""
LISTED: Final = tuple(one for one in SERVICES.values() if one.kind is not ServiceKind.SENSITIVE)
"""The services that can be looked for, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSought:
    """What somebody looks for; empty is anything."""

    words: str = ""
    service: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundService:
    """A service of an organisation, or the organisation where nobody said which it provides.

    `phone`, `hours` and `cover` are the organisation's own; `reached` is what the service says itself.
    """

    organisation: str
    organisation_name: str
    kind: str
    authority: str
    phone: str
    hours: str
    cover: str
    service: str
    reached: Reached | None = None


def is_it_listed(service: str, organisation: str, kind: str) -> bool:
    """Whether a service can be looked for: none that is sensitive, of no place that is kept back (R34, R36).

    Who is in contact with such a service, or is at such a place, goes through a desk; a list of them beside
    their numbers would be a way round it.
    """
    sensitive = service in SERVICES and SERVICES[service].kind is ServiceKind.SENSITIVE
    return not sensitive and kind not in DISCREET_KINDS and organisation != NOT_SHOWN
