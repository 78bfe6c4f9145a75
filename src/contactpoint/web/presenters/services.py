"""The words of the service directory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from contactpoint.domain.directory import Reached
from contactpoint.domain.disclosure.shielding import NATIONAL_DESK_PHONE
from contactpoint.domain.discreet import NOT_SHOWN_NAME
from contactpoint.domain.involvement import SERVICES
from contactpoint.domain.service_search import FoundService
from contactpoint.web.presenters.record import reached_words
from contactpoint.web.presenters.words import day_words, telephone_link

NOT_NAMED: Final = (
    f"Refuges, secure homes and hospital schools are not listed, wherever they are. On a record each is “"
    f"{NOT_SHOWN_NAME}”; the national desk passes a message on: {NATIONAL_DESK_PHONE}, any time."
)
SENSITIVE: Final = (
    "Mental health, sexual health and substance misuse services are not listed either. The desk of the "
    "child's authority passes a message on, from the child's record."
)
_GENERAL: Final = "Its general number"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundServiceView:
    """One service: what it is, whose, where, and how it is reached."""

    name: str
    organisation: str
    area: str
    phone: str
    phone_link: str
    phone_label: str
    lines: tuple[str, ...]
    said: str


def service_views(found: Iterable[FoundService], areas: Mapping[str, str]) -> tuple[FoundServiceView, ...]:
    """Choose the words for each; what the service says itself goes before its organisation's own."""
    return tuple(_view(one, areas) for one in found)


def _view(one: FoundService, areas: Mapping[str, str]) -> FoundServiceView:
    phone = one.reached.phone if one.reached else one.phone
    area = areas.get(one.authority, "Not of one area")
    name = SERVICES[one.service].name if one.service in SERVICES else _GENERAL
    return FoundServiceView(
        name=name,
        organisation=one.organisation_name,
        area="" if area == one.organisation_name else area,
        phone=phone,
        phone_link=telephone_link(phone),
        phone_label=f"Ring {one.organisation_name}, {name}, on {phone}",
        lines=reached_words(one.reached) if one.reached else _own_words(one),
        said=_said(one.reached),
    )


def _own_words(one: FoundService) -> tuple[str, ...]:
    lines = (("It is answered", one.hours), ("Otherwise", one.cover))
    return tuple(f"{label}: {words}" for label, words in lines if words)


def _said(reached: Reached | None) -> str:
    if reached and reached.confirmed_on:
        return f"The service said so on {day_words(reached.confirmed_on)}"
    return "The organisation's own number: the service has not said yet how it is reached"
