"""Try the mappings that people brought, each over its file, and write down what it came to (R19).

Nothing is loaded and nothing of the file is kept. It is read in a process of its own (worker/works.py).
"""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import DeliveryRefused
from contactpoint.domain.source_mappings import Reading, Trial
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import source_mappings, staging
from contactpoint.storage.held_facts import held_facts
from contactpoint.storage.source_mappings import ToTry
from contactpoint.supply.contracts import Contract, contract_named
from contactpoint.supply.mapping_file import MARK_ALONE, mapping_of
from contactpoint.supply.opening import GivenFile, open_file
from contactpoint.supply.places import DONE, UPLOADED, read_name
from contactpoint.supply.trying import is_the_mark_kept, read_by

MOST_TRIES: Final = 3
_LATELY: Final = timedelta(days=7)


def anything_to_try(inbox: Path) -> bool:
    """Say whether a mapping waits to be tried, or a file of one that was dropped still lies here."""
    return bool(source_mappings.to_try() or _left(inbox))


def try_mappings(inbox: Path, *, by: Viewer, at: datetime | None = None) -> int:
    """Try whatever waits; return how many there were. A file that was handed in for it is deleted then."""
    check_may_run(by)
    for dropped in _left(inbox):
        _forget(dropped, inbox)
    waiting = source_mappings.to_try()
    for one in waiting:
        trial, failed = _tried(one, inbox)
        moment = at or timezone.now()
        with transaction.atomic():
            if source_mappings.end_trial(one.id, trial=trial, failed=failed):
                record(
                    Action.TRIED_MAPPING,
                    by=by,
                    at=moment,
                    details={"source": one.source, "version": one.version, "read": trial is not None},
                )
        _forget(one, inbox)
    return len(waiting)


def _tried(one: ToTry, inbox: Path) -> tuple[Trial | None, str]:
    """What the file comes to; or why it cannot be tried."""
    if one.tries >= MOST_TRIES:
        return None, f"Reading this file ended the process {MOST_TRIES} times. Try a smaller one."
    source_mappings.begin_trial(one.id, one.tries + 1)
    path = _where(one, inbox)
    if path is None or not path.is_file():
        return None, "No file of this feed is kept here. Bring the mapping again with a file to try it over."
    try:
        given = open_file(path, most_bytes=settings.DELIVERY_LIMIT)
    except DeliveryRefused as refusal:
        return None, str(refusal)
    source = staging.find_source(one.source)
    if source is None:
        return None, f"There is no source called {one.source}."
    contract = contract_named(source.contract)
    _, now = source_mappings.in_force(one.source)
    before = _read(one, now, given, contract)
    after = _read(one, one.text, given, contract, instead_of=now)
    return Trial(file_name=path.name, before=before, after=after), ""


def _where(one: ToTry, inbox: Path) -> Path | None:
    if one.folder:
        return inbox / UPLOADED / one.folder / one.file_name
    name = source_mappings.last_done(one.source)
    return inbox / DONE / name if name else None


def _read(
    one: ToTry, text: str, given: GivenFile, contract: Contract, *, instead_of: str | None = None
) -> Reading:
    try:
        mapping = mapping_of(text, contract)
        if instead_of and not is_the_mark_kept(mapping_of(instead_of, contract), mapping, contract):
            return Reading(refused=MARK_ALONE)
    except DeliveryRefused as refusal:
        return Reading(refused=str(refusal))
    name = read_name(Path(given.name))
    return read_by(
        mapping,
        given,
        contract,
        as_at=name.as_at if name else timezone.localdate(one.at),
        organisations=staging.organisation_codes(),
        most_bytes=settings.DELIVERY_LIMIT,
        held=partial(held_facts, one.source),
    )


def _left(inbox: Path) -> list[ToTry]:
    dropped = source_mappings.dropped_lately(timezone.now() - _LATELY)
    return [one for one in dropped if (inbox / UPLOADED / one.folder).is_dir()]


def _forget(one: ToTry, inbox: Path) -> None:
    if not one.folder:
        return
    folder = inbox / UPLOADED / one.folder
    (folder / one.file_name).unlink(missing_ok=True)
    if folder.is_dir():
        folder.rmdir()
