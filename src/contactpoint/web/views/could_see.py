"""What somebody could see of a child at a moment: the question, and the answers to one's own."""

from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from contactpoint.actions.account import could_see as actions
from contactpoint.actions.account.could_see import ReplayAsked
from contactpoint.actions.once import once
from contactpoint.actions.run.incident import account_named
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.replay import Became
from contactpoint.web.forms.could_see import CouldSeeForm
from contactpoint.web.once import form_key
from contactpoint.web.presenters.could_see import could_see_cards
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE: Final = "cp_could_see_asked"
_NOBODY: Final = "Nobody whose use you review has this e-mail address"
_NO_CHILD: Final = "No record has this number"


@require_http_methods(["GET", "POST"])
def could_see(request: HttpRequest) -> HttpResponse:
    """Ask, and read what was asked; the worker answers within seconds."""
    by, at = viewer_of(request), timezone.localtime()
    form = CouldSeeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = _ask(request, form)
        if isinstance(answer, Refusal):
            return refuse(request, refused_page(answer))
        if isinstance(answer, ReplayAsked):
            request.session[_DONE] = "Asked. The answer is ready in a few seconds: open this page again."
            return redirect("could_see")
        field, why = ("child", _NO_CHILD) if answer is Became.NO_CHILD else ("email", _NOBODY)
        form.add_error(field, why)
    found = actions.what_was_asked(by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "form": form,
        "cards": could_see_cards(found),
        "reviews": by.role is Role.AUDIT_REVIEWER,
        "done": request.session.pop(_DONE, ""),
    }
    return render_page(request, "could_see", page)


def _ask(request: HttpRequest, form: CouldSeeForm) -> ReplayAsked | Became | Refusal:
    by, at, said = viewer_of(request), timezone.localtime(), form.cleaned_data
    account = account_named(said["email"])
    if account is None:
        return Became.NOBODY
    asked: dict[str, Any] = {name: said[name] for name in ("child", "moment", "because")}
    kept = once(
        lambda: actions.ask_what_was_seen(account=account, by=by, at=at, **asked),
        key=form_key(request),
        action="ask_replay",
        sent={"account": account, **asked},
        answered=ReplayAsked,
        by=by,
        at=at,
    )
    return cast("ReplayAsked | Became | Refusal", kept)
