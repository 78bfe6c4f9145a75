"""Ask again, or stop, whoever opens far more records than work needs (R53). Counted in the database."""

from datetime import datetime, time

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.disclosure.shielding import NATIONAL_DESK_PHONE
from contactpoint.domain.disclosure.trawling import (
    Pace,
    limits_of,
    limits_of_purpose,
    strictest,
    what_happens_next,
)
from contactpoint.domain.here import HERE
from contactpoint.storage.settings import settings_at
from contactpoint.storage.throttle import count_use, suspend_for_pace, uses

SAY_AGAIN = Refusal(
    sentence="You have opened many records today.",
    rules=("R53",),
    way_on="Say why you need this one, and it opens. What you say is recorded with the look.",
)
STOPPED = Refusal(
    sentence="You have opened so many records today that your account is suspended until a reviewer has "
    "looked at it.",
    rules=("R52", "R53"),
    way_on=f"Ring your manager. For an urgent concern ring the national desk on {NATIONAL_DESK_PHONE}.",
)


def may_one_more_be_opened(
    *, purpose: Purpose, said_again: str | None, by: Viewer, at: datetime
) -> Refusal | None:
    """Count one more record, and say whether the viewer goes on, says why again, or is stopped (R53).

    It is counted before anything is read, whether or not there is such a record. A stop suspends the account
    in this transaction and gives it to the national reviewers.
    """
    if by.account_id is None:
        return None
    day = datetime.combine(at.astimezone(HERE).date(), time(), tzinfo=HERE)
    mine, held = f"open:{by.account_id}", settings_at(at)
    said = count_use(f"again:{by.account_id}", day) if said_again else uses(f"again:{by.account_id}", day)
    paces = [what_happens_next(count_use(mine, day), said, limits_of(by.role, held))]
    if limits := limits_of_purpose(purpose.code, held):
        paces.append(what_happens_next(count_use(f"{mine}:{purpose.code.value}", day), said, limits))
    if (
        count_use(f"open@{by.organisation_code}", day) > held["organisation_records_asked_from"]
        and not said_again
    ):
        paces.append(Pace.SAY_AGAIN)
    match strictest(tuple(paces)):
        case Pace.FREE:
            return None
        case Pace.SAY_AGAIN:
            return SAY_AGAIN
        case Pace.STOP:
            details = {"account": str(by.account_id), "because": "pace"}
            event = record(Action.SUSPENDED, by=by, at=at, details=details)
            suspend_for_pace(event, at=at)
            return STOPPED
