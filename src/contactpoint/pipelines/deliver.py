"""Take a file in: check it against its source's contract and stage it, or say why not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Final

import polars as pl
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action, Outcome
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import Conflict, DeliveryRefused
from contactpoint.pipelines.halves import Halves
from contactpoint.pipelines.rejects import for_the_team, put_aside
from contactpoint.pipelines.running import Progress, check_may_run, check_room, tell_nobody
from contactpoint.storage import source_mappings, staging
from contactpoint.storage.copying import only_loader
from contactpoint.storage.feeds import paused
from contactpoint.storage.incidents import shut_feeds
from contactpoint.storage.models import Delivery
from contactpoint.supply.contracts import Contract, contract_named
from contactpoint.supply.mapping import FeedMapping
from contactpoint.supply.mapping_file import mapping_of
from contactpoint.supply.opening import open_file
from contactpoint.supply.places import FileName, read_name
from contactpoint.supply.read import LINE, read_pieces
from contactpoint.supply.stage import source_records
from contactpoint.supply.validate import Validated, validate_pieces, write_rejects

MOST_WITHDRAWN: Final = 0.02
"""A full delivery that would withdraw a larger share of a source's records waits for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What became of a file.

    `state` is "staged" (goes on to linking), "held" (waits for a person) or "published" (the same file was
    published before, so nothing changed). `sentence` says it in words. `rejects` is the file of rejected
    rows, if there are any: all of them, for whoever runs the directory. Numbers count rows of the file,
    `changed` source records.
    """

    delivery: int
    source: str
    as_at: date
    kind: str
    state: str
    sentence: str
    already: bool = False
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    changed: int = 0
    rejects: Path | None = None


def deliver(
    path: Path,
    *,
    source: str,
    as_at: date | None = None,
    kind: str | None = None,
    by: Viewer,
    at: datetime | None = None,
    progress: Progress | None = None,
    rejects: Path | None = None,
) -> DeliveryReport:
    """Read, check and stage one file. All of it is staged in one transaction, or none of it.

    A delivery that was cut off has left nothing behind, so calling again starts it anew; one that was staged
    is found again by its fingerprint. Nothing is visible to readers before `publish`.

    Args:
        path: a CSV or Parquet file.
        source: the code of its source; where the file's name names one, it must be the same.
        as_at: the day it speaks for; read from the name when None.
        kind: "full" or "delta"; read from the name when None.
        by: a system viewer.
        at: now.
        progress: told what is being done.
        rejects: where to write rejected rows; beside the file when None.

    Raises:
        DeliveryRefused: the file cannot be taken in at all; the refusal is audited.
        Conflict: the feed is shut, or another delivery of it waits to be published or is being taken in.
        NoRoom: the disk of the data folder is too full to begin.
    """
    check_may_run(by)
    at = at or timezone.now()
    try:
        named = _particulars(path, source, as_at, kind, on=at.date())
        with only_loader():
            return _take_in(path, named, by, at, progress or tell_nobody, rejects)
    except DeliveryRefused as refusal:
        with transaction.atomic():
            record(
                Action.DELIVERED,
                by=by,
                at=at,
                outcome=Outcome.REFUSED,
                details={"source": source[:48], "file": path.name[:200], "reason": str(refusal)[:1000]},
            )
        raise


def _particulars(path: Path, source: str, as_at: date | None, kind: str | None, *, on: date) -> FileName:
    """Put together what the caller and the file's name say, and refuse where they differ."""
    name = read_name(path)
    if name and name.source != source:
        raise DeliveryRefused(f"{path.name} is a file of {name.source}, not of {source}.")
    if name and ((as_at and as_at != name.as_at) or (kind and kind != name.kind)):
        raise DeliveryRefused(
            f"{path.name} says {name.as_at} and {name.kind}; that is not what was asked for."
        )
    as_at, kind = as_at or (name.as_at if name else None), kind or (name.kind if name else None)
    if as_at is None or kind not in ("full", "delta"):
        raise DeliveryRefused(
            f"{path.name} does not say which day it speaks for and whether it is full. Name it "
            "<source>_<year-month-day>_<full or delta>.csv."
        )
    if as_at > on:
        raise DeliveryRefused(f"{path.name} speaks for {as_at}, which has not come yet.")
    return FileName(source=source, as_at=as_at, kind=kind)


def _take_in(
    path: Path, named: FileName, by: Viewer, at: datetime, tell: Progress, rejects: Path | None
) -> DeliveryReport:
    source = staging.find_source(named.source)
    if source is None:
        raise DeliveryRefused(f"There is no source called {named.source}.")
    _check_not_paused(source)
    if named.source in shut_feeds():
        raise Conflict(f"{source.name} is shut while a security incident is looked into. Its files wait.")
    contract = contract_named(source.contract)
    version, text = source_mappings.in_force(source.code)
    mapping = mapping_of(text, contract)
    tell(f"reading {path.name}", 0.0)
    given = open_file(path, most_bytes=settings.DELIVERY_LIMIT)
    check_room(path)
    arrival = staging.Arrival(
        source=named.source,
        as_at=named.as_at,
        kind=named.kind,
        sha256=given.sha256,
        file_name=path.name,
        mapping=version,
    )
    seen = staging.same_delivery(arrival)
    if seen:
        return _again(seen)
    _check_order(arrival)
    tell(f"checking {path.name}", 0.3)
    pieces = validate_pieces(
        lambda: read_pieces(given, contract, mapping=mapping, most_bytes=settings.DELIVERY_LIMIT),
        contract,
        as_at=named.as_at,
        organisations=staging.organisation_codes(),
    )
    first = next(pieces)  # most files are one piece: they are read before the transaction begins
    rejected_path = rejects or path.with_name(f"{named.source}_{named.as_at}_delta.rejected.csv")
    tell(f"staging {path.name}", 0.6)
    with transaction.atomic():
        delivery, rejected = _stage(
            arrival, chain([first], pieces), contract, mapping, rejected_path, by=by, at=at
        )
    tell(f"staged {path.name}", 1.0)
    return _report(delivery, rejected_path if rejected else None, rejected=rejected)


