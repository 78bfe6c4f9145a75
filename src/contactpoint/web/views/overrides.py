"""Overriding a protection for one look; and at the shield desk, looking into it and giving the right."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from contactpoint.access.again import proved, proved_at
from contactpoint.access.second_factor import SecondFactorAgain
from contactpoint.actions.once import once
from contactpoint.actions.protect.look_into import close_override, open_override
from contactpoint.actions.protect.override_rights import (
    agree_override,
    end_override,
    give_override,
    override_rights,
)
from contactpoint.actions.protect.override_shield import may_override, override_shield
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.override import (
    OverrideClosed,
    OverrideOutcome,
    OverrideReason,
    RightChanged,
)
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.shielding import NATIONAL_DESK_PHONE
from contactpoint.domain.errors import NotFound
from contactpoint.web.forms.overrides import REASON_WORDS, GiveOverrideForm, OutcomeForm, OverrideForm
from contactpoint.web.handles import GONE, KEPT, case_of, keep_case, record_of
from contactpoint.web.once import form_key
from contactpoint.web.presenters.overrides import CLOSED, DONE_WORDS, override_facts, right_rows
from contactpoint.web.presenters.record import record_view
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.words import telephone_link
from contactpoint.web.render import refuse, render_page, viewer_of

OVERRIDE: Final = "override"
DONE: Final = "cp_shield_done"
_RIGHT, _WHY = "override right", "cp_override_why"
_LOOKING_INTO: Final = Purpose(code=PurposeCode.SHIELD_DECISION)


@require_http_methods(["GET", "POST"])
def override(request: HttpRequest, handle: str) -> HttpResponse:
    """Warn, and ask why it must be now; the answer counts for the next page alone."""
    record_of(request.session, handle)
    if not may_override(by=viewer_of(request)):
        raise NotFound(GONE)
    form = OverrideForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        desk = {"desk_phone": NATIONAL_DESK_PHONE, "desk_link": telephone_link(NATIONAL_DESK_PHONE)}
        return render_page(request, "override", {"form": form, "handle": handle, **desk})
    kept = {**request.session.get(_WHY, {}), handle: form.cleaned_data["reason"]}
    request.session[_WHY] = dict(list(kept.items())[-KEPT:])
    return redirect("override_now", handle=handle)


@require_http_methods(["GET", "POST"])
def override_now(request: HttpRequest, handle: str) -> HttpResponse:
    """Ask for the second factor, and show the record in answer to it: once, because a code counts once."""
    opened, by = record_of(request.session, handle), viewer_of(request)
    why = request.session.get(_WHY, {}).get(handle)
    if why is None:
        return redirect("override", handle=handle)
    reason, asked = OverrideReason(why), SecondFactorAgain(request)
    if request.method == "GET" or not asked.is_right():
        page = {"form": asked.form, "handle": handle, "passkey": asked.passkey_options()}
        return render_page(request, "override_prove", {**page, "why": REASON_WORDS[reason].lower()})
    request.session[_WHY] = {one: kept for one, kept in request.session[_WHY].items() if one != handle}
    shown = override_shield(
        number=opened.number,
        purpose=opened.purpose,
        reason=reason,
        proved=True,
        by=by,
        at=timezone.localtime(),
    )
    if isinstance(shown, Refusal):
        return refuse(request, refused_page(shown))
    view = record_view(shown, timezone.localdate())
    return render_page(request, "overridden", {"record": view, "handle": handle})


@require_http_methods(["GET", "POST"])
def look_into(request: HttpRequest, handle: str) -> HttpResponse:
    """Who overrode what, when and why; and what came of looking into it."""
    number, by, at = case_of(request.session, OVERRIDE, handle), viewer_of(request), timezone.localtime()
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        found = open_override(override=number, purpose=_LOOKING_INTO, by=by, at=at)
        if isinstance(found, Refusal):
            return refuse(request, refused_page(found))
        page = {"form": form, "handle": handle, "facts": override_facts(found)}
        return render_page(request, "look_into", page)
    outcome = OverrideOutcome(form.cleaned_data["outcome"])
    answer = once(
        lambda: close_override(override=number, outcome=outcome, purpose=_LOOKING_INTO, by=by, at=at),
        key=form_key(request),
        action="close_override",
        sent={"override": number, "outcome": outcome.value},
        answered=OverrideClosed,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[DONE] = CLOSED
    return redirect("shields")


@require_http_methods(["GET", "POST"])
@proved
def rights(request: HttpRequest) -> HttpResponse:
    """Who may override; and giving somebody the right."""
    by, at = viewer_of(request), timezone.localtime()
    form = GiveOverrideForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        answer = once(
            lambda: give_override(email=said["email"], until=said["until"], by=by, at=at),
            key=form_key(request),
            action="give_override",
            sent=said,
            answered=RightChanged,
            by=by,
            at=at,
        )
        return _changed(request, answer)
    found = override_rights(by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    rows = right_rows(found, by, lambda right: keep_case(request.session, _RIGHT, right))
    page = {"form": form, "rights": rows, "done": request.session.pop(DONE, "")}
    return render_page(request, "override_rights", page)


@require_POST
@proved_at(lambda _request, **_right: reverse("override_rights"))
def change_right(request: HttpRequest, handle: str) -> HttpResponse:
    """Agree to a right, or end it."""
    right, by, at = case_of(request.session, _RIGHT, handle), viewer_of(request), timezone.localtime()
    act = {"agree": agree_override, "end": end_override}.get(request.POST.get("what", ""))
    if act is None:
        raise NotFound(GONE)
    answer = once(
        lambda: act(right=right, by=by, at=at),
        key=form_key(request),
        action="change_override_right",
        sent={"right": right, "what": request.POST["what"]},
        answered=RightChanged,
        by=by,
        at=at,
    )
    return _changed(request, answer)


def _changed(request: HttpRequest, answer: RightChanged | Refusal) -> HttpResponse:
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[DONE] = DONE_WORDS[answer.what]
    return redirect("override_rights")
