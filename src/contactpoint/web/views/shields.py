"""Protection: this child must be protected now; and the shield desk, where nothing opens without a reason."""

from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from contactpoint.actions.once import once
from contactpoint.actions.protect import around_shield as around
from contactpoint.actions.protect import shield_desk
from contactpoint.actions.protect.look_into import overrides_to_look_into
from contactpoint.actions.protect.protect_now import protect_now
from contactpoint.actions.protect.read_hidden import read_hidden
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.shield_desk import (
    BreachDecided,
    BreachOutcome,
    NearDecided,
    NearOutcome,
    ProtectedNow,
    ShieldMoved,
)
from contactpoint.domain.disclosure.shield_life import Ground, HiddenReason, ShieldStep
from contactpoint.domain.disclosure.shielding import NATIONAL_DESK
from contactpoint.domain.errors import NotFound
from contactpoint.web.forms.shields import (
    BreachForm,
    HiddenForm,
    ProtectForm,
    SafeContactForm,
    ShieldReasonForm,
    WeighingForm,
)
from contactpoint.web.handles import GONE, KEPT_OWN, case_of, keep_case, record_of
from contactpoint.web.once import form_key
from contactpoint.web.presenters.moves import desk_lines
from contactpoint.web.presenters.overrides import to_look_into_rows
from contactpoint.web.presenters.record import record_view
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.shields import (
    BREACH_WORDS,
    DECISIONS,
    DONE_WORDS,
    SLUGS,
    desk_view,
    looks_page,
    near_rows,
    protected_now_page,
    shield_view,
)
from contactpoint.web.presenters.words import counted
from contactpoint.web.reasons import purpose_words
from contactpoint.web.render import refuse, render_message, render_page, render_step, viewer_of
from contactpoint.web.views.overrides import DONE, OVERRIDE

SHIELD: Final = "shield"
_LONGEST: Final = 18  # figures of a number that the database can hold
_REASONS: Final = "cp_shield_reasons"


@require_http_methods(["GET", "POST"])
def protect(request: HttpRequest, handle: str) -> HttpResponse:
    """Say what will happen, ask why, and hide the child at once."""
    opened, by, at = record_of(request.session, handle), viewer_of(request), timezone.localtime()
    form = ProtectForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render_page(request, "protect", {"form": form, "handle": handle})
    ground = Ground(form.cleaned_data["ground"])
    answer = once(
        lambda: protect_now(number=opened.number, ground=ground, purpose=opened.purpose, by=by, at=at),
        key=form_key(request),
        action="protect_now",
        sent={"number": opened.number, "ground": ground.value},
        answered=ProtectedNow,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return render_message(request, protected_now_page(answer.confirm_by, reverse("record", args=[handle])))


@require_GET
def shields(request: HttpRequest) -> HttpResponse:
    """What waits at the desk."""
    waiting = shield_desk.what_to_do(by=viewer_of(request), at=timezone.localtime())
    if isinstance(waiting, Refusal):
        return refuse(request, refused_page(waiting))
    used = overrides_to_look_into(by=viewer_of(request), at=timezone.localtime())
    if isinstance(used, Refusal):
        return refuse(request, refused_page(used))
    moved = shield_desk.what_moved(by=viewer_of(request), at=timezone.localtime())
    if isinstance(moved, Refusal):
        return refuse(request, refused_page(moved))
    national = viewer_of(request).organisation_code == NATIONAL_DESK
    page = {
        "kinds": desk_view(waiting, lambda shield: keep_case(request.session, SHIELD, shield)),
        "overrides": to_look_into_rows(used, lambda one: keep_case(request.session, OVERRIDE, one)),
        "overrides_count": counted(len(used), "override", "overrides"),
        "done": request.session.pop(DONE, ""),
        "national": national,
        "moved": desk_lines(moved, lambda shield: keep_case(request.session, SHIELD, shield)),
    }
    return render_page(request, "shields", page)


@require_http_methods(["GET", "POST"])
def why(request: HttpRequest, handle: str) -> HttpResponse:
    """Ask why; the reason counts for this shield in this session."""
    case_of(request.session, SHIELD, handle)
    form = ShieldReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render_page(request, "shield_why", {"form": form, "handle": handle})
    reason = {"code": form.stated.code.value, "text": form.stated.text}
    kept = {**request.session.get(_REASONS, {}), handle: reason}
    request.session[_REASONS] = dict(list(kept.items())[-KEPT_OWN:])
    return redirect("shield", handle=handle)


@require_GET
def shield(request: HttpRequest, handle: str) -> HttpResponse:
    """One shield: whose it is, what happened, what may be decided."""
    number = case_of(request.session, SHIELD, handle)
    reason = reason_for(request, handle)
    if reason is None:
        return redirect("shield_why", handle=handle)
    found = shield_desk.open_shield(
        shield=number, purpose=reason, by=viewer_of(request), at=timezone.localtime()
    )
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    view = shield_view(found, timezone.localdate())
    return render_page(request, "shield", {"shield": view, "handle": handle, "reason": purpose_words(reason)})


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, handle: str, step: str) -> HttpResponse:
    """One decision: what will happen is said first, then asked what it stands on."""
    number, reason = case_of(request.session, SHIELD, handle), reason_for(request, handle)
    if step not in SLUGS:
        raise NotFound(GONE)
    if reason is None:
        return redirect("shield_why", handle=handle)
    moves = SLUGS[step]
    form = _form(moves, request)
    if request.method == "GET" or not form.is_valid():
        button, will = DECISIONS[moves]
        return render_step(request, form, button, will, back=("shield", handle, "Back to the protection"))
    answer = _decided(request, number, moves, reason, form)
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[DONE] = DONE_WORDS[answer.state]
    return redirect("shields")


