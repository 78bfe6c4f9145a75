"""The next case, fetched by a script while one is read: what it gets, and how that is told (R20, R52)."""

import pytest
from tests.factories.supply import BEN, LATER, load, rows
from tests.integration.test_cases import BRIDGE, COUNCIL, ONE, OTHER, STRANGER, tell
from tests.integration.web.test_matching import TEAM, hidden, link_to, open_case, team, text_of

from contactpoint.web.presenters.family import LOOK_WORDS

__all__ = ["team"]
BEHIND = {"because": "I rang both", "verdict": "cannot_tell", "behind": "yes"}
SENT_AHEAD = """
    SELECT convert_from(body, 'UTF8')::jsonb #>> '{details,ahead}' FROM audit_body
    WHERE action = 'opened_case' AND subjects > '{}' ORDER BY occurred_at
"""
NEXT_ONE = "This is the next one."


@pytest.fixture
def window(team, tmp_path):
    """A team's, which has two cases: one record that may be two children's, and one pair."""
    load(tell(tmp_path, "births", ONE, BEN), tell(tmp_path, "school-census", BRIDGE))
    load(tell(tmp_path, "school-census", STRANGER, as_at="2026-12-19"), at=LATER)
    load(tell(tmp_path, COUNCIL, OTHER), at=LATER)
    return team


def test_the_next_case_comes_as_its_own_page(window):
    address, first = open_case(window)
    page = window.get(f"{address}after/")
    assert text_of(page).partition("Why you are asked")[0] != text_of(first).partition("Why you are asked")[0]
    its_own = page.content.decode().partition('<form method="post" action="/matching/')[2].split("/")[0]
    assert window.get(f"/matching/{its_own}/").status_code == 200
    assert NEXT_ONE not in text_of(page)


def test_a_look_ahead_is_a_look_and_says_so(window):
    address, _ = open_case(window)
    window.get(f"{address}after/")
    assert rows(SENT_AHEAD) == [(None,), ("true",)]
    told = text_of(window.get("/activity/"))
    assert "Compared records (fetched ahead, perhaps not read)" in told


def test_where_none_comes_after_nothing_is_sent(window):
    address, page = open_case(window)
    answer = window.post(address, {**hidden(page), **BEHIND})
    done = "Recorded: nobody can tell. It comes back when a source says something else."
    assert answer.json() == {"done": f"{done} {NEXT_ONE}"}
    assert rows("SELECT what FROM case_decision") == [("cannot_tell",)]
    other, _ = open_case(window)
    assert other != address
    assert (window.get(f"{other}after/").status_code, rows(SENT_AHEAD)[-1]) == (204, (None,))


def test_what_is_sent_behind_is_acted_on_once(window):
    address, page = open_case(window)
    answers = [window.post(address, {**hidden(page), **BEHIND}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert rows("SELECT count(*) FROM case_decision") == [(1,)]


def test_what_is_sent_behind_and_refused_is_a_page(window, account, sign_in):
    address, page = open_case(window)
    account("ben@example.org", name="Ben Marsh", memberships=TEAM)
    colleague, _ = sign_in("ben@example.org")
    theirs, other = open_case(colleague)
    colleague.post(theirs, {**hidden(other), "because": "So", "verdict": "cannot_tell"})
    answer = window.post(address, {**hidden(page), **BEHIND})
    assert answer.status_code == 403
    assert "No records of that number wait for you to check." in text_of(answer)


def test_it_is_for_those_whose_case_it_is(window, account, sign_in):
    address, _ = open_case(window)
    account("ben@example.org", name="Ben Marsh", memberships=TEAM)
    colleague, _ = sign_in("ben@example.org")
    assert colleague.get(f"{address}after/").status_code == 404


def test_only_these_pages_may_ask_for_anything_by_themselves(window):
    address, page = open_case(window)
    assert "connect-src 'self'" in page["Content-Security-Policy"]
    assert "connect-src" not in window.get("/matching/")["Content-Security-Policy"]
    assert link_to(window.get("/matching/"), "/matching/") == address


def test_two_requests_of_a_session_at_once_lose_nothing_of_each_others(window):
    """A list that is opened while an answer is on its way keeps its addresses."""
    slow = window.session
    slow["cp_case_done"] = "Recorded."
    listed = window.get("/matching/")
    slow.save()
    assert window.session["cp_case_done"] == "Recorded."
    assert window.get(link_to(listed, "/matching/")).status_code == 200


def test_a_family_is_told_that_it_was_sent_and_perhaps_not_looked_at(window):
    address, _ = open_case(window)
    window.get(f"{address}after/")
    told = rows(
        "SELECT DISTINCT t.action FROM child c CROSS JOIN looks_told(c.number, ARRAY['opened_case']) t "
        "ORDER BY 1"
    )
    assert told == [("opened_case",), ("opened_case_ahead",)]
    assert all(action in LOOK_WORDS for (action,) in told)
