"""Nothing that anybody typed gets into a log."""

import json
import logging
import sys
import threading

import pytest
import structlog
from django.test import Client

from contactpoint.domain.errors import Misconfigured
from contactpoint.web.logs import OURS, configure

PLANTED = "Zebedee-Quux"


@pytest.fixture
def lines(capsys, monkeypatch):
    kept = {name: (logging.getLogger(name).handlers[:], logging.getLogger(name).propagate) for name in NAMES}
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
    configure()

    def read():
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield read
    for name, (handlers, propagate) in kept.items():
        logging.getLogger(name).handlers[:] = handlers
        logging.getLogger(name).propagate = propagate


NAMES = (*OURS, "")


def test_our_own_lines_are_json(lines):
    structlog.stdlib.get_logger("contactpoint.test").info("request", route="record/<str:handle>/", status=200)
    (line,) = lines()
    assert (line["event"], line["route"], line["status"]) == ("request", "record/<str:handle>/", 200)


def test_a_foreign_message_is_never_filled_in(lines):
    logging.getLogger("django.request").error("Not Found: %s", f"/find/?surname={PLANTED}")
    (line,) = lines()
    assert line["event"] == "Not Found: %s"
    assert PLANTED not in json.dumps(line)


def test_an_exception_is_its_type_and_places(lines):
    try:
        raise ValueError(f"duplicate key: {PLANTED}")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", f"/record/{PLANTED}/")
    (line,) = lines()
    assert line["exception"] == "ValueError"
    assert any("test_logs" in place for place in line["at"])
    assert PLANTED not in json.dumps(line)


def test_a_message_without_a_template_is_the_place_it_comes_from(lines):
    said = f"Invalid HTTP_HOST header: {PLANTED}"
    logging.getLogger("django.security.DisallowedHost").error(said)
    logging.getLogger("gunicorn.error").warning(ValueError(PLANTED))
    first, second = lines()
    assert first["event"].startswith("test_logs:")
    assert first["logger"] == "django.security.DisallowedHost"
    assert PLANTED not in json.dumps([first, second])


@pytest.mark.parametrize("name", ["gunicorn.error", "psycopg.pool", "allauth.account", "never.heard.of"])
def test_every_library_is_held_to_it(lines, name):
    logging.getLogger(name).error("The row %s was refused", PLANTED)
    (line,) = lines()
    assert (line["event"], line["logger"]) == ("The row %s was refused", name)


def test_nobody_writes_a_line_of_their_own(lines):
    structlog.stdlib.get_logger("contactpoint.test").info('a\n{"event": "forged"}', route="a\r\nb")
    (line,) = lines()
    assert line["event"] == 'a\n{"event": "forged"}'


def test_a_host_or_a_method_that_was_made_up_is_not_kept(lines):
    client = Client(raise_request_exception=False)
    client.get("/", headers={"Host": f"{PLANTED}.example"})
    client.generic(PLANTED, f"/{PLANTED}/", query_string=f"surname={PLANTED}")
    found = lines()
    assert [line.get("method") for line in found if line["event"] == "request"] == ["GET", "another"]
    assert PLANTED.casefold() not in json.dumps(found).casefold()


def test_a_process_or_a_thread_that_ends_says_where_and_not_why(lines):
    def end():
        raise ValueError(PLANTED)

    try:
        end()
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=end)
    thread.start()
    thread.join()
    found = lines()
    assert [line["exception"] for line in found] == ["ValueError", "ValueError"]
    assert all("end" in line["at"][-1] for line in found)
    assert PLANTED not in json.dumps(found)


def test_a_setting_that_is_missing_is_named(lines):
    error = Misconfigured("Set CONTACTPOINT_AUDIT_KEY.")
    sys.excepthook(type(error), error, None)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    (line,) = lines()
    assert line["said"] == "Set CONTACTPOINT_AUDIT_KEY."
