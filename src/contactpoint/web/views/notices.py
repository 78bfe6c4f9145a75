"""Notices: what I am told, and what I want to be told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from contactpoint.actions.contribute import notices as told
from contactpoint.actions.contribute.notices import NoticesChosen
from contactpoint.actions.once import once
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.web.forms.notices import ChooseNoticesForm
from contactpoint.web.handles import keep_own
from contactpoint.web.once import form_key
from contactpoint.web.presenters.notices import notices_view
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE = "cp_notices_done"


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What matters about the children I work with and the records I opened."""
    found = told.notices(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    own = [one.own.involvement_id for one in found.told if one.own]
    handles = {involvement: keep_own(request.session, involvement) for involvement in own}
    page = {
        "notices": notices_view(found, handles, timezone.localtime()),
        "done": request.session.pop(_DONE, False),
    }
    return render_page(request, "notices", page)


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Kind by kind: here and by e-mail, here alone, or not at all."""
    by, at = viewer_of(request), timezone.localtime()
    chosen = told.notice_choices(by=by, at=at)
    if isinstance(chosen, Refusal):
        return refuse(request, refused_page(chosen))
    form = ChooseNoticesForm(chosen, request.POST.dict() if request.method == "POST" else None)
    if not form.is_valid():
        return render_page(request, "notices_choose", {"form": form})
    answer = once(
        lambda: told.choose_notices(choices=form.chosen(), by=by, at=at),
        key=form_key(request),
        action="choose_notices",
        sent={kind.value: telling.value for kind, telling in form.chosen().items()},
        answered=NoticesChosen,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = True
    return redirect("notices")
