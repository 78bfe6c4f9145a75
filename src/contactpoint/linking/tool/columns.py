"""The columns of a record, the same in every file and in the JSON of one, and what other people call them."""

import re
from collections.abc import Iterable
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

from contactpoint.domain.people import PERSON_COLUMNS

KEY_COLUMNS: Final = ("source", "local_id")
COLUMNS: Final = (*KEY_COLUMNS, *PERSON_COLUMNS)

_ALIASES: Final = {
    "local_id": "id record_id rec_id recordid unique_id uniqueid person_id patient_id pupil_id client_id",
    "source": "source_dataset dataset source_system",
    "forename": "first_name firstname given_name givenname forenames first_names christian_name fname",
    "middle_names": "middle_name middlename second_name middle mname",
    "surname": "last_name lastname family_name familyname second_surname lname",
    "former_surname": "maiden_name previous_surname previous_last_name birth_surname birth_name",
    "known_as": "preferred_name nickname alias preferred_forename",
    "suffix": "name_suffix generation",
    "date_of_birth": "dob birth_date birthdate dateofbirth date_birth born birthday",
    "sex": "gender sex_code gender_code",
    "address": "street_address address_1 address1 address_line_1 street full_address addr address_line",
    "postcode": "postal_code post_code zip zip_code zipcode postalcode",
    "phone": "telephone phone_number telephone_number mobile mobile_number tel phone1",
    "email": "email_address e_mail mail",
    "nhs_number": "nhs_no nhsno nhsnumber",
    "upn": "unique_pupil_number pupil_number",
    "carer_forename": "parent_forename parent_first_name guardian_first_name mother_forename",
    "carer_surname": "parent_surname parent_last_name guardian_last_name mother_surname",
    "mother_former_surname": "mother_maiden_name mothers_maiden_name",
    "birth_order": "birthorder",
    "multiple_birth": "multiple",
    "date_of_death": "dod death_date deathdate",
}
ALIASES: Final = {alias: column for column, names in _ALIASES.items() for alias in names.split()}
IDENTIFIERS: Final = frozenset(
    {"ssn", "soc_sec_id", "social_security_number", "passport", "passport_number", "national_id"}
    | {"ni_number", "nino", "mrn", "uln"}
)
"""Columns that are identifiers of a kind of their own: they go to `other_identifiers` as scheme:value."""

ADDRESS_PARTS: Final = (
    *("house_number", "street_number", "number", "address_1", "address1", "address_line_1", "street"),
    *("street_name", "street_address", "address_2", "address2", "address_line_2", "suburb", "town", "city"),
    *("locality", "county", "state"),
)
"""Columns that together make one line of address, in this order."""

_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
SHORTEST_TYPO: Final = 5


def plain_header(name: str) -> str:
    """Return a header in small letters with underscores: "Date of Birth" is date_of_birth."""
    return _NOT_WORD.sub("_", name.strip().casefold()).strip("_")


def likely_column(name: str) -> str | None:
    """Return the column that a header most likely means, or None: a known other name, or one slip away."""
    plain = plain_header(name)
    if plain in COLUMNS:
        return plain
    if plain in ALIASES:
        return ALIASES[plain]
    if len(plain) < SHORTEST_TYPO:
        return None
    near = [column for column in COLUMNS if DamerauLevenshtein.distance(plain, column) == 1]
    return near[0] if len(near) == 1 else None


def misnamed(names: Iterable[str]) -> dict[str, str]:
    """Return the headers that are probably one of our columns under another name, and which.

    Only for columns that no other header fills: `first_name` beside `forename` is just one more column.
    """
    given = {plain_header(name): name for name in names}
    found: dict[str, str] = {}
    for plain, name in given.items():
        column = likely_column(plain)
        if plain not in COLUMNS and column and column not in given and column not in found.values():
            found[name] = column
    return found
