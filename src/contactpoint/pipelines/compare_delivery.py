"""What a file would change of what is held, read by the contract of this release, before it is loaded (R19).

A contract is part of a release. Run from a release that is not in use yet, over a backup that was restored,
this says what the next delivery would come to by the contract to come; nothing is loaded.
"""

from functools import partial
from pathlib import Path

from django.conf import settings

from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import DeliveryRefused
from contactpoint.domain.source_mappings import Reading
from contactpoint.pipelines.running import check_may_run
from contactpoint.storage import source_mappings, staging
from contactpoint.storage.held_facts import held_facts
from contactpoint.supply.contracts import contract_named
from contactpoint.supply.mapping_file import mapping_of
from contactpoint.supply.opening import open_file
from contactpoint.supply.places import read_name
from contactpoint.supply.trying import read_by


def compare_delivery(path: Path, *, source: str, by: Viewer) -> Reading:
    """Count what a file comes to, and what it would change of what is held of its records.

    Raises:
        DeliveryRefused: there is no such source, or the file does not say which day it speaks for. One that
            cannot be read by the contract is told, not raised.
    """
    check_may_run(by)
    info, name = staging.find_source(source), read_name(path)
    if info is None:
        raise DeliveryRefused(f"There is no source called {source}.")
    if name is None:
        raise DeliveryRefused(
            f"{path.name} is not called <source>_<as-at year-month-day>_<full or delta>.csv."
        )
    contract = contract_named(info.contract)
    _, text = source_mappings.in_force(source)
    try:
        mapping = mapping_of(text, contract)
    except DeliveryRefused as refusal:
        return Reading(refused=str(refusal))
    return read_by(
        mapping,
        open_file(path, most_bytes=settings.DELIVERY_LIMIT),
        contract,
        as_at=name.as_at,
        organisations=staging.organisation_codes(),
        most_bytes=settings.DELIVERY_LIMIT,
        held=partial(held_facts, source),
    )
