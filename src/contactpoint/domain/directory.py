"""The service directory: how a service is reached, by day, at night and in school holidays.

A service keeps its own contact point current: whoever provides it there says how, and says once a term that
it still holds. Codes, numbers and hours only; nothing about a child.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from contactpoint.domain.errors import InvalidInput

# What is asked once a term is asked after so long: there are three in a year, of about thirteen weeks each.
TERM: Final = timedelta(days=90)
LONGEST: Final = {"phone": 24, "hours": 80, "night": 160, "holidays": 160}
"""How many letters each part may have: a number and a time, no letter to anybody (R17)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How a service is reached: its telephone and hours, and who answers at night and in school holidays.

    `confirmed_on` is when somebody of the service last said so, `doubted_on` when somebody rang and found
    the number wrong, until the service says again.

    Raises:
        InvalidInput: there is no telephone number, or a part is too long.
    """

    phone: str
    hours: str
    night: str
    holidays: str
    confirmed_on: date | None = None
    doubted_on: date | None = None

    def __post_init__(self) -> None:
        """Refuse what nobody could ring."""
        if not self.phone.strip():
            raise InvalidInput("Enter the telephone number of the service.")
        for name, longest in LONGEST.items():
            if len(getattr(self, name)) > longest:
                raise InvalidInput(f"Keep it to {longest} letters.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint:
    """The contact point of one service of one organisation; `reached` is None while nobody has said."""

    organisation: str
    organisation_name: str
    service: str
    reached: Reached | None
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointInQuestion:
    """A contact point, as far as the rules ask: whose it is, and in which area."""

    organisation: str
    service: str
    authority: str | None
    discreet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PointDone:
    """The answer to keeping or confirming one."""

    service: str


def is_it_time_to_confirm(reached: Reached | None, on: date) -> bool:
    """Once a term a service is asked whether its contact point still holds, and until it has one (R25).

    It is asked at once where somebody rang the number and found it wrong.
    """
    if reached is None or reached.confirmed_on is None or reached.doubted_on is not None:
        return True
    return on - reached.confirmed_on > TERM


def in_order_of_age(points: tuple[ContactPoint, ...]) -> tuple[ContactPoint, ...]:
    """Those first that were found wrong, then those of which nobody said anything or said it longest ago."""

    def age(one: ContactPoint) -> tuple[bool, timedelta, str, str]:
        told = one.reached.confirmed_on if one.reached else None
        wrong = one.reached is not None and one.reached.doubted_on is not None
        return (not wrong, (told or date.min) - date.min, one.organisation_name, one.service)

    return tuple(sorted(points, key=age))
