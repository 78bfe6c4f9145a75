"""docs/security/two-worlds.md states what is drawn and measured, and that is what the code does."""

import re
from collections import Counter
from pathlib import Path

import pytest
from bench import two_worlds
from django.urls import resolve
from tests.factories.two_worlds import size
from tests.factories.two_worlds.adversary import WAYS
from tests.factories.two_worlds.going_round import _one_of
from tests.factories.two_worlds.lookers import LOOKERS
from tests.factories.two_worlds.looking import World
from tests.factories.two_worlds.tally import summary

from contactpoint.web.decisions import DECISIONS

PAGE = (Path(__file__).parents[2] / "docs/security/two-worlds.md").read_text(encoding="utf-8")
ROWS = {
    what: (usual, long)
    for what, usual, long in re.findall(r"^\| ([^|]+) \| ([^|]*) \| ([^|]*) ?\|$", PAGE, re.MULTILINE)
}


@pytest.mark.parametrize(
    ("what", "usual", "long"),
    [
        ("worlds drawn at random", size.AT_ONCE, size.USUAL_MANY),
        ("compared with one another, where their links are the same", size.AT_ONCE, size.AT_ONCE),
        ("moves drawn at random in each world", size.MOVES, size.MANY_MOVES),
        ("accounts that look", len(LOOKERS), len(LOOKERS)),
        ("roles", len({one.role for one in LOOKERS}), len({one.role for one in LOOKERS})),
    ],
)
def test_the_table_is_what_is_drawn(what, usual, long):
    assert tuple(figure.strip() for figure in ROWS[what]) == (f"{usual:,}", f"{long:,}")


@pytest.mark.parametrize(
    "said",
    [
        f"**Acts.** {len(two_worlds.ACTS)}:",
        f"**Trials.** {two_worlds.TRIALS:,} for each act, after {two_worlds.WARM} that are not counted.",
        f"England of {two_worlds.CHILDREN} children",
        f"below {two_worlds.LEVEL:.0%}".replace("%", " %"),
    ],
)
def test_what_is_said_of_time_is_what_the_bench_does(said):
    assert said in PAGE


def test_the_ways_of_a_move_are_those_that_are_drawn():
    times = {1: "", 2: " (twice)", 3: " (three times)"}
    ways = ", ".join(f"{way}{times[many]}" for way, many in Counter(WAYS).items())
    assert f"A move is drawn from {len(WAYS)} ways: {ways}." in PAGE


def test_what_is_said_at_the_end_adds_up_what_each_test_tells():
    """Those who look are the same people in every test, and are not added up."""
    one = {
        "worlds": 2,
        "comparisons": 1,
        "requests": 1_900,
        "accounts": 13,
        "roles": 9,
        "desk: looks away": 1,
    }
    other = {"worlds": 8, "comparisons": 20, "moves": 200, "accounts": 13, "roles": 9, "desk: looks away": 2}
    compared, done, desk = summary([one, other])
    assert compared.startswith("10 worlds were made, and 21 times two of them were compared")
    assert done.startswith("13 accounts of 9 roles, and a stranger, sent 1,900 requests; 200 moves")
    assert desk == "The desk looks away: 3 times."


@pytest.mark.parametrize("nothing", [[], [{}], [{"accounts": 13}]])
def test_a_run_that_compared_nothing_says_nothing(nothing):
    assert summary(nothing) == []


def test_every_address_can_be_tried_where_it_leads_nowhere():
    for name in DECISIONS:
        assert resolve(_one_of(World(still=None), name)).url_name == name
