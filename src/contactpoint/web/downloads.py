"""A dashboard as a file: rows that a spreadsheet opens, or pages to print and to pass on."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from django.http import HttpResponse

from contactpoint.web.pdf.sheets import pdf_of
from contactpoint.web.presenters.sheets import Sheet


def csv_answer(rows: Iterable[Sequence[str]], name: str) -> HttpResponse:
    """Rows as a file of that name."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return _answer(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"{name}.csv")


def pdf_answer(sheet: Sheet, name: str, made: date) -> HttpResponse:
    """A dashboard as a file of that name."""
    return _answer(pdf_of(sheet, made), "application/pdf", f"{name}.pdf")


def _answer(content: bytes, kind: str, name: str) -> HttpResponse:
    shown = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=shown)
