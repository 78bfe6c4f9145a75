"""People with accounts: find, invite, record, suspend, give roles, let go, renew."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contactpoint.access.again import proved, proved_at
from contactpoint.access.given_passwords import give_as_manager
from contactpoint.actions.people import leaving, look, roles, standing
from contactpoint.actions.people.asking import reach_of
from contactpoint.actions.people.organisations import organisations_called
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Conflict, InvalidInput
from contactpoint.domain.staff import StaffDone, StaffFilter
from contactpoint.web.forms.people import (
    InviteForm,
    LeaveForm,
    MoveForm,
    PeopleForm,
    RoleForm,
    StandingForm,
    SuspendForm,
)
from contactpoint.web.once import read_number, send_once, sent_number
from contactpoint.web.presenters.account import moment
from contactpoint.web.presenters.people import (
    asked_rows,
    done_words,
    leaving_lines,
    person_rows,
    person_view,
)
from contactpoint.web.presenters.refusals import refused_page
from contactpoint.web.render import refuse, render_page, viewer_of

_LOOKED, DONE = "cp_people", "cp_people_done"
A_PAGE: Final = 50
_BOTH = require_http_methods(["GET", "POST"])


@_BOTH
def people(request: HttpRequest) -> HttpResponse:
    """Whose accounts the viewer manages. Names are sent by POST and kept in the session, out of addresses."""
    if request.method == "POST":
        sent = PeopleForm(request.POST)
        request.session[_LOOKED] = sent.cleaned_data if sent.is_valid() else {}
        return redirect("people")
    looked = request.session.get(_LOOKED, {})
    which, words, number = (
        StaffFilter(looked.get("which") or "all"),
        looked.get("words", ""),
        page_number(request),
    )
    found = look.people(
        which=which, words=words, skip=(number - 1) * A_PAGE, by=viewer_of(request), at=timezone.localtime()
    )
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {
        "form": PeopleForm({"which": which.value, "words": words}),
        "people": person_rows(found[:A_PAGE], timezone.localdate()),
        "number": number,
        "more": len(found) > A_PAGE,
        "done": done(request),
    }
    return render_page(request, "people", page)


@_BOTH
@proved
def invite(request: HttpRequest) -> HttpResponse:
    """Somebody new, or somebody new here."""
    found = look.may_manage(by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    form = InviteForm(_finder(request), request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer = _once(
            request,
            "invite",
            form.cleaned_data,
            lambda: roles.invite(new=form.new_person(), by=viewer_of(request), at=timezone.localtime()),
            form=form,
        )
        if answer is not None:
            return _answered(request, answer)
    return _form(
        request,
        form,
        title="Invite somebody",
        lines=(
            "They get an e-mail with a password for one use, good for 14 days, and choose their own with it.",
            "Record what you have seen proof of. Until everything is recorded they sign in and see nothing.",
        ),
        button="Invite",
    )


@require_GET
def person(request: HttpRequest, account: UUID) -> HttpResponse:
    """How somebody stands, and all that can be done."""
    found = look.person(account=account, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    view = person_view(found, timezone.localdate())
    return render_page(request, "person", {"person": view, "done": done(request)})


@_BOTH
def record(request: HttpRequest, account: UUID) -> HttpResponse:
    """What they brought proof of."""
    return _change(
        request,
        account,
        StandingForm,
        lambda said: standing.record_standing(
            account=account, **said, by=viewer_of(request), at=timezone.localtime()
        ),
        title="Record for {name}",
        lines=("Fill in what you have seen proof of. What you leave empty stays as it is.",),
        button="Record",
    )


@_BOTH
def suspend(request: HttpRequest, account: UUID) -> HttpResponse:
    """Shut somebody out."""
    return _change(
        request,
        account,
        SuspendForm,
        lambda said: standing.suspend(
            account=account, because=said["because"], by=viewer_of(request), at=timezone.localtime()
        ),
        title="Suspend {name}",
        lines=("They are shut out from the next click on, and told to ring you. Their work stays theirs.",),
        button="Suspend",
    )


@require_POST
@proved_at("person")
def reinstate(request: HttpRequest, account: UUID) -> HttpResponse:
    """Open the account again."""
    return _at_once(request, account, "reinstate", standing.reinstate)


@require_POST
@proved_at("person")
def invite_again(request: HttpRequest, account: UUID) -> HttpResponse:
    """Tell them once more."""
    return _at_once(request, account, "invite_again", standing.invite_again)


def _renewed_at(request: HttpRequest, account: UUID) -> str:
    """Where the button stands: a manager named on the account sees it with their team."""
    return reverse("person", args=[account]) if reach_of(viewer_of(request)) else reverse("team")


@require_POST
@proved_at(_renewed_at)
def renew(request: HttpRequest, account: UUID) -> HttpResponse:
    """Another year; also for the manager named on the account."""
    return _at_once(request, account, "renew", standing.renew)


@_BOTH
@proved
def password(request: HttpRequest, account: UUID) -> HttpResponse:
    """A password for one use, shown once, where the e-mail does not arrive or it is forgotten."""
    by, at = viewer_of(request), timezone.localtime()
    if request.method == "GET":
        return _change(
            request,
            account,
            forms.Form,
            None,
            title="Give {name} a password for one use",
            lines=(
                "Ring or meet them first, and be sure that it is them. Do not act on a message alone.",
                "It works for a day, leads to nothing but choosing their own, and signs them out everywhere.",
                "Their one-time code stays as it is. Both of you are named in the audit.",
            ),
            button="Make the password",
        )
    given = give_as_manager(account, by=by, at=at)
    if isinstance(given, Refusal):
        return refuse(request, refused_page(given))
    handing = {"name": given.name, "password": given.password, "until": moment(given.ends_at)}
    return render_page(request, "person_password", {**handing, "account": account})


@_BOTH
@proved
def add_role(request: HttpRequest, account: UUID) -> HttpResponse:
    """One more role, or a question for one that takes two people."""
    return _change(
        request,
        account,
        lambda *sent: RoleForm(_finder(request), *sent),
        lambda said: roles.add_role(
            account=account,
            organisation=said["organisation"],
            role=Role(said["role"]),
            services=tuple(said["services"]),
            by=viewer_of(request),
            at=timezone.localtime(),
        ),
        title="Give {name} a role",
        lines=("What they do already stays.",),
        button="Give the role",
    )


@_BOTH
def leave(request: HttpRequest, account: UUID, code: str) -> HttpResponse:
    """Somebody leaves an organisation; also for the manager named on the account."""
    found = leaving.leaving(account=account, body=code, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    form = LeaveForm(found.colleagues, request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer = _once(
            request,
            "leave",
            {"account": account, "body": code, **form.cleaned_data},
            lambda: leaving.leave(
                account=account, body=code, to=form.taker(), by=viewer_of(request), at=timezone.localtime()
            ),
            form=form,
        )
        if answer is not None:
            return _answered(request, answer, back=_back(request))
    title = f"{found.member.name} leaves"
    return _form(
        request, form, title=title, lines=leaving_lines(found), button="End their access now", ends=True
    )


@_BOTH
@proved
def move(request: HttpRequest, account: UUID, code: str) -> HttpResponse:
    """Somebody moves to another organisation."""
    found = leaving.leaving(account=account, body=code, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    sent = request.POST if request.method == "POST" else None
    form = MoveForm(found.colleagues, _finder(request), sent)
    if form.is_valid():
        said = form.cleaned_data
        answer = _once(
            request,
            "move",
            {"account": account, "body": code, **said},
            lambda: leaving.move(
                account=account,
                body=code,
                to=form.taker(),
                new_body=said["organisation"],
                role=Role(said["role"]),
                services=tuple(said["services"]),
                by=viewer_of(request),
                at=timezone.localtime(),
            ),
            form=form,
        )
        if answer is not None:
            return _answered(request, answer)
    title = f"{found.member.name} moves to another organisation"
    return _form(request, form, title=title, lines=leaving_lines(found), button="Move them now", ends=True)


@require_GET
def asked_roles(request: HttpRequest) -> HttpResponse:
    """Roles that wait for a second person."""
    by = viewer_of(request)
    found = roles.asked_roles(by=by, at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    page = {"asked": asked_rows(found, by.account_id, by.role), "done": done(request)}
    return render_page(request, "asked_roles", page)


@require_POST
@proved_at("asked_roles")
def answer_role(request: HttpRequest) -> HttpResponse:
    """Agree as the second person, or let it be."""
    grant, by, at = sent_number(request, "grant"), viewer_of(request), timezone.localtime()
    act = roles.agree if request.POST.get("what") == "agree" else roles.refuse
    answer = _once(
        request, "answer_role", {"grant": grant, "what": act.__name__}, lambda: act(grant=grant, by=by, at=at)
    )
    return _answered(request, answer, back="asked_roles")


def _change(
    request: HttpRequest,
    account: UUID,
    make: Callable[..., forms.Form],
    act: Callable[[dict[str, Any]], StaffDone | Refusal] | None,
    *,
    title: str,
    lines: Sequence[str],
    button: str,
) -> HttpResponse:
    """A form about one person: shown only for who may, and acted on once."""
    found = look.person(account=account, by=viewer_of(request), at=timezone.localtime())
    if isinstance(found, Refusal):
        return refuse(request, refused_page(found))
    form = make(request.POST if request.method == "POST" else None)
    if act is not None and form.is_valid():
        said = form.cleaned_data
        sent = {"account": account, **said}
        answer = _once(request, _name_of(title), sent, lambda: act(said), form=form)
        if answer is not None:
            return _answered(request, answer)
    shown = title.format(name=found.name)
    back = reverse("person", args=[account])
    return _form(request, form, title=shown, lines=lines, button=button, back=back)


def _name_of(title: str) -> str:
    return title.split(" {", 1)[0].lower().replace(" ", "_")


def _at_once(
    request: HttpRequest, account: UUID, name: str, act: Callable[..., StaffDone | Refusal]
) -> HttpResponse:
    by, at = viewer_of(request), timezone.localtime()
    answer = _once(request, name, {"account": account}, lambda: act(account=account, by=by, at=at))
    return _answered(request, answer, back="" if reach_of(by) else "team")


def _once(
    request: HttpRequest,
    action: str,
    sent: Mapping[str, object],
    act: Callable[[], StaffDone | Refusal],
    *,
    form: forms.Form | None = None,
) -> Any:
    """Act once. What a form can still mend is said at the form; then there is no answer."""
    try:
        return send_once(request, action, sent, act, answered=StaffDone)
    except (Conflict, InvalidInput) as fault:
        if form is None or not form.fields:
            raise
        form.add_error(next(iter(form.fields)), str(fault))
        return None


def _answered(request: HttpRequest, answer: StaffDone | Refusal, *, back: str = "") -> HttpResponse:
    if isinstance(answer, Refusal):
        return refuse(request, refused_page(answer))
    request.session[DONE] = [answer.what, answer.name]
    if back:
        return redirect(back)
    still_there = answer.account and answer.what not in {"left", "asked"}
    return redirect("person", account=answer.account) if still_there else redirect("people")


def _form(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    lines: Sequence[str],
    button: str,
    back: str = "",
    ends: bool = False,
) -> HttpResponse:
    page = {
        "form": form,
        "names": list(form.fields),
        "title": title,
        "lines": lines,
        "button": button,
        "back": back or reverse(_back(request)),
        "ends": ends,
    }
    return render_page(request, "person_form", page)


def _back(request: HttpRequest) -> str:
    """Where somebody came from: the list of people, or their own team."""
    return "people" if reach_of(viewer_of(request)) else "team"


def _finder(request: HttpRequest) -> Callable[[str], Sequence[tuple[str, str]]]:
    return lambda words: organisations_called(words, by=viewer_of(request), at=timezone.localtime())


def done(request: HttpRequest) -> str:
    """What was just done, told once."""
    said = request.session.pop(DONE, None)
    return done_words(*said) if said else ""


def page_number(request: HttpRequest) -> int:
    """The page of a list that is asked for."""
    return read_number(request.GET.get("page", ""), figures=4) or 1