def _decided(
    request: HttpRequest, number: int, step: ShieldStep, reason: Purpose, form: forms.Form
) -> ShieldMoved | Refusal:
    by, at = viewer_of(request), timezone.localtime()
    weighing = form.weighing() if isinstance(form, WeighingForm) else None
    contact = form.safe_contact() if isinstance(form, SafeContactForm) else None
    return once(
        lambda: shield_desk.take_step(
            shield=number,
            step=step,
            purpose=reason,
            by=by,
            at=at,
            weighing=weighing,
            safe_contact=contact,
        ),
        key=form_key(request),
        action="shield_step",
        sent={"shield": number, "step": step.value, **form.cleaned_data},
        answered=ShieldMoved,
        by=by,
        at=at,
    )


def _form(step: ShieldStep, request: HttpRequest) -> forms.Form:
    sent = request.POST if request.method == "POST" else None
    if step in {ShieldStep.CONFIRMED, ShieldStep.EXTENDED}:
        return WeighingForm(sent)
    return SafeContactForm(sent) if step is ShieldStep.LIFT_ASKED else forms.Form(sent)


def reason_for(request: HttpRequest, handle: str) -> Purpose | None:
    """The reason stated in this session for opening this shield."""
    kept = request.session.get(_REASONS, {}).get(handle)
    return Purpose(code=PurposeCode(kept["code"]), text=kept["text"]) if kept else None


@require_http_methods(["GET", "POST"])
def near(request: HttpRequest, handle: str) -> HttpResponse:
    """The children who share what is hidden; each is protected too, or said not to be connected."""
    number, reason = case_of(request.session, SHIELD, handle), reason_for(request, handle)
    if reason is None:
        return redirect("shield_why", handle=handle)
    by, at = viewer_of(request), timezone.localtime()
    if request.method == "POST":
        which, outcome = _sent_near(request)
        answer = once(
            lambda: around.decide_near(
                shield=number, near=which, outcome=outcome, purpose=reason, by=by, at=at
            ),
            key=form_key(request),
            action="decide_near",
            sent={"shield": number, "near": which, "outcome": outcome.value},
            answered=NearDecided,
            by=by,
            at=at,
        )
        if isinstance(answer, Refusal):
            return refuse(request, refused_page(answer))
        return redirect("shield_near", handle=handle)
    found = around.near_shield(shield=number, purpose=reason, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "shield_near", {"near": near_rows(found), "handle": handle})


@require_http_methods(["GET", "POST"])
def looks(request: HttpRequest, handle: str) -> HttpResponse:
    """Who saw the record before it was protected; the 72 hours begin when this is first opened."""
    number, reason = case_of(request.session, SHIELD, handle), reason_for(request, handle)
    if reason is None:
        return redirect("shield_why", handle=handle)
    by, at = viewer_of(request), timezone.localtime()
    choices = [(outcome.value, words) for outcome, words in BREACH_WORDS.items()]
    form = BreachForm(choices, request.POST if request.method == "POST" else None)
    if form.is_valid():
        outcome = BreachOutcome(form.cleaned_data["outcome"])
        answer = once(
            lambda: around.decide_breach(shield=number, outcome=outcome, purpose=reason, by=by, at=at),
            key=form_key(request),
            action="decide_breach",
            sent={"shield": number, "outcome": outcome.value},
            answered=BreachDecided,
            by=by,
            at=at,
        )
        if isinstance(answer, Refusal):
            return refuse(request, refused_page(answer))
        return redirect("shield_looks", handle=handle)
    found = around.looks_before(shield=number, purpose=reason, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(request, "shield_looks", {"form": form, "handle": handle, **looks_page(found)})


@require_http_methods(["GET", "POST"])
def hidden(request: HttpRequest, handle: str) -> HttpResponse:
    """What the shield hides, in answer to what it is needed for, and nowhere else (R32)."""
    number, reason = case_of(request.session, SHIELD, handle), reason_for(request, handle)
    if reason is None:
        return redirect("shield_why", handle=handle)
    form = HiddenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render_page(request, "shield_hidden_why", {"form": form, "handle": handle})
    shown = read_hidden(
        shield=number,
        reason=HiddenReason(form.cleaned_data["reason"]),
        purpose=reason,
        by=viewer_of(request),
        at=timezone.localtime(),
    )
    if isinstance(shown, Refusal):
        return refuse(request, refused_page(shown))
    view = record_view(shown, timezone.localdate())
    return render_page(request, "shield_hidden", {"record": view, "handle": handle})


def _sent_near(request: HttpRequest) -> tuple[int, NearOutcome]:
    near, what = request.POST.get("near", ""), request.POST.get("outcome", "")
    if not near.isdecimal() or len(near) > _LONGEST or what not in {one.value for one in NearOutcome}:
        raise NotFound(GONE)
    return int(near), NearOutcome(what)
