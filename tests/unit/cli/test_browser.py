"""The browser of `demo --check`, against pages of a local server."""

import http.server
import threading
import urllib.parse

import pytest

from contactpoint.cli.browser import Browser, UnexpectedPage

FORM = """
<html><body><h1 class="big">Find <b>a</b> child</h1>
<form action="/other"><input name="x"></form>
<form method="post" action="/send"><input type="hidden" name="csrf" value="t&amp;k"><br>
<input type="radio" name="why" value="worried"><input type="radio" name="why" value="other">
<input name="surname"></form><p class="cp-note">One<br>line</p>
<template><h1>Not shown</h1></template></body></html>
"""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(200 if self.path != "/gone" else 404, FORM)

    def do_POST(self):
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        words = urllib.parse.parse_qs(sent)
        cookie = self.headers.get("Cookie", "none")
        self.answer(200, f"<h1>{words['csrf'][0]} {words['surname'][0]} {'why' in words} {cookie}</h1>")

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Set-Cookie", "seen=yes")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def browser():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Browser(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


def test_it_reads_headings_classes_and_forms(browser):
    page = browser.open("/")

    assert page.having("h1") == page.having("big") == ["Find a child"]
    assert page.having("cp-note") == ["One line"] or page.having("cp-note") == ["Oneline"]
    form = page.form_to("/send")
    assert form.fields == {"csrf": "t&k", "surname": ""}
    assert form.choices == {"why": ["worried", "other"]}


def test_it_sends_hidden_fields_what_was_typed_and_cookies(browser):
    page = browser.open("/")

    answer = browser.submit(page, page.form_to("/send"), surname="Khatun")

    assert answer.having("h1") == ["t&k Khatun False seen=yes"]


def test_a_page_that_is_not_there_says_so(browser):
    page = browser.open("/gone")

    assert page.status == 404
    with pytest.raises(UnexpectedPage, match="404 and no form to /nowhere: Find a child"):
        page.form_to("/nowhere")
