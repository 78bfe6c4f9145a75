"""Contact points: how services are reached, kept current by the services themselves."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.actions.contact import points
from contactpoint.actions.once import once
from contactpoint.domain.directory import PointDone
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.meanwhile import ChangedMeanwhile, PointVersion
from contactpoint.web.forms.points import NewPointForm, PointForm
from contactpoint.web.once import form_key, seen_version
from contactpoint.web.presenters.meanwhile import changed_rows
from contactpoint.web.presenters.messages import Link
from contactpoint.web.presenters.points import point_view
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_DONE = "cp_point_done"
_BACK = Link(text="Go back to the contact points", href="/contact-points/")


@require_GET
def contact_points(request: HttpRequest) -> HttpResponse:
    """My services', and for the team of an authority all in it."""
    at = timezone.localtime()
    found = points.contact_points(by=viewer_of(request), at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "is_partner": viewer_of(request).role is Role.PARTNER_TEAM,
        "adds": viewer_of(request).role in {Role.AUTHORITY_TEAM, Role.PARTNER_TEAM},
        "own": [point_view(one, at.date()) for one in found.own],
        "area": [point_view(one, at.date()) for one in found.area],
        "done": request.session.pop(_DONE, ""),
    }
    return render_page(request, "contact_points", page)


@require_http_methods(["GET", "POST"])
def new_point(request: HttpRequest) -> HttpResponse:
    """Choose a service of a body of one's own, of which nobody has said anything yet."""
    found = points.bodies_to_reach(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    bodies = [(one.code, f"{one.name} ({one.code})") for one in found]
    form = NewPointForm(bodies, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render_page(request, "new_point", {"form": form})
    chosen = form.cleaned_data
    return redirect("contact_point", code=chosen["organisation"], service=chosen["service"])


@require_http_methods(["GET", "POST"])
def contact_point(request: HttpRequest, code: str, service: str) -> HttpResponse:
    """Say how one is reached."""
    by, at = viewer_of(request), timezone.localtime()
    found = points.contact_point(organisation=code, service=service, by=by, at=at)
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    form = PointForm(found.reached, request.POST.dict() if request.method == "POST" else None)
    if not form.is_valid():
        page = {"form": form, "point": point_view(found, at.date()), "version": points.version_of(found)}
        return render_page(request, "contact_point", page)
    said, seen = form.said(), seen_version(request, PointVersion)
    answer = once(
        lambda: points.keep_contact_point(
            organisation=code, service=service, said=said, seen=seen, by=by, at=at
        ),
        key=form_key(request),
        action="keep_contact_point",
        sent={"organisation": code, "service": service, **form.cleaned_data},
        answered=PointDone,
        by=by,
        at=at,
    )
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    if isinstance(answer, ChangedMeanwhile):
        page = {"rows": changed_rows(answer), "sent": True, "back": _BACK}
        return render_page(request, "changed", page, status=HTTPStatus.CONFLICT)
    return _done(request, "Recorded: records show it from now on.")


@require_POST
def still(request: HttpRequest, code: str, service: str) -> HttpResponse:
    """It still holds."""
    words = "Recorded: it still holds. We ask again in a term."
    return _say(request, code, service, points.confirm_contact_point, words)


@require_POST
def end_point(request: HttpRequest, code: str, service: str) -> HttpResponse:
    """It is not provided there any more."""
    words = "Recorded: it is listed no more. Say how it is reached to list it again."
    return _say(request, code, service, points.end_contact_point, words)


def _say(
    request: HttpRequest, code: str, service: str, act: Callable[..., PointDone | Refusal], words: str
) -> HttpResponse:
    """Do, once, what needs no more words than which contact point it is."""
    by, at = viewer_of(request), timezone.localtime()
    answer = once(
        lambda: act(organisation=code, service=service, by=by, at=at),
        key=form_key(request),
        action=act.__name__,
        sent={"organisation": code, "service": service},
        answered=PointDone,
        by=by,
        at=at,
    )
    return refuse(request, refused_page(answer)) if isinstance(answer, Refusal) else _done(request, words)


def _done(request: HttpRequest, words: str) -> HttpResponse:
    request.session[_DONE] = words
    return redirect("contact_points")
