"""A handle says nothing, and leads somewhere in the session that made it only."""

import pytest
from django.contrib.sessions.backends.base import SessionBase

from contactpoint.domain.errors import NotFound
from contactpoint.domain.reasons import words_of
from contactpoint.web import handles

OPENED = handles.OpenedRecord(
    number="C482915307P", purpose_code="safeguarding", purpose_text=None, search="s"
)


def test_a_record_is_found_again_under_a_random_handle_with_its_reason():
    session = SessionBase()
    handle = handles.keep_record(session, OPENED)
    assert "482915307" not in handle
    assert handles.record_of(session, handle) == OPENED
    assert words_of(handles.record_of(session, handle).purpose) == "Worried about a child's safety or welfare"


def test_the_same_record_opened_twice_keeps_its_handle():
    session = SessionBase()
    assert handles.keep_record(session, OPENED) == handles.keep_record(session, OPENED)


def test_another_session_does_not_know_it():
    handle = handles.keep_record(SessionBase(), OPENED)
    with pytest.raises(NotFound):
        handles.record_of(SessionBase(), handle)


def test_only_the_newest_searches_are_kept():
    session = SessionBase()
    first, *rest = [handles.keep_search(session, {"surname": str(n)}) for n in range(handles.KEPT + 1)]
    with pytest.raises(NotFound):
        handles.search_of(session, first)
    assert [handles.search_of(session, handle)["surname"] for handle in rest] == [
        str(n) for n in range(1, handles.KEPT + 1)
    ]
