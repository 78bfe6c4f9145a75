"""The reasons that hold at a moment, and refusing one that was retired (R9)."""

from datetime import datetime

from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.reasons import is_it_still_a_reason
from contactpoint.domain.settings import Values
from contactpoint.storage.settings import settings_at

RETIRED = Refusal(
    sentence="That reason is not in use any more.",
    rules=("R9",),
    way_on="Choose the reason that fits best, or something else, and say what.",
)


def reasons_now(at: datetime) -> Values:
    """What reasons are called and which are offered; nothing about anybody, so that it is no look."""
    return settings_at(at)


def retired(purpose: Purpose | None, held: Values) -> Refusal | None:
    """Why no look begins for a reason that was retired (R9); what was opened for it stays open."""
    return RETIRED if purpose is not None and not is_it_still_a_reason(purpose.code, held) else None
