"""What a family is told about a child: what is held, who is in contact, who looked, what was corrected (R60).

Nothing here varies with what is hidden: not with a shield, a sensitive service, or another home of somebody
who is hidden. The report says so in the same sentences for every child.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.answers import CorrectableItem, ShownInvolvement
from contactpoint.domain.disclosure.consent import may_this_involvement_be_shown, which_statements_may_speak
from contactpoint.domain.disclosure.contesting import Contest, Fate, what_became_of_it, what_may_be_contested
from contactpoint.domain.disclosure.held import HeldVersion, KnownRecord, ShieldedRecord
from contactpoint.domain.disclosure.history import HistoryField, Told, tell_history
from contactpoint.domain.disclosure.redact import NO_NAME, in_order_of_use
from contactpoint.domain.discreet import NOT_SHOWN
from contactpoint.domain.family.asking import Asker
from contactpoint.domain.involvement import ServiceKind
from contactpoint.domain.people import Address, AddressKind, Carer
from contactpoint.domain.survivorship import Derived, derive

LOOKS: Final = (
    Action.SEARCHED,
    Action.OPENED_RECORD,
    Action.PRINTED_RECORD,
    Action.READ_HISTORY,
    Action.LISTED_CORRECTABLE,
    Action.LISTED_OWN_CHILDREN,
    Action.LISTED_NOTICES,
    Action.OPENED_OWN_CHILD,
    Action.LISTED_ASKABLE,
    Action.OPENED_CASE,
    Action.LISTED_EDUCATION,
)
"""What counts as a look at a child. Nothing that only a shield desk does: it would tell of a shield."""
_FIELDS: Final = tuple(field for field in HistoryField if field is not HistoryField.SERVICE)
_NUMBERS: Final = frozenset({HistoryField.NHS_NUMBER, HistoryField.UPN})


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldTo:
    """To whom the report is told; `homes` and `carers` are the keys of those that were shown to be theirs."""

    asker: Asker
    homes: frozenset[str] = frozenset()
    carers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidBy:
    """One source that says a fact: for which day it said so last, and since when it is held here."""

    source_name: str
    as_at: date
    held_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFact:
    """A fact that is held. Of another body's number only that it is held (Schedule 1, paragraph 18)."""

    field: HistoryField
    told: Told | None
    said_by: tuple[SaidBy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookTold:
    """One look: what was done, when, in what work for which organisation, and the reason stated."""

    action: str
    at: datetime
    organisation: str
    services: tuple[str, ...]
    role: str
    purpose: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksOfADay:
    """Looks of one kind, work, organisation and reason on one day."""

    on: date
    look: LookTold
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionTold:
    """A correction that was asked for; not who asked, nor what it said."""

    field: str
    source_name: str
    asked_on: date
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyReport:
    """Everything that is told. Of a protected child three facts and its number, and nothing else at all."""

    number: str
    name: str
    date_of_birth: str | None
    sex: str | None
    facts: tuple[HeldFact, ...] = ()
    contacts: tuple[ShownInvolvement, ...] = ()
    past_contacts: tuple[ShownInvolvement, ...] = ()
    looks: tuple[LooksOfADay, ...] = ()
    corrections: tuple[CorrectionTold, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosable:
    """A home or a carer that is held, of whom the person asking may be one; its key and how it reads."""

    key: str
    told: Address | Carer


def without_sensitive(record: KnownRecord) -> KnownRecord:
    """Sensitive services are left out of what a family is told, agreed to or not (R36, R39, R60).

    Who agreed that practitioners see one did not agree that a parent does. Nor is a place told of that is not
    even named to practitioners.
    """
    kept = tuple(
        one
        for one in record.involvements
        if one.service.kind is not ServiceKind.SENSITIVE and one.contact.organisation_code != NOT_SHOWN
    )
    return replace(record, involvements=kept)


def may_this_home_be_told(home: Address, to: ToldTo) -> bool:
    """The child is told of their homes; anybody else of those where they were shown to live (R60)."""
    if home.kind is AddressKind.NOT_SHOWN:
        return False
    return to.asker is Asker.CHILD or key_of(home) in to.homes


def may_this_carer_be_told(carer: Carer, to: ToldTo) -> bool:
    """The child is told who their carers are; anybody else only that they themselves are one (R60)."""
    return to.asker is Asker.CHILD or key_of(carer) in to.carers


def key_of(told: Address | Carer) -> str:
    """What a choice on a page carries of a home or a carer, instead of it."""
    parts = (told.line, told.postcode) if isinstance(told, Address) else (told.forename, told.surname)
    plain = "|".join("".join((part or "").casefold().split()) for part in parts)
    return hashlib.sha256(f"{type(told).__name__}|{plain}".encode()).hexdigest()[:16]


def what_can_be_chosen(record: KnownRecord, on: date) -> tuple[tuple[Choosable, ...], tuple[Choosable, ...]]:
    """The homes and the carers that a record shows now, each once."""
    shown = _shown(without_sensitive(record), on)
    held = (one.address for one in (*shown.addresses, *shown.past_addresses))
    homes = {key_of(one): one for one in held if one.kind is not AddressKind.NOT_SHOWN}
    carers = {key_of(one.carer): one.carer for one in shown.carers}
    return (
        tuple(Choosable(key=key, told=home) for key, home in homes.items()),
        tuple(Choosable(key=key, told=carer) for key, carer in carers.items()),
    )


def tell_protected(record: KnownRecord | ShieldedRecord, on: date) -> FamilyReport:
    """Of a child whom an answer could endanger nothing is told that says where it is (R27, R34, R60)."""
    if isinstance(record, KnownRecord):
        shown = _shown(without_sensitive(record), on)
        return _head(record.number, shown)
    return FamilyReport(
        number=record.number, name=record.name, date_of_birth=record.date_of_birth, sex=record.sex
    )


def tell_family(
    record: KnownRecord,
    versions: Iterable[HeldVersion],
    looks: Sequence[LookTold],
    contests: Iterable[Contest],
    *,
    to: ToldTo,
    at: datetime,
) -> FamilyReport:
    """Tell what is held, from where, since when, who is in contact, who looked, what was corrected (R60)."""
    plain, on = without_sensitive(record), at.date()
    open_to_all = [one for one in plain.involvements if may_this_involvement_be_shown(one, on)]
    past = sorted((one for one in open_to_all if not one.is_current(on)), key=lambda one: one.end or on)
    return replace(
        _head(record.number, _shown(plain, on)),
        facts=_facts(plain, tuple(versions), to, at),
        contacts=in_order_of_use(tuple(one for one in open_to_all if one.is_current(on)), on),
        past_contacts=in_order_of_use(tuple(reversed(past)), on),
        looks=by_day(looks),
        corrections=_corrections(plain, contests, on),
    )


def _shown(plain: KnownRecord, on: date) -> Derived:
    return derive(which_statements_may_speak(plain.statements, plain.involvements, on), on=on)


def _head(number: str, shown: Derived) -> FamilyReport:
    return FamilyReport(
        number=number,
        name=shown.name.value if shown.name else NO_NAME,
        date_of_birth=shown.date_of_birth.value if shown.date_of_birth else None,
        sex=shown.sex.value if shown.sex else None,
    )


def by_day(looks: Iterable[LookTold]) -> tuple[LooksOfADay, ...]:
    """Looks of one day and kind are one line, the newest day first."""
    counted = Counter(replace(one, at=datetime.combine(one.at.date(), one.at.min.time())) for one in looks)
    lines = (LooksOfADay(on=one.at.date(), look=one, times=times) for one, times in counted.items())
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                -line.on.toordinal(), line.look.organisation, LOOKS.index(Action(line.look.action)),
                line.look.role, line.look.services, line.look.purpose or "",
            ),
        )
    )  # fmt: skip


