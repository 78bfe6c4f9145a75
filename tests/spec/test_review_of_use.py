"""What explains a look, what looks wrong, who reviews it; each row names its rule.

R33, R34, R39, R45, R52-R54.
"""
# ruff: noqa: E501 - a table reads best in its rows

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from tests.factories.use import (
    CHILD,
    KEY,
    ON,
    OTHER_CHILD,
    day,
    duty,
    look,
    person,
    tie,
    who,
)

from contactpoint.domain.review.explained import Explanation
from contactpoint.domain.review.joining import does_it_collect, left_of, may_it_join, together
from contactpoint.domain.review.judge import is_it_sampled, judge
from contactpoint.domain.review.looks import ChildFacts, DutyKind, LookKind, Name
from contactpoint.domain.review.patterns import Code
from contactpoint.domain.review.reviewers import NATIONAL, NOBODY, who_reviews_for, whose_reviewers_look

JOAN = person()
TEACHER = person(organisation="105734", kind="school", services=frozenset({"school"}))
NURSE = person(organisation="bridgewater-nhs", kind="nhs_trust", services=frozenset({"school_nurse"}))
THERAPIST = person(organisation="bridgewater-nhs", kind="nhs_trust", services=frozenset({"mental_health"}))
OWN_WORD = {"service": "childrens_social_care", "said_by": UUID(int=1)}
SCHOOL = {"service": "school", "organisation": "105734"}
NURSING = {"service": "school_nurse", "organisation": "bridgewater-nhs"}
THERAPY = {"service": "mental_health", "organisation": "bridgewater-nhs"}

# (rule, who looked, what stands between them and the child, what explains it)
EXPLAINED = [
    ("R45", JOAN, {"ties": [tie(**OWN_WORD, organisation="la-353", confirmed=False)]}, None),
    ("R45", TEACHER, {"ties": [tie(**{**SCHOOL, "said_by": UUID(int=1), "confirmed": True})]}, Explanation.OWN_WORK),
    ("R45", TEACHER, {"ties": [tie(**{**SCHOOL, "said_by": UUID(int=1), "confirmed": False})]}, None),
    ("R52", TEACHER, {"ties": [tie(**{**SCHOOL, "said_by": UUID(int=2), "confirmed": True})]}, None),
    ("R52", TEACHER, {"ties": [tie(**SCHOOL)]}, None),
    ("R52", TEACHER, {"ties": [tie(**SCHOOL, practitioner=Name("joan", "whitworth"))]}, Explanation.NAMED_BY_FEED),
    ("R52", TEACHER, {"ties": [tie(**SCHOOL, practitioner=Name("owen", "tanner"))]}, None),
    ("R52", NURSE, {"ties": [tie(**NURSING)]}, None),
    ("R52", NURSE, {"ties": [tie(**NURSING, since=ON - timedelta(days=28))]}, Explanation.ARRIVED),
    ("R52", NURSE, {"ties": [tie(**NURSING, since=ON - timedelta(days=29))]}, None),
    ("R52", NURSE, {"ties": [tie(**NURSING, since=ON, came_with=9)]}, Explanation.ARRIVED),
    ("R52", NURSE, {"ties": [tie(**NURSING, since=ON, came_with=10)]}, None),
    ("R45", NURSE, {"ties": [tie(**NURSING, since=ON, said_by=UUID(int=2))]}, None),
    ("R52", TEACHER, {"ties": [tie(**SCHOOL, since=ON)]}, Explanation.ARRIVED),
    ("R52", TEACHER, {"ties": [tie(service="school", organisation="105735", since=ON)]}, None),
    ("R52", TEACHER, {"ties": [tie(service="early_years", organisation="105734", since=ON)]}, None),
    ("R52", JOAN, {"ties": [tie()]}, Explanation.TEAM_SERVICE),
    ("R52", JOAN, {"ties": [tie(organisation="la-354")]}, None),
    ("R52", JOAN, {"ties": [tie(service="youth_justice")]}, None),
    ("R52", JOAN, {"ties": [tie(said_by=UUID(int=2), confirmed=False)]}, None),
    ("R52", JOAN, {"ties": [tie(since=ON + timedelta(days=1))]}, None),
    ("R52", JOAN, {"ties": [tie(until=ON - timedelta(days=28))]}, Explanation.TEAM_SERVICE),
    ("R52", JOAN, {"ties": [tie(until=ON - timedelta(days=29))]}, None),
    ("R52", JOAN, {"duties": [duty(DutyKind.HANDED_OVER)]}, Explanation.HANDED_OVER),
    ("R52", JOAN, {"duties": [duty(DutyKind.ASKED)]}, Explanation.ASKED),
    ("R52", JOAN, {"duties": [duty(on=ON - timedelta(days=7))]}, Explanation.CASE),
    ("R52", JOAN, {"duties": [duty(on=ON - timedelta(days=8))]}, None),
    ("R52", JOAN, {"duties": [duty(place=2)]}, None),
    ("R52", JOAN, {"duties": [duty(DutyKind.SPOKEN)]}, Explanation.SPOKEN),
    ("R52", JOAN, {"duties": [duty(DutyKind.SPOKEN, on=ON - timedelta(days=8))]}, None),
    ("R52", JOAN, {"duties": [duty(DutyKind.FOUND_JUSTIFIED, on=ON - timedelta(days=28))]}, Explanation.FOUND_JUSTIFIED),
    ("R52", JOAN, {"duties": [duty(DutyKind.FOUND_JUSTIFIED, on=ON - timedelta(days=29))]}, None),
    ("R39", THERAPIST, {"ties": [tie(**THERAPY)]}, Explanation.TEAM_SERVICE),
    ("R39", NURSE, {"ties": [tie(**THERAPY, practitioner=Name("joan", "whitworth"))]}, None),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "who_looked", "between", "explains"), EXPLAINED)
