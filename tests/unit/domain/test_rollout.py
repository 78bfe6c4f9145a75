"""Waves: what each body needs, what may be done when, and who comes first (R3, R26)."""

from dataclasses import replace
from datetime import date

import pytest

from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.rollout import (
    AuthorityStands,
    BodyFacts,
    Check,
    ShieldsChecked,
    ShieldsHow,
    WaveKind,
    WavePlan,
    WaveState,
    WaveStep,
    do_the_first_stand,
    how_many_lack_something,
    may_they_become_one,
    what_becomes_of_the_wave,
    what_is_asked_of,
    what_is_missing,
    what_may_be_done,
)

TODAY = date(2026, 11, 26)
READY = BodyFacts(
    code="la-354",
    name="Rochdale",
    authority="354",
    accredited_until=TODAY,
    team=1,
    people=10,
    ready=9,
    feeds=4,
    late=0,
    points=1,
    shields=ShieldsChecked(how=ShieldsHow.LOADED, on=TODAY, by="Sam Tyler"),
    first_search=None,
)
LACKS = [
    ("R3", {"accredited_until": None}, Check.ACCREDITED),
    ("R3", {"accredited_until": date(2026, 11, 25)}, Check.ACCREDITED),
    ("R3", {"team": 0}, Check.TEAM),
    ("R3", {"ready": 8}, Check.TRAINED),
    ("R3", {"people": 0, "ready": 0}, Check.TRAINED),
    ("R3", {"feeds": 0}, Check.FEEDS),
    ("R3", {"late": 1}, Check.FEEDS),
    ("R3", {"points": 0}, Check.POINTS),
    ("R26", {"shields": None}, Check.SHIELDS),
]


@pytest.mark.parametrize(("rule", "change", "missing"), LACKS)
def test_what_a_body_lacks(rule, change, missing):
    body = replace(READY, **change)
    assert what_is_missing(body, TODAY) == (missing,), rule
    assert how_many_lack_something([READY, body], TODAY) == 1


def test_who_has_all_lacks_nothing_and_a_partner_needs_no_area():
    assert what_is_missing(READY, TODAY) == ()
    partner = replace(READY, authority="", feeds=0, shields=None)
    assert what_is_asked_of(partner) == (Check.ACCREDITED, Check.TEAM, Check.TRAINED, Check.POINTS)
    assert what_is_missing(partner, TODAY) == ()


def test_a_wave_goes_from_plan_to_open_and_back():
    assert what_becomes_of_the_wave(WaveState.PLANNED, WaveStep.ASK) is WaveState.ASKED
    assert what_becomes_of_the_wave(WaveState.ASKED, WaveStep.AGREE) is WaveState.OPEN
    assert what_becomes_of_the_wave(WaveState.OPEN, WaveStep.CLOSE) is WaveState.PLANNED
    assert what_becomes_of_the_wave(WaveState.PLANNED, WaveStep.AGREE) is None, "nobody opens it alone"
    assert what_may_be_done(WaveState.DROPPED) == ()


@pytest.mark.parametrize(
    ("kind", "stand", "may"),
    [
        (WaveKind.PATHFINDER, [], True),
        (WaveKind.NATIONAL, [], False),
        (WaveKind.NATIONAL, [WaveKind.NATIONAL], False),
        (WaveKind.NATIONAL, [WaveKind.PATHFINDER], True),
    ],
)
def test_pathfinders_come_first(kind, stand, may):
    assert do_the_first_stand(kind, stand) is may


OPEN = AuthorityStands(waits=False, in_a_wave=True, is_new=False)
SHUT = AuthorityStands(waits=True, in_a_wave=True, is_new=False)
NEW = AuthorityStands(waits=True, in_a_wave=False, is_new=True)
LEFT_OUT = AuthorityStands(waits=True, in_a_wave=False, is_new=False)


@pytest.mark.parametrize(
    ("gone", "successor", "may"),
    [
        (OPEN, OPEN, True),
        (OPEN, SHUT, False),
        (OPEN, NEW, True),
        (OPEN, LEFT_OUT, False),
        (SHUT, OPEN, False),
        (LEFT_OUT, OPEN, False),
        (SHUT, SHUT, True),
        (SHUT, LEFT_OUT, True),
        (OPEN, replace(NEW, in_a_wave=True), False),
    ],
)
def test_r3_an_authority_goes_to_one_that_stands_as_it_does(gone, successor, may):
    assert may_they_become_one(gone, successor) is may


@pytest.mark.parametrize(
    "change", [{"name": " "}, {"name": "x" * 81}, {"bodies": ()}, {"bodies": ("la-354", "la-354")}]
)
def test_what_is_no_plan_cannot_be_made(change):
    plan = {"name": "First", "kind": WaveKind.PATHFINDER, "planned_on": TODAY, "bodies": ("la-354",)}
    assert WavePlan(**plan).bodies == ("la-354",)
    with pytest.raises(InvalidInput):
        WavePlan(**{**plan, **change})
