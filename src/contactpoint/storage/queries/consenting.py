"""Consents to sensitive services, and decisions not to share, through the functions of consent.sql alone.

Each asks for the id of an audit event that stands in the same transaction (`seeing`): the database answers
nobody who has not been written down.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from contactpoint.domain.disclosure.consent_life import (
    ConsentSaid,
    ConsentState,
    ConsentStep,
    Relation,
    WithoutConsent,
)
from contactpoint.domain.disclosure.consents import (
    ConsentStepTaken,
    ConsentToDo,
    NotSharedLine,
    NotSharedSaid,
    Withheld,
    WithheldBecause,
)
from contactpoint.domain.discreet import DISCREET_KINDS
from contactpoint.domain.involvement import ConsentBasis, ConsentScope, Involvement
from contactpoint.storage.asking import fetch
from contactpoint.storage.queries.involvements import involvement_of
from contactpoint.storage.queries.seen import involvement_rows, names_of_sealed, organisation_of
from contactpoint.storage.typed_texts import CONSENT, NOT_SHARED

SHOWN: Final = 50
"""Consents of one kind on a page, and decisions not to share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptConsent:
    """A sensitive service in contact whose consent somebody keeps, and the child's number.

    `discreet` where it is of a place that is not named; `beside` others of a sealed child by which the same
    organisation gives the same service, where the database can not find them: that is encrypted.
    """

    child: str
    involvement: Involvement
    discreet: bool
    beside: tuple[int, ...] = ()


def consent_values(said: ConsentSaid | None, at: datetime) -> dict[str, Any]:
    """What a person said of a consent at a moment, as the database takes it."""
    decided_by, title = CONSENT.seal(
        at,
        decided_by=said.decided_by if said else "",
        decided_by_title=said.decided_by_title if said else "",
    )
    return {
        "basis": said.basis.value if said else "",
        "scope": said.scope.value if said else ConsentScope.LISTED.value,
        "until": said.until if said else None,
        "understands": said.understands if said else None,
        "relation": said.relation.value if said and said.relation else "",
        "decided_by": decided_by,
        "decided_by_title": title,
        "without": said.without.value if said and said.without else "",
    }


def consents_to_do(seeing: UUID, on: date) -> tuple[ConsentToDo, ...]:
    """Return what waits for whoever is written down, kind by kind, the most pressing first."""
    rows = fetch(
        "SELECT kind, in_all, which, organisation, since, until, sealed FROM consents_to_do(%s, %s, %s)",
        seeing, on, SHOWN,
    )  # fmt: skip
    names = names_of_sealed({row[2]: row[6] for row in rows if row[6]}, discreet=True)
    return tuple(
        ConsentToDo(
            state=ConsentState(kind),
            in_all=in_all,
            involvement=which,
            organisation=names.get(which, organisation),
            since=since,
            until=until,
        )
        for kind, in_all, which, organisation, since, until, _ in rows
    )


def consents_about(seeing: UUID, child: str, on: date) -> tuple[KeptConsent, ...]:
    """Return those of one child that whoever is written down keeps."""
    return _kept("consents_about", [seeing, child, on])


def consent_at(seeing: UUID, involvement: int, on: date) -> KeptConsent | None:
    """Return one of them, locked until the transaction ends; None where they keep none of that number."""
    found = _kept("consent_at", [seeing, involvement, on])
    kept = next((one for one in found if one.involvement.id == involvement), None)
    if kept is None:
        return None
    code = kept.involvement.contact.organisation_code
    others = [one.involvement for one in found if one is not kept]
    return replace(kept, beside=tuple(one.id for one in others if one.contact.organisation_code == code))


def steps_of(seeing: UUID, involvement: int, on: date) -> tuple[ConsentStepTaken, ...]:
    """Return what people said of it, oldest first."""
    rows = fetch(
        "SELECT what, basis, scope, until, understands, relation, decided_by, decided_by_title, without, "
        "by_name, made_for, at FROM consent_steps(%s, %s, %s)",
        seeing, involvement, on,
    )  # fmt: skip
    return tuple(_step(*row) for row in rows)


def say_consent(
    seeing: UUID, kept: KeptConsent, step: ConsentStep, said: ConsentSaid | ConsentBasis, at: datetime
) -> bool:
    """Write a step; False where whoever is written down keeps no such consent, or it cannot be taken.

    `at` is the moment of the event. Of a withdrawal only who withdrew it is said.
    """
    values = consent_values(said if isinstance(said, ConsentSaid) else None, at)
    if isinstance(said, ConsentBasis):
        values["basis"] = said.value
    rows = fetch(
        "SELECT say_consent(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        seeing, kept.involvement.id, at.date(), step.value, *values.values(), list(kept.beside),
    )  # fmt: skip
    return bool(rows[0][0])


def decide_not_to_share(seeing: UUID, child: str, said: NotSharedSaid, at: datetime) -> int:
    """Write a decision not to share at the moment of the event; return its number."""
    who = NOT_SHARED.seal(at, decided_by=said.decided_by, decided_by_title=said.decided_by_title)
    rows = fetch(
        "SELECT decide_not_to_share(%s, %s, %s, %s, %s, %s)",
        seeing, child, said.what.value, said.reason.value, *who,
    )  # fmt: skip
    return int(rows[0][0])


def not_shared_by(seeing: UUID) -> tuple[NotSharedLine, ...]:
    """Return the decisions that whoever is written down may read: their own, or of their desk's area."""
    rows = fetch(
        "SELECT child_number, organisation, what, reason, decided_by, decided_by_title, by_name, at "
        "FROM not_shared_by(%s, %s)",
        seeing, SHOWN,
    )  # fmt: skip
    return tuple(_not_shared(*row) for row in rows)


def area_of(organisation: str, child: str) -> str | None:
    """Return the area of a service: its organisation's, or where that has none the child's."""
    found: str = fetch("SELECT area_of(%s, %s)", organisation, child)[0][0]
    return found or None


def _kept(function: str, values: Sequence[Any]) -> tuple[KeptConsent, ...]:
    return tuple(
        KeptConsent(
            child=str(row.record.child_id),
            involvement=involvement_of(row),
            discreet=organisation_of(row).kind in DISCREET_KINDS,
        )
        for row in involvement_rows(function, values)
    )


def _not_shared(
    number: str,
    organisation: str,
    what: str,
    reason: str,
    decided_by: str,
    title: str,
    by_name: str,
    at: datetime,
) -> NotSharedLine:
    decided_by, title = NOT_SHARED.open(at, decided_by=decided_by, decided_by_title=title)
    said = NotSharedSaid(
        what=Withheld(what), reason=WithheldBecause(reason), decided_by=decided_by, decided_by_title=title
    )
    return NotSharedLine(number=number, organisation=organisation, said=said, by_name=by_name, at=at)


def _step(
    what: str,
    basis: str,
    scope: str,
    until: date | None,
    understands: bool | None,  # noqa: FBT001 - a column
    relation: str,
    decided_by: str,
    decided_by_title: str,
    without: str,
    by_name: str,
    made_for: str,
    at: datetime,
) -> ConsentStepTaken:
    decided_by, decided_by_title = CONSENT.open(at, decided_by=decided_by, decided_by_title=decided_by_title)
    return ConsentStepTaken(
        step=ConsentStep(what),
        basis=ConsentBasis(basis),
        scope=ConsentScope(scope),
        until=until,
        understands=understands,
        relation=Relation(relation) if relation else None,
        decided_by=decided_by,
        decided_by_title=decided_by_title,
        without=WithoutConsent(without) if without else None,
        by_name=by_name,
        made_for=made_for,
        at=at,
    )
