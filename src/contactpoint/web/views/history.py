"""How this record came to be."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from contactpoint.actions.find.history import fields_of, history
from contactpoint.domain.disclosure.answers import ProtectedRecord, Refusal
from contactpoint.domain.disclosure.history import HistoryField
from contactpoint.web.forms.history import HistoryForm
from contactpoint.web.handles import record_of
from contactpoint.web.presenters.history import history_view
from contactpoint.web.presenters.record import protected_view
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.reasons import purpose_words
from contactpoint.web.render import refuse, render_page, viewer_of

FIRST = {"field": HistoryField.ADDRESS.value}


@require_GET
def came_to_be(request: HttpRequest, handle: str) -> HttpResponse:
    """What each source said of an item on a day, and what changed when; first the address as it is today."""
    opened, by = record_of(request.session, handle), viewer_of(request)
    form = HistoryForm(fields_of(by), request.GET.dict() or FIRST)
    page = {"handle": handle, "form": form, "search": opened.search, "reason": purpose_words(opened.purpose)}
    if not form.is_valid():
        return render_page(request, "history", page, status=HTTPStatus.BAD_REQUEST)
    field, on = form.asked(timezone.localdate())
    told = history(
        number=opened.number, purpose=opened.purpose, field=field, on=on, by=by, at=timezone.localtime()
    )
    if isinstance(told, Refusal):
        return refuse(request, refused_page(told))
    if isinstance(told, ProtectedRecord):
        record = protected_view(told, timezone.localdate())
        return render_page(request, "protected", {**page, "record": record})
    return render_page(request, "history", {**page, "history": history_view(told)})
