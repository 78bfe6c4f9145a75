"""What somebody saw of a record when they looked: the values themselves, made again from what was held then.

For whoever decides whether a look was a breach (R55): after a late shield, or where two children were one
record.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contactpoint.domain.audit.events import Action, AuditEvent
from contactpoint.domain.disclosure.held import HeldVersion
from contactpoint.domain.disclosure.history import HistoryField
from contactpoint.domain.people import Address, AddressKind, Carer
from contactpoint.domain.survivorship import Derived, derive

Values = tuple[tuple[str, tuple[str, ...]], ...]
"""By the name of a field, what was shown of it."""
NOT_SHOWN: Final = "Address not shown"
# A list of results says of each child no more.
_IN_A_LIST: Final = ("name", "date_of_birth")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedService:
    """An involvement of one of a child's records, as it stands, by the number that the audit gives it."""

    id: int
    words: str


def _texts(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _address(one: Address) -> str:
    if one.kind is AddressKind.NOT_SHOWN:
        return NOT_SHOWN
    return ", ".join(_texts(one.line, one.postcode))


def _carer(one: Carer) -> str:
    return ", ".join(_texts(" ".join(_texts(one.forename, one.surname)), one.phone))


_OF: Final[Mapping[str, Callable[[Derived], tuple[str, ...]]]] = {
    "name": lambda then: _texts(then.name.value if then.name else None),
    "names": lambda then: tuple(one.value for one in then.names),
    "former_names": lambda then: tuple(one.value for one in then.former_names),
    "date_of_birth": lambda then: _texts(then.date_of_birth.value if then.date_of_birth else None),
    "sex": lambda then: _texts(then.sex.value if then.sex else None),
    "addresses": lambda then: tuple(_address(one.address) for one in then.addresses),
    "carers": lambda then: tuple(_carer(one.carer) for one in then.carers),
    "date_of_death": lambda then: _texts(then.date_of_death.value if then.date_of_death else None),
    "nhs_number": lambda then: tuple(text.value for name, text in then.identifiers if name == "nhs_number"),
    "upn": lambda then: tuple(text.value for name, text in then.identifiers if name == "upn"),
}
_OF_HISTORY: Final = {
    HistoryField.NAME: "names",
    HistoryField.KNOWN_AS: "names",
    HistoryField.FORMER_NAME: "former_names",
    HistoryField.ADDRESS: "addresses",
    HistoryField.CARER: "carers",
}


def what_they_saw(
    event: AuditEvent, versions: Sequence[HeldVersion], services: Sequence[LinkedService]
) -> Values:
    """The values that a look showed, field by field, from what was held at that moment (R51, R55).

    Of how a record came to be, every value that was held until then.
    """
    at = event.occurred_at
    if event.action is Action.READ_HISTORY:
        return _history(str(event.details.get("field", "")), versions, at)
    then = derive([one.statement for one in versions if one.is_held(at)], on=at.date())
    told = event.details.get("disclosed")
    if not isinstance(told, Mapping):
        return _shown(_IN_A_LIST if event.action is Action.SEARCHED else (), then)
    fields, numbers, seen = (told.get(name) for name in ("fields", "identifiers", "involvements"))
    named = [str(one) for part in (fields, numbers) if isinstance(part, tuple | list) for one in part]
    ids = set(seen) if isinstance(seen, tuple | list) else set()
    contacts = tuple(one.words for one in services if one.id in ids)
    return (*_shown(("name", *named), then), *((("involvements", contacts),) if contacts else ()))


def _shown(fields: Sequence[str], then: Derived) -> Values:
    made = ((name, _OF[name](then)) for name in dict.fromkeys(fields) if name in _OF)
    return tuple((name, values) for name, values in made if values)


def _history(field: str, versions: Sequence[HeldVersion], at: datetime) -> Values:
    if field not in {one.value for one in HistoryField} or field == HistoryField.SERVICE:
        return ()
    name = _OF_HISTORY.get(HistoryField(field), field)
    found: dict[str, None] = {}
    for one in versions:
        if one.held_from <= at:
            found |= dict.fromkeys(_OF[name](derive([one.statement], on=at.date())))
    return ((name, tuple(found)),) if found else ()
