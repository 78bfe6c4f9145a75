"""A real browser on the real product: one England for all these tests, one sign-in for each person.

All of it ends with the last of these tests: while the browser's driver has its loop in this thread, Django
lets no other test near the database.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import axe_playwright_python
import psycopg
import pytest
from playwright.sync_api import sync_playwright

from contactpoint.cli.chromium import chromium
from contactpoint.cli.directory import Directory
from contactpoint.cli.home import CHECKOUT, open_to_all
from contactpoint.cli.postgres import Cluster
from tests.system import pages
from tests.system.every_page import are_all_chosen, not_judged
from tests.system.pages import Watched
from tests.system.palette import reduced
from tests.system.people import people_of

WIDE, PHONE = pages.WIDE, pages.PHONE
QUIET = (
    "--no-sandbox",  # as root there is no other way
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
# Screenshots for a person to look at; the folder is ignored by git.
PICTURES = CHECKOUT / "out" / "screenshots"
# Pictures of the guides, drawn only if asked for.
GUIDE_PICTURES = CHECKOUT / "docs" / "guide" / "images"
DRAWING = bool(os.environ.get("CONTACTPOINT_GUIDE_PICTURES"))
DRAWN = {"width": 1000, "height": 800}
TALLEST, LARGEST = 1500, 120_000


@dataclass(frozen=True)
class Product:
    address: str
    england: Path
    home: Path

    def expire(self, cookies):
        """Let the session of these cookies be over, as thirty quiet minutes would."""
        (key,) = [one["value"] for one in cookies if one["name"] == "contactpoint"]
        with psycopg.connect(Cluster(self.home).url("owner")) as owner:
            done = owner.execute(
                "UPDATE django_session SET expire_date = now() - interval '1 minute' WHERE session_key = %s",
                [key],
            )
            assert done.rowcount == 1

    def as_worker(self, script, told=None):
        """Run a script in the worker's place: a step of its, now or as if later, of what it is told."""
        subprocess.run(
            [sys.executable, "-P", "-c", script],
            env=Directory(self.home).environment("worker"),
            input=json.dumps(told),
            cwd=CHECKOUT,
            text=True,
            check=True,
        )

    def forget_what_was_opened(self):
        """Let the next test's people have looked at nothing today: after so much one is asked why (R53)."""
        with psycopg.connect(Cluster(self.home).url("owner")) as owner:
            owner.execute("DELETE FROM throttle WHERE bucket ~ '^(open|ask|again|search|search-again)[:@]'")


@contextmanager
def served(*arguments):
    """The product in a data folder of its own, started as `contactpoint demo` starts it."""
    usual = Path(tempfile.gettempdir())
    reachable = "/var/tmp" if os.geteuid() == 0 and not open_to_all(usual) else None
    with tempfile.TemporaryDirectory(prefix="contactpoint-system-", dir=reachable) as folder:
        Path(folder).chmod(0o711)
        home = Path(folder) / "home"
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment["PYTHONPATH"] = os.pathsep.join([str(CHECKOUT / "src"), str(CHECKOUT)])
        with subprocess.Popen(
            [sys.executable, "-m", "tests.system.served", str(home), *arguments],
            cwd=CHECKOUT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            last = ""
            for line in process.stdout:
                last = line
                if line.startswith("{"):
                    break
            else:
                pytest.fail(f"The product did not start; it said last: {last}")
            said = json.loads(last)
            yield Product(address=said["address"], england=Path(said["england"]), home=home)
            process.stdin.close()
            process.wait(timeout=60)


@pytest.fixture(scope="package", autouse=True)
def every_page(request):
    """Once all of these tests were run, every page was judged, wide and narrow."""
    yield
    if are_all_chosen(request.session.items):
        left_out = not_judged(pages.JUDGED)
        assert not left_out, f"nobody looked at {left_out}"


@pytest.fixture(scope="package")
def product():
    """The product that all these tests share."""
    with served() as product:
        yield product


@pytest.fixture(scope="package")
def browser():
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=str(chromium()), args=list(QUIET))
        yield started
        started.close()


@pytest.fixture(scope="package")
def people(product):
    """The demonstration's sign-ins, by the part of the e-mail address before the @."""
    return people_of(product.home)


@pytest.fixture(scope="package")
def kept():
    """Cookies of people who have signed in, so that most journeys begin signed in."""
    return {}


@pytest.fixture
def visit(browser, product, people, kept):
    """Opens a window: `visit()` as a stranger, `visit("amina")` signed in; ends by judging what it saw.

    With `proved` they have proved once more who they are, as a grant or a file asks of them.
    """
    opened = []

    def open_window(person=None, *, size=WIDE, javascript=True, proved=False):
        if person is not None and person not in kept:
            with browser.new_context(base_url=product.address) as context:
                sign_in(context.new_page(), people[person])
                kept[person] = context.storage_state()
        if proved:
            with browser.new_context(base_url=product.address, storage_state=kept[person]) as context:
                prove(context.request, people[person])
                kept[person] = context.storage_state()
        context = browser.new_context(
            base_url=product.address,
            viewport=size,
            java_script_enabled=javascript,
            storage_state=kept.get(person),
        )
        context.set_default_timeout(15_000)
        watched = Watched(context.new_page(), AXE if javascript else None, PICTURES)
        opened.append((context, watched, person, kept.get(person)))
        return watched

    yield open_window
    for context, _, person, began in opened:
        if person is not None:
            keep_or_forget(kept, person, began, context)
        context.close()
    product.forget_what_was_opened()
    for _, watched, _, _ in opened:
        assert watched.complaints == []


@pytest.fixture
def photograph(browser):
    """Keeps a picture of the page for a guide under a name, if pictures were asked for."""

    def take(window, name, *, whole=False):
        window.page.locator("h1").wait_for()
        if not DRAWING:
            return
        before = window.page.viewport_size
        window.page.set_viewport_size(DRAWN)
        tall = window.page.evaluate("document.documentElement.scrollHeight")
        part = {"x": 0, "y": 0, "width": DRAWN["width"], "height": DRAWN["height"]}
        if whole:
            part["height"] = min(tall, TALLEST)
        picture = reduced(browser, window.page.screenshot(full_page=whole, clip=part))
        assert len(picture) < LARGEST, name
        GUIDE_PICTURES.mkdir(parents=True, exist_ok=True)
        (GUIDE_PICTURES / f"{name}.png").write_bytes(picture)
        window.page.set_viewport_size(before)

    return take


def keep_or_forget(kept, person, began, context):
    """Keep the cookies that a window ends with: whoever proved who they are has a session of another key."""
    if context.request.get("/account/", max_redirects=0).status == 200:
        kept[person] = context.storage_state()
    elif kept.get(person) == began:
        kept.pop(person, None)


def sign_in(page, person):
    """Sign in as a person does: password, then a code."""
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(person.password)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("One-time code").fill(person.code())
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/*")


def prove(asked, person):
    """Enter another code, without a window; the session has another key afterwards."""
    page = asked.get("/account/code/again/?next=/help/").text()
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[:1]
    sent = {"csrfmiddlewaretoken": token, "code": person.code(), "next": "/help/"}
    assert asked.post("/account/code/again/", form=sent, max_redirects=0).headers["location"] == "/help/"
