"""The declared contract of each feed: its columns in order, and what its source may speak for.

A source may send only what its contract declares (R17, R19): there is no column for case notes (R5), for a
concern (R18), for family links beyond parents and carers (R14), for an adoption or a parent's occupation
(R29), or for leaving the directory (R15), so none can arrive.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.domain.involvement import SERVICES, ServiceKind
from contactpoint.supply.columns import Column, Part, pick


class Fact(StrEnum):
    """Groups of facts a source may be believed about."""

    BIRTH = "birth"
    NAMES = "names"
    SEX = "sex"
    ADDRESS = "address"
    IDENTIFIERS = "identifiers"
    CARERS = "carers"
    DEATH = "death"
    GP = "gp"
    SERVICES = "services"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What one kind of source sends.

    `columns` is the order of the file. `services` are the service codes it may report (empty: no
    involvements). `speaks_for` are the facts it may be believed about. One local id may have several rows
    where the contract has `involvement_id`, one for each involvement.
    """

    code: str
    title: str
    about: str
    columns: tuple[Column, ...]
    speaks_for: tuple[Fact, ...]
    services: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The header of the file."""
        return tuple(column.name for column in self.columns)

    @property
    def identity(self) -> tuple[str, ...]:
        """Columns that say who the child is."""
        return tuple(column.name for column in self.columns if column.part is Part.IDENTITY)

    @property
    def involvement(self) -> tuple[str, ...]:
        """Columns that say which service is in contact."""
        return tuple(column.name for column in self.columns if column.part is Part.INVOLVEMENT)

    @property
    def may_restrict(self) -> bool:
        """Whether the source may mark a child whose whereabouts must be hidden."""
        return "restricted" in self.names

    @property
    def may_consent(self) -> bool:
        """Whether the source may report sensitive services, with their consent (R37)."""
        return "consent" in self.names


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFile:
    """A file of the directory's own surroundings, loaded before any delivery."""

    code: str
    title: str
    about: str
    columns: tuple[tuple[str, str], ...]


_WHO: Final = "sex address postcode"
_CARER: Final = "carer_forename carer_surname carer_relationship"
_INVOLVED: Final = (
    "involvement_id service organisation team practitioner practitioner_role contact_phone contact_hours "
    "contact_cover start_date end_date last_confirmed lead_practitioner assessment"
)
_SENSITIVE: Final = tuple(code for code, service in SERVICES.items() if service.kind is ServiceKind.SENSITIVE)
_NOT_SENSITIVE: Final = tuple(code for code in SERVICES if code not in _SENSITIVE)
_COUNCIL: Final = (
    "childrens_social_care early_help send disability education_welfare home_education youth_worker "
    "family_support young_carers early_years"
)

