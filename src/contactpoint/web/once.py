"""What a form carries beside what a person typed: its key, and what of a thing its page had shown.

In the template: `{% once %}` for the key and, for what others may change meanwhile, `{% seen version %}`.
In the view: `actions.once.once`, and an action that takes `seen`.
"""

from dataclasses import asdict
from datetime import date
from typing import Final

from django.core import signing
from django.http import HttpRequest

from contactpoint.actions.once import OUT_OF_DATE
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.meanwhile import InvolvementVersion

_SALT: Final = "contactpoint.seen"
_DATES: Final = ("start", "end")


def form_key(request: HttpRequest) -> str:
    """The key the form carried, or an empty text."""
    return request.POST.get("form_key", "")


def seal_version(version: InvolvementVersion) -> str:
    """The text of a hidden field that says what the page shows; signed, so that it comes back as it went."""
    plain = asdict(version) | {
        name: day.isoformat() if (day := getattr(version, name)) else None for name in _DATES
    }
    return signing.dumps(plain, salt=_SALT)


def seen_version(request: HttpRequest) -> InvolvementVersion:
    """What the page had shown.

    Raises:
        InvalidInput: the page is from another release, or was not ours.
    """
    try:
        plain = signing.loads(request.POST.get("seen", ""), salt=_SALT)
        days = {name: date.fromisoformat(plain[name]) if plain[name] else None for name in _DATES}
        return InvolvementVersion(**{**plain, **days})
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        raise InvalidInput(OUT_OF_DATE) from None
