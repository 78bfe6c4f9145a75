"""A full disk and a database that is away: a page that says what to do, and all is well when it is over."""

import psycopg
import pytest
from django.db import OperationalError
from tests.factories.directory import amina_in_full, build_child

from contactpoint.storage import audit_log

from .test_finding import opened, searched
from .test_sent_twice import check_page, hidden, said_by_people

TROUBLES = {
    "disk": (psycopg.errors.DiskFull("could not extend file"), 507, "There is no room left here"),
    "database": (psycopg.errors.AdminShutdown("terminating"), 503, "ContactPoint is starting again"),
}


@pytest.fixture(params=TROUBLES)
def trouble(request, monkeypatch):
    """Switches the trouble on and off: nothing can be added to the audit, so nothing can be done."""
    error, status, title = TROUBLES[request.param]

    def fail(*_args, **_named):
        raise OperationalError(str(error)) from error

    with monkeypatch.context() as patch:
        yield lambda: (patch.setattr(audit_log, "append", fail), (status, title))[1], patch.undo


def test_a_search_is_refused_politely_and_works_again(account, sign_in, trouble):
    build_child(*amina_in_full())
    account()
    client, _ = sign_in()
    begin, end = trouble
    status, title = begin()
    page = searched(client)
    assert page.status_code == status
    assert title in page.content.decode()
    assert "do the same again" in page.content.decode()
    end()
    assert "1 child may match" in searched(client).content.decode()


def test_a_form_is_refused_politely_and_nothing_of_it_stays(account, sign_in, trouble):
    number = build_child(*amina_in_full())
    account()
    client, _ = sign_in()
    path = opened(client, number).request["PATH_INFO"]
    key = {"form_key": hidden(check_page(client, path))[0]}
    begin, end = trouble
    status, _ = begin()
    assert client.post(f"{path}working/check/", key).status_code == status
    assert not said_by_people().exists()
    end()
    done = client.post(f"{path}working/check/", key, follow=True)
    assert "Recorded, and waiting for" in done.content.decode()
    assert said_by_people().count() == 1


def test_trouble_before_the_view_is_said_without_the_frame_of_a_page(client, monkeypatch):
    client.raise_request_exception = False

    def fail(*_args, **_named):
        raise OperationalError("away") from psycopg.OperationalError("connection refused")

    monkeypatch.setattr("contactpoint.access.session_store.SessionStore.load", fail)
    client.cookies["contactpoint"] = "x" * 32
    page = client.get("/find/")
    assert page.status_code == 503
    assert "ContactPoint is starting again" in page.content.decode()


def test_a_session_that_could_not_be_kept_is_the_databases_trouble_not_the_persons(
    account, sign_in, monkeypatch
):
    account()
    client, _ = sign_in()
    client.raise_request_exception = False

    def fail(*_args, **_named):
        raise OperationalError("away") from psycopg.OperationalError("server closed the connection")

    monkeypatch.setattr("django.contrib.sessions.base_session.AbstractBaseSession.save", fail, raising=False)
    page = client.get("/find/")
    assert page.status_code == 503
    assert "ContactPoint is starting again" in page.content.decode()