def _facts(
    record: KnownRecord, versions: Collection[HeldVersion], to: ToldTo, at: datetime
) -> tuple[HeldFact, ...]:
    found: dict[tuple[HistoryField, Told | None], list[SaidBy]] = {}
    for field in _FIELDS:
        for said in tell_history(record, versions, field, at.date(), at).said:
            by = SaidBy(source_name=said.source_name, as_at=said.as_at, held_since=said.held_since)
            for told in said.told:
                kept = _as_told(told, to)
                if kept is not None:
                    found.setdefault((field, kept if field not in _NUMBERS else None), []).append(by)
    return tuple(
        HeldFact(field=field, told=told, said_by=tuple(sorted(by, key=lambda one: one.source_name)))
        for (field, told), by in found.items()
    )


def _as_told(told: Told, to: ToldTo) -> Told | None:
    """What is told of a value: a carer without a telephone; None where it is another's to know."""
    match told:
        case Address():
            return replace(told, uprn=None) if may_this_home_be_told(told, to) else None
        case Carer():
            return replace(told, phone=None) if may_this_carer_be_told(told, to) else None
        case _:
            return told


def _corrections(record: KnownRecord, contests: Iterable[Contest], on: date) -> tuple[CorrectionTold, ...]:
    """Of sources that may speak: who else was asked would tell of a source that may not (R39)."""
    says = {(item.record, item.field): item for item in what_may_be_contested(record, on)}
    names = {record_id: item.source_name for (record_id, _), item in says.items()}
    return tuple(
        CorrectionTold(
            field=one.field.value,
            source_name=names[one.record],
            asked_on=one.asked_at.date(),
            fate=what_became_of_it(
                one, item.says if (item := says.get((one.record, one.field.value))) else ""
            ),
        )
        for one in contests
        if one.record in names
    )


def _says(item: CorrectableItem | None) -> str:
    return item.says if item else ""


RECENT: Final = timedelta(days=90)
"""How long a request that was answered or refused stays in its desk's list."""
