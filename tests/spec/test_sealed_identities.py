"""Two halves of a sealed identity never meet, whichever records bring them; and who may cross (R35)."""

import pytest
from tests.factories.records import NOW
from tests.factories.viewers import viewer

from contactpoint.domain.disclosure.actors import Lapse, Role
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.sealed_identity import (
    CrosserInQuestion,
    CrossingInQuestion,
    PairInQuestion,
)
from contactpoint.pipelines.apart import Apart, Member
from contactpoint.storage.sealed_pairs import children_digest, record_key, records_digest

KEY = b"k" * 32
OLD, NEW = record_key("births", "A1"), record_key("school-census", "B2")
OTHER = record_key("gp-registrations", "C3")
DIGESTS = frozenset({records_digest(KEY, OLD, NEW), children_digest(KEY, "C1", "C2")})

# (rule, one record and its child, the other and its child, whether they are kept apart)
TABLE = [
    ("R35", (OLD, None), (NEW, None), True),
    ("R35", (NEW, None), (OLD, None), True),
    ("R35", (OTHER, "C1"), (OTHER, "C2"), True),
    ("R35", (OTHER, "C2"), (NEW, "C1"), True),
    ("R35", (OTHER, "C1"), (NEW, "C1"), False),
    ("R35", (OTHER, None), (NEW, None), False),
    ("R35", (OTHER, "C1"), (NEW, None), False),
    ("R35", (OTHER, "C1"), (NEW, "C3"), False),
]


@pytest.mark.parametrize(("rule", "one", "other", "apart"), TABLE)
def test_who_is_kept_apart(rule, one, other, apart):
    looked = Apart(KEY, DIGESTS)
    assert looked.are_apart([Member(1, *one)], [Member(2, *other)]) is apart
    assert looked.frame().rows() == ([(1, 2)] if apart else [])


def test_a_digest_under_another_key_says_nothing():
    assert not Apart(b"o" * 32, DIGESTS).are_apart([Member(1, OLD, None)], [Member(2, NEW, None)])


def at_national(role, **more):
    place = {"organisation_code": "contactpoint", "organisation_kind": "national", "authority": None}
    return viewer(role=role, services=(), **{**place, **more})


DESK, TEAM = at_national(Role.SHIELD_TEAM), at_national(Role.NATIONAL_TEAM)
LAPSED = at_national(Role.SHIELD_TEAM, lapses=(Lapse.TRAINING_EXPIRED,))
SUSPENDED = at_national(Role.SHIELD_TEAM, lapses=(Lapse.SUSPENDED,))
OLDHAM = viewer(role=Role.SHIELD_TEAM, organisation_code="la-353")
SEAL, NAME, CROSS = Permission.SEAL_IDENTITY, Permission.NAME_CROSSERS, Permission.CROSS_IDENTITY


def pair(*, mine):
    return {"pair": PairInQuestion(typed_by_viewer=mine)}


def named(*, mine=False, first=False):
    return {"crosser": CrosserInQuestion(for_viewer=mine, first_named_by_viewer=first)}


def crossing(*, named=True, another=True, mine=None):
    asked = CrossingInQuestion(named=named, with_another=another, asked_by_viewer=mine)
    return {"crossing": asked}


# (rule, who, asks to do, with what else, allowed)
WHO = [
    ("R35", DESK, SEAL, {}, True),
    ("R35", DESK, SEAL, pair(mine=False), True),
    ("R35", DESK, SEAL, pair(mine=True), False),
    ("R35", OLDHAM, SEAL, {}, False),
    ("R35", TEAM, SEAL, {}, False),
    ("R3", LAPSED, SEAL, {}, False),
    ("R57", at_national(Role.TECHNICAL_ADMINISTRATOR), SEAL, {}, False),
    ("R35", TEAM, NAME, named(), True),
    ("R35", TEAM, NAME, named(mine=True), False),
    ("R35", TEAM, NAME, named(first=True), False),
    ("R1", DESK, NAME, named(), False),
    ("R35", DESK, CROSS, crossing(), True),
    ("R35", DESK, CROSS, crossing(mine=False), True),
    ("R35", DESK, CROSS, crossing(mine=True), False),
    ("R35", DESK, CROSS, crossing(named=False), False),
    ("R35", DESK, CROSS, crossing(another=False), False),
    ("R35", OLDHAM, CROSS, crossing(), False),
    ("R3", LAPSED, CROSS, crossing(), False),
    ("R52", SUSPENDED, CROSS, crossing(), False),
    ("R35", TEAM, CROSS, crossing(), False),
    ("R35", at_national(Role.PRACTITIONER), CROSS, crossing(), False),
]


@pytest.mark.parametrize(("rule", "who", "permission", "what", "allowed"), WHO)
def test_who_may(rule, who, permission, what, allowed):
    decision = authorise(AccessRequest(viewer=who, permission=permission, at=NOW, **what))
    assert decision.allowed is allowed
    if not allowed:
        assert rule in decision.rules
