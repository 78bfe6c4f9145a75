"""Look for somebody who has no account: who asks, what they know, and the one record (R6)."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from contactpoint.actions.find import mediate as mediating
from contactpoint.actions.find.choices import authorities
from contactpoint.actions.find.trawling import SAY_AGAIN
from contactpoint.actions.once import once
from contactpoint.domain.disclosure.answers import ProtectedRecord, Refusal
from contactpoint.domain.disclosure.mediation import MediationBegun
from contactpoint.domain.errors import NotFound
from contactpoint.web.forms.mediate import RequesterForm, find_form_for
from contactpoint.web.forms.need import NeedForm
from contactpoint.web.handles import GONE, case_of, keep_case
from contactpoint.web.once import form_key
from contactpoint.web.presenters.mediate import asks_view
from contactpoint.web.presenters.record import protected_view, record_view
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.results import results_view
from contactpoint.web.render import refuse, render_page, viewer_of

MEDIATION: Final = "mediation"
_LONGEST_NUMBER: Final = 40


@require_http_methods(["GET", "POST"])
def mediate(request: HttpRequest) -> HttpResponse:
    """Write down who asks, why, and how that was checked."""
    by, at = viewer_of(request), timezone.localtime()
    form = RequesterForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render_page(request, "mediate", {"form": form})
    said, purpose = form.said(), form.stated
    answer = once(
        lambda: mediating.begin_mediation(said=said, purpose=purpose, by=by, at=at),
        key=form_key(request),
        action="begin_mediation",
        sent={"said": str(said), "purpose": str(purpose)},
        answered=MediationBegun,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return redirect("mediated_find", handle=keep_case(request.session, MEDIATION, answer.mediation))


@require_http_methods(["GET", "POST"])
def find(request: HttpRequest, handle: str) -> HttpResponse:
    """What they know; what matches comes in answer to the form, and no address ever shows it."""
    which, by, at = case_of(request.session, MEDIATION, handle), viewer_of(request), timezone.localtime()
    asks = mediating.mediation(which=which, by=by, at=at)
    if isinstance(asks, Refusal):
        return refuse(request, refused_page(asks))
    places = [(one.code, one.name) for one in authorities()]
    form = find_form_for(asks, places, request.POST.dict() if request.method == "POST" else None)
    page = {"asks": asks_view(asks), "form": form, "handle": handle}
    if not form.is_valid() or form.criteria is None:
        return render_page(request, "mediated_find", page)
    answer = mediating.search_for(asks=asks, criteria=form.criteria, by=by, at=at)
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return render_page(request, "mediated_find", {**page, "results": results_view(answer, at.date())})


@require_POST
def record(request: HttpRequest, handle: str) -> HttpResponse:
    """The one record, in answer to choosing it: no address ever shows it."""
    which, by, at = case_of(request.session, MEDIATION, handle), viewer_of(request), timezone.localtime()
    number, need = request.POST.get("number", ""), NeedForm(request.POST)
    if not 0 < len(number) <= _LONGEST_NUMBER:
        raise NotFound(GONE)
    said_again = need.cleaned_data["need"] if "need" in request.POST and need.is_valid() else None
    found = mediating.open_for(which=which, number=number, by=by, at=at, said_again=said_again)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    asks, shown = found
    page = {"asks": asks_view(asks), "handle": handle}
    if shown is SAY_AGAIN:
        return render_page(request, "mediated_again", {**page, "form": need, "number": number})
    if isinstance(shown, Refusal):
        return refuse(request, refused_page(shown))
    if isinstance(shown, ProtectedRecord):
        protected = protected_view(shown, at.date())
        return render_page(request, "mediated_record", {**page, "record": protected, "protected": True})
    return render_page(request, "mediated_record", {**page, "record": record_view(shown, at.date(), ())})
