"""What may be said of one organisation, and of one source, from a page (R17, R25, R34, R55, R58)."""

import pytest

from contactpoint.domain.bodies import (
    AsItIs,
    Known,
    may_a_page_change_it,
    what_is_wrong_with_the_body,
    what_is_wrong_with_the_source,
)
from contactpoint.domain.reference_lists import ListKind

OAK = {
    "name": "Oak Lane School", "authority": "353", "phone": "01706 496001", "hours": "Weekdays 9 to 4",
    "cover": "", "address": "Oak Lane", "postcode": "OL16 2AA",
}  # fmt: skip
CENSUS = {
    "name": "School census, Oldham", "contract": "school_census", "organisation": "la-353",
    "authority": "353", "every": "31",
}  # fmt: skip
HERE = {"authorities": {"353"}, "organisations": {"la-353"}, "contracts": {"school_census", "charity"}}
SCHOOL, CHARITY, AUTHORITY = ListKind.SCHOOL, ListKind.CHARITY, ListKind.AUTHORITY


def there(kind, **changed):
    cells = CENSUS if kind is ListKind.SOURCE else OAK
    return {"as_it_is": AsItIs(kind=kind, code="900001", cells={**cells, "closed": "", **changed})}


# (rule, kind, code, what differs from a good one, what is known of the code, is it new, wrong fields)
BODIES = [
    ("R58", SCHOOL, "900001", {}, {}, True, []),
    ("R58", SCHOOL, "900001", {}, there(SCHOOL), False, []),
    ("R58", SCHOOL, "900001", {}, there(SCHOOL), True, ["code"]),
    ("R58", SCHOOL, "900001", {"authority": ""}, {}, True, ["authority"]),
    ("R58", SCHOOL, "900001", {"authority": "999"}, {}, True, ["authority"]),
    ("R58", CHARITY, "kids", {"authority": ""}, {}, True, []),
    ("R58", AUTHORITY, "la-355", {"authority": "355"}, {}, True, []),
    ("R58", AUTHORITY, "la-355", {"authority": "353"}, {}, True, ["authority"]),
    ("R58", AUTHORITY, "la-353", {}, there(AUTHORITY), False, []),
    ("R25", SCHOOL, "900001", {"phone": "ask for Jo"}, {}, True, ["phone"]),
    ("R25", SCHOOL, "900001", {"postcode": "OL1"}, {}, True, ["postcode"]),
    ("R25", SCHOOL, "900001", {"name": ""}, {}, True, ["name"]),
    ("R34", SCHOOL, "900001", {}, {"elsewhere": True}, True, ["code"]),
    ("R34", SCHOOL, "contactpoint", {}, {}, True, ["code"]),
    ("R34", SCHOOL, "not-shown", {}, {}, True, ["code"]),
]


@pytest.mark.parametrize(("rule", "kind", "code", "changed", "known", "new", "wrong"), BODIES)
def test_what_is_wrong_with_what_is_said_of_a_body(rule, kind, code, changed, known, new, wrong):
    found = what_is_wrong_with_the_body(kind, code, {**OAK, **changed}, Known(**HERE, **known), new=new)
    assert [one.field for one in found] == wrong, rule


# (rule, its code, what differs from a good one, what is known of the code, is it new, which fields are wrong)
SOURCES = [
    ("R17", "school-census-353", {}, {}, True, []),
    ("R17", "school-census-353", {"contract": "case_notes"}, {}, True, ["contract"]),
    ("R17", "900001", {"contract": "charity"}, there(ListKind.SOURCE), False, ["contract"]),
    ("R17", "900001", {"every": "7"}, there(ListKind.SOURCE), False, []),
    ("R17", "900001", {}, there(ListKind.SOURCE), True, ["code"]),
    ("R25", "school-census-353", {"organisation": "nowhere"}, {}, True, ["organisation"]),
    ("R25", "school-census-353", {"authority": "999"}, {}, True, ["authority"]),
    ("R25", "school-census-353", {"authority": ""}, {}, True, []),
    ("R25", "School Census", {}, {}, True, ["code"]),
    ("R25", "", {"name": ""}, {}, True, ["code", "name"]),
    ("R25", "x" * 49, {}, {}, True, ["code"]),
    *(
        ("R25", "school-census-353", {"every": days}, {}, True, ["every"])
        for days in ("0", "1000", "soon", "")
    ),
]


@pytest.mark.parametrize(("rule", "code", "changed", "known", "new", "wrong"), SOURCES)
def test_what_is_wrong_with_what_is_said_of_a_source(rule, code, changed, known, new, wrong):
    found = what_is_wrong_with_the_source(code, {**CENSUS, **changed}, Known(**HERE, **known), new=new)
    assert [one.field for one in found] == wrong, rule


# (rule, the kind of a body, its code, may a page change it)
CHANGED = [
    ("R58", "school", "105734", True),
    ("R58", "charity", "kids", True),
    ("R34", "refuge", "haven", False),
    ("R34", "secure_home", "haven", False),
    ("R34", "hospital_school", "haven", False),
    ("R55", "national", "contactpoint", False),
]


@pytest.mark.parametrize(("rule", "kind", "code", "may"), CHANGED)
def test_what_a_page_may_change(rule, kind, code, may):
    assert may_a_page_change_it(kind, code) is may, rule
