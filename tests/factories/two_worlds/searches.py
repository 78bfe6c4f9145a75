"""What lookers search for: what is open about the children of these worlds, and what is hidden of them."""

from collections.abc import Mapping

_NAMES = {
    "forename": "Amina",
    "surname": "Okafor",
    "date_of_birth-day": "9",
    "date_of_birth-month": "5",
    "date_of_birth-year": "2016",
}
# The first are tried by everybody who may search, all by one.
SEARCHES: Mapping[str, Mapping[str, str]] = {
    "name": _NAMES,
    "somebody in contact with many": {"forename": "Benedict", "surname": "Whitworth", "age": "13"},
    "surname and age": {"surname": "Okafor", "age": "10"},
    "authority": {**_NAMES, "authority": "353"},
    "a postcode": {**_NAMES, "place": "OL1 4AB"},
    "misspelt name and age": {"forename": "Ameena", "surname": "Okafour", "age": "10"},
    "another date": {**_NAMES, "date_of_birth-day": "5", "date_of_birth-month": "9"},
    "an NHS number": {"number": "9000000009"},
    "another NHS number": {"number": "9434765919"},
    "another place": {**_NAMES, "place": "Sycamore House, Rochdale"},
    "a carer": {**_NAMES, "carer_name": "Grace Okafor"},
    "another carer": {"surname": "Okafor", "age": "10", "carer_name": "Ivy Lindqvist"},
    "a telephone": {**_NAMES, "phone": "07700 900123"},
    "school": {**_NAMES, "school": "Broadfield"},
    "GP": {**_NAMES, "gp_practice": "Glodwick"},
    "wrong authority": {**_NAMES, "authority": "354"},
    "another who is shielded": {"forename": "Idris", "surname": "Haddad", "age": "12"},
    "a temporary shield": {"forename": "Tara", "surname": "Marsh", "age": "9"},
    "the old name": {"forename": "Cara", "surname": "Whitworth", "age": "11"},
    "the new name": {"forename": "Rosa", "surname": "Marlowe", "age": "11"},
    "one in a refuge": {"forename": "Leo", "surname": "Marsh", "age": "9"},
    "one in a refuge, by its place": {"surname": "Marsh", "age": "9", "place": "OL12 7BB"},
    "one who is kept from them": {"forename": "Nadia", "surname": "Whitworth", "age": "12"},
    "another NHS number still": {"number": "4010232161"},
    "the service's own name": {"forename": "Mina", "surname": "Whitworth", "age": "11"},
}
