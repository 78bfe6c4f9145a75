"""Puts what was typed back into a form, after a session ended or was locked (R7 and the house's own rule).

One place for every form: the page is made as always, then its fields take the kept values. Nothing is sent
again by itself. It needs no JavaScript.
"""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from html.parser import HTMLParser
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

REFILL = "refill"
_NEVER = {"hidden", "password", "file", "submit", "button", "image", "reset"}
Next = Callable[[HttpRequest], HttpResponse]
Attributes = list[tuple[str, str | None]]
WORDS = {
    "ended": "You were signed out before this was sent. What you typed is here again: check it and send it.",
    "locked": "What you had typed is here again.",
}


class RefillForm:
    """Fills the page that a kept draft belongs to, once."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the answer to the one request that the draft waits for."""
        waiting = request.session.get(REFILL) if request.method == "GET" else None
        response = self._get_response(request)
        if not waiting or waiting["path"] != request.path:
            return response
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and waiting["page"] != request.path:
            request.session[REFILL] = {**waiting, "path": waiting["page"]}
            return redirect(waiting["page"])
        del request.session[REFILL]
        if response.status_code == HTTPStatus.OK and "text/html" in response.get("Content-Type", ""):
            page = refilled(response.content.decode(), waiting["fields"], WORDS[waiting["why"]])
            response.content = page.encode()
        return response


def refilled(page: str, fields: Mapping[str, Sequence[str]], words: str) -> str:
    """The page with the values in the fields of those names inside `<main>`, and the words above them."""
    filler = _Filler(fields, words)
    filler.feed(page)
    filler.close()
    return "".join(filler.out)


class _Filler(HTMLParser):
    """Copies a page as it is, except for the fields whose values are known."""

    def __init__(self, fields: Mapping[str, Sequence[str]], words: str) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._fields, self._words = fields, words
        self._in_main = False
        self._dropping = False  # the text a textarea had
        self._select = ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        raw = self.get_starttag_text() or ""
        known = self._in_main and name in self._fields
        if tag == "input" and known:
            raw = _input(given, attrs, self._fields[name]) or raw
        elif tag == "option" and self._in_main and self._select in self._fields:
            raw = _choice("option", attrs, "selected", given.get("value") in self._fields[self._select])
        self.out.append(raw)
        if tag == "main":
            self._in_main = True
            self.out.append(
                f'<div class="cp-note" role="status"><p class="govuk-body">{escape(self._words)}</p></div>'
            )
        elif tag == "select":
            self._select = name
        elif tag == "textarea" and known:
            self.out.append("\n" + escape(self._fields[name][0] if self._fields[name] else ""))
            self._dropping = True

    def handle_endtag(self, tag: str) -> None:
        self._dropping = self._dropping and tag != "textarea"
        if tag == "main":
            self._in_main = False
        elif tag == "select":
            self._select = ""
        self.out.append(f"</{tag}>")

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")


def _input(given: Mapping[str, str | None], attrs: Attributes, values: Sequence[str]) -> str | None:
    kind = given.get("type") or "text"
    if kind in _NEVER:
        return None
    if kind in {"radio", "checkbox"}:
        return _choice("input", attrs, "checked", (given.get("value") or "on") in values)
    return _tag("input", [*_without(attrs, "value"), ("value", values[0] if values else "")])


def _choice(tag: str, attrs: Attributes, mark: str, chosen: bool) -> str:  # noqa: FBT001 - one of two states
    return _tag(tag, _without(attrs, mark) + ([(mark, None)] if chosen else []))


def _without(attrs: Attributes, name: str) -> Attributes:
    return [(known, value) for known, value in attrs if known != name]


def _tag(tag: str, attrs: Attributes) -> str:
    parts = [name if value is None else f'{name}="{escape(value)}"' for name, value in attrs]
    return f"<{' '.join([tag, *parts])}>"
