"""What of a page leads on: its links, and its forms with every field that can be filled in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

# What a person types, by the end of a field's name; whatever else is a text gets the last.
_TYPED = (
    ("-day", "1"),
    ("-month", "9"),
    ("until-year", "2027"),
    ("-year", "2025"),
    ("phone", "0161 496 0101"),
    ("email", "nobody@example.org"),
    ("role", "School nurse"),
    ("time", "09:30"),
    ("age", "10"),
    ("password", "not the password"),
    ("code", "000000"),
    ("", "Nobody knows"),
)


@dataclass(slots=True)
class Control:
    """One name of a form, and the values that may be sent under it."""

    kind: str
    values: list[str] = field(default_factory=list)
    needed: bool = True


@dataclass(slots=True)
class Form:
    """A form: where it goes, and what may be filled in."""

    action: str
    method: str
    controls: dict[str, Control] = field(default_factory=dict)

    def filled(self, turn: int, numbers: Sequence[str] = ("",)) -> dict[str, str | list[str]]:
        """Fill it in; another turn takes other choices, and a turn below nought chooses nothing.

        A number that is asked for is one of `numbers`.
        """
        sent: dict[str, str | list[str]] = {}
        for name, control in self.controls.items():
            if control.kind == "hidden":
                sent[name] = control.values[0]
            elif control.kind == "button" or (turn >= 0 and control.kind in {"radio", "select", "checkbox"}):
                if control.values:
                    sent[name] = control.values[turn % len(control.values)]
            elif turn >= 0 and name == "number":
                sent[name] = numbers[turn % len(numbers)]
            elif turn >= 0 and control.kind == "text":
                sent[name] = control.values[0] or next(text for end, text in _TYPED if name.endswith(end))
        return sent


@dataclass(slots=True)
class Page:
    """Where a page leads."""

    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)


def read(text: str, here: str) -> Page:
    """Read a page that was opened at `here`."""
    reader = _Reader(here)
    reader.feed(text)
    return reader.page


class _Reader(HTMLParser):
    def __init__(self, here: str) -> None:
        super().__init__()
        self.page = Page()
        self._here = here
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href", "").startswith(("/", "?")):
            href = said["href"]
            self.page.links.append(self._here.partition("?")[0] + href if href[0] == "?" else href)
        elif tag == "form":
            self._form = Form(said.get("action") or self._here, said.get("method", "get").lower())
            self.page.forms.append(self._form)
        elif self._form is not None:
            self._control(self._form, tag, said)

    def _control(self, form: Form, tag: str, said: dict[str, str]) -> None:
        if tag == "option" and self._select:
            form.controls[self._select].values.append(said.get("value", ""))
        name = said.get("name", "")
        if not name:
            return
        if tag == "select":
            self._select = name
            form.controls[name] = Control("select")
        elif tag == "textarea":
            form.controls[name] = Control("text", [""])
        elif tag == "button":
            form.controls.setdefault(name, Control("button")).values.append(said.get("value", ""))
        elif tag == "input":
            kind = said.get("type", "text")
            kind = kind if kind in {"hidden", "radio", "checkbox", "file"} else "text"
            form.controls.setdefault(name, Control(kind)).values.append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""


def ways_on(page: Page) -> Iterator[str]:
    """The links of a page, each once."""
    yield from dict.fromkeys(link.partition("#")[0] for link in page.links)
