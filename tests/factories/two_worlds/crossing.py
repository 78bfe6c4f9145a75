"""A sealed pair that two people recorded and crossed, and that nobody who looks may notice (R35)."""

from uuid import UUID

from tests.factories.directory import acting_as_role
from tests.factories.signed_in import as_the_owner
from tests.factories.supply import LOADER, NOW, rows
from tests.factories.viewers import viewer

from contactpoint.actions.protect.cross_identity import agree_crossing, ask_crossing, see_crossing
from contactpoint.actions.protect.seal_identity import type_pair, type_pair_again
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.sealed_identity import CrossingReason, PairGround
from contactpoint.pipelines.sealed_identities import tend_sealed_identities
from contactpoint.storage.models import CrosserRow, Membership


def name_two(people: tuple[UUID, ...], *, named_by: tuple[UUID, UUID]) -> None:
    """The two who may cross, whom the national team sees named in every world."""
    first, second = named_by
    for place, identity in enumerate(people, start=1):
        Membership.objects.create(
            id=identity.int + 10, account_id=identity, organisation_id="contactpoint", role="shield_team"
        )
        CrosserRow.objects.create(
            account_id=identity,
            place=place,
            until="2099-01-01",
            named_by_id=first,
            named_at=NOW,
            agreed_by_id=second,
            agreed_at=NOW,
        )


def cross(one: str, other: str, *, by: tuple[UUID, ...]) -> None:
    """Both record the pair, the first crosses it, and types another that waits."""
    first, second = (_at_the_desk(identity) for identity in by)
    with acting_as_role("web"):
        type_pair(numbers=(one, other), ground=PairGround.ADOPTION, by=first, at=NOW)
        type_pair_again(pair=_newest("pair_proposal"), numbers=(other, one), by=second, at=NOW)
    with acting_as_role("worker"):
        tend_sealed_identities(by=LOADER, at=NOW)
    with acting_as_role("web"):
        ask_crossing(number=one, reason=CrossingReason.DANGER, by=first, at=NOW)
        agree_crossing(crossing=_newest("crossing"), by=second, at=NOW)
    with acting_as_role("worker"):
        tend_sealed_identities(by=LOADER, at=NOW)
    with acting_as_role("web"):
        shown = see_crossing(crossing=_newest("crossing"), by=first, at=NOW)
        type_pair(numbers=(one, "C000000102M"), ground=PairGround.COURT, by=first, at=NOW)
    assert shown.numbers == (other,)


def _at_the_desk(identity: UUID):
    return viewer(
        account_id=identity,
        role=Role.SHIELD_TEAM,
        organisation_code="contactpoint",
        organisation_kind="national",
        authority=None,
        services=(),
    )


def _newest(table: str) -> int:
    with as_the_owner():
        return rows(f"SELECT max(id) FROM {table}")[0][0]
