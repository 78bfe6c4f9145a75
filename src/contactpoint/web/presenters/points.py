"""The words of the contact points."""

from dataclasses import dataclass
from datetime import date

from contactpoint.domain.directory import ContactPoint, Reached, is_it_time_to_confirm
from contactpoint.domain.involvement import SERVICES
from contactpoint.web.presenters.record import reached_words
from contactpoint.web.presenters.words import day_words, telephone_link


@dataclass(frozen=True, slots=True, kw_only=True)
class PointView:
    """One service, and how it is reached; `waits` where it is time to say so again.

    `doubted` says that somebody found the number wrong, and when.
    """

    code: str
    service: str
    name: str
    organisation: str
    phone: str
    phone_link: str
    lines: tuple[str, ...]
    confirmed: str
    waits: bool
    doubted: str


def point_view(one: ContactPoint, on: date) -> PointView:
    """Choose the words for one contact point."""
    reached = one.reached
    confirmed = "Nobody has said yet how it is reached"
    if reached and reached.confirmed_on:
        confirmed = f"{one.confirmed_by} said so on {day_words(reached.confirmed_on)}"
    return PointView(
        code=one.organisation,
        service=one.service,
        name=SERVICES[one.service].name if one.service in SERVICES else one.service,
        organisation=one.organisation_name,
        phone=reached.phone if reached else "",
        phone_link=telephone_link(reached.phone) if reached else "",
        lines=reached_words(reached),
        confirmed=confirmed,
        waits=is_it_time_to_confirm(reached, on),
        doubted=_doubted(reached),
    )


def _doubted(reached: Reached | None) -> str:
    if reached is None or reached.doubted_on is None:
        return ""
    return f"Somebody rang this number on {day_words(reached.doubted_on)} and says that it is wrong"