def test_what_explains_a_look(rule, who_looked, between, explains):
    (judged,) = judge(day(look(by=who_looked.who), people=[who_looked], **between), key=KEY)
    assert judged.explained is explains
    assert (Code.UNEXPLAINED in judged.codes) is (explains is None)


def test_a_look_for_somebody_else_who_is_named_is_explained_and_covers_no_other():
    """R6."""
    mediated, own = look(mediated=True), look()
    assert judge(day(mediated), key=KEY)[0].explained is Explanation.MEDIATED
    assert judge(day(mediated, own), key=KEY)[0].explained is None


def test_work_that_begins_within_four_weeks_explains_in_the_end_and_none_is_told():
    """R53."""
    begun = day(look(), ties=[tie(since=ON + timedelta(days=28))])
    assert Code.NO_LATER_WORK not in judge(begun, key=KEY)[0].codes
    assert judge(begun, key=KEY, settled=True)[0].explained is Explanation.TEAM_SERVICE
    never = day(look(), ties=[tie(since=ON + timedelta(days=29))])
    assert Code.NO_LATER_WORK in judge(never, key=KEY, settled=True)[0].codes


# (rule, what was done, what stands between them and the child, whether it joins what waits of the same two)
JOINS = [
    ("R52", {}, {}, True),
    ("R52", {"kind": LookKind.OVERRODE}, {}, True),
    ("R33", {"kind": LookKind.OVERRODE}, {"ties": [tie()]}, False),
    ("R53", {"kind": LookKind.DISOWNED, "child": None}, {}, False),
]


@pytest.mark.parametrize(("rule", "done", "between", "joins"), JOINS)
def test_what_nothing_explains_joins_what_waits_of_the_same_person_and_child(rule, done, between, joins):
    for one in judge(day(look(**done), **between), key=KEY):
        assert may_it_join(one) is joins


# (rule, days since the first look, whether it takes in another)
COLLECTS = [("R52", 0, False), ("R52", 1, True), ("R52", 91, True), ("R52", 92, False)]


@pytest.mark.parametrize(("rule", "days", "collects"), COLLECTS)
def test_what_waits_takes_in_further_looks_for_a_quarter(rule, days, collects):
    assert does_it_collect(ON, ON + timedelta(days=days)) is collects


def test_all_that_was_said_of_any_day_stands_the_gravest_first():
    """R52."""
    assert together([Code.UNEXPLAINED], [Code.ODD_HOURS, Code.UNEXPLAINED], [Code.SELF]) == (
        Code.SELF, Code.ODD_HOURS, Code.UNEXPLAINED,
    )  # fmt: skip


