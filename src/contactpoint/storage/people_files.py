"""What files of people came to: how far each was taken, and its bad rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from contactpoint.domain.people_file import BadRow, Fault, KeptFile, Row
from contactpoint.domain.staff import is_the_body_within
from contactpoint.storage.models import Organisation, PeopleFile


def begin(
    *, account: UUID, organisation: str, digest: str, rows: int, bad: Sequence[BadRow], at: datetime
) -> int:
    """Keep a file that comes, or find the one that came before, and return its id."""
    found, _ = PeopleFile.objects.get_or_create(
        given_by_id=account,
        organisation_id=organisation,
        digest=digest,
        defaults={"rows": rows, "rejects": [_plain(one) for one in bad], "given_at": at},
    )
    return int(found.pk)


def hold(file: int, account: UUID) -> KeptFile | None:
    """One's own file, kept still until the transaction ends; None if there is none."""
    row = PeopleFile.objects.select_for_update().filter(pk=file, given_by_id=account).first()
    return _kept(row) if row else None


def kept_file(file: int, account: UUID) -> KeptFile | None:
    """One's own file; None if there is none."""
    row = PeopleFile.objects.filter(pk=file, given_by_id=account).first()
    return _kept(row) if row else None


def note(file: KeptFile, *, done_through: int, taken: int, known: int, bad: Sequence[BadRow]) -> None:
    """Keep how far a file was taken."""
    every = sorted([*file.bad, *bad], key=lambda one: one.row.line)
    PeopleFile.objects.filter(pk=file.id).update(
        done_through=done_through,
        taken=file.taken + taken,
        known=file.known + known,
        rejects=[_plain(one) for one in every],
    )


def end(file: int, at: datetime) -> None:
    """The file was taken to its end."""
    PeopleFile.objects.filter(pk=file, ended_at=None).update(ended_at=at)


def kinds_of(codes: Sequence[str], authority: str | None) -> dict[str, str]:
    """The kinds of those bodies that are within somebody's reach; None is all."""
    rows = Organisation.objects.filter(code__in=set(codes))
    found = rows.values_list("code", "kind", "authority")
    return {code: kind for code, kind, area in found if is_the_body_within(authority, area, code)}


def _kept(row: PeopleFile) -> KeptFile:
    return KeptFile(
        id=row.pk,
        rows=row.rows,
        done_through=row.done_through,
        taken=row.taken,
        known=row.known,
        bad=tuple(_bad(one) for one in row.rejects),
        given_at=row.given_at,
        ended=row.ended_at is not None,
    )


def _plain(bad: BadRow) -> dict[str, Any]:
    return {
        "line": bad.row.line,
        "cells": dict(bad.row.cells),
        "faults": [[fault.field, fault.reason] for fault in bad.faults],
    }


def _bad(plain: dict[str, Any]) -> BadRow:
    return BadRow(
        row=Row(line=plain["line"], cells=plain["cells"]),
        faults=tuple(Fault(field=field, reason=reason) for field, reason in plain["faults"]),
    )
