"""Whatever two children's records say, joining them and undoing it leaves nothing different (R22).

"Nothing": what everybody may read of either number, how each record came to be, all rows of both indexes,
seals and shields. The one exception is stated and tried: where just one of them is shielded, both are after.
"""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.factories.directory import acting_as_role
from tests.factories.feeds import AMINA
from tests.factories.supply import (
    BEN,
    CONTRACT,
    LATER,
    LOADER,
    NOW,
    build_sources,
    child_of,
    feed,
    load,
    rows,
)
from tests.factories.two_worlds.making import for_a_while
from tests.factories.viewers import WITH_ME, WORRIED, teacher, viewer

from contactpoint.actions.find.history import fields_of, history
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.link.merge import merge_children
from contactpoint.actions.link.split import split_child
from contactpoint.actions.link.undo import undo_change
from contactpoint.actions.protect.place_shield import Ground, place_shield
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.matching import IdentityChanged
from contactpoint.supply.contracts import CONTRACTS

pytestmark = pytest.mark.django_db
FEW = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
DESK = viewer(role=Role.NATIONAL_TEAM, organisation_code="contactpoint", authority=None)
SHIELDS = viewer(role=Role.SHIELD_TEAM, organisation_code="contactpoint", authority=None)
VIEWERS = (viewer(), teacher(), viewer(role=Role.AUTHORITY_TEAM), DESK)
SERVICES = {
    "school-census": {"service": "school", "organisation": "105734"},
    "gp-registrations": {"service": "gp", "organisation": "P85001"},
    "child-health": {"service": "school_nurse", "organisation": "bridgewater-nhs"},
    "childrens-services-353": {"service": "childrens_social_care", "organisation": "la-353"},
    "mental-health": {"service": "mental_health", "organisation": "bridgewater-nhs", "consent": "child"},
    "harbour": {"service": "family_support", "organisation": "harbour-recovery"},
}
EVERYTHING = """
    SELECT 'child', number, shielded::text, coalesce(retired_into_id, '') FROM child UNION ALL
    SELECT 'record', id::text, sealed::text, child_id FROM source_record UNION ALL
    SELECT 'version', id::text, sealed::text, facts::text FROM record_version UNION ALL
    SELECT 'contact', id::text, sealed::text, service FROM involvement UNION ALL
    SELECT 'match', record_id::text, facts::text, child_id FROM match_identity UNION ALL
    SELECT 'key', child_id, kind::text, key::text FROM search_key UNION ALL
    SELECT 'row', child_id, (to_jsonb(i) - 'id')::text, '' FROM search_identity i
    ORDER BY 1, 2, 3, 4
"""


def said(base):
    """What some sources say of a child: the same, mostly, now and then something of their own."""
    own = st.fixed_dictionaries(
        {},
        optional={
            "forename": st.sampled_from(["Amina", "Amena", "Benedict", "Zoë", "O'Neil"]),
            "surname": st.sampled_from(["Okafor", "Whitworth", "Okoro-Bell"]),
            "postcode": st.sampled_from(["OL1 4AB", "OL16 2ZZ", "OL12 9XY", ""]),
            "address": st.sampled_from(["2 High Street, Oldham", ""]),
            "known_as": st.sampled_from(["Mina", "Ben"]),
            "carer_surname": st.sampled_from(["Okafor", "Lindqvist"]),
            "carer_phone": st.sampled_from(["07700 900123", "07700 900456"]),
            "phone": st.sampled_from(["0161 496 0999"]),
        },
    )
    values = st.dictionaries(st.sampled_from(sorted(CONTRACT)), own, min_size=1, max_size=4)
    return values.map(lambda by_source: {source: {**base, **more} for source, more in by_source.items()})


def deliver(folder, *children, as_at="2026-11-22", at=NOW):
    """Every source tells what it knows of these children, all at once."""
    told = {}
    for child in children:
        for source, row in child.items():
            names = CONTRACTS[CONTRACT[source]].names
            whole = {**row, **SERVICES.get(source, {}), "involvement_id": "I1", "start_date": "2026-01-05"}
            told.setdefault(source, []).append({key: value for key, value in whole.items() if key in names})
    load(*(feed(folder, source, *told[source], as_at=as_at, kind="delta") for source in told), at=at)


def seen(numbers):
    """What everybody may read of each number, and how each record came to be."""
    with acting_as_role("web"):
        opened = [
            open_record(number=number, purpose=WORRIED, by=by, at=LATER, how=WITH_ME)
            for number in numbers
            for by in VIEWERS
        ]
        past = [
            history(number=number, purpose=WORRIED, field=field, on=on, by=by, at=LATER)
            for number in numbers
            for by in VIEWERS[:1]
            for field in fields_of(by)
            for on in (NOW.date(), LATER.date())
        ]
    return opened, past


def worker(action, by=DESK, **given_to_it):
    with acting_as_role("worker"):
        return action(by=by, at=LATER, because="So", **given_to_it)


def first_of(child):
    source = min(child)
    return child_of(source, child[source]["local_id"])


@pytest.fixture(autouse=True)
def directory(db):
    build_sources()


@FEW
@given(one=said(AMINA), other=said(BEN), later=said(BEN), hide=st.sampled_from(["none", "both", "none"]))
def test_joining_and_undoing_leaves_nothing_different(tmp_path, one, other, later, hide):
    with for_a_while():
        deliver(tmp_path, one, other)
        deliver(tmp_path, later, as_at="2026-12-01", at=LATER)
        numbers = sorted({first_of(one), first_of(other)})
        by = SHIELDS if hide == "both" else DESK
        if hide == "both":
            for number in numbers:
                shield(number)
        before, shown = rows(EVERYTHING), seen(numbers)
        if len(numbers) == 2:
            done = worker(merge_children, by, one=numbers[0], other=numbers[1])
            assert isinstance(done, IdentityChanged)
            assert rows(EVERYTHING) != before
            assert seen([done.other])[0] == seen([done.kept])[0]
        else:
            done = split_off_one(numbers[0], by)
        if done:
            worker(undo_change, by, change=done.change)
            new = {done.other} - set(numbers)
            assert [row for row in rows(EVERYTHING) if row[1] not in new] == before
            assert seen(numbers) == shown


@FEW
@given(one=said(AMINA), other=said(BEN), which=st.booleans())
def test_where_one_of_them_is_shielded_both_are_afterwards_and_nothing_shows(tmp_path, one, other, which):
    with for_a_while():
        deliver(tmp_path, one, other)
        numbers = [first_of(one), first_of(other)]
        if numbers[0] == numbers[1]:
            return
        hidden, open_to_all = numbers if which else numbers[::-1]
        shield(hidden)
        shown = seen([hidden])
        done = worker(merge_children, SHIELDS, one=hidden, other=open_to_all)
        worker(undo_change, SHIELDS, change=done.change)
        assert seen([hidden]) == shown
        assert rows("SELECT shielded FROM child WHERE number = ANY(%s)", numbers) == [(True,), (True,)]
        assert rows("SELECT count(*) FROM search_key WHERE child_id = ANY(%s)", numbers) == [(0,)]


def split_off_one(number, by):
    """Part the newest record from the rest, if there are two."""
    speaking = [row[0] for row in rows("SELECT id FROM source_record WHERE child_id = %s ORDER BY 1", number)]
    return worker(split_child, by, number=number, records=speaking[-1:]) if len(speaking) > 1 else None


def shield(number):
    with acting_as_role("worker"):
        place_shield(number=number, ground=Ground.ADOPTION, by=LOADER, at=NOW)
