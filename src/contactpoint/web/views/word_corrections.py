"""Answer a correction about what somebody said of their own work."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contactpoint.actions.contribute import word_corrections as act
from contactpoint.actions.once import answered_before
from contactpoint.domain.disclosure.answers import Refusal, WordAnswered
from contactpoint.web.forms.word_corrections import WordAnswerForm
from contactpoint.web.once import form_key, send_once
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.word_corrections import answer_choices, word_view
from contactpoint.web.render import refuse, render_page, viewer_of

_ACTION: Final = "answer_word"


@require_http_methods(["GET", "POST"])
def word(request: HttpRequest, correction: int) -> HttpResponse:
    """What is said to be wrong, and the answers I may give."""
    by, at = viewer_of(request), timezone.localtime()
    found = act.word_in_full(correction_id=correction, by=by, at=at)
    if isinstance(found, Refusal):
        again = answered_before(key=form_key(request), action=_ACTION, answered=WordAnswered, by=by)
        return redirect("corrections") if again else refuse(request, refused_page(found))
    data = request.POST if request.method == "POST" else None
    form = WordAnswerForm(found, answer_choices(found), data)
    if not form.is_valid():
        page = {"one": word_view(found.asked, at.date()), "form": form}
        return render_page(request, "word_correction", page)
    said = form.said()
    done = send_once(
        request,
        _ACTION,
        {"correction": correction, **said},
        lambda: act.answer_word(correction_id=correction, **said, by=by, at=at),
        answered=WordAnswered,
    )
    return refuse(request, refused_page(done)) if isinstance(done, Refusal) else redirect("corrections")
