"""The record."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from contactpoint.actions.account.family_requests import answers_families
from contactpoint.actions.contribute.correct_by_hand import was_said_by_hand
from contactpoint.actions.contribute.corrections import contested
from contactpoint.actions.contribute.team_words import writes_team_words
from contactpoint.actions.find.choices import keeps_consents, services_of
from contactpoint.actions.find.how_come import SAY_HOW
from contactpoint.actions.find.open_record import open_record, print_record
from contactpoint.actions.find.trawling import SAY_AGAIN
from contactpoint.actions.protect.override_shield import may_override
from contactpoint.actions.retain.staying import keeps_until_25
from contactpoint.domain.disclosure.answers import ProtectedRecord, Record, Refusal
from contactpoint.web.forms.contacting import CALL_WORDS
from contactpoint.web.forms.how_come import HowComeForm
from contactpoint.web.forms.need import NeedForm
from contactpoint.web.handles import (
    OpenedRecord,
    keep_how_come,
    keep_said_again,
    note_opened,
    record_of,
    record_to_open,
    said_again_for,
)
from contactpoint.web.presenters.record import protected_view, record_view
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.reasons import purpose_words
from contactpoint.web.render import refuse, render_page, viewer_of


@require_GET
def record(request: HttpRequest, handle: str) -> HttpResponse:
    """Open the record behind the handle, each time anew: consent or a shield may have changed meanwhile."""
    opened = record_to_open(request.session, handle)
    shown = _open(request, opened, said_again_for(request.session, handle))
    if shown is SAY_HOW:
        return _ask_how(request, handle, HowComeForm())
    if shown is SAY_AGAIN:
        return render_page(request, "say_again", {"form": NeedForm(), "handle": handle})
    if isinstance(shown, Refusal):
        return refuse(request, refused_page(shown))
    note_opened(request.session, handle)
    on = timezone.localdate()
    frame = {
        "handle": handle,
        "search": opened.search,
        "reason": purpose_words(opened.purpose),
        "keeps_consents": keeps_consents(viewer_of(request)),
        "answers_families": answers_families(viewer_of(request)),
    }
    if isinstance(shown, ProtectedRecord):
        right = may_override(by=viewer_of(request))
        return render_page(
            request, "protected", {**frame, "record": protected_view(shown, on), "may_override": right}
        )
    can_contribute = bool(services_of(viewer_of(request)))
    marked = contested(shown, at=timezone.localtime())
    page = {
        **frame,
        "writes_team_words": writes_team_words(viewer_of(request)),
        "corrects_by_hand": was_said_by_hand(shown, viewer_of(request)),
        "keeps_until_25": keeps_until_25(viewer_of(request), shown, on),
        "record": record_view(shown, on, marked),
        "can_contribute": can_contribute,
        "rang": [(one.value, words) for one, words in CALL_WORDS.items()],
    }
    return render_page(request, "record", page)


@require_GET
def printed(request: HttpRequest, handle: str) -> HttpResponse:
    """Lay the record out to be printed: no other page of it prints it, so that paper is accounted for."""
    opened = record_of(request.session, handle)
    shown = print_record(
        number=opened.number,
        purpose=opened.purpose,
        by=viewer_of(request),
        at=timezone.localtime(),
        how=opened.how_come,
    )
    if isinstance(shown, ProtectedRecord) or shown is SAY_AGAIN or shown is SAY_HOW:
        return redirect("record", handle=handle)
    if isinstance(shown, Refusal):
        return refuse(request, refused_page(shown))
    marked = contested(shown, at=timezone.localtime())
    page = {
        "handle": handle,
        "reason": purpose_words(opened.purpose),
        "record": record_view(shown, timezone.localdate(), marked),
    }
    return render_page(request, "printed", page)


@require_POST
def how_come(request: HttpRequest, handle: str) -> HttpResponse:
    """Say how one comes to ask about a child one does not work with; the record opens then."""
    record_to_open(request.session, handle)
    form = HowComeForm(request.POST)
    if not form.is_valid():
        return _ask_how(request, handle, form)
    keep_how_come(request.session, handle, form.said)
    return redirect("record", handle=handle)


def _ask_how(request: HttpRequest, handle: str, form: HowComeForm) -> HttpResponse:
    search = record_to_open(request.session, handle).search
    return render_page(request, "how_come", {"form": form, "handle": handle, "search": search})


@require_POST
def say_again(request: HttpRequest, handle: str) -> HttpResponse:
    """Say why one more record is needed; it opens then."""
    record_to_open(request.session, handle)
    form = NeedForm(request.POST)
    if not form.is_valid():
        return render_page(request, "say_again", {"form": form, "handle": handle})
    keep_said_again(request.session, handle, form.cleaned_data["need"])
    return redirect("record", handle=handle)


def _open(request: HttpRequest, opened: OpenedRecord, said_again: str | None) -> Record | Refusal:
    return open_record(
        number=opened.number,
        purpose=opened.purpose,
        by=viewer_of(request),
        at=timezone.localtime(),
        how=opened.how_come,
        said_again=said_again,
    )
