"""What two requests of one session, made at once, leave in it."""

import pytest

from contactpoint.access.session_store import added_by_others

AB = {"a": 1, "b": 2}
ABC = {"a": 1, "b": 2, "c": 3}


@pytest.mark.parametrize(
    ("was", "theirs", "mine", "added"),
    [
        pytest.param({}, {}, {}, {}, id="nothing"),
        pytest.param({}, {"new": 1}, {}, {"new": 1}, id="theirs is new"),
        pytest.param({"gone": 1}, {"gone": 1}, {}, {}, id="I took it out"),
        pytest.param({"gone": 1}, {}, {"gone": 1}, {}, id="they took it out"),
        pytest.param({"used": 1}, {"used": 2}, {"used": 3}, {}, id="both changed it: mine stays"),
        pytest.param({"s": {"a": 1}}, {"s": {"a": 1, "b": 2}}, {"s": {"a": 1}}, {"s": AB}, id="they"),
        pytest.param({"s": {"a": 1}}, {"s": {"a": 1}}, {"s": {"a": 1, "c": 3}}, {}, id="I alone"),
        pytest.param({"s": {"a": 1}}, {"s": AB}, {"s": {"a": 1, "c": 3}}, {"s": ABC}, id="each"),
        pytest.param({}, {"s": {"b": 2}}, {"s": {"c": 3}}, {"s": {"b": 2, "c": 3}}, id="each began it"),
        pytest.param({"s": {"a": 1}}, {"s": {"a": 1, "b": 2}}, {"s": {}}, {"s": {"b": 2}}, id="I emptied it"),
        pytest.param({"s": {"a": 1}}, {"s": {"a": 9}}, {"s": {"a": 1}}, {}, id="they changed what I hold"),
        pytest.param({"s": 1}, {"s": {"b": 2}}, {"s": 1}, {}, id="not a dict"),
    ],
)  # fmt: skip
def test_what_others_added_is_taken_over_and_nothing_comes_back(was, theirs, mine, added):
    assert added_by_others(was, theirs, mine) == added


def test_what_is_mine_counts_as_newer():
    found = added_by_others({}, {"s": {"theirs": 1}}, {"s": {"mine": 2}})
    assert list(found["s"]) == ["theirs", "mine"]
