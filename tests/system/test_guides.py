"""The guides are read in a browser: from Help by anybody, and as a site of plain files."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from contactpoint.cli.guide_site import build_site
from contactpoint.pipelines.guides import GUIDES
from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = [pytest.mark.system, pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])]

DRAWN = "document.images.length > 0 && [...document.images].every(one => one.naturalWidth > 300)"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Nothing: the tests' own words stand there."""


@pytest.fixture
def served():
    """Serves a folder as any web server would; returns its address."""
    opened = []

    def serve(folder):
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
        Thread(target=server.serve_forever, daemon=True).start()
        opened.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    for server in opened:
        server.shutdown()
        server.server_close()


def test_whoever_needs_a_guide_finds_it_under_help_signed_in_or_not(visit, size):
    """Given nobody signed in, when they open Help, then each role's guide is there, with its pictures."""
    window = visit(size=size)
    for place in range(len(GUIDES)):
        window.go("/help/").judge("17-help")
        follow(window.page.locator('main a[href^="/guide/"]').nth(place))
        assert window.page.evaluate(DRAWN)
        window.judge(f"17-guide-{GUIDES[place]}")
    window.go("/guide/national-team/")
    follow(window.page.locator('main a[href="/guide/authority-team/"]').first)
    assert window.heading() == "ContactPoint for an authority's team"
    window.page.locator('main a[href^="#"]').first.click()
    assert "#" in window.page.url
    follow(window.page.get_by_role("link", name="Back to help"))
    assert window.heading() == "Help"


def test_the_guides_are_a_site_of_plain_files(visit, served, tmp_path, size):
    """Given the built site, when a web server serves it, then each guide leads there and back."""
    build_site(tmp_path)
    window = visit(size=size).go(served(tmp_path)).judge("17-site")
    follow(window.page.get_by_role("link", name="ContactPoint for practitioners"))
    window.judge("17-site-practitioner")
    assert window.page.evaluate(DRAWN)
    follow(window.page.get_by_role("link", name="All guides"))
    assert window.heading() == "Guides"
