"""A window that is watched: its console stays empty, axe finds nothing, errors lead to their fields."""

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
EXPECTED = ("Failed to load resource",)  # the console's word for an answer of 403 or 404, which tests ask for

# Every rule is tried everywhere; only what passes is not written down, node for node, and carried here.
VIOLATIONS = 'return axe.run({resultTypes: ["violations"]}).then(found => found.violations);'


# The pages that were judged so far, by the name of their address and the width of the window.
JUDGED = set()

# Names and widths of the pictures that were taken: one of each is enough to look at, and takes time.
TAKEN = set()


def name_of(url):
    """The name of a page's address; None if no page of ours has it."""
    try:
        return resolve(urlsplit(url).path).url_name
    except Resolver404:
        return None


def follow(target):
    """Press a link or a button that leads to another page, and wait until that page is there, whole.

    A click alone comes back when the next page begins: on a busy machine a test would read half of it.
    """
    with target.page.expect_navigation():
        target.click()


class Watched:
    """A page with what was wrong on it so far."""

    def __init__(self, page, axe, pictures):
        self.page = page
        self.complaints = []
        self._axe = axe
        self._pictures = pictures
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def go(self, path):
        self.page.goto(path)
        return self

    def press(self, name):
        """Press a button that leads to another page, or to this one again."""
        follow(self._button(name))
        return self

    def tap(self, name):
        """Press a button after which this page stays: a script answers it, or a file is saved."""
        self._button(name).click()
        return self

    def heading(self):
        return self.page.locator("h1").inner_text()

    def text(self):
        return self.page.locator("main").inner_text()

    def fill(self, **fields):
        """Fill fields by their name; two underscores stand for a hyphen."""
        for name, value in fields.items():
            self.page.locator(f'[name="{name.replace("__", "-")}"]').fill(value)
        return self

    def search(self, purpose="safeguarding", **fields):
        """State a reason, type, find."""
        self.go("/find/")
        self.page.locator(f'[name="purpose"][value="{purpose}"]').check()
        return self.fill(**fields).press("Find")

    def say_how(self):
        """Say how one comes to ask, where the record waits for that; it opens then."""
        if self.heading() == "Before this record opens":
            self.page.locator('[name="how"][value="with_me"]').check()
            self.press("Open the record")
        return self

    def judge(self, name):
        """Look at the page: axe, a picture, nothing wider than the window; once at the other width, too."""
        self._look(name)
        here = self.page.viewport_size
        for size in (WIDE, PHONE):
            if self._axe is not None and (name_of(self.page.url), size["width"]) not in JUDGED:
                self.page.set_viewport_size(size)
                self._look(name)
                self.page.set_viewport_size(here)
        return self

    def _look(self, name):
        width = self.page.viewport_size["width"]
        if (name, width) not in TAKEN:
            TAKEN.add((name, width))
            self._pictures.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=self._pictures / f"{name}-{width}.png", full_page=True)
        if self._axe is None:
            return
        found = self.page.evaluate(f"() => {{ {self._axe}; {VIOLATIONS} }}")
        self.complaints += [
            f"{name} {width}: {one['id']}: {[node['html'] for node in one['nodes']]}" for one in found
        ]
        overflow = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if overflow > 0:
            self.complaints.append(f"{name} {width}: {overflow} pixels wider than the window")
        JUDGED.add((name_of(self.page.url), width))

    def judge_both(self, name):
        """Look at the page wide and narrow."""
        before = self.page.viewport_size
        for size in (WIDE, PHONE):
            self.page.set_viewport_size(size)
            self._look(name)
        self.page.set_viewport_size(before)
        return self

    def follow_errors(self):
        """Follow every link of the error summary; return the names of the fields that took focus."""
        links = self.page.locator(".govuk-error-summary__list a")
        names = []
        for position in range(links.count()):
            links.nth(position).click()
            names.append(self.page.evaluate("document.activeElement.name || document.activeElement.tagName"))
        return names

    def _button(self, name):
        return self.page.get_by_role("button", name=name, exact=True).first

    def _heard(self, message):
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            self.complaints.append(f"{self.page.url}: {message.text}")