_BIRTHS = Contract(
    code="births",
    title="Birth registrations",
    about="Births registered in England, with the NHS number given at birth.",
    columns=pick(
        f"local_id forename middle_names surname date_of_birth {_WHO} nhs_number {_CARER} "
        "mother_former_surname birth_order multiple_birth date_of_death",
        required="local_id date_of_birth",
    ),
    speaks_for=(Fact.BIRTH, Fact.NAMES, Fact.SEX, Fact.IDENTIFIERS, Fact.CARERS, Fact.DEATH),
)
_CHILD_BENEFIT = Contract(
    code="child_benefit",
    title="Child benefit",
    about="Children for whom child benefit is claimed.",
    columns=pick(
        f"local_id forename middle_names surname date_of_birth {_WHO} {_CARER} carer_phone",
        required="local_id",
    ),
    speaks_for=(Fact.BIRTH, Fact.NAMES, Fact.SEX, Fact.ADDRESS, Fact.CARERS),
)
_NHS = Contract(
    code="nhs_demographics",
    title="NHS demographics",
    about="Everyone registered with the health service, with address history and the sensitive marker.",
    columns=pick(
        "local_id forename middle_names surname former_surname known_as suffix date_of_birth sex address "
        "postcode "
        "uprn address_kind address_from phone email nhs_number gp_practice restricted date_of_death",
        required="local_id",
    ),
    speaks_for=(Fact.BIRTH, Fact.NAMES, Fact.SEX, Fact.ADDRESS, Fact.IDENTIFIERS, Fact.DEATH, Fact.GP),
)
_SCHOOL_CENSUS = Contract(
    code="school_census",
    title="School census",
    about="Pupils and children in nurseries, with their school.",
    columns=pick(
        "local_id forename middle_names surname former_surname known_as date_of_birth sex address "
        "postcode uprn "
        f"address_kind upn nhs_number {_CARER} carer_phone service organisation contact_phone contact_hours "
        "start_date end_date",
        required="local_id",
    ),
    speaks_for=(Fact.NAMES, Fact.SEX, Fact.ADDRESS, Fact.IDENTIFIERS, Fact.CARERS, Fact.SERVICES),
    services=("school", "early_years"),
)
_GP = Contract(
    code="gp_registrations",
    title="GP registrations",
    about="Children registered with a GP practice.",
    columns=pick(
        f"local_id forename surname date_of_birth {_WHO} phone nhs_number service organisation contact_phone "
        "contact_hours start_date end_date",
        required="local_id",
    ),
    speaks_for=(Fact.NAMES, Fact.SEX, Fact.ADDRESS, Fact.IDENTIFIERS, Fact.GP, Fact.SERVICES),
    services=("gp",),
)
_CHILD_HEALTH = Contract(
    code="child_health",
    title="Child health",
    about="Health visiting and school nursing.",
    columns=pick(
        f"local_id forename surname former_surname date_of_birth {_WHO} nhs_number {_CARER} carer_phone "
        "involvement_id service organisation team practitioner practitioner_role contact_phone contact_hours "
        "contact_cover start_date end_date last_confirmed",
        required="local_id",
    ),
    speaks_for=(Fact.BIRTH, Fact.NAMES, Fact.SEX, Fact.ADDRESS, Fact.IDENTIFIERS, Fact.CARERS, Fact.SERVICES),
    services=("health_visitor", "school_nurse"),
)
_CHILDRENS_SERVICES = Contract(
    code="childrens_services",
    title="Children's services of a council",
    about="One council's case system: who is in contact, never what about.",
    columns=pick(
        "local_id forename middle_names surname former_surname known_as date_of_birth sex address "
        "postcode uprn address_kind address_from placed_by "
        f"other_address other_postcode upn nhs_number {_CARER} carer_phone "
        "carer2_forename carer2_surname carer2_relationship carer2_phone restricted " + _INVOLVED,
        required="local_id",
    ),
    speaks_for=(Fact.NAMES, Fact.SEX, Fact.ADDRESS, Fact.IDENTIFIERS, Fact.CARERS, Fact.SERVICES),
    services=tuple(_COUNCIL.split()),
)
_SMALL_CASE_SYSTEM: Final = (
    f"local_id forename surname known_as date_of_birth {_WHO} phone {_CARER} carer_phone {_INVOLVED}"
)
_YOUTH_JUSTICE = Contract(
    code="youth_justice",
    title="Youth justice",
    about="Young people a youth justice team works with.",
    columns=pick(_SMALL_CASE_SYSTEM, required="local_id"),
    speaks_for=(Fact.NAMES, Fact.ADDRESS, Fact.CARERS, Fact.SERVICES),
    services=("youth_justice", "youth_worker"),
)
_MENTAL_HEALTH = Contract(
    code="mental_health",
    title="Mental health and other sensitive services",
    about="Sensitive services (R36): a row comes only with consent, or for suspected significant harm (R37).",
    columns=pick(
        f"local_id forename surname known_as date_of_birth {_WHO} nhs_number {_INVOLVED} "
        "consent consent_until",
        required="local_id",
    ),
    speaks_for=(Fact.NAMES, Fact.ADDRESS, Fact.IDENTIFIERS, Fact.SERVICES),
    services=_SENSITIVE,
)
_CHARITY = Contract(
    code="charity",
    title="Charity",
    about="The case system of a charity that works with children.",
    columns=pick(f"{_SMALL_CASE_SYSTEM} consent consent_until", required="local_id"),
    speaks_for=(Fact.NAMES, Fact.ADDRESS, Fact.CARERS, Fact.SERVICES),
    services=(*_NOT_SENSITIVE, *_SENSITIVE),
)
_BY_HAND = Contract(
    code="by_hand",
    title="Said by hand",
    about="Children of whom no source had told, as a team said them on a page after a search (R23).",
    columns=pick(
        f"local_id forename surname known_as date_of_birth {_WHO} {_CARER} carer_phone",
        required="local_id surname date_of_birth",
    ),
    speaks_for=(Fact.BIRTH, Fact.NAMES, Fact.SEX, Fact.ADDRESS, Fact.CARERS),
)

