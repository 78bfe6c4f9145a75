"""The timings of two worlds: what is written into the feeds, and the test that compares."""

from random import Random

import pytest
from bench import two_worlds
from bench.two_worlds import ACTS, LEVEL, WARM, add_them, signed_rank, told_apart

HEADER = "local_id,forename,surname,date_of_birth,sex,address,postcode,restricted,organisation\r\n"


@pytest.mark.parametrize(("much", "rows"), [(False, 4), (True, 4)])
def test_both_children_are_in_what_everybody_shows_and_a_feed_that_holds_nobody_stays(tmp_path, much, rows):
    feeds = tmp_path / "feeds"
    feeds.mkdir()
    for name, held in (("kids", ""), ("births", "B1,Ann,Hall,2015-01-02,F,,,,la-353\r\n")):
        (feeds / f"{name}_2026-10-01_full.csv").write_text(HEADER + held, encoding="utf-8", newline="")
    add_them(tmp_path, much=much)
    kids, births = (
        (feeds / f"{name}_2026-10-01_full.csv").read_bytes().decode() for name in ("kids", "births")
    )
    assert kids == HEADER
    assert len(births.splitlines()) == rows
    assert ("14 Mill Lane" in births.splitlines()[2]) == much


def test_equal_worlds_are_no_finding_and_a_shift_is():
    still = [(-1) ** place * (place % 7 + 1) for place in range(200)]
    assert signed_rank([]) == 1.0
    assert signed_rank(still) > 0.3
    assert signed_rank([one + 3 for one in still]) < 0.001


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        # Ten above: the sum of ranks is 55, 27.5 is expected, and the spread is the root of 96.25.
        (range(1, 11), 0.00506),
        # Four alike have the rank 2.5 each: 10, where 5 is expected, and ties leave a spread of 2.5.
        ([1.0, 1.0, 1.0, 1.0], 0.0455),
        # As much above as below, and what does not differ says nothing.
        ([-2.0, -1.0, 1.0, 2.0, 0.0, 0.0], 1.0),
    ],
)
def test_the_statistic_is_what_it_is_by_hand(differences, p):
    assert signed_rank(list(differences)) == pytest.approx(p, rel=0.01)


def test_the_level_is_shared_by_all_acts():
    """One act in six below the level alone is what chance gives; below a sixth of it is a finding."""
    chance, finding = ({"hidden": {"p": p}, "same": {"p": 0.0}} for p in (LEVEL / 2, LEVEL / 7))
    still = {act: {"hidden": {"p": 0.5}, "same": {"p": 0.5}} for act in ACTS}
    first, second, *_ = ACTS
    assert told_apart({**still, first: chance}) == []
    assert told_apart({**still, first: chance, second: finding}) == [second]


def trials(slower, monkeypatch, *, answers=("the same",) * 3):
    """What is found of three worlds that take a millisecond, more or less, and the second `slower` more."""
    noise = Random(3)

    def ask(world, _what):
        return 1 + noise.random() / 10 + (slower if world == 1 else 0.0), answers[world]

    monkeypatch.setattr(two_worlds, "ask", ask)
    return two_worlds._act((0, 1, 2), {"open": "Zebedee"}, 400, Random(1))


def test_a_world_that_is_slower_by_a_little_is_told_apart_and_one_that_is_not_is_not(monkeypatch):
    planted, still = trials(0.02, monkeypatch), trials(0.0, monkeypatch)
    assert planted["hidden"]["median_ms"] == pytest.approx(0.02, abs=0.01)
    assert told_apart({"planted": planted, "still": still}) == ["planted"]
    assert told_apart({"control": {"hidden": planted["same"]}}) == []


def test_what_is_done_to_warm_up_is_not_measured(monkeypatch):
    asked = []
    monkeypatch.setattr(
        two_worlds, "ask", lambda world, _what: asked.append(world) or (float(len(asked)), "")
    )
    found = two_worlds._act((0, 1, 2), {}, 10, Random(1))
    assert len(asked) == 3 * (WARM + 10)
    assert found["p50"] > 3 * WARM


def test_worlds_that_answer_otherwise_are_not_timed_at_all(monkeypatch):
    with pytest.raises(AssertionError, match="answer otherwise"):
        trials(0.0, monkeypatch, answers=("nobody", "somebody", "nobody"))
