"""The columns of each feed in file order, and how each source behaves: what it covers, keeps and mistakes.

The contracts are the directory's published feed formats; the behaviour is this England's
(docs/population.md).
"""

from dataclasses import dataclass

_WHO = "local_id forename middle_names surname"
_CARER = "carer_forename carer_surname carer_relationship carer_phone"
_CARER2 = "carer2_forename carer2_surname carer2_relationship carer2_phone"
_CASE = "involvement_id service organisation team practitioner practitioner_role"
_CONTACT = "contact_phone contact_hours contact_cover start_date end_date last_confirmed"
_INVOLVED = f"{_CASE} {_CONTACT} lead_practitioner assessment"
_PLACE = "date_of_birth sex address postcode"
_ENROLLED = "service organisation contact_phone contact_hours start_date end_date"
_SHORT = f"local_id forename surname known_as {_PLACE} phone {_CARER} {_INVOLVED}"

COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(" ".join(parts).split())
    for name, parts in {
        "births": (
            _WHO,
            _PLACE,
            "nhs_number carer_forename carer_surname carer_relationship",
            "mother_former_surname birth_order multiple_birth date_of_death",
        ),
        "child_benefit": (_WHO, _PLACE, _CARER),
        "nhs_demographics": (
            _WHO,
            "former_surname known_as suffix",
            _PLACE,
            "uprn address_kind address_from",
            "phone email nhs_number gp_practice restricted date_of_death",
        ),
        "school_census": (
            _WHO,
            "former_surname known_as",
            _PLACE,
            "uprn address_kind upn nhs_number",
            _CARER,
            _ENROLLED,
        ),
        "gp_registrations": ("local_id forename surname", _PLACE, "phone nhs_number", _ENROLLED),
        "child_health": (
            "local_id forename surname former_surname",
            _PLACE,
            "nhs_number",
            _CARER,
            _CASE,
            _CONTACT,
        ),
        "childrens_services": (
            _WHO,
            "former_surname known_as",
            _PLACE,
            "uprn address_kind address_from placed_by",
            "other_address other_postcode upn nhs_number",
            _CARER,
            _CARER2,
            "restricted",
            _INVOLVED,
        ),
        "youth_justice": (_SHORT,),
        "charity": (_SHORT, "consent consent_until"),
        "mental_health": (
            "local_id forename surname known_as",
            _PLACE,
            "nhs_number",
            _INVOLVED,
            "consent consent_until",
        ),
    }.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How one kind of source records children.

    Attributes:
        prefix: of its local ids. key: a number that makes its local ids its own.
        errors: multiplier on the published error rates (half a pair's rate is each record's at 1.0).
        stale_address, stale_surname: share of records not yet changed after a move or a change of name.
        accents: share of records that keep accents. punctuation_lost: share that lose a hyphen or an
            apostrophe.
        nhs, upn: share of records with the number. phone: share with a telephone.
        known_as_used: share of children with another name recorded under it as forename.
    """

    prefix: str
    key: int
    errors: float
    stale_address: float
    stale_surname: float
    accents: float
    punctuation_lost: float
    nhs: float = 0.0
    upn: float = 0.0
    phone: float = 0.8
    known_as_used: float = 0.0


HABITS: dict[str, Habits] = {
    "births": Habits(
        prefix="B",
        key=1,
        errors=0.3,
        stale_address=1.0,
        stale_surname=1.0,
        accents=0.6,
        punctuation_lost=0.02,
        nhs=0.97,
    ),
    "child_benefit": Habits(
        prefix="CB",
        key=2,
        errors=0.9,
        stale_address=0.35,
        stale_surname=0.5,
        accents=0.0,
        punctuation_lost=0.2,
    ),
    "nhs_demographics": Habits(
        prefix="P",
        key=3,
        errors=0.6,
        stale_address=0.2,
        stale_surname=0.25,
        accents=0.0,
        punctuation_lost=0.06,
        nhs=1.0,
        phone=0.7,
    ),
    "school_census": Habits(
        prefix="SC",
        key=4,
        errors=1.0,
        stale_address=0.22,
        stale_surname=0.25,
        accents=0.7,
        punctuation_lost=0.06,
        nhs=0.07,
        upn=0.995,
        known_as_used=0.06,
    ),
    "gp_registrations": Habits(
        prefix="G",
        key=5,
        errors=0.7,
        stale_address=0.25,
        stale_surname=0.35,
        accents=0.05,
        punctuation_lost=0.1,
        nhs=0.998,
    ),
    "child_health": Habits(
        prefix="CH",
        key=6,
        errors=1.0,
        stale_address=0.28,
        stale_surname=0.4,
        accents=0.05,
        punctuation_lost=0.15,
        nhs=0.985,
    ),
    "childrens_services": Habits(
        prefix="CS",
        key=7,
        errors=1.9,
        stale_address=0.15,
        stale_surname=0.2,
        accents=0.6,
        punctuation_lost=0.15,
        nhs=0.84,
        upn=0.6,
        known_as_used=0.15,
    ),
    "youth_justice": Habits(
        prefix="YJ",
        key=8,
        errors=2.2,
        stale_address=0.2,
        stale_surname=0.2,
        accents=0.4,
        punctuation_lost=0.2,
        known_as_used=0.25,
    ),
    "mental_health": Habits(
        prefix="M",
        key=9,
        errors=1.2,
        stale_address=0.25,
        stale_surname=0.3,
        accents=0.2,
        punctuation_lost=0.12,
        nhs=0.94,
        known_as_used=0.08,
    ),
    "charity": Habits(
        prefix="V",
        key=10,
        errors=2.6,
        stale_address=0.25,
        stale_surname=0.25,
        accents=0.8,
        punctuation_lost=0.2,
        known_as_used=0.3,
    ),
}
PROMISED_DAYS = {
    "births": 7,
    "child_benefit": 28,
    "nhs_demographics": 1,
    "school_census": 120,
    "gp_registrations": 7,
    "child_health": 7,
    "childrens_services": 1,
    "youth_justice": 7,
    "mental_health": 7,
    "charity": 28,
}
