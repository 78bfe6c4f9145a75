"""The levels of the model as conditions that Splink asks in SQL, and the columns that they read."""

from functools import cache
from typing import Any, Final

import polars as pl

from contactpoint.linking.model.normalise import Profile, profile_from
from contactpoint.linking.names import HONORIFICS, variant_pairs

ORDERS: Final = {
    "forename": "exact nickname spelling sounds close part initial swapped known_as middle similar different",
    "surname": "exact former part variant sounds close family swapped similar honorific different",
}
_EDIT: Final = "damerau_levenshtein({0}_l, {0}_r) = 1 AND length({0}_l) = length({0}_r)"
_LIKE: Final = "jaro_winkler_similarity({0}_l, {0}_r) >= {1}"
_ANY: Final = "list_has_any({0}_l, {0}_r)"
_DAY: Final = "length(date_of_birth_l) = 10 AND length(date_of_birth_r) = 10"


def _either(one: str, two: str) -> str:
    return f"({one}_l = {two}_r OR {two}_l = {one}_r)"


def _names(column: str) -> dict[str, str]:
    sounds = _ANY.format(f"{column}_sounds")
    return {
        "exact": f"{column}_l = {column}_r",
        "sounds": f"{_LIKE.format(column, 0.8)} AND {sounds}",
        "close": _LIKE.format(column, 0.92),
        "part": _ANY.format(f"{column}_words"),
        "similar": f"({_LIKE.format(column, 0.8)} OR {sounds})",
        "swapped": "(forename_l = surname_r AND surname_l = forename_r)",
    }


SQL: Final[dict[str, dict[str, str]]] = {
    "forename": {
        **_names("forename"),
        "exact": "forename_l = forename_r AND (length(forename_l) > 1 OR upper(forename_l) = forename_l)",
        "nickname": "(list_contains(forename_nicknames_l, forename_r))",
        "spelling": "(list_contains(forename_spellings_l, forename_r))",
        "initial": "(starts_with(forename_l, forename_r) OR starts_with(forename_r, forename_l))",
        "known_as": f"({_either('forename', 'known_as')} OR known_as_l = known_as_r)",
        "middle": "(list_contains(middle_names_words_l, forename_r)"
        " OR list_contains(middle_names_words_r, forename_l))",
    },
    "middle_names": {
        "exact": "middle_names_l = middle_names_r",
        "shared": _ANY.format("middle_names_words"),
        "initial": "(left(middle_names_l, 1) = left(middle_names_r, 1)"
        " AND (length(middle_names_l) = 1 OR length(middle_names_r) = 1))",
    },
    "surname": {
        **_names("surname"),
        "former": _either("surname", "former_surname"),
        "variant": "list_contains(surname_variants_l, surname_r)",
        "family": f"({_either('surname', 'carer_surname')} OR {_either('surname', 'mother_former_surname')})",
        "honorific": "list_has_any(surname_honorifics_l, surname_honorifics_r)",
    },
    "date_of_birth": {
        "exact_new_year": "date_of_birth_l = date_of_birth_r AND right(date_of_birth_l, 5) = '01-01'",
        "exact": f"date_of_birth_l = date_of_birth_r AND {_DAY}",
        "swapped": f"{_DAY} AND left(date_of_birth_l, 4) = left(date_of_birth_r, 4)"
        " AND substr(date_of_birth_l, 6, 2) = right(date_of_birth_r, 2)"
        " AND substr(date_of_birth_r, 6, 2) = right(date_of_birth_l, 2)",
        "one_digit": f"{_DAY} AND {_EDIT.format('date_of_birth')}",
        "near": f"{_DAY} AND (abs(date_diff('day', try_cast(date_of_birth_l AS DATE),"
        " try_cast(date_of_birth_r AS DATE))) = 1 OR (right(date_of_birth_l, 5) = right(date_of_birth_r, 5)"
        " AND abs(CAST(left(date_of_birth_l, 4) AS INT) - CAST(left(date_of_birth_r, 4) AS INT)) = 1))",
        "month_year": f"{_DAY} AND left(date_of_birth_l, 7) = left(date_of_birth_r, 7)",
        "partial_month": "length(date_of_birth_l) >= 7 AND length(date_of_birth_r) >= 7"
        " AND left(date_of_birth_l, 7) = left(date_of_birth_r, 7)",
        "partial_year": "(length(date_of_birth_l) = 4 OR length(date_of_birth_r) = 4)"
        " AND left(date_of_birth_l, 4) = left(date_of_birth_r, 4)",
        "new_year": f"{_DAY} AND left(date_of_birth_l, 4) = left(date_of_birth_r, 4)"
        " AND (right(date_of_birth_l, 5) = '01-01' OR right(date_of_birth_r, 5) = '01-01')",
        "day_month": f"{_DAY} AND right(date_of_birth_l, 5) = right(date_of_birth_r, 5)",
        "year": "left(date_of_birth_l, 4) = left(date_of_birth_r, 4)",
    },
    "home": {
        "same": "(uprn_l = uprn_r"
        " OR (postcode_l = postcode_r AND (street_l = street_r OR house_l = house_r)))",
        "postcode": "postcode_l = postcode_r",
        "slip": f"(street_l = street_r OR (house_l = house_r AND {_EDIT.format('postcode')}))",
        "sector": "postcode_sector_l = postcode_sector_r",
        "district": "postcode_district_l = postcode_district_r",
        "area": "postcode_area_l = postcode_area_r",
    },
    "carer": {
        "same": "carer_forename_l = carer_forename_r AND carer_surname_l = carer_surname_r",
        "similar": f"{_LIKE.format('carer_forename', 0.8)} AND {_LIKE.format('carer_surname', 0.92)}",
        "forename": _LIKE.format("carer_forename", 0.8),
        "surname": _LIKE.format("carer_surname", 0.92),
    },
    "other_identifiers": {
        "same": _ANY.format("other_identifiers"),
        "one_slip": "len(list_filter(other_identifiers_l, x -> len(list_filter(other_identifiers_r,"
        " y -> split_part(x, ':', 1) = split_part(y, ':', 1) AND length(x) = length(y)"
        " AND length(split_part(x, ':', 2)) >= 6 AND damerau_levenshtein(x, y) = 1)) > 0)) > 0",
    },
}
VERIFIED: Final = {
    "same": "{0}_l = {0}_r AND {0}_verified_l AND {0}_verified_r",
    "same_unverified": "{0}_l = {0}_r",
    "different": "{0}_verified_l AND {0}_verified_r",
    "one_digit": _EDIT,
}
FIRST: Final = {"home": "postcode", "carer": "carer_surname"}


