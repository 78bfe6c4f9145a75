"""What a search needs and what it leaves out: each row names its rule (R10, R12)."""

from datetime import date

import pytest

from contactpoint.domain.criteria import WHAT_IS_ENOUGH, Criteria
from contactpoint.domain.disclosure.policies import is_it_archived
from contactpoint.domain.disclosure.shielding import does_this_search_exclude_shielded_records
from contactpoint.domain.errors import InvalidInput

NAME = {"surname": "Okafor", "forename": "Amina"}
BORN = {"date_of_birth": date(2016, 5, 9)}

# (rule, what is known, whether it is enough)
ENOUGH = [
    ("R12", {"number": "C000000102M"}, True),
    ("R12", NAME, True),
    ("R12", {"surname": "Okafor", **BORN}, True),
    ("R12", {"forename": "Amina", **BORN}, True),
    ("R12", {"surname": "Okafor", "age": 0}, True),
    ("R12", {"surname": "Okafor", "place": "OL1 4AB"}, True),
    ("R12", {"surname": "Okafor", "place": "Mill Lane"}, False),
    ("R12", {"surname": "Okafor"}, False),
    ("R12", {"forename": "Amina"}, False),
    ("R12", BORN, False),
    ("R12", {"phone": "07700 900123"}, False),
    ("R12", {"carer_name": "Grace Okafor", **BORN}, False),
    ("R12", {"surname": "...", **BORN}, False),
]


@pytest.mark.parametrize(("rule", "known", "enough"), ENOUGH)
def test_what_is_enough(rule, known, enough):
    if enough:
        assert Criteria(**known), rule
    else:
        with pytest.raises(InvalidInput, match=WHAT_IS_ENOUGH.replace("(", r"\(").replace(")", r"\)")):
            Criteria(**known)


# (rule, a name that ends where knowledge does, whether it may be asked)
WILDCARDS = [
    ("R12", "Oka*", True),
    ("R12", "O'Co*", True),
    ("R12", "Okafor *", True),
    ("R12", "Ok*", False),
    ("R12", "*", False),
    ("R12", "*for", False),
    ("R12", "Oka*or", False),
    ("R12", "Oka**", False),
]


@pytest.mark.parametrize(("rule", "name", "allowed"), WILDCARDS)
@pytest.mark.parametrize("box", ["forename", "surname"])
def test_a_wildcard_stands_at_the_end_of_three_letters_or_more(rule, name, allowed, box):
    typed = {**NAME, box: name}
    if allowed:
        assert Criteria(**typed), rule
    else:
        with pytest.raises(InvalidInput, match="at least three letters"):
            Criteria(**typed)


# (rule, what is also typed, whether shielded records are left out)
HIDDEN = [
    ("R10", {}, False),
    ("R10", BORN, False),
    ("R10", {"age": 10}, False),
    ("R10", {"number": "C000000102M"}, False),
    ("R10", {"carer_name": "Grace"}, True),
    ("R10", {"phone": "07700 900123"}, True),
    ("R10", {"place": "OL1"}, True),
    ("R10", {"place": "Mill Lane"}, True),
    ("R10", {"school": "Broadfield"}, True),
    ("R10", {"gp_practice": "Glodwick"}, True),
    ("R10", {"authority": "353"}, True),
]


@pytest.mark.parametrize(("rule", "typed", "left_out"), HIDDEN)
def test_which_searches_leave_shielded_records_out(rule, typed, left_out):
    assert does_this_search_exclude_shielded_records(Criteria(**NAME, **typed)) is left_out, rule


# (rule, born, died, archived on 22 November 2026)
ARCHIVED = [
    ("R47", date(2008, 11, 23), None, False),
    ("R47", date(2008, 11, 22), None, True),
    ("R47", date(2008, 2, 29), None, True),
    ("R47", None, None, False),
    ("R49", date(2016, 5, 9), date(2025, 11, 22), True),
    ("R49", date(2016, 5, 9), date(2025, 11, 23), False),
]


@pytest.mark.parametrize(("rule", "born", "died", "archived"), ARCHIVED)
def test_when_a_record_is_archived(rule, born, died, archived):
    assert is_it_archived(born, died, date(2026, 11, 22)) is archived, rule
