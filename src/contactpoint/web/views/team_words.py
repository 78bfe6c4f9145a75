"""What the team that answers for a child writes down itself, that they died or left; and takes back."""

from collections.abc import Mapping
from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contactpoint.actions.contribute import team_words as words
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.team_words import StandingWord, WordDone
from contactpoint.web.forms.team_words import (
    DiedForm,
    LeftForm,
    TakeBackForm,
    TakeLeavingBackForm,
    WordForm,
)
from contactpoint.web.handles import record_of
from contactpoint.web.once import send_once
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.team_words import BACK_DONE, DIED, LEFT, WordPage, standing_view
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE: Final = "cp_team_word_done"
_FORMS: Final[Mapping[str, type[WordForm]]] = {DIED.page: DiedForm, LEFT.page: LeftForm}
_BACK_FORMS: Final = {DIED.page: TakeBackForm, LEFT.page: TakeLeavingBackForm}


@require_http_methods(["GET", "POST"])
def died(request: HttpRequest, handle: str) -> HttpResponse:
    """The child has died: how it stands, and the form to write it down or to take it back."""
    return _write(request, handle, DIED)


@require_http_methods(["GET", "POST"])
def left(request: HttpRequest, handle: str) -> HttpResponse:
    """The child has left England: the same."""
    return _write(request, handle, LEFT)


@require_http_methods(["GET", "POST"])
def take_death_back(request: HttpRequest, handle: str) -> HttpResponse:
    """They take it back that the child died."""
    return _take_back(request, handle, DIED)


@require_http_methods(["GET", "POST"])
def take_leaving_back(request: HttpRequest, handle: str) -> HttpResponse:
    """They take it back that the child left England."""
    return _take_back(request, handle, LEFT)


def _write(request: HttpRequest, handle: str, word: WordPage) -> HttpResponse:
    found = _seen(request, handle, word)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    if found.standing:
        return _page(request, handle, word, _BACK_FORMS[word.page](), standing=found.standing)
    form = _FORMS[word.page](found.born, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, handle, word, form, standing=None)
    opened, said = record_of(request.session, handle), form.said
    answer = send_once(
        request,
        "write_team_word",
        {"record": handle, "kind": said.kind.value, "day": said.day, "known_from": said.known_from.value},
        lambda: words.write_down(
            number=opened.number,
            word=said,
            purpose=opened.purpose,
            by=viewer_of(request),
            at=timezone.localtime(),
        ),
        answered=WordDone,
    )
    return _done(request, handle, word, answer, word.done)


def _take_back(request: HttpRequest, handle: str, word: WordPage) -> HttpResponse:
    if request.method == "GET":
        return redirect(word.page, handle=handle)
    form = _BACK_FORMS[word.page](request.POST)
    if not form.is_valid():
        found = _seen(request, handle, word)
        if isinstance(found, Refusal):
            return refuse(request, refused_page(found))
        if found.standing is None:
            return redirect(word.page, handle=handle)
        return _page(request, handle, word, form, standing=found.standing)
    opened, because = record_of(request.session, handle), form.said
    answer = send_once(
        request,
        "take_team_word_back",
        {"record": handle, "what": word.page, "because": because.value},
        lambda: words.take_back(
            number=opened.number,
            died=word is DIED,
            because=because,
            purpose=opened.purpose,
            by=viewer_of(request),
            at=timezone.localtime(),
        ),
        answered=WordDone,
    )
    return _done(request, handle, word, answer, BACK_DONE)


def _page(
    request: HttpRequest, handle: str, word: WordPage, form: forms.Form, *, standing: StandingWord | None
) -> HttpResponse:
    shown = {
        "word": word,
        "form": form,
        "handle": handle,
        "standing": standing_view(standing) if standing else None,
        "done": request.session.pop(_DONE, ""),
    }
    return render_page(request, "team_word", shown)


def _seen(request: HttpRequest, handle: str, word: WordPage) -> words.WordSeen | Refusal:
    opened = record_of(request.session, handle)
    return words.word_written(
        number=opened.number,
        died=word is DIED,
        purpose=opened.purpose,
        by=viewer_of(request),
        at=timezone.localtime(),
    )


def _done(
    request: HttpRequest, handle: str, word: WordPage, answer: WordDone | Refusal, said: str
) -> HttpResponse:
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = said
    return redirect(word.page, handle=handle)