def test_the_looks_of_a_day_that_work_explains_are_taken_out_and_no_others():
    """R52."""
    (one,) = judge(day(look(), look()), key=KEY)
    other = UUID(int=999)
    assert left_of((*(found.event for found in one.access.looks), other), one) == (other,)


MINE = Name("joan", "whitworth")
HOME = b"14 mill lane"
# (rule, what the directory says of the child, who looked, code or none) - all explained, so only a pattern counts
ABOUT_CHILD = [
    ("R53", ChildFacts(names=frozenset({MINE})), JOAN, Code.SELF),
    ("R53", ChildFacts(carers=frozenset({MINE})), JOAN, Code.CARER),
    ("R53", ChildFacts(homes=frozenset({HOME})), replace(JOAN, homes=frozenset({HOME})), Code.ADDRESS),
    ("R53", ChildFacts(homes=frozenset({HOME})), JOAN, None),
    ("R53", ChildFacts(names=frozenset({Name("ann", "whitworth")})), JOAN, None),
    ("R53", ChildFacts(names=frozenset({Name("ann", "whitworth")})), replace(JOAN, rare_surname=True), Code.SURNAME),
    ("R53", ChildFacts(names=frozenset({Name("joan", "")})), replace(JOAN, name=Name("joan", "")), None),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "child", "who_looked", "code"), ABOUT_CHILD)
def test_what_looks_wrong_though_it_is_explained(rule, child, who_looked, code):
    if child.names == {Name("joan", "")}:
        who_looked = replace(who_looked, rare_surname=True)
        child = replace(child, names=frozenset({Name("ann", "")}))
    found = judge(day(look(), people=[who_looked], child=child, ties=[tie()]), key=KEY)[0]
    assert found.explained is Explanation.TEAM_SERVICE
    assert set(found.codes) - {Code.SAMPLED} == ({code} if code else set())


def test_a_neighbour_counts_where_nothing_explains_the_look_and_is_not_of_the_same_home():
    """R53."""
    near, joan = ChildFacts(postcodes=frozenset({b"ol1"})), replace(JOAN, postcodes=frozenset({b"ol1"}))
    assert Code.NEIGHBOUR in judge(day(look(), people=[joan], child=near), key=KEY)[0].codes
    assert Code.NEIGHBOUR not in judge(day(look(), people=[joan], child=near, ties=[tie()]), key=KEY)[0].codes
    assert Code.NEIGHBOUR not in judge(day(look(), child=near), key=KEY)[0].codes
    home = frozenset({HOME})
    same = judge(day(look(), people=[replace(joan, homes=home)], child=replace(near, homes=home)), key=KEY)
    assert Code.NEIGHBOUR not in same[0].codes
    assert Code.ADDRESS in same[0].codes


def test_a_common_last_name_counts_only_where_nothing_explains_the_look():
    """R53."""
    child = ChildFacts(carers=frozenset({Name("ann", "whitworth")}))
    assert Code.SURNAME in judge(day(look(), child=child), key=KEY)[0].codes


# (rule, hours after noon, works nights, flagged)
HOURS = [
    ("R53", 9.9, False, False),
    ("R53", 10.0, False, True),
    ("R53", -6.1, False, True),
    ("R53", -6.0, False, False),
    ("R53", 10.0, True, False),
]


@pytest.mark.parametrize(("rule", "hours", "nights", "flagged"), HOURS)
def test_odd_hours(rule, hours, nights, flagged):
    (found,) = judge(
        day(look(hours=hours), people=[replace(JOAN, works_nights=nights)], ties=[tie()]), key=KEY
    )
    assert (Code.ODD_HOURS in found.codes) is flagged


def test_every_override_is_looked_at_whatever_explains_it():
    """R33, R53."""
    (found,) = judge(day(look(LookKind.OVERRODE), ties=[tie()]), key=KEY)
    assert found.explained
    assert Code.OVERRIDE in found.codes


def test_what_somebody_disowns_is_looked_at_first():
    """R52."""
    about_a_child, about_none = look(LookKind.DISOWNED), look(LookKind.DISOWNED, child=None)
    found = judge(day(about_a_child, about_none, ties=[tie()]), key=KEY)
    assert [Code.DISOWNED in one.codes for one in found] == [True, True]


