"""One HTML page that needs nothing else: no script, no font, no network."""

from html import escape
from importlib.resources import files


def page(title: str, inner: str) -> str:
    """Return the page; `inner` is HTML."""
    style = (files("contactpoint.linking.tool") / "report.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body>"
        '<a class="skip" href="#main">Skip to the report</a>'
        f'<main id="main"><h1>{escape(title)}</h1>{inner}</main></body></html>\n'
    )


def section(name: str, title: str, inner: str) -> str:
    """Return a part of the page under its heading; `inner` is HTML."""
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{escape(title)}</h2>{inner}</section>'


def table(caption: str, heads: list[str], rows: list[list[str]], *, numbers: int = 0) -> str:
    """Return a table; the last `numbers` columns hold numbers. Cells are escaped here."""
    kinds = ["" if place < len(heads) - numbers else ' class="number"' for place in range(len(heads))]
    head = "".join(
        f'<th scope="col"{kind}>{escape(cell)}</th>' for cell, kind in zip(heads, kinds, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{kind}>{escape(cell)}</td>" for cell, kind in zip(row, kinds, strict=True))
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="wide" role="region" aria-label="{escape(caption)}" tabindex="0"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
