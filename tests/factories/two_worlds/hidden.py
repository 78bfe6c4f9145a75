"""What two worlds hold: what is open in both, and everything that may be hidden in one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.factories.feeds import AMINA
from tests.factories.supply import BEN, CONTRACT

DAY = timedelta(days=1)
Row = Mapping[str, str]

PLACES: tuple[Row, ...] = (
    {"address": "14 Mill Lane, Oldham", "postcode": "OL1 4AB"},
    {"address": "Sycamore House, Rochdale", "postcode": "OL16 2ZZ"},
    {"address": "3 Quarry Bank, Rochdale", "postcode": "OL12 9XY"},
    {},
)
CARERS: tuple[Row, ...] = (
    {"carer_forename": "Grace", "carer_surname": "Okafor", "carer_phone": "07700 900123"},
    {"carer_forename": "Ivy", "carer_surname": "Lindqvist", "carer_phone": "07700 900456"},
    {},
)
IDENTIFIERS: tuple[Row, ...] = ({"nhs_number": "9000000009"}, {"nhs_number": "9434765919"}, {})
SERVICES: Mapping[str, Row] = {
    "school-census": {"service": "school", "organisation": "105734"},
    "gp-registrations": {"service": "gp", "organisation": "P85001"},
    "child-health": {"service": "health_visitor", "organisation": "bridgewater-nhs"},
    "childrens-services-353": {
        "service": "childrens_social_care",
        "organisation": "la-353",
        "practitioner": "Joan Whitworth",
        "lead_practitioner": "Y",
    },
    "mental-health": {
        "service": "mental_health",
        "organisation": "bridgewater-nhs",
        "consent": "significant_harm",
    },
    "harbour": {
        "service": "substance_misuse",
        "organisation": "harbour-recovery",
        "consent": "significant_harm",
    },
}
SENSITIVE = ("mental-health", "harbour")
# Terms under which a sensitive service may not be shown (R37-R41), and under which it may.
NEVER_SHOWN: tuple[Row, ...] = (
    {"consent": "significant_harm"},
    {"consent": "child", "consent_until": "2026-01-31"},
    {"consent": "carer", "consent_until": "2020-01-31"},
)
SHOWN: tuple[Row, ...] = (
    {"consent": "child"},
    {"consent": "carer"},
    {"consent": "child", "consent_until": "2099-12-31"},
)

# Everybody's Ben is in every source in every world, so that each has something to deliver.
_BEN: Mapping[str, Row] = {
    "births": {},
    "nhs-demographics": {},
    "school-census": SERVICES["school-census"],
    "gp-registrations": SERVICES["gp-registrations"],
    "child-health": {"service": "school_nurse", "organisation": "bridgewater-nhs"},
    "childrens-services-353": {"service": "send", "organisation": "la-353"},
    "mental-health": {**SERVICES["mental-health"], "consent": "child"},
    "harbour": {"service": "family_support", "organisation": "harbour-recovery"},
}
_AMINA = {name: AMINA[name] for name in ("local_id", "forename", "surname", "date_of_birth", "sex")}
_IDRIS = {
    "local_id": "D1",
    "forename": "Idris",
    "surname": "Haddad",
    "date_of_birth": "2014-02-01",
    "sex": "M",
}
_CARA = {
    "local_id": "C1",
    "forename": "Cara",
    "surname": "Whitworth",
    "date_of_birth": "2015-07-21",
    "sex": "F",
    "nhs_number": "4010232137",
    **PLACES[0],
    **CARERS[1],
}
_ZOE = {
    "local_id": "Z1",
    "forename": "Zoe",
    "surname": "Lindqvist",
    "date_of_birth": "2013-02-14",
    "sex": "F",
    **PLACES[2],
    **CARERS[1],
}
_ZOEY = {**_ZOE, **PLACES[1], "local_id": "Z2", "forename": "Zoey", "date_of_birth": "2013-02-24"}
_ROSA = {
    "local_id": "N1",
    "forename": "Rosa",
    "surname": "Marlowe",
    "date_of_birth": "2015-07-21",
    "sex": "F",
    **PLACES[1],
}
_TARA = {
    "local_id": "T1",
    "forename": "Tara",
    "surname": "Marsh",
    "date_of_birth": "2017-03-03",
    "sex": "F",
    "nhs_number": "4010232188",
    **PLACES[0],
}
# Lives in no authority here, so that the national team's list of such children is not empty.
_UMA = {
    "local_id": "U1",
    "forename": "Uma",
    "surname": "Sedlak",
    "date_of_birth": "2016-06-16",
    "sex": "F",
    "address": "1 High Street, Glasgow",
    "postcode": "G1 1AA",
}
# Lives in a refuge; which of the two it is, nobody is shown (ADR 20).
_LEO = {
    "local_id": "L1",
    "forename": "Leo",
    "surname": "Marsh",
    "date_of_birth": "2016-12-12",
    "sex": "M",
    **CARERS[0],
    "carer_phone": "01706 496100",
}
REFUGES = (
    {"address": "1 Elm Row, Rochdale", "postcode": "OL16 9AA"},
    {"address": "2 Oak Court, Rochdale", "postcode": "OL12 7BB"},
)
# Kept from everybody who looks: to them there never was such a child.
_NADIA = {
    "local_id": "K1",
    "forename": "Nadia",
    "surname": "Whitworth",
    "date_of_birth": "2014-08-08",
    "sex": "F",
    "nhs_number": "4010232161",
    **PLACES[0],
    **CARERS[0],
}
# Grew up the day after they were told of: in the archive, which its data managers alone may read (R11).
OTTO = {
    "local_id": "P1",
    "forename": "Otto",
    "surname": "Whitworth",
    "date_of_birth": "2008-11-24",
    "sex": "M",
    "nhs_number": "4010232153",
    **PLACES[1],
    **CARERS[1],
}
GREW_UP = date(2026, 11, 24)
# Nearly Amina, as another source might have her: nobody is sure that she is it.
_NEARLY = {**_AMINA, "local_id": "M1", "forename": "Amena", "date_of_birth": "2016-05-19"}

CHILDREN = {
    "Amina": ("births", "A1"),
    "Idris": ("births", "D1"),
    "Ben": ("births", "B1"),
    "Cara": ("births", "C1"),
    "Rosa": ("gp-registrations", "N1"),
    "Zoe": ("births", "Z1"),
    "Tara": ("births", "T1"),
    "Leo": ("births", "L1"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitive:
    """A sensitive service about a child, which knows more of the child than others do."""

    source: str
    about: str
    terms: Row
    place: Row = field(default_factory=dict)
    called: str = "Mina"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Everything that may differ between two worlds.

    `services` are those of Amina's; those that she has not, Idris has, who is shielded as she is: so each
    source hands in as many rows in either world. `desk` says whether the shield desk does what nobody may
    notice (`desk.py`).
    """

    place: Row = field(default_factory=dict)
    carer: Row = field(default_factory=dict)
    identifiers: Row = field(default_factory=dict)
    services: frozenset[str] = frozenset()
    since: str = "2020-01-01"
    sensitive: Sensitive | None = None
    own_words: bool = False
    near_row: bool = False
    kept: bool = False
    sealed: bool = False
    adopted: bool = False
    renamed: bool = False
    temporary: bool = False
    steps: tuple[str, ...] = ()
    ground: str = "hidden_location"
    authority: str = "353"
    overridden: bool = False
    crossed: bool = False
    looked_around: bool = False
    refuge: int = 0
    moves: bool = False
    consented: bool = False
    archived: bool = False
    asked: bool = False
    desk: bool = False

    def first(self, source: str) -> tuple[Row, ...]:
        """With what is open: the shielded children, whose records all have their ids in any world."""
        amina = {**_AMINA, **self.place, **self.carer, **self.identifiers}
        if source == "births":
            return (amina, _IDRIS)
        if source == "nhs-demographics":
            return ({**amina, "restricted": "Y"}, {**_IDRIS, "restricted": "Y"})
        who = amina if source in self.services else _IDRIS
        return ({**who, **SERVICES[source], "start_date": self.since, "involvement_id": "I1"},)

    def second(self, source: str) -> tuple[Row, ...]:
        """After it: what may be there or not."""
        said: list[Row] = []
        if self.sensitive and self.sensitive.source == source:
            who = {"Cara": _CARA, "Tara": _TARA}[self.sensitive.about]
            about = {**who, **self.sensitive.place, "local_id": "S1", "known_as": self.sensitive.called}
            said.append({**about, **SERVICES[source], **self.sensitive.terms, "involvement_id": "I9"})
        if self.kept:
            said.append({**_NADIA, **SERVICES.get(source, {}), "involvement_id": "I7"})
        if self.archived and source == "births":
            said.append(OTTO)
        if self.near_row and source == "childrens-services-353":
            near = {**_NEARLY, **PLACES[1], **CARERS[0]}
            said.append({**near, "service": "send", "organisation": "la-353", "involvement_id": "I8"})
        return tuple(said)