def lookers(*places):
    people = [person(place) for place in places]
    return [look(by=one.who) for one in people], people


def test_one_child_opened_by_many_without_explanation_is_looked_at():
    """R53."""
    looks, people = lookers(1, 2, 3)
    few = judge(day(*looks, people=people), key=KEY)
    assert not any(Code.MANY_LOOKED in one.codes for one in few)
    with_last_week = judge(day(*looks, people=people, before=(9,)), key=KEY)
    assert all(Code.MANY_LOOKED in one.codes for one in with_last_week)
    again = judge(day(*looks, people=people, before=(1, 2)), key=KEY)
    assert not any(Code.MANY_LOOKED in one.codes for one in again), "the same people are the same people"


def opened(place, how_many):
    return [look(by=who(place), child=f"C{place:04d}{number:05d}M") for number in range(how_many)]


# (rule, records the person opened, what five others opened, flagged)
VOLUMES = [
    ("R53", 15, 3, True),
    ("R53", 14, 3, False),
    ("R53", 16, 4, False),
    ("R53", 60, 40, True),
    ("R53", 59, 40, False),
]


@pytest.mark.parametrize(("rule", "mine", "theirs", "flagged"), VOLUMES)
def test_far_more_than_peers(rule, mine, theirs, flagged):
    people = [person(place) for place in range(1, 7)]
    looks = [one for place in range(2, 7) for one in opened(place, theirs)]
    found = judge(day(*opened(1, mine), *looks, people=people), key=KEY)
    busy = [one for one in found if Code.VOLUME in one.codes]
    assert [one.access.who for one in busy] == ([who(1)] if flagged else [])
    assert all(one.access.child is None for one in busy), "one line for the day, not one for each record"


def searches(how_many, *, shown=(CHILD,)):
    return [look(LookKind.SEARCHED, hours=number / 60, shown=shown) for number in range(how_many)]


# (rule, searches that show somebody, then an opened record so many hours later, codes of what led nowhere)
LED = [
    ("R53", searches(5), None, {Code.NEVER_OPENED, Code.UNEXPLAINED}),
    ("R53", searches(4), None, {Code.UNEXPLAINED}),
    ("R53", searches(5), 0.3, None),
    ("R53", searches(5), 0.6, {Code.NEVER_OPENED, Code.UNEXPLAINED}),
    ("R53", searches(9, shown=()), None, None),
]


@pytest.mark.parametrize(("rule", "searched", "opened_after", "codes"), LED)
def test_searches_that_open_nothing(rule, searched, opened_after, codes):
    looks = [*searched] if opened_after is None else [*searched, look(hours=opened_after, child=OTHER_CHILD)]
    found = [one for one in judge(day(*looks), key=KEY) if one.access.child is None]
    assert [set(one.codes) for one in found] == ([codes] if codes else [])


def test_numbers_tried_one_after_another_are_looked_at():
    """R53."""
    tried = [look(LookKind.TRIED) for _ in range(5)]
    assert Code.NUMBERS_TRIED not in judge(day(*tried[:4]), key=KEY)[0].codes
    assert Code.NUMBERS_TRIED in judge(day(*tried), key=KEY)[0].codes


def test_a_try_that_led_to_that_record_is_part_of_opening_it():
    """R53: whoever is asked something first, and answers, has tried nothing in vain."""
    asked = [replace(look(LookKind.TRIED, hours=n / 60), child=f"C{n}") for n in range(5)]
    answered = [look(hours=n / 60, child=f"C{n}") for n in range(5)]
    by_another = [look(hours=n / 60, child=f"C{n}", by=who(2)) for n in range(5)]

    def tried(*looks):
        judged = judge(day(*looks, people=[person(), person(2)]), key=KEY)
        return [one.codes for one in judged if one.access.child is None]

    assert tried(*asked, *answered) == []
    assert [Code.NUMBERS_TRIED in codes for codes in tried(*asked)] == [True]
    assert [Code.NUMBERS_TRIED in codes for codes in tried(*asked, *by_another)] == [True]


