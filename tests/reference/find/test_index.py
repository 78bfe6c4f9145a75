"""The fast way to the search index says of every child what the plain way says."""

import random
from datetime import date, timedelta

import pytest
from tests.reference.find.scalar_index import keys_of, statement_of, ways_of

from contactpoint.actions.find.filing import Held, keys_of_child, rows_of_child
from contactpoint.domain.disclosure.held import Gazetteer
from contactpoint.linking.names import joined, name_of
from contactpoint.storage.queries.told import Told

SOURCES = (
    ("births", "births"),
    ("nhs-demographics", "nhs_demographics"),
    ("school-census", "school_census"),
    ("gp-registrations", "gp_registrations"),
    ("childrens-services-353", "childrens_services"),
    ("harbour", "charity"),
)
CHOICES = {
    "forename": ("Amina", "Amina", "Amina", "Ameena", "AMINA", "Amina Grace", "Baby", ""),
    "surname": ("Okafor", "Okafor", "Okafor", "Okafor-Smith", "O'Kafor", "Kaur", ""),
    "former_surname": ("", "", "", "Adeyemi"),
    "known_as": ("", "", "", "Mina"),
    "date_of_birth": ("2016-05-09", "2016-05-09", "2016-05-09", "2016-05-08", "2016-05", ""),
    "sex": ("F", "F", "F", "M", ""),
    "address": (
        "14 Mill Lane, Oldham",
        "14 Mill Lane, Oldham",
        "14 mill lane Oldham",
        "3 Quarry Bank, Rochdale",
        "",
    ),
    "postcode": ("OL1 4AB", "OL1 4AB", "ol14ab", "OL12 9XY", ""),
    "address_kind": ("", "", "", "", "home", "placement", "left_england", "none_known", "second_home"),
    "address_from": ("", "", "2024-02-01", "2026-09-01"),
    "other_address": ("", "", "", "9 Hill Top, Bury"),
    "other_postcode": ("", "", "", "BL9 0AA"),
    "nhs_number": ("9000000009", "9000000009", "", "9434765919"),
    "upn": ("", "F353573416001"),
    "phone": ("", "07700 900123", "+44 7700 900123"),
    "carer_forename": ("", "Grace"),
    "carer_surname": ("Okafor", "Okafor", "Van Dyke", ""),
    "carer_phone": ("", "07700 900456"),
    "carer2_surname": ("", "", "Lindqvist"),
    "gp_practice": ("", "P85001"),
}


def child(seed):
    chance = random.Random(seed)
    told = []
    for record in range(chance.randint(1, 6)):
        source, contract = chance.choice(SOURCES)
        told.append(
            Told(
                child="C",
                record=record,
                source=source,
                source_name=source.title(),
                contract=contract,
                authority="353" if contract == "childrens_services" else "",
                local_id=f"r{record}",
                as_at=date(2026, 11, 1) - timedelta(days=chance.choice((0, 30, 400, 900))),
                recorded_at="2026-11-02 10:00:00+00",
                facts={name: value for name, among in CHOICES.items() if (value := chance.choice(among))},
            )
        )
    return told


@pytest.mark.parametrize("seed", range(400))
def test_rows_and_keys_are_those_of_the_plain_way(seed):
    told = child(seed)
    statements = [statement_of(one) for one in told]
    held = Held(shielded=False, told=told)

    rows = rows_of_child("C", held, Gazetteer())

    assert [
        (
            (row.sk, row.fk, row.dob_text, row.postcode, joined(name_of(row.forename))),
            (row.forename, row.surname, row.sex),
        )
        for row in rows
    ] == ways_of(statements)
    assert {(kind, key) for _, kind, key in keys_of_child("C", held)} == keys_of(statements)
