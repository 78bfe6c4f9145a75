"""Feeds: the list, one feed, hand in a file, pause, decide about what is held, rejected rows to mend."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.access.again import proved_at
from contactpoint.actions.once import once
from contactpoint.actions.run import feeds as actions
from contactpoint.actions.run.upload_feed import may_upload, upload_feed
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.permissions import Permission, may_this_role_ask
from contactpoint.domain.errors import NotFound
from contactpoint.domain.feeds import Done
from contactpoint.supply.opening import size_words
from contactpoint.supply.places import UPLOADED, inbox_of, team_file
from contactpoint.web.forms.feeds import PauseForm, UploadForm
from contactpoint.web.once import form_key, send_once, sent_number
from contactpoint.web.presenters.feeds import done_page, feed_rows, feed_view, no_uploads_page, uploaded_page
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_message, render_page, viewer_of
from contactpoint.web.uploads import TOO_LARGE, received


@require_GET
def feeds(request: HttpRequest) -> HttpResponse:
    """The feeds one runs; what needs somebody stands first."""
    found = actions.feeds_of(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {"feeds": feed_rows(found, timezone.localdate()), "keeps": _keeps_sources(request)}
    return render_page(request, "feeds", page)


@require_GET
def feed(request: HttpRequest, code: str) -> HttpResponse:
    """One feed."""
    return _feed_page(request, code, PauseForm())


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Hand in a file."""
    if not settings.HOME:
        return render_message(request, no_uploads_page())
    refusal = may_upload(code=code, by=viewer_of(request), at=timezone.localtime())
    if refusal:
        return refuse(request, refused_page(refusal))
    form = _upload_form(request, code)
    if request.method == "POST" and form.is_valid():
        return _take(request, code, form)
    status = HTTPStatus.OK
    if getattr(request, TOO_LARGE, False):
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    context = {"form": form, "code": code, "most": size_words(settings.DELIVERY_LIMIT)}
    return render_page(request, "feed_upload", context, status=status)


@require_POST
def pause(request: HttpRequest, code: str) -> HttpResponse:
    """Pause: files are refused with the reason given here."""
    form = PauseForm(request.POST.dict())
    if not form.is_valid():
        return _feed_page(request, code, form)
    because = form.cleaned_data["because"]
    return _once(
        request,
        code,
        "pause_feed",
        {"because": because},
        lambda: actions.pause(code=code, because=because, by=viewer_of(request), at=timezone.localtime()),
    )


@require_POST
def resume(request: HttpRequest, code: str) -> HttpResponse:
    """Take files in again."""
    return _once(
        request,
        code,
        "resume_feed",
        {},
        lambda: actions.resume(code=code, by=viewer_of(request), at=timezone.localtime()),
    )


@require_POST
def decide(request: HttpRequest, code: str) -> HttpResponse:
    """Let a held delivery go on, or refuse it."""
    what = request.POST.get("what")
    if what not in ("let_go_on", "refuse"):
        raise NotFound("Choose whether the delivery goes on or is refused.")
    delivery, by = sent_number(request, "delivery"), viewer_of(request)
    return _once(
        request,
        code,
        "decide_delivery",
        {"delivery": delivery, "what": what},
        lambda: actions.decide(
            code=code, delivery=delivery, let_go_on=what == "let_go_on", by=by, at=timezone.localtime()
        ),
    )


@require_POST
@proved_at("feed")
def rejects(request: HttpRequest, code: str) -> HttpResponseBase:
    """The rejected rows, for the team of the organisation that sent them."""
    delivery = sent_number(request, "delivery")
    path = team_file(settings.HOME, delivery) if settings.HOME else None
    if path is None or not path.is_file():
        raise NotFound("No rejected rows of this delivery are kept.")
    answer = actions.take_rejects(
        code=code, delivery=delivery, by=viewer_of(request), at=timezone.localtime()
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    name = f"{code}_{delivery}_rejected.csv"
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )


def _feed_page(request: HttpRequest, code: str, form: PauseForm) -> HttpResponse:
    found = actions.feed(code=code, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "feed": feed_view(found, timezone.localdate()),
        "form": form,
        "keeps": _keeps_sources(request),
    }
    return render_page(request, "feed", page)


def _keeps_sources(request: HttpRequest) -> bool:
    return may_this_role_ask(viewer_of(request).role, Permission.KEEP_REFERENCE)


def _upload_form(request: HttpRequest, code: str) -> UploadForm:
    if request.method == "GET":
        return UploadForm(code)
    typed, files = request.POST, request.FILES  # reading them decides whether the file was too large
    too_large = ""
    if getattr(request, TOO_LARGE, False):
        most = size_words(settings.DELIVERY_LIMIT)
        too_large = f"The file is larger than {most}. Send what changed, or pack it as .csv.gz"
    return UploadForm(code, typed, files, too_large=too_large)


def _take(request: HttpRequest, code: str, form: UploadForm) -> HttpResponse:
    typed: dict[str, Any] = form.cleaned_data
    by = viewer_of(request)
    answer = once(
        lambda: upload_feed(
            code=code,
            received=received(typed["file"]),
            inbox=inbox_of(settings.HOME) / UPLOADED,
            file_name=typed["name"],
            as_at=typed["as_at"],
            kind=typed["kind"] or None,
            by=by,
            at=timezone.localtime(),
        ),
        key=form_key(request),
        action="upload_feed",
        sent={"feed": code, "name": typed["name"], "size": typed["file"].size},
        answered=Done,
        by=by,
        at=timezone.localtime(),
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return render_message(request, uploaded_page(code, "the feed"))


def _once(
    request: HttpRequest, code: str, action: str, sent: dict[str, object], act: Callable[[], Done | Refusal]
) -> HttpResponse:
    """Act, or give the answer that the same form had before."""
    answer = send_once(request, action, {"feed": code, **sent}, act, answered=Done)
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    return render_message(request, done_page(answer.what, code))
