"""What people say of the directory: give it, see what became of it, read and answer it."""

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from contactpoint.actions.once import once
from contactpoint.actions.run import feedback
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import NotFound
from contactpoint.domain.feedback import FeedbackDone, FeedbackState
from contactpoint.domain.meanwhile import AnswerVersion, ChangedMeanwhile
from contactpoint.web.forms.feedback import AnswerForm, HowForm, NearMissForm, SayForm
from contactpoint.web.once import form_key, seen_version
from contactpoint.web.presenters.feedback import feedback_view
from contactpoint.web.presenters.meanwhile import changed_rows
from contactpoint.web.presenters.messages import Link
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE: Final = "cp_feedback_done"
_BACK: Final = Link(text="Go back to what people say", href="/rollout/feedback/")
_FORMS: Final[dict[str, type[SayForm]]] = {"how": HowForm, "near-miss": NearMissForm}


@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """What I said, and what became of it."""
    found = feedback.own_feedback(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {"said": [feedback_view(one) for one in found], "done": request.session.pop(_DONE, "")}
    return render_page(request, "feedback", page)


@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, kind: str) -> HttpResponse:
    """Say how it went, or what nearly went wrong."""
    by, at = viewer_of(request), timezone.localtime()
    if kind not in _FORMS:
        raise NotFound(feedback.NOTHING_SAID)
    form = _FORMS[kind](request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render_page(request, "give_feedback", {"form": form, "near": kind != "how"})
    said = form.said()
    answer = once(
        lambda: feedback.give_feedback(said=said, by=by, at=at),
        key=form_key(request),
        action="give_feedback",
        sent={"kind": kind, **form.cleaned_data},
        answered=FeedbackDone,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = "Thank you. The national team reads it; what became of it stands here."
    return redirect("feedback")


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """What people said, for the national team."""
    found = feedback.feedback_to_read(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "counts": found.waves,
        "said": [feedback_view(one) for one in found.first],
        "all": sum(one.how + one.near for one in found.waves),
        "done": request.session.pop(_DONE, ""),
    }
    return render_page(request, "feedback_list", page)


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Answer one."""
    by, at = viewer_of(request), timezone.localtime()
    found = feedback.feedback_of(number=number, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        page = {"form": form, "one": feedback_view(found), "version": feedback.version_of(found)}
        return render_page(request, "answer_feedback", page)
    state, text = FeedbackState(form.cleaned_data["state"]), form.cleaned_data["text"]
    seen = seen_version(request, AnswerVersion)
    done = once(
        lambda: feedback.answer_feedback(number=number, state=state, answer=text, seen=seen, by=by, at=at),
        key=form_key(request),
        action="answer_feedback",
        sent={"number": number, **form.cleaned_data},
        answered=FeedbackDone,
        by=by,
        at=at,
    )
    if isinstance(done, Refusal):
        return refuse(request, refused_page(done))
    if isinstance(done, ChangedMeanwhile):
        page = {"rows": changed_rows(done), "sent": True, "back": _BACK}
        return render_page(request, "changed", page, status=HTTPStatus.CONFLICT)
    request.session[_DONE] = "Recorded: whoever said it reads your answer."
    return redirect("feedback_list")