def prepared(records: pl.DataFrame) -> pl.DataFrame:
    """Return records with the columns that the exported conditions read (row by row).

    Every column has the type that the conditions want also where nobody has a value.
    """
    rows = [
        {"source": row["source"], "local_id": row["local_id"], **_prepared(profile_from(row))}
        for row in records.iter_rows(named=True)
    ]
    names = ["source", "local_id", *_prepared(profile_from({}))]
    return pl.DataFrame(rows, schema={name: _kind(name) for name in names})


def _kind(name: str) -> pl.DataType:
    if name.endswith("_verified"):
        return pl.Boolean()
    listed = name.endswith(("_words", "_sounds", "_nicknames", "_spellings", "_variants", "_honorifics"))
    return pl.List(pl.String) if listed or name == "other_identifiers" else pl.String()


def _prepared(one: Profile) -> dict[str, Any]:
    names = {
        "forename": one.forename,
        "middle_names": one.middle,
        "surname": one.surname,
        "former_surname": one.former_surname,
        "known_as": one.known_as,
        "carer_forename": one.carer_forename,
        "carer_surname": one.carer_surname,
        "mother_former_surname": one.mother_former_surname,
    }
    year, month, day = one.birth
    born = f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")
    row: dict[str, Any] = {name: value.joined or None for name, value in names.items()}
    for name in ("forename", "middle_names", "surname"):
        row |= {f"{name}_words": list(names[name].words), f"{name}_sounds": list(names[name].sounds)}
    return row | {
        "forename_nicknames": _fellows("nicknames", one.forename.joined),
        "forename_spellings": _fellows("forename_spellings", one.forename.joined),
        "surname_variants": _fellows("surname_variants", one.surname.joined),
        "surname_honorifics": [word for word in one.surname.words if word in HONORIFICS],
        "date_of_birth": born if year else None,
        "date_of_death": "-".join(map(str, one.death)) if any(one.death) else None,
        "sex": one.sex or None,
        "uprn": one.uprn or None,
        "house": one.house or None,
        "street": one.street or None,
        "postcode": one.postcode.full or None,
        "postcode_sector": one.postcode.sector or None,
        "postcode_district": one.postcode.district or None,
        "postcode_area": one.postcode.area or None,
        "phone": one.phone or None,
        "email": one.email or None,
        "nhs_number": one.nhs_number or None,
        "nhs_number_verified": one.nhs_verified,
        "upn": one.upn or None,
        "upn_verified": one.upn_verified,
        "other_identifiers": [f"{scheme}:{value}" for scheme, value in one.other_identifiers] or None,
        "birth_order": (one.birth_order if one.multiple else None) or None,
        "suffix": one.suffix or None,
    }


@cache
def _table(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one, other in variant_pairs(name):
        found.setdefault(one, []).append(other)
    return found


def _fellows(table: str, name: str) -> list[str]:
    return sorted(set(_table(table).get(name, ())))
