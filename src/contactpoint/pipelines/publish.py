"""Make everything that is linked visible, all of it at one moment or none of it."""

from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from threading import Thread

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from contactpoint.actions.find.index import refresh
from contactpoint.actions.protect.place_shield import place_shields
from contactpoint.actions.recording import record
from contactpoint.actions.retain.archive import look_again
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.shield_life import Ground
from contactpoint.pipelines.at_rest import settle_at_rest
from contactpoint.pipelines.running import Progress, check_may_run, tell_nobody
from contactpoint.storage import publishing
from contactpoint.storage.copying import only_loader
from contactpoint.storage.retention import archived_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What a publication changed: deliveries, records, children and cases."""

    deliveries: int = 0
    changed: int = 0
    withdrawn: int = 0
    new_children: int = 0
    shielded: int = 0
    quarantined: int = 0
    reviews: int = 0


def publish(
    *, by: Viewer, at: datetime | None = None, progress: Progress | None = None, alone: bool = False
) -> PublishReport:
    """Publish all linked deliveries in one transaction.

    Source records get a new version where their fingerprint changed, and only there; what a full delivery no
    longer holds is withdrawn; children whose source asks for it are shielded before any row about them is
    written. A publication that is cut off, even by force, leaves readers with the old state, and the next
    call does it all.

    Args:
        by: a system viewer.
        at: now.
        progress: told what is being done.
        alone: no page is served meanwhile. Then a first publication may keep readers of the empty directory
            waiting, and fill its tables before it makes their indexes.

    Raises:
        Conflict: another process is taking deliveries in.
    """
    check_may_run(by)
    tell, at = progress or tell_nobody, at or timezone.now()
    with only_loader():
        if not publishing.anything_linked():
            return PublishReport()
        much = publishing.much_is_linked()
        first = alone and much and publishing.nothing_is_published() and not connection.in_atomic_block
        if first:
            publishing.clear_away()
        # Cut off, it leaves rows that nobody reads and that the next call puts right.
        ahead = Thread(target=_match_ahead, kwargs={"first": first}, daemon=True)
        if much:
            ahead.start()
        with transaction.atomic():
            return _publish(by, at, tell, ahead, first=first)


def _match_ahead(*, first: bool) -> None:
    """On a connection of this thread's own; what it does not get done, the publication does itself."""
    with suppress(DatabaseError):
        publishing.match_ahead(first=first)
    connection.close()


def _publish(by: Viewer, at: datetime, tell: Progress, ahead: Thread, *, first: bool) -> PublishReport:
    tell("publishing: children", 0.0)
    counts = publishing.begin(at, first=first)
    shielded = place_shields(
        numbers=publishing.children_to_shield(),
        ground=Ground.HIDDEN_LOCATION,
        by=by,
        at=at,
        because="A source marks the child as restricted.",
        index=False,
    )
    tell("publishing: records", 0.1)
    publishing.write_records(at, first=first)
    tell("publishing: involvements", 0.3)
    publishing.write_involvements(at, first=first)
    tell("publishing: indexes", 0.4)
    if ahead.is_alive():
        ahead.join()
    touched, deliveries = publishing.finish(at, first=first)
    tell("publishing: search index", 0.5)
    refresh(
        touched,
        empty=first,
        progress=lambda share: tell("publishing: search index", 0.5 + 0.45 * share),
        by=by,
        at=at,
    )
    if first:
        publishing.make_search_indexes()
    # Whoever was archived and has come back is found from this moment on (R50).
    look_again(archived_of(touched.to_list()), by=by, at=at)
    settle_at_rest()
    report = PublishReport(deliveries=len(deliveries), shielded=len(shielded), **asdict(counts))
    record(Action.PUBLISHED, by=by, at=at, details={"deliveries": deliveries, "counts": asdict(counts)})
    tell("published", 1.0)
    return report
