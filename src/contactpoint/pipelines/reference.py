"""Load the directory's surroundings: organisations, sources, and pairs of identities to keep apart."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
from django.db import transaction
from django.utils import timezone

from contactpoint.actions.find.index import refresh
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.errors import DeliveryRefused
from contactpoint.pipelines.running import check_may_run
from contactpoint.pipelines.seal_records import seal_records
from contactpoint.storage import areas, reference
from contactpoint.supply.reference import read_reference


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceReport:
    """Rows loaded; `joined` counts sealed pairs that are one published child: a person must part them."""

    organisations: int = 0
    sources: int = 0
    wards: int = 0
    sealed_pairs: int = 0
    joined: int = 0


def load_reference(folder: Path, *, by: Viewer, at: datetime | None = None) -> ReferenceReport:
    """Load organisations.csv, sources.csv, wards.csv, paired_authorities.csv and sealed_pairs.csv if there.

    Of a sealed pair only its keyed digest is kept (R35), and that of its two children where they are
    published already. The audit counts pairs and names none.

    Raises:
        DeliveryRefused: none of the files is there, or one of them does not keep to its columns and codes.
        Misconfigured: sealed pairs are there and this process was not given their key.
    """
    check_may_run(by)
    at = at or timezone.now()
    files = {
        name: folder / f"{name}.csv"
        for name in ("organisations", "sources", "wards", "paired_authorities", "sealed_pairs")
    }
    rows = {name: read_reference(path) for name, path in files.items() if path.exists()}
    if not rows:
        raise DeliveryRefused(f"There is no reference file in {folder}.")
    with transaction.atomic():
        before = areas.areas_of_districts()
        report = _load(rows)
        areas.work_out_again(before, at)
        if "sealed_pairs" in rows:
            record(Action.SEALED_PAIR, by=by, at=at, details={"pairs": report.sealed_pairs})
        counts = {"organisations": report.organisations, "sources": report.sources, "wards": report.wards}
        record(Action.DELIVERED, by=by, at=at, details={"reference": counts})
    return report


def _load(rows: dict[str, pl.DataFrame]) -> ReferenceReport:
    organisations = sources = wards = pairs = joined = 0
    if "organisations" in rows:
        before = reference.discreet_codes()
        organisations = reference.put("organisation", rows["organisations"])
        # What a child can be found by must not name a place from the moment that it is one to keep back.
        refresh(reference.children_around(before ^ reference.discreet_codes()))
        reference.put_hand_sources()
    if "sources" in rows:
        _check_organisations(rows["sources"])
        sources = reference.put("source", rows["sources"])
    if "wards" in rows:
        wards = reference.put_wards(rows["wards"])
    if "paired_authorities" in rows:
        reference.pair_authorities(rows["paired_authorities"])
    if "sealed_pairs" in rows:
        pairs, joined = seal_records(rows["sealed_pairs"])
    return ReferenceReport(
        organisations=organisations, sources=sources, wards=wards, sealed_pairs=pairs, joined=joined
    )


def _check_organisations(sources: pl.DataFrame) -> None:
    unknown = sources.filter(~pl.col("organisation").is_in(sorted(reference.organisation_codes())))
    if unknown.height:
        code, organisation = unknown.select("code", "organisation").row(0)
        raise DeliveryRefused(f"The organisation {organisation} of source {code} is not known here.")
