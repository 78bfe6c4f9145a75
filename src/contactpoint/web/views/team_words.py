"""What the team that answers for a child writes down itself: that they died; and that it takes it back."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contactpoint.actions.contribute import team_words as words
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.team_words import WordDone, WordKind
from contactpoint.web.forms.team_words import DiedForm, TakeBackForm
from contactpoint.web.handles import record_of
from contactpoint.web.once import send_once
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.team_words import DEATH_BACK_DONE, DIED_DONE, standing_view
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE: Final = "cp_team_word_done"


@require_http_methods(["GET", "POST"])
def died(request: HttpRequest, handle: str) -> HttpResponse:
    """The child has died: how it stands, and the form to write it down or to take it back."""
    found = _seen(request, handle)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    if found.standing:
        page = {"form": TakeBackForm(), "handle": handle, "standing": standing_view(found.standing)}
        return render_page(request, "died", {**page, "done": request.session.pop(_DONE, "")})
    form = DiedForm(found.born, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        page = {"form": form, "handle": handle, "standing": None}
        return render_page(request, "died", {**page, "done": request.session.pop(_DONE, "")})
    opened, word = record_of(request.session, handle), form.said
    answer = send_once(
        request,
        "write_team_word",
        {"record": handle, "kind": word.kind.value, "day": word.day, "known_from": word.known_from.value},
        lambda: words.write_down(
            number=opened.number,
            word=word,
            purpose=opened.purpose,
            by=viewer_of(request),
            at=timezone.localtime(),
        ),
        answered=WordDone,
    )
    return _done(request, handle, answer, DIED_DONE)


@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, handle: str) -> HttpResponse:
    """They take it back."""
    if request.method == "GET":
        return redirect("died", handle=handle)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        found = _seen(request, handle)
        if isinstance(found, Refusal):
            return refuse(request, refused_page(found))
        if found.standing is None:
            return redirect("died", handle=handle)
        page = {"form": form, "handle": handle, "standing": standing_view(found.standing), "done": ""}
        return render_page(request, "died", page)
    opened, because = record_of(request.session, handle), form.said
    answer = send_once(
        request,
        "take_team_word_back",
        {"record": handle, "kind": WordKind.DIED.value, "because": because.value},
        lambda: words.take_back(
            number=opened.number,
            kind=WordKind.DIED,
            because=because,
            purpose=opened.purpose,
            by=viewer_of(request),
            at=timezone.localtime(),
        ),
        answered=WordDone,
    )
    return _done(request, handle, answer, DEATH_BACK_DONE)


def _seen(request: HttpRequest, handle: str) -> words.WordSeen | Refusal:
    opened = record_of(request.session, handle)
    return words.death_written(
        number=opened.number, purpose=opened.purpose, by=viewer_of(request), at=timezone.localtime()
    )


def _done(request: HttpRequest, handle: str, answer: WordDone | Refusal, said: str) -> HttpResponse:
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = said
    return redirect("died", handle=handle)
