"""What a form carries beside what a person typed: its key, and what of a thing its page had shown.

In the template: `{% once %}` for the key and, for what others may change meanwhile, `{% seen version %}`.
In the view: `actions.once.once`, and an action that takes `seen`.
"""

from dataclasses import asdict
from datetime import date
from typing import Final, TypeVar

from django.core import signing
from django.http import HttpRequest

from contactpoint.actions.once import OUT_OF_DATE
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.meanwhile import (
    InvolvementVersion,
    LeadVersion,
    OwnVersion,
    PointVersion,
    Version,
)

Kind = TypeVar("Kind", InvolvementVersion, OwnVersion, LeadVersion, PointVersion)
_SALT: Final = "contactpoint.seen"
_DATES: Final = ("start", "end")


def form_key(request: HttpRequest) -> str:
    """The key the form carried, or an empty text."""
    return request.POST.get("form_key", "")


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
