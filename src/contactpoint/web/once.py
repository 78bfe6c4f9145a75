"""What a form carries beside what a person typed: its key, and what of a thing its page had shown.

In the template: `{% once %}` for the key and, for what others may change meanwhile, `{% seen version %}`.
In the view: `actions.once.once`, and an action that takes `seen`.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Final, TypeVar

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone

from contactpoint.actions.once import OUT_OF_DATE, once
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.meanwhile import (
    AnswerVersion,
    ByHandVersion,
    InvolvementVersion,
    LeadVersion,
    OwnVersion,
    PointVersion,
    Version,
)
from contactpoint.web.render import viewer_of

Answer = TypeVar("Answer")
Other = TypeVar("Other")
Kind = TypeVar(
    "Kind", InvolvementVersion, OwnVersion, LeadVersion, PointVersion, AnswerVersion, ByHandVersion
)
_SALT: Final = "contactpoint.seen"
_DATES: Final = ("start", "end")


def form_key(request: HttpRequest) -> str:
    """The key the form carried, or an empty text."""
    return request.POST.get("form_key", "")


def send_once(
    request: HttpRequest,
    action: str,
    sent: Mapping[str, object],
    act: Callable[[], Answer | Other],
    *,
    answered: type[Answer],
) -> Answer | Other:
    """Act once for the form of a request, now and for whoever sent it.

    Raises:
        InvalidInput: as `actions.once.once`.
        Conflict: as `actions.once.once`.
    """
    return once(  # type: ignore[return-value]  # mypy does not infer the two parts of a union again
        act,
        key=form_key(request),
        action=action,
        sent=sent,
        answered=answered,
        by=viewer_of(request),
        at=timezone.localtime(),
    )


def sent_number(request: HttpRequest, name: str) -> int:
    """The number that a form's button carried; 0, which is nobody's, where it carried none."""
    return read_number(request.POST.get(name, ""), figures=18) or 0


def read_number(text: str, *, figures: int) -> int | None:
    """A whole number of at most so many figures; None where the text is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= figures else None


def seal_version(version: Version) -> str:
    """The text of a hidden field that says what the page shows; signed, so that it comes back as it went."""
    plain = {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(version).items()
    }
    return signing.dumps(plain, salt=f"{_SALT}.{type(version).__name__}")


def seen_version(request: HttpRequest, kind: type[Kind]) -> Kind:
    """What the page had shown of a thing of that kind.

    Raises:
        InvalidInput: the page is from another release, or was not ours.
    """
    try:
        plain = signing.loads(request.POST.get("seen", ""), salt=f"{_SALT}.{kind.__name__}")
        days = {name: date.fromisoformat(plain[name]) for name in _DATES if plain.get(name)}
        return kind(**{**plain, **days})
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        raise InvalidInput(OUT_OF_DATE) from None
