"""Nothing that anybody typed gets into a log."""

import json
import logging

import pytest
import structlog

from contactpoint.web.logs import configure

PLANTED = "Zebedee-Quux"


@pytest.fixture
def lines(capsys):
    kept = {name: (logging.getLogger(name).handlers[:], logging.getLogger(name).propagate) for name in NAMES}
    configure()

    def read():
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield read
    for name, (handlers, propagate) in kept.items():
        logging.getLogger(name).handlers[:] = handlers
        logging.getLogger(name).propagate = propagate


NAMES = ("contactpoint", "django")


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
