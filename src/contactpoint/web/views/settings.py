"""Settings: what the national team set, changing it with a reason, and the second person's answer."""

from collections.abc import Callable, Mapping
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.access.again import proved_at
from contactpoint.actions.run import settings as actions
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.setting_changes import SettingDone
from contactpoint.domain.setting_table import Setting
from contactpoint.domain.settings import setting_named
from contactpoint.web.forms.settings import SettingForm
from contactpoint.web.once import send_once, sent_number
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.settings import (
    done_words,
    preview_lines,
    setting_groups,
    setting_view,
    version_rows,
    waiting_rows,
)
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE: Final = "cp_setting_done"


@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """Everything that is set, what waits for a second person, and the history."""
    found = actions.settings_kept(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "groups": setting_groups(found),
        "waiting": waiting_rows(found),
        "history": version_rows(found),
        "done": request.session.pop(_DONE, ""),
    }
    return render_page(request, "settings", page)


@require_http_methods(["GET", "POST"])
def setting(request: HttpRequest, key: str) -> HttpResponse:
    """One setting: its history, and a change, first shown and then made."""
    by, at, one = viewer_of(request), timezone.localtime(), _setting(key)
    found = actions.settings_kept(by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    form = SettingForm(one, request.POST if request.method == "POST" else None)
    page: dict[str, object] = {"form": form, "setting": setting_view(one, found), "preview": ()}
    if request.method != "POST" or not form.is_valid():
        return render_page(request, "setting", page)
    said = form.cleaned_data
    if "sure" in request.POST:
        return _once(
            request,
            "propose_setting",
            {"key": key, **said},
            lambda: actions.propose_setting(key=key, by=by, at=at, **said),
        )
    means = actions.preview_setting(key=key, value=said["value"], by=by, at=at)
    if isinstance(means, Refusal):
        return refuse(request, refused_page(means))
    return render_page(request, "setting", {**page, "preview": preview_lines(one, means), **said})


@require_POST
@proved_at("settings")
def answer_setting(request: HttpRequest) -> HttpResponse:
    """Agree as the second person, refuse, or take one's own back."""
    change, agrees = sent_number(request, "change"), request.POST.get("answer") == "agree"
    by, at = viewer_of(request), timezone.localtime()
    return _once(
        request,
        "answer_setting",
        {"change": change, "agrees": agrees},
        lambda: actions.answer_setting(change=change, agrees=agrees, by=by, at=at),
    )


def _setting(key: str) -> Setting:
    found = setting_named(key)
    if found is None:
        raise Http404
    return found


def _once(
    request: HttpRequest, action: str, sent: Mapping[str, object], act: Callable[[], SettingDone | Refusal]
) -> HttpResponse:
    answer = send_once(request, action, sent, act, answered=SettingDone)
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = done_words(answer)
    return redirect("settings")
