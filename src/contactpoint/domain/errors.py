"""The one exception tree. Each leaf is mapped once to a page, an API answer and an exit code.

A refusal by the disclosure rules is not an exception: it is a returned Decision, because raising would
roll its audit event back (see disclosure/authorise.py).
"""

import traceback
from typing import Final

_PLACES: Final = 12


class ContactPointError(Exception):
    """Anything the product says no to. The message is one plain sentence that may be shown to a person."""


class InvalidInput(ContactPointError):
    """What was given cannot be read: wrong form, wrong value, missing part."""


class InvalidIdentifier(InvalidInput):
    """An identifier whose form or check digit is wrong."""


class NotFound(ContactPointError):
    """Nothing of that name or number is here, or none that may be known."""


class Conflict(ContactPointError):
    """Somebody else changed it first, or it was done already."""


class DeliveryRefused(ContactPointError):
    """A whole file is refused before any row of it is read: wrong source, wrong columns, out of order."""


class DeliveryHeld(ContactPointError):
    """A delivery waits for a person, because publishing it would change more than a delivery should."""


class Throttled(ContactPointError):
    """Too many in too short a time."""


class NoRoom(ContactPointError):
    """A disk is full. Nothing of what was asked has been done."""


class Unavailable(ContactPointError):
    """The database does not answer, mostly because it is starting again."""


class Misconfigured(ContactPointError):
    """A setting the process needs is missing or contradicts another."""


def places_of(error: BaseException | None) -> tuple[str, ...]:
    """The last functions an exception passed through, never its message: that may quote what was typed."""
    trace = traceback.extract_tb(error.__traceback__) if error is not None else ()
    return tuple(f"{one.filename}:{one.lineno} {one.name}" for one in trace)[-_PLACES:]
