"""Brothers, sisters and others who would give a shielded child away: found on shielding, and daily."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from contactpoint.actions.find import coding
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.storage import near as stored
from contactpoint.storage.near import Shared

EVERY: Final = timedelta(days=1)
_AT_A_TIME: Final = 200
_CARERS: Final = ("carer", "carer2")
_PHONES: Final = ("phone", "carer_phone", "carer2_phone")


@transaction.atomic
def look_near_shields(*, by: Viewer, at: datetime) -> int:
    """Look which unshielded children share a hidden address, carer or telephone; say how many are new (R34).

    Each shield at once when it is new, then once a day, some hundreds at a time. The desk sees who they are;
    nothing about them changes.
    """
    found = 0
    for due in stored.near_looks_due(at - EVERY, most=_AT_A_TIME):
        sharing = stored.sharing(_shared(stored.hidden_facts(due.child)))
        new = stored.keep_near(due.id, sharing, at=at)
        if new:
            record(
                Action.LOOKED_NEAR_SHIELD,
                by=by,
                at=at,
                subjects=[due.child, *new],
                details={"shield": due.id, "new": len(new)},
            )
        found += len(new)
    return found


def _shared(facts: Sequence[Mapping[str, str]]) -> Shared:
    """What of these facts others may share, as the search index codes it."""
    phones = {coding.phone_key(text) for one in facts for name in _PHONES if (text := one.get(name))}
    carers = [
        (one.get(f"{who}_forename", ""), one.get(f"{who}_surname", "")) for one in facts for who in _CARERS
    ]
    whole = [(forename, surname) for forename, surname in carers if forename and surname]
    districts = {coding.sectors_of(one.get("postcode"))[2] for one in facts}
    return Shared(
        phones=sorted(key for key in phones if key is not None),
        carers=sorted({key for _, surname in whole for key in coding.carer_keys(surname)}),
        names=sorted({f"{forename} {surname}".lower() for forename, surname in whole}),
        districts=sorted(one for one in districts if one),
        homes=sorted(
            {(one["postcode"], one["address"]) for one in facts if {"postcode", "address"} <= one.keys()}
        ),
    )