def test_one_explained_look_in_a_hundred_is_sampled_by_a_key_nobody_who_looks_holds():
    """R54."""
    events = [UUID(int=number) for number in range(20_000)]
    chosen = {event for event in events if is_it_sampled(event, KEY)}
    assert 150 <= len(chosen) <= 250
    assert chosen == {event for event in events if is_it_sampled(event, KEY)}, "the same each time it is run"
    assert chosen != {event for event in events if is_it_sampled(event, b"another" * 4)}
    event = min(chosen)
    (found,) = judge(day(replace(look(), event=event), ties=[tie()]), key=KEY)
    assert found.codes == (Code.SAMPLED,)


# (rule, authority of the team, its size, for shield staff only, authorities with reviewers, who reviews)
WHO_REVIEWS = [
    ("R52", "353", 20, False, ("353", "354"), "353"),
    ("R52", "353", 19, False, ("353", "354", "355"), "354"),
    ("R52", "355", 19, False, ("353", "354", "355"), "353"),
    ("R52", "353", 19, False, ("353",), NATIONAL),
    ("R52", "353", 20, False, ("354",), NATIONAL),
    ("R52", None, 500, False, ("353",), NATIONAL),
    ("R34", "353", 500, True, ("353", "354"), NATIONAL),
]


@pytest.mark.parametrize(
    ("rule", "authority", "size", "restricted", "with_reviewers", "reviewed_by"), WHO_REVIEWS
)
def test_who_reviews(rule, authority, size, restricted, with_reviewers, reviewed_by):
    assert (
        whose_reviewers_look(authority, team_size=size, restricted=restricted, with_reviewers=with_reviewers)
        == reviewed_by
    )


# (rule, area of a partner, its size, for shield staff only, authorities and partners with reviewers, who reviews)
WHO_REVIEWS_A_PARTNER = [
    ("R52", None, 20, False, ("353", "at:kids"), "at:kids"),
    ("R52", "353", 20, False, ("353", "at:kids"), "at:kids"),
    ("R52", None, 19, False, ("353", "at:kids"), NATIONAL),
    ("R52", "353", 19, False, ("353", "354", "at:kids"), "354"),
    ("R52", None, 20, False, ("353", "at:barnardos"), NATIONAL),
    ("R52", "353", 20, False, ("353", "at:barnardos"), "353"),
    ("R34", None, 500, True, ("353", "at:kids"), NATIONAL),
    ("R34", "353", 500, True, ("353", "at:kids"), NATIONAL),
]


@pytest.mark.parametrize(
    ("rule", "area", "size", "restricted", "there", "reviewed_by"), WHO_REVIEWS_A_PARTNER
)
def test_who_reviews_the_people_of_a_partner(rule, area, size, restricted, there, reviewed_by):
    """A partner's own reviewers do, but of a small team, and of what is for shield staff."""
    given = {"team_size": size, "restricted": restricted, "with_reviewers": there}
    assert whose_reviewers_look(area, partner="kids", **given) == reviewed_by


def test_a_small_team_of_an_authority_is_never_reviewed_by_a_partner():
    given = {"team_size": 5, "restricted": False, "with_reviewers": ("353", "at:kids")}
    assert whose_reviewers_look("353", **given) == NATIONAL


@pytest.mark.parametrize(
    ("kind", "authority", "code", "looks_for"),
    [
        ("national", None, "contactpoint", NATIONAL),
        ("authority", "353", "la-353", "353"),
        ("charity", None, "kids", "at:kids"),
        ("charity", "353", "harbour", "at:harbour"),
        ("authority", None, "la-999", NOBODY),
        (None, None, "x", NOBODY),
    ],
)
def test_for_whom_a_reviewer_looks(kind, authority, code, looks_for):
    """R52: whoever acts for no area and no partner looks for nobody, and never for England."""
    assert who_reviews_for(kind, authority, code) == looks_for


# (rule, who looked, whether the child is shielded, for shield staff only)
RESTRICTED = [
    ("R34", JOAN, True, True),
    ("R34", JOAN, False, False),
    ("R39", THERAPIST, False, True),
]


@pytest.mark.parametrize(("rule", "who_looked", "shielded", "restricted"), RESTRICTED)
def test_what_is_for_shield_staff(rule, who_looked, shielded, restricted):
    looked = day(look(by=who_looked.who), people=[who_looked], child=ChildFacts(shielded=shielded))
    assert judge(looked, key=KEY)[0].restricted is restricted
