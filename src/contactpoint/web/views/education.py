"""Children without an education setting: the month's list, and what is known of one."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.actions.contribute import education as lists
from contactpoint.actions.once import once
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.relationship import Came
from contactpoint.domain.education import EducationList, ListedChild, SettingDecided, SettingDecision
from contactpoint.domain.errors import NotFound
from contactpoint.web.forms.education import SettingForm
from contactpoint.web.handles import GONE, OpenedRecord, case_of, keep_case, keep_record
from contactpoint.web.once import form_key
from contactpoint.web.presenters.education import child_view, list_view
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_ITEM: Final = "education item"
_DONE: Final = "cp_education_done"


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The newest list."""
    found = _list(request)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    view = list_view(found, timezone.localdate(), lambda item: keep_case(request.session, _ITEM, item))
    return render_page(request, "education", {"list": view, "done": request.session.pop(_DONE, "")})


@require_POST
def open_listed(request: HttpRequest, handle: str) -> HttpResponse:
    """Open the record of a listed child, because it may be missing education."""
    found = _one(request, handle)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    opened = OpenedRecord(
        number=found.child,
        purpose_code=lists.WHY.code.value,
        purpose_text=None,
        search=None,
        how=Came.LISTED.value,
    )
    return redirect("record", handle=keep_record(request.session, opened))


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, handle: str) -> HttpResponse:
    """What is known of one listed child."""
    found, by, at = _one(request, handle), viewer_of(request), timezone.localtime()
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    form = SettingForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        view = child_view(found, at.date())
        return render_page(request, "education_child", {"form": form, "handle": handle, "child": view})
    decision = SettingDecision(form.cleaned_data["decision"])
    answer = once(
        lambda: lists.decide_setting(item=found.item, decision=decision, by=by, at=at),
        key=form_key(request),
        action="decide_setting",
        sent={"item": found.item, "decision": decision.value},
        answered=SettingDecided,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = "Recorded."
    return redirect("education")


def _list(request: HttpRequest) -> EducationList | Refusal:
    return lists.education_list(by=viewer_of(request), at=timezone.localtime())


def _one(request: HttpRequest, handle: str) -> ListedChild | Refusal:
    item = case_of(request.session, _ITEM, handle)
    found = _list(request)
    if isinstance(found, Refusal):
        return found
    one = next((child for child in found.children if child.item == item), None)
    if one is None:
        raise NotFound(GONE)
    return one
