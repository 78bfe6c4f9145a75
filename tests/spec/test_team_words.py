"""What a team writes down of a child itself: who may, of which day, and whom the record believes (R49)."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date

import pytest
from tests.factories.records import NOW, statement
from tests.factories.viewers import viewer

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.survivorship import derive
from contactpoint.domain.team_words import CONTRACT, WordInQuestion, WordKind, may_it_have_been_on_that_day

TEAM = viewer(role=Role.AUTHORITY_TEAM, organisation_kind="authority", authority="353")
NOBODYS = viewer(role=Role.AUTHORITY_TEAM, organisation_kind="authority", authority=None)
NATION = viewer(role=Role.NATIONAL_TEAM, authority=None)
NURSE = viewer()


def about(authority, *, protected=False):
    return WordInQuestion(protected=protected, authority=authority)


# (who asks, about whom, the rules that decide, whether they may)
WHO = [
    (TEAM, about("353"), ("R1",), True),
    (TEAM, about("354"), ("R58",), False),
    (TEAM, about(None), ("R58",), False),
    (NOBODYS, about(None), ("R58",), False),
    (NATION, about(None), ("R1",), True),
    (NATION, about("353"), ("R58",), False),
    (TEAM, about(None, protected=True), ("R27",), False),
    (NATION, about(None, protected=True), ("R27",), False),
]


@pytest.mark.parametrize(("who", "word", "rules", "may"), WHO)
def test_who_answers_for_the_child_writes_it_down(who, word, rules, may):
    asked = AccessRequest(viewer=who, permission=Permission.WRITE_TEAM_WORD, at=NOW, team_word=word)
    decision = authorise(asked)
    assert (decision.allowed, set(rules) <= set(decision.rules)) == (may, True)


@pytest.mark.parametrize("role", list(Role))
def test_r58_teams_of_authorities_and_the_nation_alone_write_such_words(role):
    asked = AccessRequest(viewer=viewer(role=role), permission=Permission.WRITE_TEAM_WORD, at=NOW)
    assert authorise(asked).allowed is (role in (Role.AUTHORITY_TEAM, Role.NATIONAL_TEAM))


TODAY = date(2026, 11, 22)
# (rule, what happened, the day, what is known of the date of birth, whether it may be written down)
DIED = WordKind.DIED
WHEN = [
    ("R49", DIED, TODAY, "2019-03-27", True),
    ("R49", DIED, date(2026, 11, 23), "2019-03-27", False),
    ("R49", DIED, date(2026, 3, 27), "2026-03-27", True),
    ("R49", DIED, date(2026, 3, 26), "2026-03-27", False),
    ("R49", DIED, date(2026, 3, 1), "2026-03", True),
    ("R49", DIED, date(2026, 2, 28), "2026-03", False),
    ("R49", DIED, date(2026, 1, 1), "2026", True),
    ("R49", DIED, date(2025, 12, 31), "2026", False),
    ("R49", DIED, date(2025, 11, 23), None, True),
    ("R49", DIED, date(2025, 11, 22), None, False),
    ("R50", WordKind.LEFT_FOR_GOOD, date(2025, 11, 23), None, True),
    ("R50", WordKind.LEFT_FOR_GOOD, date(2025, 11, 22), None, False),
    ("R50", WordKind.LEFT_RETURNING, date(2023, 11, 23), None, True),
    ("R50", WordKind.LEFT_ENGLAND, date(2023, 11, 22), None, False),
]


@pytest.mark.parametrize(("rule", "kind", "day", "born", "may"), WHEN)
def test_of_which_days_it_may_be(rule, kind, day, born, may):
    with nullcontext() if may else pytest.raises(InvalidInput):
        assert may_it_have_been_on_that_day(kind, day, born, TODAY) is None, rule


def died(contract, day):
    said = statement("births")
    return replace(said, source=contract, contract=contract, facts=replace(said.facts, date_of_death=day))


OURS = died(CONTRACT, "2026-03-02")
# (rule, what sources say, the day that the record gives)
BELIEVED = [
    ("R49", [], "2026-03-02"),
    ("R49", [died("nhs_demographics", "2026-03-02")], "2026-03-02"),
    ("R49", [died("nhs_demographics", "2026-03-01")], "2026-03-01"),
    ("R49", [died("childrens_services", "2026-03-01")], "2026-03-01"),
    ("R49", [died("gp_registrations", "2026-03-01")], "2026-03-02"),
    ("R49", [died("births", "2026-03-01"), died("gp_registrations", "2026-03-02")], "2026-03-02"),
]


@pytest.mark.parametrize(("rule", "said", "believed"), BELIEVED)
def test_it_is_weighed_as_any_sources_word(rule, said, believed):
    assert derive([*said, OURS]).date_of_death.value == believed, rule
