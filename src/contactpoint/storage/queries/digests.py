"""What the daily e-mails are made of, of many people at once (worker).

Everything comes from the functions that pages and the page of notices are answered by, one call for each
person or child, in one statement of each kind.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from contactpoint.domain.disclosure.notices import Choices, NoticeKind, OpenedChanged, Telling
from contactpoint.domain.involvement import Involvement
from contactpoint.storage.asking import fetch
from contactpoint.storage.models import Digest, NoticeChoice, NoticeLook, OwnLook
from contactpoint.storage.queries.involvements import involvement_of
from contactpoint.storage.queries.notices import opened
from contactpoint.storage.queries.seen import involvement_rows_by

Acting = tuple[UUID, str]
"""A person, and the organisation for which they act."""

_OWN: Final = """
    SELECT p.account, p.organisation, d.child_id, d.source_id, (d.seen).*
    FROM unnest(%s::uuid[], %s::text[]) AS p (account, organisation)
    CROSS JOIN LATERAL digest_own(p.account, p.organisation, %s) AS d
"""
_SHOWN: Final = """
    SELECT p.number, d.child_id, d.source_id, (d.seen).*
    FROM unnest(%s::text[]) AS p (number) CROSS JOIN LATERAL digest_shown(p.number) AS d
"""
_OPENED: Final = """
    SELECT p.account, o.number, o.opened_at, o.joined, o.made_at
    FROM unnest(%s::uuid[], %s::timestamptz[]) AS p (account, since)
    CROSS JOIN LATERAL opened_and_changed(p.account, p.since) AS o
"""


def choices_of_each(accounts: Sequence[UUID]) -> dict[UUID, Choices]:
    """Return what people chose, kind by kind."""
    rows = NoticeChoice.objects.filter(account_id__in=accounts).values_list("account_id", "kind", "telling")
    known = set(NoticeKind)
    found: defaultdict[UUID, dict[NoticeKind, Telling]] = defaultdict(dict)
    for account, kind, telling in rows:
        if kind in known:
            found[account][NoticeKind(kind)] = Telling(telling)
    return dict(found)


def last_digests(accounts: Sequence[UUID]) -> dict[UUID, Digest]:
    """Return the newest e-mail to each of them who ever had one."""
    rows = (
        Digest.objects.filter(account_id__in=accounts).order_by("account_id", "-day").distinct("account_id")
    )
    return {row.account_id: row for row in rows}


def looked_at(accounts: Sequence[UUID]) -> dict[Acting, datetime]:
    """Return when they last looked at their notices or their children."""
    found: dict[Acting, datetime] = {}
    for looks in (NoticeLook, OwnLook):
        rows = looks.objects.filter(account_id__in=accounts)
        for account, organisation, moment in rows.values_list("account_id", "organisation_id", "looked_at"):
            found[account, organisation] = max(moment, found.get((account, organisation), moment))
    return found


def own_of_each(asked: Sequence[Acting], on: date) -> dict[Acting, list[tuple[str, Involvement]]]:
    """Return what people said of their work with children, with each child."""
    columns = [account for account, _ in asked], [organisation for _, organisation in asked]
    found: defaultdict[Acting, list[tuple[str, Involvement]]] = defaultdict(list)
    for (account, organisation), row in involvement_rows_by(2, _OWN, [*columns, on]):
        found[account, organisation].append((str(row.record.child_id), involvement_of(row)))
    return dict(found)


def shown_of_each(numbers: Sequence[str]) -> dict[str, tuple[Involvement, ...]]:
    """Return who is shown to be in contact with children."""
    found: defaultdict[str, list[Involvement]] = defaultdict(list)
    for (number,), row in involvement_rows_by(1, _SHOWN, [list(numbers)]):
        found[number].append(involvement_of(row))
    return {number: tuple(shown) for number, shown in found.items()}


def opened_changed(since: Mapping[UUID, datetime]) -> dict[UUID, list[OpenedChanged]]:
    """Return which records that people opened were joined or parted since."""
    found: defaultdict[UUID, list[OpenedChanged]] = defaultdict(list)
    for account, *row in fetch(_OPENED, list(since), list(since.values())):
        found[account].append(opened(*row))
    return dict(found)
