"""Ask again, or stop, whoever opens or searches far more than work needs (R53). Counted in the database."""

from datetime import datetime, time

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.shielding import NATIONAL_DESK_PHONE
from contactpoint.domain.disclosure.trawling import (
    Pace,
    SearchPace,
    limits_of,
    limits_of_purpose,
    strictest,
    what_happens_next,
    what_happens_to_a_search,
)
from contactpoint.domain.here import HERE
from contactpoint.domain.settings import Values
from contactpoint.storage.settings import settings_at
from contactpoint.storage.throttle import count_search, count_use, suspend_for_pace, uses

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

TOO_MANY = Refusal(
    sentence="You have searched too often in the last minute.",
    rules=("R53",),
    way_on="Wait a minute and search again.",
)
TOO_MANY_FOR_REASON = Refusal(
    sentence="You have searched very often today for this reason.",
    rules=("R53",),
    way_on="If you look for another reason now, say that one. For an urgent concern ring the national desk "
    f"on {NATIONAL_DESK_PHONE}.",
)
SEARCH_SAY_AGAIN = Refusal(
    sentence="You, or your organisation, have searched very often today.",
    rules=("R53",),
    way_on="Search once on “Find a child”: it asks why you need to go on, and your other searches go on too.",
)
SEARCH_STOPPED = Refusal(
    sentence="You have searched so often today that your account is suspended until a reviewer has "
    "looked at it.",
    rules=("R52", "R53"),
    way_on=f"Ring your manager. For an urgent concern ring the national desk on {NATIONAL_DESK_PHONE}.",
)


def may_one_more_search_be_made(
    *, purpose: Purpose | None, said_again: str | None, held: Values, by: Viewer, at: datetime
) -> Refusal | None:
    """Count one more search, and say whether it is answered, waits, is explained again, or stops (R53).

    It is counted before anything is looked for, so none of it depends on what there is. A stop suspends the
    account in this transaction and gives it to the national reviewers, as one for opened records does.
    """
    if by.account_id is None:
        return None
    code = purpose.code if purpose else PurposeCode.OTHER
    made = count_search(
        by.account_id, by.organisation_code, code.value, at=at, day=_day(at), said_again=bool(said_again)
    )
    match what_happens_to_a_search(made, role=by.role, purpose=code, held=held):
        case SearchPace.FREE:
            return None
        case SearchPace.WAIT:
            return TOO_MANY
        case SearchPace.OTHER_REASON:
            return TOO_MANY_FOR_REASON
        case SearchPace.SAY_AGAIN:
            return SEARCH_SAY_AGAIN
        case SearchPace.STOP:
            _stop(by=by, at=at)
            return SEARCH_STOPPED


def may_one_more_be_opened(
    *, purpose: Purpose, said_again: str | None, by: Viewer, at: datetime
) -> Refusal | None:
    """Count one more record, and say whether the viewer goes on, says why again, or is stopped (R53).

    It is counted before anything is read, whether or not there is such a record. A stop suspends the account
    in this transaction and gives it to the national reviewers.
    """
    if by.account_id is None:
        return None
    day = _day(at)
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
            _stop(by=by, at=at)
            return STOPPED


def may_one_more_be_asked_about(*, by: Viewer, at: datetime) -> Refusal | None:
    """Count one more record that waits for how its viewer comes to ask; say whether they are stopped (R53).

    It is not opened, and tells all the same that there is such a record: nobody goes through numbers by it.
    """
    if by.account_id is None:
        return None
    waiting = count_use(f"ask:{by.account_id}", _day(at))
    if waiting <= limits_of(by.role, settings_at(at)).stopped_at:
        return None
    _stop(by=by, at=at)
    return STOPPED


def _stop(*, by: Viewer, at: datetime) -> None:
    details = {"account": str(by.account_id), "because": "pace"}
    event = record(Action.SUSPENDED, by=by, at=at, details=details)
    suspend_for_pace(event, at=at)


def _day(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(HERE).date(), time(), tzinfo=HERE)
