"""What the team that answers for a child writes down itself, that they died or left; and takes back."""

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contactpoint.actions.contribute import team_words as words
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.team_words import StandingWord, WordDone
from contactpoint.web.forms.team_words import DiedForm, LeftForm, TakeBackForm, TakeLeavingBackForm
from contactpoint.web.handles import record_of
from contactpoint.web.once import send_once
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.team_words import BACK_DONE, DIED_DONE, LEFT_DONE, standing_view
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE: Final = "cp_team_word_done"
_FORMS: Final[Mapping[str, type[DiedForm | LeftForm]]] = {"died": DiedForm, "left": LeftForm}
_BACK_FORMS: Final = {"died": TakeBackForm, "left": TakeLeavingBackForm}
_DONE_WORDS: Final = {"died": DIED_DONE, "left": LEFT_DONE}


@require_http_methods(["GET", "POST"])
def died(request: HttpRequest, handle: str) -> HttpResponse:
    """The child has died: how it stands, and the form to write it down or to take it back."""
    return _write(request, handle, "died")


@require_http_methods(["GET", "POST"])
def left(request: HttpRequest, handle: str) -> HttpResponse:
    """The child has left England: the same."""
    return _write(request, handle, "left")


@require_http_methods(["GET", "POST"])
def take_death_back(request: HttpRequest, handle: str) -> HttpResponse:
    """They take it back that the child died."""
    return _take_back(request, handle, "died")


@require_http_methods(["GET", "POST"])
def take_leaving_back(request: HttpRequest, handle: str) -> HttpResponse:
    """They take it back that the child left England."""
    return _take_back(request, handle, "left")


def _write(request: HttpRequest, handle: str, page: str) -> HttpResponse:
    found = _seen(request, handle, page)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    if found.standing:
        return _standing(request, handle, page, _BACK_FORMS[page](), found.standing)
    form = _FORMS[page](found.born, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        done = request.session.pop(_DONE, "")
        return render_page(request, page, {"form": form, "handle": handle, "standing": None, "done": done})
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
    return _done(request, handle, page, answer, _DONE_WORDS[page])


def _take_back(request: HttpRequest, handle: str, page: str) -> HttpResponse:
    if request.method == "GET":
        return redirect(page, handle=handle)
    form = _BACK_FORMS[page](request.POST)
    if not form.is_valid():
        found = _seen(request, handle, page)
        if isinstance(found, Refusal):
            return refuse(request, refused_page(found))
        if found.standing is None:
            return redirect(page, handle=handle)
        return _standing(request, handle, page, form, found.standing)
    opened, because = record_of(request.session, handle), form.said
    answer = send_once(
        request,
        "take_team_word_back",
        {"record": handle, "what": page, "because": because.value},
        lambda: words.take_back(
            number=opened.number,
            died=page == "died",
            because=because,
            purpose=opened.purpose,
            by=viewer_of(request),
            at=timezone.localtime(),
        ),
        answered=WordDone,
    )
    return _done(request, handle, page, answer, BACK_DONE)


def _standing(
    request: HttpRequest, handle: str, page: str, form: TakeBackForm, standing: StandingWord
) -> HttpResponse:
    done = request.session.pop(_DONE, "")
    shown = {"form": form, "handle": handle, "standing": standing_view(standing), "done": done}
    return render_page(request, page, shown)


def _seen(request: HttpRequest, handle: str, page: str) -> words.WordSeen | Refusal:
    opened = record_of(request.session, handle)
    return words.word_written(
        number=opened.number,
        died=page == "died",
        purpose=opened.purpose,
        by=viewer_of(request),
        at=timezone.localtime(),
    )


def _done(
    request: HttpRequest, handle: str, page: str, answer: WordDone | Refusal, said: str
) -> HttpResponse:
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[_DONE] = said
    return redirect(page, handle=handle)
