"""Consents: what waits, those of one child, one of them; and decisions not to share."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from contactpoint.actions.consent import keep, withhold
from contactpoint.actions.once import once
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.consents import ConsentChanged, NotSharedNoted
from contactpoint.web.forms.consent import ConsentFields, NotSharedForm, WithdrawForm
from contactpoint.web.handles import case_of, keep_case, record_of
from contactpoint.web.once import form_key
from contactpoint.web.presenters.consent import (
    changed_words,
    childs_view,
    consent_view,
    none_kept,
    not_shared_page,
    not_shared_view,
    to_do_views,
)
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_message, render_page, viewer_of

# Involvements are numbered as they come, and a gap would tell that there is one which is not shown.
CONSENT: Final = "consent"
_DONE: Final = "cp_consent_done"


@require_GET
def consents(request: HttpRequest) -> HttpResponse:
    """What waits: whom to ask again, and what was recorded without consent."""
    waiting = keep.what_to_ask(by=viewer_of(request), at=timezone.localtime())
    if isinstance(waiting, Refusal):
        return refuse(request, refused_page(waiting))
    page = {
        "kinds": to_do_views(waiting, lambda one: keep_case(request.session, CONSENT, one)),
        "done": request.session.pop(_DONE, ""),
    }
    return render_page(request, "consents", page)


@require_GET
def consents_of(request: HttpRequest, handle: str) -> HttpResponse:
    """The consents of one child that the viewer keeps; of most there are none."""
    opened = record_of(request.session, handle)
    found = keep.consents_of(number=opened.number, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "handle": handle,
        "name": found.child_name,
        "lines": childs_view(found, lambda one: keep_case(request.session, CONSENT, one)),
        "none": none_kept(),
    }
    return render_page(request, "childs_consents", page)


@require_GET
def consent(request: HttpRequest, handle: str) -> HttpResponse:
    """One consent: how it stands, what was said of it, and what can be done."""
    number = case_of(request.session, CONSENT, handle)
    found = keep.open_consent(involvement=number, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {"consent": consent_view(found, handle), "done": request.session.pop(_DONE, "")}
    return render_page(request, "consent", page)


@require_http_methods(["GET", "POST"])
def record_consent(request: HttpRequest, handle: str) -> HttpResponse:
    """Somebody agrees anew, or it is decided without: who, what, until when."""
    number = case_of(request.session, CONSENT, handle)
    form = ConsentFields(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render_page(request, "consent_record", {"form": form, "handle": handle})
    by, at, said = viewer_of(request), timezone.localtime(), form.agreed()
    answer = once(
        lambda: keep.record_consent(involvement=number, said=said, by=by, at=at),
        key=form_key(request),
        action="record_consent",
        sent={"involvement": number, "said": str(said)},
        answered=ConsentChanged,
        by=by,
        at=at,
    )
    return _changed(request, handle, answer)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, handle: str) -> HttpResponse:
    """Somebody does not agree any more: hidden at once."""
    number = case_of(request.session, CONSENT, handle)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render_page(request, "consent_withdraw", {"form": form, "handle": handle})
    by, at, who = viewer_of(request), timezone.localtime(), form.chosen()
    answer = once(
        lambda: keep.withdraw_consent(involvement=number, withdrawn_by=who, by=by, at=at),
        key=form_key(request),
        action="withdraw_consent",
        sent={"involvement": number, "withdrawn_by": who.value},
        answered=ConsentChanged,
        by=by,
        at=at,
    )
    return _changed(request, handle, answer)


@require_http_methods(["GET", "POST"])
def not_share(request: HttpRequest, handle: str) -> HttpResponse:
    """A decision not to share something about this child."""
    opened, by, at = record_of(request.session, handle), viewer_of(request), timezone.localtime()
    form = NotSharedForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render_page(request, "not_share", {"form": form, "handle": handle})
    said = form.said()
    answer = once(
        lambda: withhold.decide_not_to_share(
            number=opened.number, said=said, purpose=opened.purpose, by=by, at=at
        ),
        key=form_key(request),
        action="not_share",
        sent={"record": handle, "said": str(said)},
        answered=NotSharedNoted,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return render_message(request, not_shared_page(reverse("record", args=[handle])))


@require_GET
def not_shared(request: HttpRequest) -> HttpResponse:
    """Decisions not to share: one's own, or those of a consent desk's area."""
    found = withhold.decisions_not_to_share(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    return render_page(
        request,
        "not_shared",
        {
            "decisions": [not_shared_view(one) for one in found],
            "consent_desk": viewer_of(request).role is Role.CONSENT_TEAM,
        },
    )


def _changed(request: HttpRequest, handle: str, answer: ConsentChanged | Refusal) -> HttpResponse:
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = changed_words(answer.state)
    return redirect("consent", handle=handle)