CONTRACTS: Final[dict[str, Contract]] = {
    contract.code: contract
    for contract in (
        _BIRTHS,
        _CHILD_BENEFIT,
        _NHS,
        _SCHOOL_CENSUS,
        _GP,
        _CHILD_HEALTH,
        _CHILDRENS_SERVICES,
        _YOUTH_JUSTICE,
        _MENTAL_HEALTH,
        _CHARITY,
        _BY_HAND,
    )
}

REFERENCE_FILES: Final[dict[str, ReferenceFile]] = {
    file.code: file
    for file in (
        ReferenceFile(
            code="organisations",
            title="Organisations",
            about="Bodies whose services or people are in the directory.",
            columns=(
                (
                    "code",
                    "URN of a school, ODS code of a practice, `la-` and an authority's digits, or a word",
                ),
                ("name", "Name as people know it"),
                (
                    "kind",
                    (
                        "authority, school, gp, nhs_trust, police, youth_justice, charity, national, or one "
                        "that no record names or places: refuge, secure_home, hospital_school"
                    ),
                ),
                ("authority", "Three digits of its local authority; blank for national bodies"),
                ("phone", "Telephone"),
                ("hours", "When it is answered"),
                ("cover", "Whom to ring at night or in holidays"),
                ("address", "Address on one line"),
                ("postcode", "Postcode"),
            ),
        ),
        ReferenceFile(
            code="wards",
            title="Wards of postcodes",
            about="By which figures about data quality are told. The rows replace all that were there of the "
            "authorities that the file names.",
            columns=(
                ("postcode", "Postcode with its space, or its sector or district: `OL1 4AB`, `OL1 4`, `OL1`"),
                ("ward", "Code of the ward, as in `E05000800`"),
                ("name", "Name of the ward"),
                ("authority", "Three digits of the authority that it lies in"),
            ),
        ),
        ReferenceFile(
            code="sources",
            title="Sources",
            about="Systems that supply records, each under one contract.",
            columns=(
                ("code", "Short name, which begins its file names"),
                ("name", "Name as people know it"),
                ("contract", "Code of its contract"),
                ("organisation", "Code of the organisation that answers for it"),
                ("authority", "Three digits of the authority it covers; blank where it covers England"),
                ("promised_days", "At most so many days between two deliveries"),
            ),
        ),
        ReferenceFile(
            code="paired_authorities",
            title="Paired authorities",
            about="Whose shield desk takes the second decision about a protection where an authority's own "
            "has fewer than two people. The rows replace all that were there.",
            columns=(
                ("authority", "Three digits of the authority"),
                ("second_desk", "Three digits of the authority whose shield desk is its second"),
            ),
        ),
        ReferenceFile(
            code="sealed_pairs",
            title="Sealed pairs",
            about="Two halves of a sealed identity, kept apart for ever (R35). Only the national desk "
            "handles it; the directory keeps keyed digests, and for each half the other's number under a key "
            "made of its own number; no row names both.",
            columns=(
                ("source_a", "Source of a record of the earlier identity"),
                ("local_id_a", "Its local id"),
                ("source_b", "Source of a record of the new identity"),
                ("local_id_b", "Its local id"),
            ),
        ),
    )
}


def contract_named(code: str) -> Contract:
    """Return a contract by its code.

    Raises:
        DeliveryRefused: there is none.
    """
    try:
        return CONTRACTS[code]
    except KeyError:
        raise DeliveryRefused(f"There is no contract called {code}. Known: {', '.join(CONTRACTS)}.") from None
