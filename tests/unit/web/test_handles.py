"""A handle says nothing, and leads somewhere in the session that made it only."""

from dataclasses import replace

import pytest
from django.contrib.sessions.backends.base import SessionBase

from contactpoint.domain.disclosure.relationship import Came, HowCome
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
    with pytest.raises(NotFound):
        handles.record_of(session, handle)
    assert handles.record_to_open(session, handle) == OPENED
    handles.note_opened(session, handle)
    assert handles.record_of(session, handle) == replace(OPENED, opened=True)
    assert words_of(handles.record_of(session, handle).purpose) == "Worried about a child's safety or welfare"


def test_the_same_record_opened_twice_keeps_its_handle():
    session = SessionBase()
    handle = handles.keep_record(session, OPENED)
    handles.note_opened(session, handle)
    assert handles.keep_record(session, OPENED) == handle


def test_how_they_come_to_ask_stays_said_of_the_child_from_another_search_too():
    session = SessionBase()
    handle = handles.keep_record(session, OPENED)
    said = HowCome(code=Came.OTHER, text="A neighbour rang")
    handles.keep_how_come(session, handle, said)
    another = handles.keep_record(session, replace(OPENED, search="t"))
    assert another != handle
    assert handles.record_to_open(session, another).how_come == said
    other_child = handles.keep_record(session, replace(OPENED, number="C000000102M"))
    assert handles.record_to_open(session, other_child).how_come is None


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
