"""Keeps the search index in step with what is known: whoever publishes, shields or merges calls `refresh`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Final

from contactpoint.actions.find import coding
from contactpoint.domain.disclosure.consent import which_statements_may_be_searched
from contactpoint.domain.disclosure.held import Gazetteer
from contactpoint.domain.people import Statement
from contactpoint.domain.survivorship import Identity, identity_of, main_address, responsible_authority
from contactpoint.linking.names import joined, name_of
from contactpoint.storage import search_index
from contactpoint.storage.queries.children import shielded_among
from contactpoint.storage.queries.involvements import Outline, outlines_of_many
from contactpoint.storage.queries.organisations import gazetteer
from contactpoint.storage.queries.statements import statements_of_many
from contactpoint.storage.search_index import Key, KeyKind, Row

_CHUNK: Final = 2000
_MOST_ROWS: Final = 16
_SCHOOLS: Final = frozenset({"school", "early_years"})


@dataclass(slots=True)
class _Held:
    """What is held about one child and may be searched, while its rows are made."""

    shielded: bool
    statements: list[Statement] = field(default_factory=list)
    involvements: list[Outline] = field(default_factory=list)


def refresh(children: Iterable[str]) -> int:
    """Make the search index say of `children` (stored numbers) what their sources now say; return how many.

    Runs as the worker, in the caller's transaction, a few thousand children at a time. A shielded child gets
    one row of name, sex and birth date and no keys; a retired number or a child without records gets nothing.
    """
    places = gazetteer()
    numbers = iter(children)
    count = 0
    while chunk := list(islice(numbers, _CHUNK)):
        held = _read(chunk)
        rows: list[Row] = []
        keys: list[Key] = []
        for number, one in held.items():
            if one.shielded:
                rows += _shielded_rows(number, one)
            else:
                rows += _rows(number, one, places)
                keys += _keys(number, one)
        search_index.replace(chunk, rows, keys)
        count += len(chunk)
    return count


def _read(numbers: Sequence[str]) -> dict[str, _Held]:
    shielded = shielded_among(numbers)
    held = {number: _Held(number in shielded) for number in numbers}
    for number, statement in statements_of_many(numbers):
        held[number].statements.append(statement)
    for outline in outlines_of_many(numbers):
        if outline.confirmed and not outline.sensitive:
            held[outline.child].involvements.append(outline)
    for one in held.values():
        open_records = {outline.record for outline in one.involvements}
        one.statements = list(which_statements_may_be_searched(one.statements, open_records))
    return {number: one for number, one in held.items() if one.statements}


def _shielded_rows(number: str, held: _Held) -> list[Row]:
    """Exactly one row, of visible fields (R27)."""
    who = identity_of(held.statements)
    return [
        _row(number, who.forename, who.surname, who.date_of_birth, who.sex, None, _Place(), shielded=True)
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row says a child is; empty for a shielded one."""

    postcode: str | None = None
    authority: str = ""
    town: str = ""


def _rows(number: str, held: _Held, places: Gazetteer) -> list[Row]:
    """The main row first, then one for every other way its sources write name, birth date and postcode."""
    who = identity_of(held.statements)
    home = main_address(held.statements)
    authority = _authority(held, places, home.postcode if home else None)
    town = _town(home.line if home else None)
    known_as = next((one.facts.known_as for one in held.statements if one.facts.known_as), None)
    found: dict[tuple[object, ...], Row] = {}
    ways = _ways(who, home.postcode if home else None, held.statements)
    for forename, surname, born, postcode in dict.fromkeys(ways):
        place = _Place(postcode, authority, town)
        for row in _filed(number, forename, surname, born, who.sex, known_as, place):
            found.setdefault((row.sk, row.fk, row.dob_text, row.postcode, joined(name_of(forename))), row)
    return list(found.values())[:_MOST_ROWS]


_Way = tuple[str | None, str | None, str | None, str | None]


