"""Who placed a child: said by children's services, kept, and told to that authority's team alone (R58)."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.factories.directory import acting_as_role, build_account
from tests.factories.feeds import AMINA, write_feed
from tests.factories.signed_in import sign_in
from tests.factories.supply import BEN, NOW, build_sources, child_of, load, rows
from tests.factories.viewers import KEISHA, PRIYA, WITH_ME, WORRIED, viewer

from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.disclosure.answers import BelongsBecause, ProtectedRecord
from contactpoint.pipelines.at_rest import settle_at_rest
from contactpoint.storage.models import AuthorityMove, Membership, Source
from contactpoint.web.presenters.record import record_view

pytestmark = pytest.mark.django_db
ROCHDALE = UUID(int=7001)
PLACEMENT = {"address": "3 Quarry Bank, Rochdale", "postcode": "OL16 9XY", "address_kind": "placement"}
HELP = {"involvement_id": "I1", "service": "send", "start_date": "2025-09-01"}
OWN, HOST = "childrens-services-353", "childrens-services-354"
LATER = NOW + timedelta(days=1)
NURSE = viewer()


def team(authority, who):
    return viewer(
        account_id=who, role=Role.AUTHORITY_TEAM, organisation_code=f"la-{authority}",
        organisation_kind="authority", authority=authority, services=(),
    )  # fmt: skip


OLDHAMS, ROCHDALES = team("353", PRIYA), team("354", ROCHDALE)


@pytest.fixture(autouse=True)
def directory(db):
    build_sources()
    Source.objects.create(
        code=HOST, name="Rochdale Children's Services", contract="childrens_services",
        organisation_id="la-354", authority="354",
    )  # fmt: skip
    for account, organisation, role in (
        (PRIYA, "la-353", "authority_team"),
        (ROCHDALE, "la-354", "authority_team"),
        (KEISHA, "bridgewater-nhs", "practitioner"),
    ):
        build_account(account, str(account))
        Membership.objects.create(account_id=account, organisation_id=organisation, role=role, services=[])
        sign_in(account)


def told(tmp_path, source, at=NOW, **said):
    """A children's service that works with her says so, and what else it says."""
    helped = {**HELP, "organisation": f"la-{source[-3:]}"}
    row = {**AMINA, **PLACEMENT, **helped, "local_id": f"C{source[-3:]}", **said}
    day = (at - timedelta(days=1)).date()
    load(write_feed(tmp_path, source, "childrens_services", row, as_at=str(day)), at=at)
    return child_of(source, row["local_id"])


def reads(by, number, at=LATER):
    with acting_as_role("web"):
        return open_record(number=number, purpose=WORRIED, by=by, at=at, how=WITH_ME)


def head(by, number):
    (line,) = [one for one in record_view(reads(by, number), LATER.date()).facts if "esponsible" in one]
    return line


def test_whoever_placed_a_child_stays_responsible_when_others_get_to_know_it_there(tmp_path):
    number = told(tmp_path, OWN, placed_by="353")
    assert told(tmp_path, HOST, LATER) == number
    assert rows("SELECT DISTINCT la FROM search_identity WHERE child_id = %s", number) == [("353",)]
    assert AuthorityMove.objects.count() == 0
    assert head(OLDHAMS, number).endswith(", which placed the child")
    same = {head(one, number) for one in (ROCHDALES, NURSE)}
    assert len(same) == 1
    assert same.pop().endswith(", whose services know the child"), "as of any child whom its services know"


def test_what_others_say_counts_until_its_own_later_word_says_otherwise(tmp_path):
    number = told(tmp_path, HOST, placed_by="353")
    assert reads(OLDHAMS, number).responsible_because is BelongsBecause.PLACED
    assert told(tmp_path, OWN, LATER) == number
    assert AuthorityMove.objects.count() == 0
    assert reads(OLDHAMS, number).responsible_because is BelongsBecause.KNOWN


def test_a_placement_told_later_is_a_move_and_compares_nothing_anew(tmp_path):
    number = told(tmp_path, OWN)
    assert told(tmp_path, OWN, LATER, placed_by="354") == number
    (move,) = AuthorityMove.objects.values_list("child_id", flat=True)
    assert move == number
    assert reads(OLDHAMS, number).responsible_because is BelongsBecause.NOT_ACCEPTED, "R59"


def test_of_a_protected_child_nothing_of_it_is_on_any_page(tmp_path):
    placed, number = told(tmp_path, OWN, placed_by="353"), told(tmp_path, HOST, **{**BEN, "local_id": "C354"})
    assert placed != number
    place_shields(numbers=[placed, number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=NOW)
    shown = [reads(OLDHAMS, one) for one in (placed, number)]
    assert all(isinstance(one, ProtectedRecord) for one in shown)
    with acting_as_role("worker"):
        settle_at_rest()
    assert rows("SELECT count(*) FROM record_version WHERE facts::text LIKE %s", "%placed_by%") == [(0,)]
