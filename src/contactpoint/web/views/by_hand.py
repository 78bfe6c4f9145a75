"""Correct what was said by hand: from the record, or because somebody asked."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contactpoint.actions.contribute import correct_by_hand as act
from contactpoint.actions.once import answered_before
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.making import ByHandCorrected, ByHandRecord, CorrectReason
from contactpoint.domain.meanwhile import ByHandVersion, ChangedMeanwhile
from contactpoint.supply.places import UPLOADED, inbox_of
from contactpoint.web.forms.making import CorrectByHandForm
from contactpoint.web.handles import record_of
from contactpoint.web.once import form_key, read_number, seen_version, send_once
from contactpoint.web.presenters.by_hand import ByHandView, by_hand_view
from contactpoint.web.presenters.making import corrected_page
from contactpoint.web.presenters.meanwhile import changed_rows
from contactpoint.web.presenters.messages import Link
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_message, render_page, viewer_of

_ACTION: Final = "correct_by_hand"
_Act = Callable[..., ByHandCorrected | ChangedMeanwhile | Refusal]


@require_http_methods(["GET", "POST"])
def of_record(request: HttpRequest, handle: str) -> HttpResponse:
    """What my team said by hand of the child whose record is open; the newest first, another on demand."""
    opened, by, at = record_of(request.session, handle), viewer_of(request), timezone.localtime()
    found = act.said_by_hand(number=opened.number, purpose=opened.purpose, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    chosen = read_number(request.GET.get("record", ""), figures=18)
    one = next((one for one in found if one.record_id == chosen), found[0])
    others = [by_hand_view(other) for other in found if other is not one]
    back = Link(text="Go back to the record", href=reverse("record", args=[handle]))

    def correct(**said: object) -> ByHandCorrected | ChangedMeanwhile | Refusal:
        return act.correct_by_hand(
            number=opened.number,
            purpose=opened.purpose,
            record_id=one.record_id,
            **said,  # type: ignore[arg-type]
        )

    return _correct(request, one, correct, back=back, others=others)


@require_http_methods(["GET", "POST"])
def of_correction(request: HttpRequest, correction: int) -> HttpResponse:
    """What somebody asks my team to correct of what it said by hand."""
    back, by = Link(text="Go back to corrections", href=reverse("corrections")), viewer_of(request)
    found = act.asked_about_by_hand(correction_id=correction, by=by, at=timezone.localtime())
    if isinstance(found, Refusal):
        again = answered_before(key=form_key(request), action=_ACTION, answered=ByHandCorrected, by=by)
        page = corrected_page(back)
        return render_message(request, page) if again else refuse(request, refused_page(found))

    def correct(**said: object) -> ByHandCorrected | ChangedMeanwhile | Refusal:
        return act.correct_as_asked(correction_id=correction, **said)  # type: ignore[arg-type]

    return _correct(request, found, correct, back=back, others=[])


def _correct(
    request: HttpRequest, one: ByHandRecord, correct: _Act, *, back: Link, others: list[ByHandView]
) -> HttpResponse:
    """The form as it stands, or as it stood before; then hand in what is right, once."""
    before = one.before if "before" in request.GET else None
    form = CorrectByHandForm(one.said, before, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        page = {
            "form": form,
            "one": by_hand_view(one),
            "others": others,
            "version": _seen(request) or act.version_of(one.said),
            "putting_back": before is not None,
            "back": back,
        }
        return render_page(request, "by_hand", page)
    right, reason, seen = form.right, CorrectReason(form.cleaned_data["reason"]), _seen(request)
    done = send_once(
        request,
        _ACTION,
        {"record": one.record_id, **form.cleaned_data},
        lambda: correct(
            right=right,
            reason=reason,
            seen=seen,
            inbox=inbox_of(settings.HOME) / UPLOADED if settings.HOME else None,
            by=viewer_of(request),
            at=timezone.localtime(),
        ),
        answered=ByHandCorrected,
    )
    if isinstance(done, Refusal):
        return refuse(request, refused_page(done))
    if isinstance(done, ChangedMeanwhile):
        changed = {"rows": changed_rows(done), "sent": True, "back": back}
        return render_page(request, "changed", changed, status=HTTPStatus.CONFLICT)
    return render_message(request, corrected_page(back))


def _seen(request: HttpRequest) -> ByHandVersion | None:
    return seen_version(request, ByHandVersion) if request.method == "POST" else None