def _ways(who: Identity, postcode: str | None, statements: Sequence[Statement]) -> Iterator[_Way]:
    """(forename, surname, birth date, postcode) in every way that somebody may know them."""
    yield who.forename, who.surname, who.date_of_birth, postcode
    for one in statements:
        facts = one.facts
        born = facts.date_of_birth or who.date_of_birth
        surname = facts.surname or who.surname
        for code in [address.postcode for address in one.addresses] or [postcode]:
            yield facts.forename, facts.surname, born, code or postcode
        if facts.known_as:
            yield facts.known_as, surname, who.date_of_birth, postcode
        if facts.former_surname:
            yield facts.forename or who.forename, facts.former_surname, who.date_of_birth, postcode


def _filed(
    number: str,
    forename: str | None,
    surname: str | None,
    born: str | None,
    sex: str | None,
    known_as: str | None,
    place: _Place,
) -> Iterator[Row]:
    """One row for the name as a whole, one for each telling part of a name of several."""
    if not name_of(forename) and not name_of(surname):
        return
    whole = _row(number, forename, surname, born, sex, known_as, place, shielded=False)
    yield whole
    surnames = coding.stored_sounds(surname or "")
    forenames = coding.stored_sounds(forename or "")
    for part in surnames[1:]:
        yield whole._replace(sk=coding.code(part), sfk=coding.pair_code(part, forenames[0]))
    for part in forenames[1:]:
        yield whole._replace(fk=coding.code(part), sfk=coding.pair_code(surnames[0], part))


def _row(
    number: str,
    forename: str | None,
    surname: str | None,
    born: str | None,
    sex: str | None,
    known_as: str | None,
    place: _Place,
    *,
    shielded: bool,
) -> Row:
    sk, fk = coding.sound_of(surname or ""), coding.sound_of(forename or "")
    postcode, sectors, district = coding.sectors_of(place.postcode)
    return Row(
        child=number,
        shielded=shielded,
        forename=(forename or "")[:80],
        surname=(surname or "")[:80],
        known_as=(known_as or "")[:80],
        sk=coding.code(sk),
        fk=coding.code(fk),
        sfk=coding.pair_code(sk, fk),
        dob=date.fromisoformat(born) if born and len(born) == len("2019-03-27") else None,
        dob_text=born or "",
        sex=sex or "",
        postcode=(postcode or "")[:8],
        sec=sectors[0][:6] if sectors else "",
        dis=(district or "")[:4],
        la=place.authority,
        town=place.town[:60],
    )


def _authority(held: _Held, places: Gazetteer, postcode: str | None) -> str:
    local = {one.service: one.authority for one in held.involvements if one.end is None and one.authority}
    nearest = next((local[service] for service in ("school", "early_years", "gp") if service in local), None)
    return responsible_authority(held.statements, places.authority_of(postcode), nearest) or ""


def _town(line: str | None) -> str:
    """The last part of an address line, if it is a name and not a street."""
    parts = [part.strip() for part in (line or "").split(",")]
    return parts[-1] if len(parts) > 1 and not any(letter.isdigit() for letter in parts[-1]) else ""


def _keys(number: str, held: _Held) -> list[Key]:
    """Every key to a child: other bodies' numbers, telephones, carers, school, GP practice, addresses."""
    pairs = [pair for one in held.statements for pair in _statement_keys(one)]
    for involvement in held.involvements:
        organisation = coding.organisation_key(involvement.organisation)
        if involvement.service in _SCHOOLS:
            pairs.append((KeyKind.SCHOOL, organisation))
        elif involvement.service == "gp":
            pairs.append((KeyKind.GP_PRACTICE, organisation))
    return [Key(number, int(kind), key) for kind, key in dict.fromkeys(pairs) if key is not None]


def _statement_keys(one: Statement) -> Iterator[tuple[KeyKind, int | None]]:
    facts = one.facts
    yield KeyKind.NHS_NUMBER, coding.identifier_key(KeyKind.NHS_NUMBER, facts.nhs_number)
    yield KeyKind.UPN, coding.identifier_key(KeyKind.UPN, facts.upn)
    yield KeyKind.PHONE, coding.phone_key(facts.phone)
    yield KeyKind.GP_PRACTICE, coding.organisation_key(one.gp_practice)
    for carer in one.carers:
        yield KeyKind.PHONE, coding.phone_key(carer.phone)
        yield from ((KeyKind.CARER, key) for key in coding.carer_keys(carer.surname))
    for address in one.addresses:
        yield from ((KeyKind.ADDRESS, key) for key in coding.address_keys(address.line))
