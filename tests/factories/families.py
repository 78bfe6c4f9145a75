"""Random families in five sources with mistakes in every field, for engines to agree on."""

import random

import polars as pl

FORENAMES = (
    "Amelia", "Millie", "Sophie", "Sofie", "Mohammed", "Muhammad", "Jack", "John", "Olivia", "Mary-Jane",
    "Mary", "Leo", "Leon", "Ivy", "Élodie", "Zoë", "Ali", "Yusuf", "Kate", "Catherine", "王伟", "أحمد",
)  # fmt: skip
SURNAMES = (
    "Smith", "O'Brien", "Smith-Jones", "Jones", "Ali", "Khan", "Begum", "Kaur", "Nowak", "Müller",
    "Patel", "Brown", "Browne", "Thompson", "Thomson", "李",
)  # fmt: skip
NHS_NUMBERS = ("9000000009", "9000000017", "9000000025", "9000000033", "9000000041")
SOURCES = ("births", "nhs", "gp", "school", "council")


def families(size: int, seed: int) -> pl.DataFrame:
    """Records of about `size` families, numbered at random so that no order can be told from the number."""
    draw = random.Random(seed)
    rows = [row for _ in range(size) for row in _family(draw)]
    numbers = draw.sample(range(10**9), len(rows))
    keyed = [
        {"record": number, "local_id": f"{row['source']}-{place}", **row}
        for place, (number, row) in enumerate(zip(numbers, rows, strict=True))
    ]
    return pl.DataFrame(keyed, infer_schema_length=None)


def _family(draw):
    surname, year = draw.choice(SURNAMES), draw.randint(2008, 2010)
    month, day = (1, 1) if draw.random() < 0.05 else (draw.randint(1, 12), draw.randint(1, 28))
    home = {
        "surname": surname,
        "date_of_birth": f"{year}-{month:02}-{day:02}",
        "address": f"{draw.randint(1, 9)} {draw.choice(('High', 'Low', 'Mill'))} Street",
        "postcode": f"M{draw.randint(1, 6)} {draw.randint(1, 4)}C{draw.choice('IKM')}",
    }
    for _ in range(1 + (draw.random() < 0.2)):
        child = {**home, "forename": draw.choice(FORENAMES), "sex": draw.choice("MF")}
        child["nhs_number"] = draw.choice(NHS_NUMBERS) if draw.random() < 0.05 else None
        for source in SOURCES:
            if draw.random() < 0.65:
                yield {"source": source, **_mistaken(draw, child)}


def _mistaken(draw, child):
    """What one source makes of a child."""

    def perhaps(chance, value):
        return value if draw.random() < chance else None

    forename = perhaps(0.12, draw.choice([*FORENAMES, "", "Baby", "J", "王"])) or child["forename"]
    surname = perhaps(0.08, draw.choice(SURNAMES)) or child["surname"]
    if draw.random() < 0.04:
        forename, surname = surname, forename
    year, month, day = child["date_of_birth"].split("-")
    other_dates = (
        f"{year}-{day}-{month}",
        f"{year}-{month}-17",
        year,
        f"{year}-{month}",
        f"{year}-01-01",
        "?",
    )
    return {
        **child,
        "forename": "" if draw.random() < 0.04 else forename,
        "surname": surname,
        "middle_names": perhaps(0.5, draw.choice([*FORENAMES, "J", "Ivy Kate"])),
        "former_surname": perhaps(0.05, draw.choice(SURNAMES)),
        "known_as": perhaps(0.05, draw.choice(FORENAMES)),
        "date_of_birth": perhaps(0.12, draw.choice(other_dates)) or child["date_of_birth"],
        "sex": perhaps(0.95, child["sex"]),
        "address": ("Flat 2, " if draw.random() < 0.1 else "") + child["address"],
        "postcode": perhaps(0.1, draw.choice(("ZZ99 3VZ", "", "M1 1CK"))) or child["postcode"],
        "uprn": perhaps(0.1, str(draw.randint(1, 50))),
        "phone": perhaps(0.5, draw.choice(("0161 496 0001", "+44 161 496 0001", "0161 496 0002"))),
        "nhs_number": perhaps(0.8, child["nhs_number"]) or perhaps(0.01, "9000000019"),
        "upn": perhaps(0.03, draw.choice(("B801200005001", "Q801200005002", "B801200005002"))),
        "other_identifiers": perhaps(0.05, f"ref:{draw.randint(100000, 100090)};x:{draw.randint(1, 9)}"),
        "carer_forename": perhaps(0.4, draw.choice(FORENAMES)),
        "carer_surname": perhaps(0.5, draw.choice((surname, draw.choice(SURNAMES)))),
        "mother_former_surname": perhaps(0.1, draw.choice(SURNAMES)),
        "birth_order": perhaps(0.03, draw.choice("12")),
        "multiple_birth": perhaps(0.03, "Y"),
        "date_of_death": perhaps(0.01, "2012-01-01"),
    }
