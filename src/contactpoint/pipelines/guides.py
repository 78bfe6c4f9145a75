"""The guides, one for each role: Markdown in, HTML with the classes of GOV.UK Frontend out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# In the order of the list: whoever opens it first, first.
GUIDES: Final = (
    "practitioner",
    "authority-team",
    "account-manager",
    "shield-desk",
    "consent-desk",
    "reviewer",
    "partner-team",
    "national-team",
    "auditor",
    "administrator",
)
_CLASSES: Final = {
    "h1": "govuk-heading-l",
    "h2": "govuk-heading-m",
    "h3": "govuk-heading-s",
    "p": "govuk-body",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "table": "govuk-table",
    "thead": "govuk-table__head",
    "tbody": "govuk-table__body",
    "tr": "govuk-table__row",
    "th": "govuk-table__header",
    "td": "govuk-table__cell",
    "blockquote": "govuk-inset-text",
}
_NOT_IN_A_SLUG: Final = re.compile(r"[^\w\- ]")
_A_GUIDE: Final = re.compile(r"(?P<name>[a-z-]+)\.md(?P<part>#.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """One guide: the name in its address, its title, and its text as HTML of no elements but Markdown's."""

    name: str
    title: str
    body: SafeString


def read_guides(folder: Path, *, address: str, pictures: str) -> tuple[Guide, ...]:
    """Read the guides of a folder; `address` and `pictures` hold a `{}` for the name of one."""
    texts = ((name, (folder / f"{name}.md").read_text(encoding="utf-8")) for name in GUIDES)
    return tuple(_guide(name, text, address, pictures) for name, text in texts)


def _guide(name: str, text: str, address: str, pictures: str) -> Guide:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    title = tokens[1].content
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        _dress(token, following)
        _point(token.children or (), address, pictures)
    html = markdown.renderer.render(tokens, markdown.options, {})
    return Guide(name=name, title=title, body=mark_safe(html))  # noqa: S308 - ours; HTML in it is text


def _dress(token: Token, following: Token | None) -> None:
    """Give an element its class, and a heading the anchor that the same Markdown has where it is hosted."""
    if token.nesting == 1 and token.tag in _CLASSES:
        token.attrJoin("class", _CLASSES[token.tag])
    if token.type == "heading_open" and following:
        token.attrSet("id", slug_of(following.content))
    if token.type == "th_open":
        token.attrSet("scope", "col")


def _point(inline: Iterable[Token], address: str, pictures: str) -> None:
    """Point links and pictures to where they are here; a document that is not a guide stays a name."""
    is_kept = True
    for token in inline:
        if token.type == "image":
            token.attrSet("src", pictures.format(Path(str(token.attrGet("src"))).name))
            token.attrSet("class", "cp-guide__picture")
        elif token.type == "link_open":
            to = _address_of(str(token.attrGet("href")), address)
            is_kept = to is not None
            token.attrSet("href", to or "")
            token.attrSet("class", "govuk-link")
        if token.type in ("link_open", "link_close") and not is_kept:
            token.type, token.content = "text", ""


def _address_of(to: str, address: str) -> str | None:
    found = _A_GUIDE.fullmatch(to)
    if found:
        return address.format(found["name"]) + (found["part"] or "")
    return to if to.startswith("#") else None


def slug_of(heading: str) -> str:
    """The anchor of a heading, as Markdown is hosted elsewhere: small letters, hyphens, no punctuation."""
    return _NOT_IN_A_SLUG.sub("", heading.lower()).replace(" ", "-")
