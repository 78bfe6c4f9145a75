"""Choosing what to act as, for somebody with more than one role."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from contactpoint.access.accounts import SignedIn
from contactpoint.access.audit import note_role_chosen
from contactpoint.access.sessions import MEMBERSHIP, account_of
from contactpoint.access.signals import request_id
from contactpoint.web.context import ROLE_WORDS
from contactpoint.web.render import render_page


class ActingAsForm(forms.Form):
    """One radio per membership; none is chosen for the person."""

    membership = forms.ChoiceField(
        label="Who are you acting for now?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who you are acting for now"},
    )

    def __init__(self, signed_in: SignedIn, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        field = self.fields["membership"]
        field.choices = [  # type: ignore[attr-defined]
            (str(choice.membership_id), f"{ROLE_WORDS[choice.role].capitalize()}, {choice.organisation_name}")
            for choice in signed_in.choices
        ]


@require_http_methods(["GET", "POST"])
def acting_as(request: HttpRequest) -> HttpResponse:
    """Ask, and remember the answer for this session; what was opened as somebody else is closed."""
    signed_in: SignedIn = request.signed_in  # type: ignore[attr-defined]
    form = ActingAsForm(signed_in, request.POST if request.method == "POST" else None)
    if form.is_valid():
        started = request.session.get("started_at")
        for key in [key for key in request.session.keys() if key.startswith("cp_")]:  # noqa: SIM118 - no dict
            del request.session[key]
        request.session.cycle_key()
        request.session["started_at"] = started
        request.session[MEMBERSHIP] = int(form.cleaned_data["membership"])
        chosen = next(one for one in signed_in.choices if one.membership_id == request.session[MEMBERSHIP])
        note_role_chosen(account_of(request), chosen, request_id=request_id(request))
        return redirect("start")
    return render_page(request, "acting_as", {"form": form})
