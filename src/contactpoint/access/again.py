"""Pages on which one proves once more who one is: the second factor, within the last fifteen minutes (R4)."""

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse

View = Callable[..., HttpResponse]


def proved(view: View) -> View:
    """Ask for the second factor first; what was sent goes on afterwards."""
    asked: View = reauthentication_required(app="allauth.mfa")(view)
    return asked
