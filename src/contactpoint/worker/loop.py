"""Carry out decisions and seal the audit log, and have the rest done aside, for as long as the process lives.

Whatever fails is logged and tried again, less and less often: a database that restarts, a full disk.
Nothing is lost meanwhile, because events wait in the database.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines.at_rest import settle_at_rest
from contactpoint.pipelines.authorities import carry_out_authority_changes as carry_out_areas
from contactpoint.pipelines.could_see import answer_what_was_asked
from contactpoint.pipelines.decided import carry_out_case_decisions
from contactpoint.pipelines.education import EVERY as LIST_EVERY
from contactpoint.pipelines.education import make_education_lists
from contactpoint.pipelines.hand_over import hand_over
from contactpoint.pipelines.moves import EVERY as ESCALATE_EVERY
from contactpoint.pipelines.moves import escalate_moves
from contactpoint.pipelines.reference_lists import carry_out_lists
from contactpoint.pipelines.seal import Sealed, load_signer, seal
from contactpoint.pipelines.sealed_identities import tend_sealed_identities
from contactpoint.pipelines.shields import EVERY as TEND_EVERY
from contactpoint.pipelines.shields import tend_shields
from contactpoint.pipelines.tell import EVERY as TELL_EVERY
from contactpoint.pipelines.tell import tell, tell_desks, tell_shield_desks
from contactpoint.pipelines.tell_staff import LAPSES_EVERY, tell_invited, tell_lapses
from contactpoint.pipelines.tidy import EVERY, tidy
from contactpoint.storage.past import note_rules
from contactpoint.worker.watch import watch
from contactpoint.worker.works import works_here

PAUSE: Final = 2.0  # seconds
LONGEST_PAUSE: Final = 60.0

_log = structlog.get_logger("contactpoint.worker")


def run(*, stop: threading.Event) -> None:
    """Seal until `stop` is set, and once more then, so that what was just done is published.

    Use is reviewed beside it, in another process, and files are taken in where there is a data folder.

    Raises:
        Misconfigured: there is no audit key.
    """
    key, folder = Path(settings.AUDIT_KEY), Path(settings.AUDIT_DIR)
    load_signer(key)  # better not to begin than to fail every two seconds
    rules_noted = every(timedelta(hours=1), note_rules)
    tidy_when_due = every(EVERY, tidy)
    decided = every(timedelta(0), lambda at: carry_out_case_decisions(by=system_viewer("worker"), at=at))
    crossed = every(timedelta(0), lambda at: tend_sealed_identities(by=system_viewer("worker"), at=at))
    listed_anew = every(timedelta(0), lambda at: carry_out_lists(by=system_viewer("worker"), at=at))
    areas_anew = every(timedelta(0), lambda at: carry_out_areas(by=system_viewer("worker"), at=at))
    handed = every(timedelta(0), lambda at: hand_over(by=system_viewer("worker"), at=at))
    replayed = every(timedelta(0), lambda at: answer_what_was_asked(by=system_viewer("worker"), at=at))
    told = every(TELL_EVERY, lambda at: tell(by=system_viewer("worker"), at=at))
    desks = every(TELL_EVERY, lambda at: tell_desks(by=system_viewer("worker"), at=at))
    shield_desks = every(TELL_EVERY, lambda at: tell_shield_desks(by=system_viewer("worker"), at=at))
    invited = every(TELL_EVERY, lambda at: tell_invited(by=system_viewer("worker"), at=at))
    warned = every(LAPSES_EVERY, lambda at: tell_lapses(by=system_viewer("worker"), at=at))
    listed = every(LIST_EVERY, lambda at: make_education_lists(by=system_viewer("worker"), at=at))
    at_rest = every(timedelta(0), lambda _: settle_at_rest(renew=True))
    escalated = every(ESCALATE_EVERY, lambda at: escalate_moves(by=system_viewer("worker"), at=at))
    tended = every(TEND_EVERY, lambda at: tend_shields(by=system_viewer("worker"), at=at))

    def work() -> Sealed:
        rules_noted(timezone.now())
        decided(timezone.now())
        crossed(timezone.now())
        listed_anew(timezone.now())
        areas_anew(timezone.now())
        tended(timezone.now())
        at_rest(timezone.now())
        replayed(timezone.now())
        told(timezone.now())
        desks(timezone.now())
        shield_desks(timezone.now())
        invited(timezone.now())
        warned(timezone.now())
        done = seal(signer=load_signer(key), folder=folder)  # read again: it may have been changed
        handed(timezone.now())
        tidy_when_due(timezone.now())
        listed(timezone.now())
        escalated(timezone.now())
        return done

    aside = _work_aside(stop)
    for thread in aside:
        thread.start()
    repeat(work, stop=stop)
    for thread in aside:
        thread.join()
    repeat(work, stop=stop)  # what they did last is published too


def _work_aside(stop: threading.Event) -> list[threading.Thread]:
    """The threads that have heavy work done in processes of its own."""
    return [
        threading.Thread(
            target=watch,
            args=(name, work),
            kwargs={"stop": stop, "first": PAUSE if work.at_once else work.pause.total_seconds()},
            name=name,
        )
        for name, work in works_here().items()
    ]


def every(interval: timedelta, work: Callable[[datetime], object]) -> Callable[[datetime], None]:
    """Do the work at the first call, then no more often; what fails is logged and tried next time."""
    last: datetime | None = None

    def when_due(at: datetime) -> None:
        nonlocal last
        if last is not None and at - last < interval:
            return
        last = at
        try:
            work(at)
        except Exception:  # noqa: BLE001 - sealing must go on whatever happens to other work
            _log.exception("work_failed", work=getattr(work, "__name__", ""))

    return when_due


def repeat(work: Callable[[], Sealed], *, stop: threading.Event, pause: float = PAUSE) -> None:
    """Do the work, wait, and do it again; after a failure wait twice as long each time, up to a minute."""
    wait = pause
    while True:
        last = stop.is_set()
        try:
            close_old_connections()
            done = work()
        except Exception:  # noqa: BLE001 - whatever it was, events go on arriving
            wait = min(wait * 2, LONGEST_PAUSE)
            _log.exception("sealing_failed", again_in_seconds=wait)
        else:
            wait = pause
            if done.numbered:
                _log.info("sealed", events=done.numbered, log_size=done.size)
        if last:
            return
        stop.wait(wait)
