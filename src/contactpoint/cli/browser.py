"""A browser of a few lines, for `demo --check`: cookies, links, forms with their hidden fields; no script."""

import html.parser
import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from contactpoint.domain.errors import ContactPointError

TIMEOUT: Final = 30  # seconds


class UnexpectedPage(ContactPointError):
    """A page is not what it should be; the message says which and what it says."""


@dataclass(slots=True)
class Form:
    """A form of a page: where it goes, its filled-in fields, and the choices of its radios."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """A page: its address, its status, its forms and its texts by the class of the element they stand in."""

    address: str
    status: int
    forms: list[Form]
    texts: list[tuple[frozenset[str], str]]

    def having(self, name: str) -> list[str]:
        """The texts of all elements of that tag or class."""
        return [text for names, text in self.texts if name in names]

    def form_to(self, path: str) -> Form:
        """The first form that goes to an address containing `path`; raises UnexpectedPage if none does."""
        for form in self.forms:
            if path in form.action:
                return form
        said = " ".join(self.having("h1"))
        raise UnexpectedPage(f"{self.address} was answered with {self.status} and no form to {path}: {said}")


class Browser:
    """Keeps cookies and follows redirects, as a person's browser does."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def open(self, path: str, data: Mapping[str, str] | None = None) -> Page:
        """Get a page, or post to it."""
        address = urllib.parse.urljoin(self._origin, path)
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        request = urllib.request.Request(address, data=body, headers={"Referer": address})  # noqa: S310 - loopback
        try:
            with self._opener.open(request, timeout=TIMEOUT) as response:
                return _read(response.url, response.status, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return _read(address, error.code, error.read())

    def submit(self, page: Page, form: Form, **typed: str) -> Page:
        """Send a form of a page with what was typed into it."""
        action = urllib.parse.urljoin(page.address, form.action)
        return self.open(action, {**form.fields, **typed})


def _read(address: str, status: int, body: bytes) -> Page:
    reader = _Reader()
    reader.feed(body.decode("utf-8", errors="replace"))
    return Page(address=address, status=status, forms=reader.forms, texts=reader.texts)


class _Reader(html.parser.HTMLParser):
    """Collects forms, and the text of each element that has a class or is a heading."""

    VOID: Final = frozenset({"input", "br", "img", "meta", "link", "hr", "path", "rect", "circle"})

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.texts: list[tuple[frozenset[str], str]] = []
        self._open: list[tuple[str, frozenset[str], list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element; note a form or a field of one."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(action=given.get("action", "")))
        elif tag == "input" and self.forms and "name" in given:
            self._note_field(given)
        if tag not in self.VOID:
            self._open.append((tag, frozenset(given.get("class", "").split()), []))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost open element of that tag, and what was left open inside it."""
        if not any(name == tag for name, _, _ in self._open):
            return
        while self._open:
            name, classes, parts = self._open.pop()
            if not self._in_template(name):
                self._keep(name, classes, " ".join("".join(parts).split()))
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        """Add text to the innermost open element."""
        if self._open:
            self._open[-1][2].append(data)

    def _in_template(self, name: str) -> bool:
        """Whether nobody sees it: a template is not shown."""
        return name == "template" or any(outer == "template" for outer, _, _ in self._open)

    def _keep(self, name: str, classes: frozenset[str], text: str) -> None:
        self.texts.append((classes | {name}, text))
        if self._open:
            self._open[-1][2].append(" " + text + " ")

    def _note_field(self, given: Mapping[str, str]) -> None:
        form, name = self.forms[-1], given["name"]
        if given.get("type") == "radio":
            form.choices.setdefault(name, []).append(given.get("value", ""))
        else:
            form.fields[name] = given.get("value", "")