def _check_not_paused(source: staging.SourceInfo) -> None:
    since = paused(source.code)
    if since:
        because = f" ({since.because})" if since.because else ""
        raise DeliveryRefused(
            f"{source.name} has been paused since {timezone.localtime(since.at):%-d %B %Y}{because}. No "
            "file of it "
            "is taken in until its team resumes it on its feed page."
        )


def _check_order(arrival: staging.Arrival) -> None:
    newest = staging.newest_published(arrival.source)
    if newest and arrival.as_at < newest:
        raise DeliveryRefused(
            f"{arrival.file_name} speaks for {arrival.as_at:%-d %B %Y}, but {arrival.source} was published "
            f"as at {newest:%-d %B %Y} already. An older file would undo newer facts."
        )
    waiting = staging.waiting_of(arrival.source)
    if waiting and waiting.state != "held":
        raise Conflict(f"{waiting.file_name} of the same source waits to be published. Publish it first.")
    if waiting and arrival.as_at < waiting.as_at:
        raise DeliveryRefused(f"{waiting.file_name} is newer and is held for a person.")


def _stage(
    arrival: staging.Arrival,
    pieces: Iterator[Validated],
    contract: Contract,
    mapping: FeedMapping,
    rejects: Path,
    *,
    by: Viewer,
    at: datetime,
) -> tuple[Delivery, int]:
    """Stage a file a piece at a time; return the delivery, and how many rows were rejected."""
    held = staging.waiting_of(arrival.source)
    if held:
        staging.drop(held, "replaced")
    wrong: list[Validated] = []
    halves = Halves.load()
    read = 0

    def records() -> Iterator[pl.DataFrame]:
        nonlocal read
        for checked in pieces:
            read += checked.accepted.height + checked.rejected.height
            wrong.append(replace(checked, accepted=checked.accepted.clear()))
            yield source_records(halves.without_former_names(checked, arrival.source), contract)

    delivery = staging.stage(arrival, records(), at=at)
    checked = Validated(
        accepted=wrong[0].accepted,
        rejected=pl.concat([one.rejected for one in wrong]).sort(LINE),
        rejections=pl.concat([one.rejections for one in wrong]).sort(LINE, maintain_order=True),
    )
    if checked.rejected.height:
        write_rejects(checked, rejects)
    back = for_the_team(checked, arrival.source)
    # Rows that must not be told from others count as accepted wherever a page could count them.
    accepted = read - back.rejected.height
    staging.count_rows(delivery, read=read, accepted=accepted)
    staging.keep_rejections(delivery, mapping.in_their_words(checked.rejections))
    put_aside(back, delivery.pk, mapping)
    published, leaving = staging.withdrawals(delivery)
    if leaving > published * MOST_WITHDRAWN:
        staging.hold(
            delivery,
            f"It no longer holds {leaving:,} of {published:,} records that {arrival.source} has here. More "
            f"than {MOST_WITHDRAWN:.0%} is more than a delivery should withdraw: a person must look.",
        )
    record(
        Action.DELIVERED,
        by=by,
        at=at,
        details={
            "delivery": delivery.pk,
            "source": arrival.source,
            "as_at": arrival.as_at.isoformat(),
            "kind": arrival.kind,
            "sha256": arrival.sha256,
            "mapping": arrival.mapping,
            "file": arrival.file_name[:200],
            "rows": read,
            "accepted": accepted,
            "changed": delivery.rows_changed,
            "state": delivery.state,
        },
    )
    return delivery, checked.rejected.height


def _report(
    delivery: Delivery, rejects: Path | None, *, already: bool = False, rejected: int | None = None
) -> DeliveryReport:
    rejected = delivery.rows_rejected if rejected is None else rejected
    accepted = delivery.rows_read - rejected
    return DeliveryReport(
        delivery=delivery.pk,
        source=delivery.source_id,
        as_at=delivery.as_at,
        kind=delivery.kind,
        state=delivery.state,
        sentence=delivery.held_because or in_words(delivery.rows_read, rejected, delivery.rows_changed),
        already=already,
        read=delivery.rows_read,
        accepted=accepted,
        rejected=rejected,
        changed=delivery.rows_changed,
        rejects=rejects,
    )


def in_words(read: int, rejected: int, changed: int) -> str:
    """What became of the rows of a file that was taken in."""
    some = f", {rejected:,} rejected" if rejected else ""
    return f"{read - rejected:,} of {read:,} rows accepted{some}; {changed:,} records are new or changed."


def _again(seen: Delivery) -> DeliveryReport:
    """The same file came before: nothing changes."""
    report = _report(seen, None, already=True)
    if seen.state == "refused":
        raise DeliveryRefused(
            f"{seen.file_name} came before, and somebody decided not to let it go on. Send a corrected file."
        )
    if seen.state == "published":
        day = f"{timezone.localtime(seen.published_at):%-d %B %Y}"
        return replace(report, sentence=f"{seen.file_name} was published on {day}. Nothing changed.")
    return report
