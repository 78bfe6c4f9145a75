"""What every answer carries, also one that is an error or a file of the package."""

import pytest
from django.test import Client

from contactpoint.web.views import statements

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
DIRECTIVES = ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
STYLE = "/static/contactpoint/contactpoint.css"


def broken(*_what):
    message = "SELECT secret FROM nowhere"
    raise RuntimeError(message)


# what is asked for, and the status
ANSWERS = {
    "a page": (lambda client: client.get("/"), 200),
    "a file of the package": (lambda client: client.get(STYLE), 200),
    "a picture of the package": (lambda client: client.get("/static/contactpoint/favicon.svg"), 200),
    "whoever watches": (lambda client: client.get("/livez"), 200),
    "a way to sign-in": (lambda client: client.get("/find/"), 302),
    "nothing there": (lambda client: client.get("/nothing/"), 404),
    "another host": (lambda client: client.get("/", headers={"Host": "elsewhere.example"}), 400),
    "a form without proof": (lambda client: client.post("/account/login/", {}), 403),
    "a method that is none": (lambda client: client.generic("TRACE", "/accessibility/"), 405),
    "broken": (lambda client: client.get("/help/"), 500),
}


def read(response):
    """Read an answer to its end, which closes the file that it may come from."""
    if response.streaming:
        list(response)
    return response


@pytest.fixture
def answer(request, monkeypatch):
    asked, status = ANSWERS[request.param]
    if request.param == "broken":
        monkeypatch.setattr(statements, "render_page", broken)
    return read(asked(Client(enforce_csrf_checks=True, raise_request_exception=False))), status


@pytest.mark.parametrize("answer", ANSWERS, indirect=True)
def test_every_answer_is_bound(answer):
    response, status = answer
    assert response.status_code == status
    assert {name: response.get(name) for name in ALWAYS} == ALWAYS
    assert all(directive in response["Content-Security-Policy"] for directive in DIRECTIVES)
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "camera=()" in response["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in response


def header(path, name, **how):
    return read(Client().get(path, **how)).get(name)


def test_pages_are_kept_nowhere_and_files_of_the_package_for_an_hour():
    assert header("/help/", "Cache-Control") == "no-store, private"
    assert header(STYLE, "Cache-Control") == "max-age=3600, public"


@pytest.mark.parametrize("path", ["/help/", STYLE, "/nothing/"])
def test_https_is_asked_for_where_the_service_is_on_the_web(settings, path):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31536000, True
    found = header(path, "Strict-Transport-Security", secure=True)
    assert found == "max-age=31536000; includeSubDomains"
