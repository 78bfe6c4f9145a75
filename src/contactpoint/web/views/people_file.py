"""Inviting many by file: what came of each row, and the bad rows back with their reasons."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.access.again import proved, proved_at
from contactpoint.actions.people import look
from contactpoint.actions.people.by_file import kept_file
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.people_file import COLUMNS, rejects_csv
from contactpoint.pipelines.people_file import take_people_file
from contactpoint.web.forms.people import PeopleFileForm
from contactpoint.web.presenters.people import file_view
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of


@require_http_methods(["GET", "POST"])
@proved
def people_file(request: HttpRequest) -> HttpResponse:
    """Take a file. The same one again goes on where it stopped, so that it needs no other key."""
    by, at = viewer_of(request), timezone.localtime()
    found = look.may_manage(by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    form = PeopleFileForm(request.POST, request.FILES) if request.method == "POST" else PeopleFileForm()
    if form.is_valid():
        try:
            taken = take_people_file(text=form.cleaned_data["file"], by=by, at=at)
        except InvalidInput as fault:
            form.add_error("file", str(fault))
        else:
            if isinstance(taken, Refusal):
                return refuse(request, refused_page(taken))
            return redirect("people_file_done", file=taken)
    return render_page(request, "people_file", {"form": form, "columns": COLUMNS})


@require_GET
def people_file_done(request: HttpRequest, file: int) -> HttpResponse:
    """What came of it."""
    found = kept_file(file=file, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "people_file_done", {"file": file_view(found)})


@require_POST
@proved_at("people_file_done")
def people_file_rows(request: HttpRequest, file: int) -> HttpResponse:
    """The bad rows, to be mended and sent again."""
    found = kept_file(file=file, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    response = HttpResponse(rejects_csv(found.bad), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="people_{file}_rejected.csv"'
    return response
