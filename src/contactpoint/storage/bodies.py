"""One organisation or source as it is, and what would change it (storage/sql/reference_lists.sql)."""

import json
from collections.abc import Mapping
from uuid import UUID

from contactpoint.domain.bodies import BODY_FIELDS, BODY_KINDS, FIXED, AsItIs
from contactpoint.domain.discreet import DISCREET_KINDS
from contactpoint.domain.reference_lists import ListKind
from contactpoint.storage.asking import fetch
from contactpoint.storage.models import Organisation, Source


def body_as_it_is(code: str) -> AsItIs | None:
    """The body of a code; None where there is none, or a page may say nothing of it."""
    row = Organisation.objects.filter(pk=code, kind__in=[one.value for one in BODY_KINDS]).first()
    if row is None or code in FIXED:
        return None
    cells = {name: getattr(row, name) for name in BODY_FIELDS}
    cells["closed"] = "yes" if row.closed_on else ""
    return AsItIs(kind=ListKind(row.kind), code=code, cells=cells)


def source_as_it_is(code: str) -> AsItIs | None:
    """The source of a code; None where there is none."""
    row = Source.objects.filter(pk=code).first()
    if row is None:
        return None
    cells = {
        "name": row.name,
        "contract": row.contract,
        "organisation": row.organisation_id,
        "authority": row.authority,
        "every": str(row.promised_days),
        "closed": "",
    }
    return AsItIs(kind=ListKind.SOURCE, code=code, cells=cells)


def is_taken(code: str) -> bool:
    """Whether some organisation has a code; not which."""
    return Organisation.objects.filter(pk=code).exists()


def answering_for_a_source(text: str) -> str | None:
    """The code of the one open body of that code or whole name that is named on records (ADR 20)."""
    rows = Organisation.objects.filter(closed_on=None).exclude(pk__in=FIXED)
    rows = rows.exclude(kind__in=DISCREET_KINDS)
    found = rows.filter(pk=text) or rows.filter(name__iexact=text)[:2]
    return found[0].code if len(found) == 1 else None


def propose(event: UUID, kind: ListKind, code: str, cells: Mapping[str, str]) -> int | None:
    """Keep what is said of one as a draft; None where it is so already."""
    said = json.dumps({"code": code, **cells})
    found: int | None = fetch("SELECT propose_reference(%s, %s, %s)", event, kind.value, said)[0][0]
    return found
