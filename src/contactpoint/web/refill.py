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

REFILL = "refills"
_NEVER = {"hidden", "password", "file", "submit", "button", "image", "reset"}
Next = Callable[[HttpRequest], HttpResponse]
Attributes = list[tuple[str, str | None]]
WORDS = {
    "ended": "You were signed out before this was sent. What you typed is here again: check it and send it.",
    "locked": "What you had typed is here again.",
}


OTHERS = "What you typed in another window is kept too:"


class RefillForm:
    """Fills the page that a kept draft belongs to, once."""

    def __init__(self, get_response: Next) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the answer to the one request that a draft waits for."""
        waiting = request.session.get(REFILL, []) if request.method == "GET" else []
        response = self._get_response(request)
        draft = next((one for one in waiting if one["path"] == request.path), None)
        if draft is None:
            return response
        others = [one for one in waiting if one is not draft]
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and draft["page"] != request.path:
            request.session[REFILL] = [{**draft, "path": draft["page"]}, *others]
            return redirect(draft["page"])
        request.session[REFILL] = others
        if response.status_code == HTTPStatus.OK and "text/html" in response.get("Content-Type", ""):
            paths = [one["path"] for one in others]
            page = refilled(response.content.decode(), draft["fields"], WORDS[draft["why"]], paths)
            response.content = page.encode()
        return response


def refilled(page: str, fields: Mapping[str, Sequence[str]], words: str, others: Sequence[str] = ()) -> str:
    """The page with the values in the fields of those names inside `<main>`, and the words above them.

    `others` are the pages of forms that wait to be filled likewise.
    """
    filler = _Filler(fields, words, others)
    filler.feed(page)
    filler.close()
    return "".join(filler.out)


class _Filler(HTMLParser):
    """Copies a page as it is, except for the fields whose values are known."""

    def __init__(self, fields: Mapping[str, Sequence[str]], words: str, others: Sequence[str]) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._fields, self._words, self._others = fields, words, others
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
            told = "".join([_paragraph(escape(self._words)), *map(_way_to, self._others)])
            self.out.append(f'<div class="cp-note" role="status">{told}</div>')
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


def _paragraph(inside: str) -> str:
    return f'<p class="govuk-body">{inside}</p>'


def _way_to(path: str) -> str:
    return _paragraph(f'{OTHERS} <a class="govuk-link" href="{escape(path)}">go on with it</a>.')


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
