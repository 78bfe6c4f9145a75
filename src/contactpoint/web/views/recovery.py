"""A lost telephone: recovery code or manager; the manager's team; the link that sets up a new one."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from contactpoint.access import recovery
from contactpoint.access.second_factor import SecondFactorAgain
from contactpoint.access.signals import request_id
from contactpoint.actions.account.recovery import allow_recovery, your_team
from contactpoint.actions.account.use_questions import questions_about_team
from contactpoint.actions.people.standing import renewals
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import NotFound
from contactpoint.web.presenters.account import asked_page, member_view, moment
from contactpoint.web.presenters.people import renewal_rows
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.presenters.review import questions_words
from contactpoint.web.render import refuse, render_message, render_page, viewer_of
from contactpoint.web.views.people import done


@require_http_methods(["GET", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """For somebody whose password was right and who has no second factor at hand."""
    who = recovery.half_signed_in(request)
    if who is None:
        return redirect("account_login")
    if request.method == "POST" and who.manager:
        recovery.ask_manager(who, timezone.now(), request_id=request_id(request))
        return render_message(request, asked_page(who.manager))
    return render_page(request, "lost", {"manager": who.manager})


@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest, link: str) -> HttpResponse:
    """The manager's link: password and the first code of the new telephone; every old one ends."""
    now = timezone.now()
    found = recovery.set_up(request, link, now)
    if request.method == "POST" and found.form.is_valid():
        return render_page(request, "enrolled", {"codes": recovery.finish(request, found, link, now)})
    context = {"form": found.form, "secret": found.secret, "picture": found.picture, "link": link}
    return render_page(request, "enrol", context)


@require_GET
def team(request: HttpRequest) -> HttpResponse:
    """Everybody whose manager I am."""
    by, now = viewer_of(request), timezone.localtime()
    asked = questions_about_team(by=by, at=now)
    page = {
        "members": [member_view(one, now) for one in your_team(by=by, at=now)],
        "renewals": renewal_rows(renewals(by=by), by.organisation_code, now.date()),
        "done": done(request),
        "questions": questions_words(0 if isinstance(asked, Refusal) else len(asked)),
    }
    return render_page(request, "team", page)


@require_http_methods(["GET", "POST"])
def allow(request: HttpRequest, account: UUID) -> HttpResponse:
    """Ask the manager for their own second factor, then show the link once."""
    viewer, now = viewer_of(request), timezone.localtime()
    member = next((one for one in your_team(by=viewer, at=now) if one.account_id == account), None)
    if member is None:
        raise NotFound("That person is not in your team.")
    asked = SecondFactorAgain(request)
    if request.method == "POST" and asked.is_right():
        made = allow_recovery(account=account, by=viewer, at=now)
        if isinstance(made, Refusal):
            return refuse(request, refused_page(made))
        address = request.build_absolute_uri(reverse("enrol", kwargs={"link": made.secret}))
        handing = {"name": made.name, "address": address, "until": moment(made.ends_at)}
        return render_page(request, "recovery_link", handing)
    passkey = asked.passkey_options()
    context = {"member": member_view(member, now), "form": asked.form, "passkey": passkey}
    return render_page(request, "recovery_allow", context)
