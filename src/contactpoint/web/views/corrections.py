"""Something here is wrong: ask the source; see what became of it; answer for one's own sources."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.actions.contribute import corrections as act
from contactpoint.actions.contribute.word_corrections import answers_for_words, words_to_answer
from contactpoint.actions.once import once
from contactpoint.domain.disclosure.answers import (
    CorrectionSent,
    ProtectedRecord,
    Refusal,
)
from contactpoint.domain.disclosure.contesting import Answer, Basis, Field
from contactpoint.domain.errors import InvalidInput
from contactpoint.web.forms.corrections import FIELD_WORDS, CorrectionForm, WhatIsWrongForm
from contactpoint.web.handles import OpenedRecord, record_of
from contactpoint.web.once import form_key, sent_number
from contactpoint.web.presenters.corrections import (
    own_correction_view,
    says_words,
    sent_page,
    to_answer_view,
)
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.word_corrections import word_view
from contactpoint.web.render import refuse, render_message, render_page, viewer_of


@require_http_methods(["GET", "POST"])
def wrong(request: HttpRequest, handle: str) -> HttpResponse:
    """First what is wrong; then which source says so, what is right, and how one knows."""
    opened = record_of(request.session, handle)
    items = act.correctable(
        number=opened.number, purpose=opened.purpose, by=viewer_of(request), at=timezone.localtime()
    )
    if isinstance(items, Refusal):
        return refuse(request, refused_page(items))
    if isinstance(items, ProtectedRecord):
        return render_page(request, "wrong", {"handle": handle})
    asked = WhatIsWrongForm(items, request.GET if "asked" in request.GET else None)
    if not asked.is_valid():
        return render_page(request, "wrong", {"handle": handle, "form": asked})
    field = Field(asked.cleaned_data["field"])
    here = [(item, says_words(item)) for item in items if item.field == field.value]
    form = CorrectionForm(here, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        page = {"handle": handle, "form": form, "field": FIELD_WORDS[field]}
        return render_page(request, "wrong_details", page)
    return _ask(request, handle, opened, field, form)


@require_GET
def corrections(request: HttpRequest) -> HttpResponse:
    """What I asked for and what became of it; what I am asked, and for a team what its sources are."""
    by, at = viewer_of(request), timezone.localtime()
    found = act.corrections(by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    words = words_to_answer(by=by, at=at) if answers_for_words(by) else ()
    if isinstance(words, Refusal):
        return refuse(request, refused_page(words))
    page = {
        "asked": [own_correction_view(one) for one in found.asked],
        "to_answer": [to_answer_view(one) for one in found.to_answer],
        "answers": act.answers_for(by),
        "words": [word_view(one, at.date()) for one in words],
        "answers_words": answers_for_words(by),
    }
    return render_page(request, "corrections", page)


@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """It is right, or it will be corrected."""
    number, said = sent_number(request, "correction"), request.POST.get("answer", "")
    if said not in set(Answer):
        raise InvalidInput("Say whether it is right or will be corrected.")
    by, at = viewer_of(request), timezone.localtime()
    done = once(
        lambda: act.answer_correction(correction_id=number, answer=Answer(said), by=by, at=at),
        key=form_key(request),
        action="answer_correction",
        sent={"correction": number, "answer": said},
        answered=CorrectionSent,
        by=by,
        at=at,
    )
    if isinstance(done, Refusal):
        return refuse(request, refused_page(done))
    return redirect("corrections")


def _ask(
    request: HttpRequest, handle: str, opened: OpenedRecord, field: Field, form: CorrectionForm
) -> HttpResponse:
    typed, by, at = form.cleaned_data, viewer_of(request), timezone.localtime()
    sent = once(
        lambda: act.ask_correction(
            number=opened.number,
            record_id=int(typed["record"]),
            field=field,
            right=typed["right"],
            basis=Basis(typed["basis"]),
            purpose=opened.purpose,
            by=by,
            at=at,
        ),
        key=form_key(request),
        action="ask_correction",
        sent={"field": field.value, **typed},
        answered=CorrectionSent,
        by=by,
        at=at,
    )
    if isinstance(sent, Refusal):
        return refuse(request, refused_page(sent))
    if isinstance(sent, CorrectionSent):
        return render_message(request, sent_page(sent, handle))
    return render_page(request, "wrong", {"handle": handle})