def makes_as_many_rows(one: Hidden, other: Hidden) -> bool:
    """Whether each source hands in as many rows in either world, as whoever runs its feed can tell."""
    return all(len(one.second(source)) == len(other.second(source)) for source in CONTRACT)


def rows_at_first(source: str, hidden: Hidden) -> tuple[Row, ...]:
    """What a source says at first; also of what is hidden, where that is there in any world."""
    said: list[Row] = [{**BEN, **_BEN[source]}]
    if source in {"births", "nhs-demographics"}:
        said.append({**_LEO, **REFUGES[hidden.refuge]})
    if source == "nhs-demographics":
        # No half itself; what it says of an earlier name is hidden where there is a pair (R35).
        pair = hidden.sealed or hidden.adopted
        said.append(
            {**_ROSA, "local_id": "N2", "former_surname": "Whitworth" if hidden.renamed and pair else ""}
        )
    if source == "births":
        said += [_CARA, _ZOE, _TARA, _UMA]
    if source == "childrens-services-353":
        said.append({**_ZOEY, "service": "send", "organisation": "la-353"})
        with_them = {"service": "family_support", "organisation": f"refuge-{hidden.refuge + 1}"}
        said.append({**_LEO, **REFUGES[hidden.refuge], **with_them, "practitioner": f"Ivy {hidden.refuge}"})
    if source == "gp-registrations":
        said.append({**_ROSA, **SERVICES["gp-registrations"]})
    return (*said, *hidden.first(source))


NOTHING = Hidden()
EVERYTHING = Hidden(
    place=PLACES[0],
    carer=CARERS[0],
    identifiers=IDENTIFIERS[0],
    services=frozenset(SERVICES) - {"childrens-services-353"},
    since="2021-09-01",
    sensitive=Sensitive(source="harbour", about="Cara", terms=NEVER_SHOWN[0], place=PLACES[1]),
    own_words=True,
    near_row=True,
    kept=True,
    sealed=True,
    adopted=True,
    renamed=True,
    temporary=True,
    steps=("confirmed", "lift_asked", "lift_agreed"),
    ground="adoption",
    authority="",
    overridden=True,
    crossed=True,
    looked_around=True,
    refuge=1,
    moves=True,
    consented=True,
    archived=True,
    asked=True,
    desk=True,
)
