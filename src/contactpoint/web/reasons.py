"""What is set, read once a request and only where a page says any of it: above all what reasons are (R9)."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from contactpoint.actions.find.reasons import reasons_now
from contactpoint.domain import reasons as domain
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.settings import AS_SHIPPED, Values

_WITHIN: Final = ContextVar("within_a_request", default=False)
_HELD: Final[ContextVar[Values | None]] = ContextVar("reasons_of_the_request", default=None)


class ReasonsOfTheRequest:
    """Forgets what the request before read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; what is set meanwhile holds from the next one on."""
        within, held = _WITHIN.set(True), _HELD.set(None)
        try:
            return self._get_response(request)
        finally:
            _WITHIN.reset(within)
            _HELD.reset(held)


def reasons() -> Values:
    """What holds in this request; as shipped where there is none."""
    held = _HELD.get()
    if held is None:
        held = reasons_now(timezone.now()) if _WITHIN.get() else AS_SHIPPED
        _HELD.set(held)
    return held


def reason_words(code: PurposeCode) -> str:
    """A reason as a person reads it."""
    return domain.reason_words(code, reasons())


def purpose_words(purpose: Purpose) -> str:
    """A stated reason as a person reads it."""
    return domain.words_of(purpose, reasons())


def reason_choices(*codes: PurposeCode) -> list[tuple[str, str]]:
    """Choices of a form: these, or all that may be stated now by whoever looks for a child."""
    held = reasons()
    return [
        (code.value, domain.reason_words(code, held))
        for code in codes or domain.which_reasons_are_offered(held)
    ]
