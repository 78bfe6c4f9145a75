"""A report as a file: rows that a spreadsheet opens, or pages to print and to pass on."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from contactpoint.access.again import View, proved_at
from contactpoint.actions.run.reports import Period
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.pdf.sheets import pdf_of
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.sheets import Sheet
from contactpoint.web.render import refuse, viewer_of

Found = TypeVar("Found")


class Asked(NamedTuple):
    """Who asks for a report, when, of how many weeks, and of what (`code`), where it is of one thing."""

    by: Viewer
    at: datetime
    period: Period
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files(Generic[Found]):
    """What a report hands out.

    `found` asks for the report, as handed out; `rows` are its CSV and `sheet` its PDF, None where there is
    nothing to print yet: then whoever asked is led to `page`, which says so. `name` is that of the file.
    """

    found: Callable[[Asked], Found | Refusal]
    rows: Callable[[Found, Asked], Iterable[Sequence[str]]]
    sheet: Callable[[Found, Asked], Sheet | None]
    name: Callable[[Asked], str]
    page: str

    def csv(self, request: HttpRequest, code: str = "") -> HttpResponse:
        """The same as its page, as a file that a spreadsheet opens."""
        asked = asked_in(request, code)
        found = self.found(asked)
        if isinstance(found, Refusal):
            return refuse(request, refused_page(found))
        text = io.StringIO(newline="")
        csv.writer(text).writerows(self.rows(found, asked))
        content = text.getvalue().encode("utf-8-sig")
        return _answer(content, "text/csv; charset=utf-8", f"{self.name(asked)}.csv")

    def pdf(self, request: HttpRequest, code: str = "") -> HttpResponse:
        """The same on paper."""
        asked = asked_in(request, code)
        found = self.found(asked)
        if isinstance(found, Refusal):
            return refuse(request, refused_page(found))
        sheet = self.sheet(found, asked)
        if sheet is None:
            return redirect(self.page)
        return _answer(pdf_of(sheet, asked.at.date()), "application/pdf", f"{self.name(asked)}.pdf")


def asked_in(request: HttpRequest, code: str = "") -> Asked:
    """Read who asks, and of how many weeks: a quarter if none is said, or one that there is not."""
    sent = request.POST if request.method == "POST" else request.GET
    known = {str(int(one)): one for one in Period}
    period = known.get(sent.get("weeks") or "", Period.QUARTER)
    return Asked(viewer_of(request), timezone.localtime(), period, code)


def handed_out(view: View, page: str) -> View:
    """The view of a file: whoever asks for it proves first who they are, and is back at `page` for it."""

    def back(request: HttpRequest, **named: str) -> str:
        weeks = f"?weeks={int(asked_in(request).period)}" if "weeks" in request.POST else ""
        return f"{reverse(page, kwargs=named)}{weeks}"

    guarded: View = require_POST(proved_at(back)(view))
    return guarded


def _answer(content: bytes, kind: str, name: str) -> HttpResponse:
    shown = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=shown)
