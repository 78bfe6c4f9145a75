"""Who may cross between the halves of sealed identities, for the national team that names them (R35)."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from contactpoint.access.again import proved, proved_at
from contactpoint.actions.once import once
from contactpoint.actions.protect import crossers as act
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.sealed_identity import CROSSERS, CrosserChanged
from contactpoint.domain.errors import NotFound
from contactpoint.web.forms.sealed import CrosserForm
from contactpoint.web.handles import GONE, case_of, keep_case
from contactpoint.web.once import form_key
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.sealed import CROSSER_DONE, crosser_rows
from contactpoint.web.render import refuse, render_page, viewer_of

_CROSSER: Final = "crosser"
_DONE: Final = "cp_crossers_done"


@require_http_methods(["GET", "POST"])
@proved
def crossers(request: HttpRequest) -> HttpResponse:
    """The two places, with who is in them; and naming somebody."""
    by, at = viewer_of(request), timezone.localtime()
    form = CrosserForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        answer = once(
            lambda: act.name_crosser(email=said["email"], until=said["until"], by=by, at=at),
            key=form_key(request),
            action="name_crosser",
            sent=said,
            answered=CrosserChanged,
            by=by,
            at=at,
        )
        return _changed(request, answer)
    found = act.crossers(by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    named = [(one, act.may_they_cross_today(one, at)) for one in found]
    page = {
        "form": form,
        "crossers": crosser_rows(named, by.account_id, lambda one: keep_case(request.session, _CROSSER, one)),
        "lacking": CROSSERS - sum(good for _, good in named),
        "full": len(named) == CROSSERS,
        "done": request.session.pop(_DONE, ""),
    }
    return render_page(request, "crossers", page)


@require_POST
@proved_at(lambda _request, **_named: reverse("crossers"))
def change_crosser(request: HttpRequest, handle: str) -> HttpResponse:
    """Agree to a name, or take it off."""
    which, by, at = case_of(request.session, _CROSSER, handle), viewer_of(request), timezone.localtime()
    change = {"agree": act.agree_crosser, "end": act.end_crosser}.get(request.POST.get("what", ""))
    if change is None:
        raise NotFound(GONE)
    answer = once(
        lambda: change(crosser=which, by=by, at=at),
        key=form_key(request),
        action="change_crosser",
        sent={"crosser": which, "what": request.POST["what"]},
        answered=CrosserChanged,
        by=by,
        at=at,
    )
    return _changed(request, answer)


def _changed(request: HttpRequest, answer: CrosserChanged | Refusal) -> HttpResponse:
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = CROSSER_DONE[answer.what]
    return redirect("crossers")
