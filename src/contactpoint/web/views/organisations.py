"""Organisations: which are accredited, and until when."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contactpoint.access.again import proved
from contactpoint.actions.once import once
from contactpoint.actions.people import organisations as actions
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.permissions import Permission, may_this_role_ask
from contactpoint.domain.staff import StaffDone
from contactpoint.web.forms.people import AccreditForm, OrganisationsForm
from contactpoint.web.once import form_key
from contactpoint.web.presenters.people import body_rows
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of
from contactpoint.web.views.people import A_PAGE, DONE, done, page_number

_LOOKED: Final = "cp_organisations"


@require_http_methods(["GET", "POST"])
def organisations(request: HttpRequest) -> HttpResponse:
    """Those that the viewer answers for."""
    if request.method == "POST":
        sent = OrganisationsForm(request.POST)
        request.session[_LOOKED] = sent.cleaned_data if sent.is_valid() else {}
        return redirect("organisations")
    looked, number = request.session.get(_LOOKED, {}), page_number(request)
    found = actions.organisations(
        words=looked.get("words", ""),
        ending=bool(looked.get("ending")),
        skip=(number - 1) * A_PAGE,
        by=viewer_of(request),
        at=timezone.localtime(),
    )
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "form": OrganisationsForm(looked),
        "bodies": body_rows(found[:A_PAGE], timezone.localdate()),
        "number": number,
        "more": len(found) > A_PAGE,
        "accredits": may_this_role_ask(viewer_of(request).role, Permission.ACCREDIT),
        "keeps": may_this_role_ask(viewer_of(request).role, Permission.KEEP_REFERENCE),
        "done": done(request),
    }
    return render_page(request, "organisations", page)


@require_http_methods(["GET", "POST"])
@proved
def accredit(request: HttpRequest, code: str) -> HttpResponse:
    """Accredit one until a day, or end it at once."""
    by, at = viewer_of(request), timezone.localtime()
    found = actions.organisation(code=code, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    ends = request.POST.get("what") == "end"
    form = AccreditForm(request.POST if request.method == "POST" and not ends else None)
    if request.method == "GET" or not (ends or form.is_valid()):
        (row,) = body_rows([found], timezone.localdate())
        return render_page(request, "accredit", {"form": form, "body": row})
    until = None if ends else form.cleaned_data["until"]
    answer = once(
        lambda: actions.accredit(code=code, until=until, by=by, at=at),
        key=form_key(request),
        action="accredit",
        sent={"code": code, "until": until},
        answered=StaffDone,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[DONE] = [answer.what, answer.name]
    return redirect("organisations")
