"""There are no metrics and no traces, so nothing personal is in any (docs/security/inventory.md)."""

import ast
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver
from gunicorn.config import Config

from contactpoint.cli.processes import web_command

ROOT = Path(__file__).parents[2]
# Whatever makes them, sends them or keeps them, by the names under which it is installed and imported.
MAKES_THEM = re.compile(
    r"prometheus|opentelemetry|otel|opencensus|opentracing|statsd|sentry|datadog|ddtrace|newrelic|elastic.?apm"
    r"|jaeger|zipkin|honeycomb|influx|graphite|bugsnag|rollbar|scout.?apm|pyroscope|silk|debug.?toolbar",
    re.IGNORECASE,
)
SHOWS_THEM = re.compile(r"metric|trace|telemetry|profil|debug|statistic|__", re.IGNORECASE)


def installed():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)


def imported():
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path.name, one.name) for one in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield path.name, node.module or ""


@pytest.mark.parametrize("name", ["prometheus-client", "opentelemetry-sdk", "sentry-sdk", "elastic-apm"])
def test_such_a_library_would_be_noticed(name):
    assert MAKES_THEM.search(name)


def test_no_library_is_installed_that_makes_them():
    names = installed()
    assert "django" in names
    assert [name for name in names if MAKES_THEM.search(name)] == []


def test_none_is_imported():
    assert [one for one in imported() if MAKES_THEM.search(one[1])] == []


def test_the_web_server_is_told_of_nowhere_to_send_any():
    """Gunicorn could count requests by itself, and is not asked to."""
    assert not MAKES_THEM.search(" ".join(web_command(8000)[1:]))
    assert "--statsd-host" in Config().parser().format_help()


def test_no_address_shows_any():
    patterns = get_resolver("contactpoint.web.urls").url_patterns
    addresses = [f"{one.name} {one.pattern}" for one in patterns]
    assert len(addresses) > 100
    assert [one for one in addresses if SHOWS_THEM.search(one)] == []


def test_what_watches_the_process_is_told_a_word(db):
    for path in ("/livez", "/readyz"):
        answer = Client().get(path)
        assert answer.content == b"ok\n"
        assert not {"Server-Timing", "traceparent", "X-Trace-Id"} & set(answer.headers)
