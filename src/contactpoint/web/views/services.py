"""The service directory: look for a service by name, kind or area."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contactpoint.actions.find import services as actions
from contactpoint.actions.find.choices import authorities
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.service_search import A_PAGE, ServiceSought
from contactpoint.web.forms.services import ServicesForm
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.services import NOT_NAMED, SENSITIVE, service_views
from contactpoint.web.render import refuse, render_page, viewer_of
from contactpoint.web.views.people import page_number

_LOOKED: Final = "cp_services"


@require_http_methods(["GET", "POST"])
def services(request: HttpRequest) -> HttpResponse:
    """What fits what was looked for last; at first whatever is in one's own area."""
    areas, by = [(one.code, one.name) for one in authorities()], viewer_of(request)
    if request.method == "POST":
        sent = ServicesForm(areas, request.POST)
        if sent.is_valid():
            request.session[_LOOKED] = sent.cleaned_data
            return redirect("services")
        return _page(request, sent, {"found": ()})
    form = ServicesForm(areas, request.session.get(_LOOKED, {"authority": by.authority or ""}))
    sought = form.sought() if form.is_valid() else ServiceSought()
    number = page_number(request)
    found = actions.find_services(sought=sought, skip=(number - 1) * A_PAGE, by=by, at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page: dict[str, object] = {
        "found": service_views(found[:A_PAGE], dict(areas)),
        "number": number,
        "more": len(found) > A_PAGE,
    }
    return _page(request, form, page)


def _page(request: HttpRequest, form: ServicesForm, page: dict[str, object]) -> HttpResponse:
    not_listed = {"not_named": NOT_NAMED, "sensitive": SENSITIVE}
    return render_page(request, "services", {"form": form, **not_listed, **page})
