"""Organisations as the pages need them: choices for forms, telephone numbers, and where postcodes lie."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Q

from contactpoint.domain.disclosure.held import Gazetteer
from contactpoint.domain.discreet import DISCREET_KINDS, DiscreetPlace
from contactpoint.storage.models import Organisation
from contactpoint.storage.prepared import rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCode:
    """A choice in a form."""

    code: str
    name: str


_DISTRICTS = """
    SELECT district, authority FROM (
        SELECT split_part(postcode, ' ', 1) AS district, authority,
               row_number() OVER (
                   PARTITION BY split_part(postcode, ' ', 1) ORDER BY count(*) DESC, authority
               ) AS place
        FROM organisation WHERE postcode LIKE '% %' AND authority <> '' GROUP BY 1, 2
    ) AS counted WHERE place = 1
"""


_PHONE = """
    SELECT name, phone FROM organisation
    WHERE authority = %(authority)s AND kind = 'authority' AND phone <> '' ORDER BY code LIMIT 1
"""


def authorities() -> tuple[NamedCode, ...]:
    """Return the local authorities, by name.

    Of one that others became part of, the name is that of the organisation whose code it is.
    """
    rows = Organisation.objects.filter(kind="authority").exclude(authority="").order_by("name")
    named: dict[str, str] = {}
    for row in sorted(rows, key=lambda one: (one.code.endswith(one.authority), one.code)):
        named[row.authority] = row.name
    return tuple(
        NamedCode(code=code, name=name) for code, name in sorted(named.items(), key=lambda one: one[1])
    )


def gazetteer() -> Gazetteer:
    """Return authorities' names, and the authority that most organisations of a postcode district are in."""
    with connection.cursor() as cursor:
        cursor.execute(_DISTRICTS)
        districts = tuple((str(district), str(code)) for district, code in cursor.fetchall())
    return Gazetteer(names=tuple((one.code, one.name) for one in authorities()), districts=districts)


def gazetteer_of_all() -> Gazetteer:
    """Return the same with where refuges, secure homes and hospital schools are; the worker alone may ask."""
    return replace(gazetteer(), discreet=discreet_places())


def discreet_places() -> tuple[DiscreetPlace, ...]:
    """Return where refuges, secure homes and hospital schools are; the worker alone may ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, postcode, phone FROM discreet_place ORDER BY code")
        return tuple(DiscreetPlace(*row) for row in cursor.fetchall())


def organisations_like(text: str, limit: int) -> tuple[NamedCode, ...]:
    """Return organisations of this code or name, else those whose name holds every word of `text`.

    Places that are not named come only to whoever knows what they are called.
    """
    found = Organisation.objects.filter(Q(code__iexact=text) | Q(name__iexact=text))
    if not found and text.split():
        found = Organisation.objects.filter(closed_on=None).exclude(kind__in=DISCREET_KINDS)
        for word in text.split():
            found = found.filter(name__icontains=word)
    return tuple(NamedCode(code=row.code, name=row.name) for row in found.order_by("name", "code")[:limit])


def gazetteer_of(organisations: Iterable[Mapping[str, Any]]) -> Gazetteer:
    """Return the same, of organisations given as rows."""
    counts: Counter[tuple[str, str]] = Counter()
    names = []
    for row in organisations:
        district, blank, _ = row["postcode"].partition(" ")
        if blank and row["authority"]:
            counts[district, row["authority"]] += 1
        if row["kind"] == "authority" and row["authority"]:
            names.append((row["authority"], row["name"]))
    best: dict[str, str] = {}
    for (district, authority), _ in sorted(counts.items(), key=lambda one: (one[0][0], -one[1], one[0][1])):
        best.setdefault(district, authority)
    return Gazetteer(names=tuple(names), districts=tuple(best.items()))


def codes_named(kinds: tuple[str, ...], text: str, limit: int = 50) -> tuple[str, ...]:
    """Return the codes of organisations whose name holds every word of `text`, or whose code it is."""
    rows = Organisation.objects.filter(kind__in=kinds)
    exact = rows.filter(code__iexact=text).values_list("code", flat=True)[:1]
    if found := tuple(exact):
        return found
    for word in text.split():
        rows = rows.filter(name__icontains=word)
    return tuple(rows.order_by("code").values_list("code", flat=True)[:limit])


def children_services_phone(authority: str | None) -> tuple[str, str] | None:
    """Return the name and telephone number of an authority's children's services, None if not known."""
    if not authority:
        return None
    found = rows_of(_PHONE, {"authority": authority})
    return (found[0][0], found[0][1]) if found else None


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Return organisations' names by code; codes that are not known are left out."""
    return dict(Organisation.objects.filter(code__in=list(codes)).values_list("code", "name"))
