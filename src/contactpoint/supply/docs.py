"""The pages about feeds, written from the contracts themselves.

`python -m contactpoint.supply.docs docs/feeds` writes them.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from contactpoint.domain.involvement import SERVICES
from contactpoint.supply.columns import Column, Form, Part
from contactpoint.supply.contracts import CONTRACTS, REFERENCE_FILES, Contract, ReferenceFile

_FORMS: Final[dict[Form, str]] = {
    Form.KEY: "text",
    Form.TEXT: "text",
    Form.LINE: "text on one line",
    Form.DATE: "date, year-month-day",
    Form.PARTIAL_DATE: "date, year-month-day; or year-month; or year",
    Form.CODE: "code",
    Form.FLAG: "`Y` or blank",
    Form.NUMBER: "number from 1 to 99",
    Form.POSTCODE: "postcode",
    Form.PHONE: "telephone number",
    Form.EMAIL: "electronic mail address",
    Form.NHS_NUMBER: "NHS number, modulus 11 checked",
    Form.UPN: "unique pupil number, modulus 23 checked",
    Form.UPRN: "up to 12 digits",
    Form.IDENTIFIERS: "`scheme:value;scheme:value`",
    Form.ORGANISATION: "code in organisations.csv",
    Form.AUTHORITY: "three digits of an authority in organisations.csv",
    Form.SERVICE: "service code",
}
_INTRODUCTION: Final = """# Feeds

This folder is written from the contracts in `src/contactpoint/supply` by `python -m
contactpoint.supply.docs docs/feeds`; a test fails when the two differ.

A delivery is one file of one source, named `<source>_<as-at year-month-day>_<full|delta>.csv`: a full file
holds every record the source has, a delta those that changed. Files are CSV (RFC 4180: commas, quotation
marks, line breaks inside quotation marks) in UTF-8, with or without a byte-order mark, also packed with
gzip, or Parquet with the same columns as text: at most 512 MB, and at most fifty times their size once they
are unpacked. The first line holds the column names, in any order. Blank cells say nothing.

- The same file again changes nothing. A file older than the last published one of its source is refused.
- Each row is accepted or rejected, with line, field and reason. Rejected rows come back as a CSV with
  three more columns (`rejected_line`, `rejected_field`, `rejected_reason`): mend it and send it as a delta of
  the same day. In it, a cell that a spreadsheet would run as a formula begins with an apostrophe, which is
  taken off again.
- Rows of one local id must agree on who the child is, and are accepted or rejected together. A record that
  was rejected stays as it was.
- A full file withdraws the records it no longer holds. Where that would be more than 2 in 100, the delivery
  waits for a person.
- A source whose files are written otherwise has a mapping, which two people agreed: whoever runs the feed
  finds it under "How its files are read" on the feed's page, with an example.
- Nobody sees a delivery until all of it is published, and then all of it.
- No delivery ends a shield. A row marked `restricted` places one.

## Contracts

| contract | what | columns | involvements | may mark as restricted | may report sensitive services |
|---|---|---|---|---|---|
"""


def pages() -> dict[str, str]:
    """Every page of docs/feeds: file name and text."""
    found = {f"{contract.code}.md": _contract_page(contract) for contract in CONTRACTS.values()}
    return {"README.md": _front_page(), "reference.md": _reference_page(REFERENCE_FILES.values()), **found}


def _front_page() -> str:
    rows = [
        f"| [{contract.code}]({contract.code}.md) | {contract.title} | {len(contract.columns)} "
        f"| {_yes(bool(contract.services))} | {_yes(contract.may_restrict)} | {_yes(contract.may_consent)} |"
        "\n"
        for contract in CONTRACTS.values()
    ]
    services = [f"| `{one.code}` | {one.name} | {one.kind} |\n" for one in SERVICES.values()]
    return (
        _INTRODUCTION
        + "".join(rows)
        + "\nThe directory's own surroundings come in [reference files](reference.md).\n"
        + "\n## Services\n\n| code | name | kind |\n|---|---|---|\n"
        + "".join(services)
    )


def _contract_page(contract: Contract) -> str:
    text = f"# {contract.title} (`{contract.code}`)\n\n{contract.about}\n\n"
    text += f"It may speak for: {', '.join(contract.speaks_for)}.\n"
    if contract.services:
        text += f"\nServices it may report: {', '.join(f'`{code}`' for code in contract.services)}.\n"
    parts = {
        "Who the child is": (Part.KEY, Part.IDENTITY),
        "Who is in contact": (Part.INVOLVEMENT,),
    }
    for title, wanted in parts.items():
        columns = [column for column in contract.columns if column.part in wanted]
        if columns:
            text += f"\n## {title}\n\n| column | form | longest | must be filled | meaning |\n"
            text += "|---|---|---|---|---|\n"
            text += "".join(_column_row(column) for column in columns)
    return text


def _column_row(column: Column) -> str:
    form = _FORMS[column.form]
    if column.codes:
        form = ", ".join(f"`{code}`" for code in column.codes)
    if column.form is Form.DATE and column.may_be_future:
        form += "; may lie ahead"
    return f"| `{column.name}` | {form} | {column.longest} | {_yes(column.required)} | {column.meaning} |\n"


def _reference_page(files: Iterable[ReferenceFile]) -> str:
    text = "# Reference files\n\nLoaded together, before deliveries. Rows replace those of the same code.\n"
    for file in files:
        text += f"\n## {file.code}.csv: {file.title}\n\n{file.about}\n\n| column | meaning |\n|---|---|\n"
        text += "".join(f"| `{name}` | {meaning} |\n" for name, meaning in file.columns)
    return text


def _yes(value: bool) -> str:  # noqa: FBT001 - it is the question itself
    return "yes" if value else ""


def write(folder: Path) -> None:
    """Write every page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
