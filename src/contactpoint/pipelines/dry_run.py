"""Read and check what waits of a feed, and keep nothing: what would come in when it opens again (R55)."""

from datetime import date
from pathlib import Path

from django.conf import settings

from contactpoint.domain.errors import DeliveryRefused
from contactpoint.domain.incident import DryRun
from contactpoint.storage import feeds, source_mappings, staging
from contactpoint.supply.contracts import Contract, contract_named
from contactpoint.supply.mapping_file import mapping_of
from contactpoint.supply.opening import open_file
from contactpoint.supply.places import UPLOADED, read_name
from contactpoint.supply.read import read_given
from contactpoint.supply.validate import validate


def dry_run(source: str, inbox: Path) -> tuple[DryRun, ...]:
    """What each waiting file of a feed would bring, in the order in which they will be taken in.

    Raises:
        DeliveryRefused: there is no such source. A file that cannot be read is told, not raised.
    """
    info = staging.find_source(source)
    if info is None:
        raise DeliveryRefused(f"There is no source called {source}.")
    contract = contract_named(info.contract)
    _, text = source_mappings.in_force(source)
    found = []
    for one in feeds.files_of_feed(source):
        try:
            found.append(_try(inbox / UPLOADED / one.folder / one.file_name, one.as_at, contract, text))
        except DeliveryRefused as refusal:
            found.append(
                DryRun(file_name=one.file_name, rows=0, accepted=0, rejected=0, refused=str(refusal))
            )
    return tuple(found)


def _try(path: Path, as_at: date | None, contract: Contract, text: str) -> DryRun:
    name = read_name(path)
    day = as_at or (name.as_at if name else None)
    if day is None or not path.is_file():
        raise DeliveryRefused("It is gone, or does not say which day it speaks for.")
    most = settings.DELIVERY_LIMIT
    table = read_given(
        open_file(path, most_bytes=most), contract, mapping=mapping_of(text, contract), most_bytes=most
    )
    checked = validate(table, contract, as_at=day, organisations=staging.organisation_codes())
    accepted, rejected = checked.accepted.height, checked.rejected.height
    return DryRun(file_name=path.name, rows=accepted + rejected, accepted=accepted, rejected=rejected)
