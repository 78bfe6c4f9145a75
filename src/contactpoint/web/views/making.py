"""Make a record by hand, after a search in this sitting that found nobody suitable (R23)."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contactpoint.actions.contribute.make_record import look_again, make_record
from contactpoint.actions.once import once
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import NotFound
from contactpoint.domain.making import MakeReason, RecordMade
from contactpoint.supply.places import UPLOADED, inbox_of
from contactpoint.web.forms.making import MakeForm
from contactpoint.web.handles import GONE, KEPT, search_of
from contactpoint.web.once import form_key
from contactpoint.web.presenters.making import asked_words, made_page
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.results import results_view
from contactpoint.web.render import refuse, render_message, render_page, viewer_of
from contactpoint.web.views.find import find_form

_SHOWN: Final = "cp_make_shown"


@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, handle: str) -> HttpResponse:
    """The near ones once more: is it one of these? Then what is known, and why there is no record."""
    asked = find_form(request, search_of(request.session, handle))
    if not asked.is_valid() or asked.criteria is None:
        raise NotFound(GONE)
    by, at, criteria = viewer_of(request), timezone.localtime(), asked.criteria
    shown = request.session.get(_SHOWN, {}).get(handle)
    form = MakeForm(some_are_near=bool(shown), data=request.POST if request.method == "POST" else None)
    if shown is None or not form.is_valid():
        found = look_again(criteria=criteria, purpose=asked.stated, by=by, at=at)
        if isinstance(found, Refusal):
            return refuse(request, refused_page(found))
        _keep_shown(request, handle, [card.number for card in found.cards])
        form = form if shown is not None else MakeForm(some_are_near=bool(found.cards))
        page = {"form": form, "handle": handle, "results": results_view(found, at.date())}
        return render_page(request, "make_record", {**page, "asked": asked_words(criteria)})
    reason = MakeReason(form.cleaned_data["reason"])
    inbox = inbox_of(settings.HOME) / UPLOADED if settings.HOME else None
    answer = once(
        lambda: make_record(
            child=form.child(criteria),
            reason=reason,
            criteria=criteria,
            shown=shown,
            inbox=inbox,
            purpose=asked.stated,
            by=by,
            at=at,
        ),
        key=form_key(request),
        action="make_record",
        sent={"search": handle, **form.cleaned_data},
        answered=RecordMade,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return render_message(request, made_page())


def _keep_shown(request: HttpRequest, handle: str, numbers: list[str]) -> None:
    kept = {**request.session.get(_SHOWN, {}), handle: numbers}
    request.session[_SHOWN] = dict(list(kept.items())[-KEPT:])
