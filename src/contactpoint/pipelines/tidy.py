"""Clear away what pages leave behind: expired sessions, old drafts, answers to forms, requests long over."""

from datetime import datetime, timedelta
from typing import Final

from contactpoint.storage.queries.answered_forms import forget_old_answers
from contactpoint.storage.tidying import clear_sign_in

EVERY: Final = timedelta(minutes=10)
# An expired session shows nothing to anybody; for two hours its owner can still go on where they were.
SESSIONS_KEPT: Final = timedelta(hours=2)
DRAFTS_KEPT: Final = timedelta(hours=24)
TRACES_KEPT: Final = timedelta(days=30)


def tidy(at: datetime) -> int:
    """Delete what nobody needs any more and return how many rows that were. The audit keeps what happened."""
    cleared = clear_sign_in(
        sessions_before=at - SESSIONS_KEPT, drafts_before=at - DRAFTS_KEPT, traces_before=at - TRACES_KEPT
    )
    return cleared + forget_old_answers(at=at)
