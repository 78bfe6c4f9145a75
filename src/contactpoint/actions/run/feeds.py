"""See how feeds do, and decide about them: pause, resume, let a held delivery go on or refuse it."""

from datetime import datetime

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role, Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, FeedInQuestion
from contactpoint.domain.errors import NotFound
from contactpoint.domain.feeds import Done, Feed, FeedLine
from contactpoint.storage.queries import feeds

NO_FEED = "There is no such feed. Go back to the list of feeds."
_ACTIONS = {
    "pause": Action.PAUSED_SOURCE,
    "resume": Action.RESUMED_SOURCE,
    "let_go_on": Action.RELEASED_DELIVERY,
    "refuse": Action.REFUSED_DELIVERY,
}


@transaction.atomic
def feeds_of(*, by: Viewer, at: datetime) -> tuple[FeedLine, ...] | Refusal:
    """The feeds a viewer runs: those of their authority, or all for the national team (R25)."""
    decision = authorise(AccessRequest(viewer=by, permission=Permission.RUN_FEEDS, at=at))
    if decision.refusal:
        return record_refusal(decision.refusal, Permission.RUN_FEEDS, by=by, at=at)
    return feeds_run_by(by)


def feeds_run_by(by: Viewer) -> tuple[FeedLine, ...]:
    """Read the feeds that a viewer who may run feeds runs."""
    if by.role is Role.NATIONAL_TEAM:
        return feeds.feed_lines()
    return feeds.feed_lines(authority=by.authority, organisation=by.organisation_code)


@transaction.atomic
def feed(*, code: str, by: Viewer, at: datetime) -> Feed | Refusal:
    """One feed.

    Raises:
        NotFound: there is none of that code.
    """
    refusal, whose = ask(Permission.RUN_FEEDS, code=code, by=by, at=at)
    if refusal:
        return refusal
    return Feed(
        line=feeds.feed_line(code),
        contract=feeds.contract_of(code),
        deliveries=feeds.deliveries_of(code),
        files=feeds.files_of(code),
        own_rows=whose.organisation == by.organisation_code,
    )


@transaction.atomic
def pause(*, code: str, because: str, by: Viewer, at: datetime) -> Done | Refusal:
    """Refuse every file of a source from now on; pausing one that is paused changes nothing."""
    return _pause_or_resume("pause", code, because, by, at)


@transaction.atomic
def resume(*, code: str, by: Viewer, at: datetime) -> Done | Refusal:
    """Take files of a source in again."""
    return _pause_or_resume("resume", code, "", by, at)


@transaction.atomic
def decide(*, code: str, delivery: int, let_go_on: bool, by: Viewer, at: datetime) -> Done | Refusal:
    """Say whether a held delivery is published or let go of. The worker carries it out within seconds.

    Raises:
        NotFound: no such delivery waits for a decision: somebody decided before, or a newer file came.
    """
    refusal, _ = ask(Permission.RUN_FEEDS, code=code, by=by, at=at)
    if refusal:
        return refusal
    feeds.await_turn(code)
    if not feeds.is_held(code, delivery):
        raise NotFound("This delivery waits for no decision now: somebody decided, or a newer file came.")
    what = "let_go_on" if let_go_on else "refuse"
    feeds.put_decision(source=code, delivery=delivery, what=what, because="", account=by.account_id, at=at)
    record(_ACTIONS[what], by=by, at=at, details={"source": code, "delivery": delivery})
    return Done(what=what)


@transaction.atomic
def take_rejects(*, code: str, delivery: int, by: Viewer, at: datetime) -> int | Refusal:
    """Record that the source's own team has its rejected rows back, and return how many there are.

    Raises:
        NotFound: there are none.
    """
    refusal, _ = ask(Permission.TAKE_REJECTS, code=code, by=by, at=at)
    if refusal:
        return refusal
    rows = feeds.rejects_of(code, delivery)
    if rows is None:
        raise NotFound("No rejected rows of this delivery are kept.")
    record(Action.TOOK_REJECTS, by=by, at=at, details={"source": code, "delivery": delivery, "rows": rows})
    return rows


def ask(
    permission: Permission, *, code: str, by: Viewer, at: datetime
) -> tuple[Refusal | None, FeedInQuestion]:
    """Ask the rules about one feed; a refusal is recorded.

    Raises:
        NotFound: there is none of that code.
    """
    whose = feeds.feed_in_question(code)
    if whose is None:
        raise NotFound(NO_FEED)
    decision = authorise(AccessRequest(viewer=by, permission=permission, at=at, feed=whose))
    if decision.refusal is None:
        return None, whose
    return record_refusal(decision.refusal, permission, by=by, at=at, details={"source": code[:48]}), whose


def _pause_or_resume(what: str, code: str, because: str, by: Viewer, at: datetime) -> Done | Refusal:
    refusal, _ = ask(Permission.RUN_FEEDS, code=code, by=by, at=at)
    if refusal:
        return refusal
    feeds.await_turn(code)
    if (feeds.feed_line(code).paused is None) == (what == "pause"):
        feeds.put_decision(
            source=code, delivery=None, what=what, because=because, account=by.account_id, at=at
        )
        record(_ACTIONS[what], by=by, at=at, details={"source": code, "because": because})
    return Done(what=what)
