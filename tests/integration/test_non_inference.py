"""Nobody can tell two worlds apart that differ only in what is hidden (design: Protect; R10, R26-R41).

The same small directory is made twice by the pipelines: once with one hidden value, once with another or
none. Then everybody looks everywhere, and every page, header, address and readable row must be the same.
"""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck, Phase, assume, example, given, settings
from hypothesis import strategies as st
from tests.factories.directory import acting_as_role, build_account
from tests.factories.records import agreed
from tests.factories.supply import BEN, CONTRACT, LOADER, NOW, build_sources, child_of
from tests.factories.supply import rows as rows_of
from tests.factories.viewers import viewer
from tests.factories.worlds import build_lookers, build_world, differences, for_a_while, look

from contactpoint.actions.contribute.confirm_involvement import confirm_involvement
from contactpoint.actions.contribute.keep_involvement import (
    become_lead,
    correct_involvement,
    end_involvement,
)
from contactpoint.actions.contribute.record_involvement import record_involvement
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.involvement import ConsentBasis
from contactpoint.pipelines.reference import load_reference
from contactpoint.storage.models import BreachQuestion, NearChild, Organisation, OverrideRight, OverrideUse
from contactpoint.supply.contracts import CONTRACTS

pytestmark = pytest.mark.django_db
# Shrinking builds hundreds of worlds, and the differences say enough by themselves.
FEW = settings(
    max_examples=1,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

WHO = {"local_id": "A1", "forename": "Amina", "surname": "Okafor", "date_of_birth": "2016-05-09", "sex": "F"}
NAMES = {
    "forename": "Amina",
    "surname": "Okafor",
    "date_of_birth-day": "9",
    "date_of_birth-month": "5",
    "date_of_birth-year": "2016",
}
# Ben is in every source in every world, so that each has something to deliver.
BEN_SAID = {
    "births": (BEN,),
    "nhs-demographics": (BEN,),
    "school-census": ({**BEN, "service": "school", "organisation": "105734"},),
    "gp-registrations": ({**BEN, "service": "gp", "organisation": "P85001"},),
    "child-health": ({**BEN, "service": "school_nurse", "organisation": "bridgewater-nhs"},),
    "childrens-services-353": ({**BEN, "service": "send", "organisation": "la-353"},),
    "mental-health": (
        {**BEN, "service": "mental_health", "organisation": "bridgewater-nhs", "consent": "child"},
    ),
    "harbour": ({**BEN, "service": "family_support", "organisation": "harbour-recovery"},),
}
PLACES = (
    {"address": "14 Mill Lane, Oldham", "postcode": "OL1 4AB"},
    {"address": "Sycamore House, Rochdale", "postcode": "OL16 2ZZ"},
    {"address": "3 Quarry Bank, Rochdale", "postcode": "OL12 9XY"},
    {},
)
CARERS = ({"carer_forename": "Grace", "carer_surname": "Okafor", "carer_phone": "07700 900123"},
          {"carer_forename": "Ivy", "carer_surname": "Lindqvist", "carer_phone": "07700 900456"},
          {})  # fmt: skip
IDENTIFIERS = ({"nhs_number": "9000000009"}, {"nhs_number": "9434765919"}, {})
SERVICES = {
    "school-census": {"service": "school", "organisation": "105734"},
    "gp-registrations": {"service": "gp", "organisation": "P85001"},
    "child-health": {"service": "health_visitor", "organisation": "bridgewater-nhs"},
    "childrens-services-353": {
        "service": "childrens_social_care",
        "organisation": "la-353",
        "practitioner": "Joan Whitworth",
        "lead_practitioner": "Y",
    },
    "mental-health": {
        "service": "mental_health",
        "organisation": "bridgewater-nhs",
        "consent": "significant_harm",
    },
    "harbour": {
        "service": "substance_misuse",
        "organisation": "harbour-recovery",
        "consent": "significant_harm",
    },
}
NEVER_SHOWN = (
    {"consent": "significant_harm"},
    {"consent": "child", "consent_until": "2026-01-31"},
    {"consent": "carer", "consent_until": "2020-01-31"},
)
# The first few are tried by everybody who may search, the first by those who may not, all by one.
SEARCHES = {
    "name": NAMES,
    "surname and age": {"surname": "Okafor", "age": "10"},
    "authority": {**NAMES, "authority": "353"},
    "a postcode": {**NAMES, "place": "OL1 4AB"},
    "misspelt name and age": {"forename": "Ameena", "surname": "Okafour", "age": "10"},
    "another date": {**NAMES, "date_of_birth-day": "5", "date_of_birth-month": "9"},
    "an NHS number": {"number": "9000000009"},
    "another NHS number": {"number": "9434765919"},
    "another place": {**NAMES, "place": "Sycamore House, Rochdale"},
    "a carer": {**NAMES, "carer_name": "Grace Okafor"},
    "another carer": {"surname": "Okafor", "age": "10", "carer_name": "Ivy Lindqvist"},
    "a telephone": {**NAMES, "phone": "07700 900123"},
    "school": {**NAMES, "school": "Broadfield"},
    "GP": {**NAMES, "gp_practice": "Glodwick"},
    "wrong authority": {**NAMES, "authority": "354"},
    "the service's own name": {"forename": "Mina", "surname": "Okafor", "age": "10"},
}


def only(source, row):
    """The columns of a row that the source's contract has."""
    names = CONTRACTS[CONTRACT[source]].names
    return {name: value for name, value in row.items() if name in names}


@pytest.fixture(autouse=True)
def directory(db):
    cache.clear()
    build_sources()
    Organisation.objects.update(accredited_until="2099-01-01")
    build_lookers()


def hidden():
    """What a shield hides: places, carers, numbers, and which services are in contact since when."""
    return st.fixed_dictionaries(
        {
            "place": st.sampled_from(PLACES),
            "carer": st.sampled_from(CARERS),
            "identifiers": st.sampled_from(IDENTIFIERS),
            "services": st.sets(st.sampled_from(sorted(SERVICES))),
            "since": st.dates(min_value=NOW.date().replace(year=2017), max_value=NOW.date()).map(str),
        }
    )


def shielded_world(secret):
    """Everybody's Ben, and Amina, whose health record is restricted, with these hidden values."""
    who = {**WHO, **secret["place"], **secret["carer"], **secret["identifiers"]}
    said = {source: list(rows) for source, rows in BEN_SAID.items()}
    said["nhs-demographics"].append({**who, "restricted": "Y"})
    said["births"].append(who)
    for source in secret["services"]:
        since = {"start_date": secret["since"], "involvement_id": "I1"}
        said[source].append({**who, **SERVICES[source], **since})
    return said


def seen_in(tmp_path, said, children, pairs="", work=None):
    """What everybody sees of a world, in which somebody may have worked, that is taken back afterwards."""
    with for_a_while():
        cache.clear()
        if pairs:
            (tmp_path / "sealed_pairs.csv").write_text(pairs, encoding="utf-8")
            with acting_as_role("worker"):
                load_reference(tmp_path, by=LOADER, at=NOW)
        build_world(tmp_path, {source: [only(source, row) for row in rows] for source, rows in said.items()})
        numbers = {name: child_of(*record) if record else NEVER for name, record in children.items()}
        if work:
            work(numbers)
        return look(SEARCHES, numbers)


CHILDREN = {"Amina": ("births", "A1"), "Ben": ("births", "B1")}
NEVER = "C000000102M"


NOTHING = {"place": {}, "carer": {}, "identifiers": {}, "services": set(), "since": "2020-01-01"}
EVERYTHING = {
    "place": PLACES[0],
    "carer": CARERS[0],
    "identifiers": IDENTIFIERS[0],
    "services": set(SERVICES),
    "since": "2021-09-01",
}


@FEW
@example(one=EVERYTHING, other=NOTHING)
@given(one=hidden(), other=hidden())
def test_nothing_that_a_shield_hides_changes_anything_that_anybody_sees(tmp_path, one, other):
    assume(one["place"] != other["place"] and one["services"] != other["services"])
    worlds = [seen_in(tmp_path, shielded_world(secret), CHILDREN) for secret in (one, other)]
    assert "Protected record" in worlds[0]["nurse: search by name"]
    assert differences(*worlds) == {}


@FEW
@given(
    source=st.sampled_from(["mental-health", "harbour"]),
    basis=st.sampled_from(NEVER_SHOWN),
    place=st.sampled_from(PLACES),
    called=st.sampled_from(["Amina", "Mina"]),
)
def test_a_sensitive_service_that_may_not_be_shown_changes_nothing(tmp_path, source, basis, place, called):
    open_to_all = {
        **{name: list(rows) for name, rows in BEN_SAID.items()},
        "births": [*BEN_SAID["births"], {**WHO, **PLACES[0], **CARERS[0], **IDENTIFIERS[0]}],
        "school-census": [*BEN_SAID["school-census"], {**WHO, **PLACES[0], **SERVICES["school-census"]}],
    }
    known = {**WHO, **place, **IDENTIFIERS[0], **CARERS[1], "known_as": called, "involvement_id": "I1"}
    with_it = {**open_to_all, source: [*open_to_all[source], {**known, **SERVICES[source], **basis}]}
    without, with_service = (seen_in(tmp_path, said, CHILDREN) for said in (open_to_all, with_it))
    assert "1 child matches" in without["nurse: search by name"]
    assert differences(without, with_service) == {}


DOCTOR, PARTNER = (
    viewer(account_id=UUID(int=place), organisation_code="P85001", services=("gp", "sexual_health"))
    for place in (98, 99)
)
SAID = {"role": "GP", "start": date(2026, 9, 1), "assessment_held": False}
DAY = timedelta(days=1)


def work_with(number, *, service="gp", confirm=True, **consent):
    """Say it, correct it before and after a second person confirms it, take the lead and end it."""
    said = {"number": number, "service": service, "lead_practitioner": False, **SAID, **consent}
    with acting_as_role("web"):
        made = record_involvement(phone="0161 496 0777", by=DOCTOR, at=NOW - 9 * DAY, **said).involvement_id
        mine = {"involvement_id": made, "by": DOCTOR}
        correct_involvement(phone="0161 496 0778", at=NOW - 8 * DAY, **mine, **SAID)
        if confirm:
            confirm_involvement(involvement_id=made, by=PARTNER, at=NOW - 7 * DAY)
            become_lead(at=NOW - 6 * DAY, **mine)
        correct_involvement(phone="0161 496 0779", at=NOW - 5 * DAY, **mine, **{**SAID, "role": "Partner"})
        end_involvement(at=NOW - 4 * DAY, **mine)


def nobody_works(numbers):
    place_shields(numbers=[numbers["Amina"]], ground=Ground.HIDDEN_LOCATION, by=LOADER, at=NOW)


def somebody_works_unseen(numbers):
    """With a child who is shielded then (R27), without consent (R39), and unconfirmed (R45)."""
    work_with(numbers["Amina"])
    work_with(numbers["Ben"], service="sexual_health", consent=agreed(ConsentBasis.SIGNIFICANT_HARM))
    work_with(numbers["Ben"], confirm=False)
    nobody_works(numbers)


def test_what_somebody_said_corrected_and_ended_unseen_changes_nothing(tmp_path):
    for one in (DOCTOR, PARTNER):
        build_account(one.account_id, "Hana Sedlak")
    said = {**BEN_SAID, "births": [*BEN_SAID["births"], {**WHO, **PLACES[0]}]}
    worlds = [seen_in(tmp_path, said, CHILDREN, work=one) for one in (nobody_works, somebody_works_unseen)]
    found = differences(*worlds)
    # What one person says is read by the rules, which let nobody be told; what stood before it is not read.
    assert "'gp', 'P85001'" in "".join(found.pop("said of Ben"))
    assert found == {}


# Nearly Amina, as another source might have her: nobody is sure that she is it.
NEARLY = {
    "local_id": "M1",
    "forename": "Amena",
    "surname": "Okafor",
    "date_of_birth": "2016-05-19",
    "sex": "F",
}


def test_a_row_near_a_shielded_child_is_in_no_list_that_others_see(tmp_path):
    """R20, R21, R34: the ordinary queue holds what it would hold, in the same order, and counts as many."""
    zoe = {**BEN, "local_id": "Z1", "forename": "Zoe", "surname": "Lindqvist", "date_of_birth": "2013-02-14"}
    nearly_zoe = {**zoe, **PLACES[1], "local_id": "Z2", "forename": "Zoey", "date_of_birth": "2013-02-24"}
    said = shielded_world({**EVERYTHING, "services": set()})
    said["births"].append({**zoe, **CARERS[1]})
    council = {**nearly_zoe, **CARERS[1], "service": "send", "organisation": "la-353"}
    source = "childrens-services-353"
    plain = {**said, source: [*said[source], council]}
    row = {**NEARLY, **PLACES[1], **CARERS[0], "service": "send", "organisation": "la-353"}
    near = {**plain, source: [*plain[source], row]}
    children = {**CHILDREN, "Zoe": ("births", "Z1"), "Zoey": (source, "Z2")}
    waiting, worlds = [], []
    for world in (plain, near):
        with for_a_while():
            build_world(tmp_path, {code: [only(code, one) for one in rows] for code, rows in world.items()})
            waiting.append(rows_of("SELECT near_shield FROM review_case ORDER BY 1"))
        worlds.append(seen_in(tmp_path, world, children))
    assert waiting == [[(False,)], [(False,), (True,)]]
    assert "1 to 1 of 1" in worlds[0]["council: matching"]
    assert "Nobody knows" in worlds[0]["desk: matching/decided"]
    assert "Zoey" in worlds[0]["council: case 0"]
    assert differences(*worlds) == {}


def test_two_halves_of_a_sealed_identity_look_like_any_two_children(tmp_path):
    new = {**BEN, "local_id": "N1", "forename": "Rosa", "surname": "Marlowe", "date_of_birth": "2016-05-09"}
    said = {
        **BEN_SAID,
        "births": [*BEN_SAID["births"], {**WHO, **PLACES[0], **CARERS[0]}],
        "gp-registrations": [*BEN_SAID["gp-registrations"], {**new, **SERVICES["gp-registrations"]}],
    }
    children = {**CHILDREN, "Rosa": ("gp-registrations", "N1")}
    pair = "source_a,local_id_a,source_b,local_id_b\nbirths,A1,gp-registrations,N1\n"
    strangers, halves = (seen_in(tmp_path, said, children, pairs) for pairs in ("", pair))
    assert "Rosa Marlowe" in strangers["nurse: open Rosa"]
    assert differences(strangers, halves) == {}


def test_worlds_that_differ_in_what_is_shown_are_told_apart(tmp_path):
    renamed = shielded_world(NOTHING)
    renamed["births"][-1] = renamed["births"][-1] | {"sex": "M"}
    renamed["nhs-demographics"][-1] = renamed["nhs-demographics"][-1] | {"sex": "M"}
    seen = differences(
        seen_in(tmp_path, shielded_world(NOTHING), CHILDREN), seen_in(tmp_path, renamed, CHILDREN)
    )
    assert {"nurse: search by name", "teacher: open Amina", "table search_identity"} <= seen.keys()


def live(numbers, steps, *, ground, authority):
    """Lead every shield of this world to where it stands, as desks do."""
    del numbers
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE shield DISABLE TRIGGER guard_shield")
        cursor.execute("UPDATE shield SET ground = %s, authority = %s", [ground, authority])
        cursor.execute("ALTER TABLE shield ENABLE TRIGGER guard_shield")
        for place, step in enumerate(steps, start=1):
            cursor.execute(
                "INSERT INTO shield_step (shield_id, what, was, becomes, by_id, at, answers, review_by, "
                "lift_at) SELECT id, %s, '', '', %s, now(), '{}', '2027-05-01', now() + interval '7 days' "
                "FROM shield",
                [step, UUID(int=place)],
            )


def overridden(numbers):
    """Somebody, whom two others gave the right, has overridden the shield; nobody has looked into it yet."""
    who, first, second = (build_account(UUID(int=number)).pk for number in (801, 802, 803))
    OverrideRight.objects.create(
        account_id=who,
        until="2099-01-01",
        given_by_id=first,
        given_at=NOW,
        agreed_by_id=second,
        agreed_at=NOW,
    )
    OverrideUse.objects.create(
        event=UUID(int=804),
        child_id=numbers["Amina"],
        authority="353",
        account_id=who,
        organisation_id="la-353",
        reason="danger_now",
        used_at=NOW,
    )


def looked_around(numbers):
    """The worker has found Ben near Amina, and the desk has seen who looked at her before."""
    ((shield,),) = rows_of("SELECT id FROM shield")
    NearChild.objects.create(shield_id=shield, child_id=numbers["Ben"], shares="carer", found_at=NOW)
    BreachQuestion.objects.create(
        shield_id=shield, opened_by_id=UUID(int=801), opened_at=NOW, decide_by=NOW + timedelta(hours=72)
    )


def just_placed(numbers):
    live(numbers, (), ground="hidden_location", authority="353")
    for number in (801, 802, 803):
        build_account(UUID(int=number))


def about_to_end(numbers):
    live(numbers, ("confirmed", "lift_asked", "lift_agreed"), ground="adoption", authority="")
    overridden(numbers)
    looked_around(numbers)


def test_nothing_varies_with_where_a_shield_is_in_its_life(tmp_path):
    """R27, R31, R33, R34: not its state, ground or desk, nor who may or did override it, nor who is near."""
    worlds = [
        seen_in(tmp_path, shielded_world(EVERYTHING), CHILDREN, work=work)
        for work in (just_placed, about_to_end)
    ]
    assert "Protected record" in worlds[0]["nurse: search by name"]
    assert "Nothing waits." in worlds[0]["rochdale: shields"]
    assert differences(*worlds) == {}


def kept_from_everybody_who_looks(numbers):
    """Amina is kept from each of them, who had asked about her and said that they work with her."""
    nurse, teacher, council = (UUID(int=place) for place in (1, 2, 3))
    amina, late = numbers["Amina"], NOW + timedelta(days=7)
    own_word = (
        "SELECT say_own_word(%s, %s, %s, 'Keisha', 'Nurse', '0161 496 0101', '2025-09-01', false, false, "
        "'', NULL, %s, %s)"
    )
    contact = "SELECT ask_contact(%s, %s, %s, '353', 'help', 'week', '0161 496 0101', %s, %s, %s, %s)"
    message = "SELECT ask_desk(%s, '353', 'help', 'week', '0161 496 0101', %s, %s, %s, %s)"
    rows_of(own_word, amina, "school_nurse", "bridgewater-nhs", nurse, NOW)
    rows_of(own_word, amina, "send", "la-353", council, NOW)
    for who, at in ((nurse, "bridgewater-nhs"), (teacher, "105734")):
        rows_of(contact, amina, "bridgewater-nhs", "school_nurse", who, at, NOW, late)
        rows_of(message, amina, who, at, NOW, late)
    assert rows_of("SELECT count(*) FROM contact_request") == [(4,)]
    assert rows_of("SELECT count(*) FROM review_case") != [(0,)]
    rows_of(
        "INSERT INTO shield (child_id, ground, placed_at, placed_by, review_by, authority, confirm_by, "
        "kept_from_id) SELECT %s, 'hidden_location', %s, 'test', '2027-05-01', '354', %s, m.account_id "
        "FROM membership m RETURNING id",
        amina,
        NOW,
        late,
    )


def test_a_child_who_is_kept_from_somebody_is_to_them_as_one_that_never_was(tmp_path):
    """R34: not what it is, not that it is; in no list, count, order, limit, answer or refusal."""
    row = {**WHO, **PLACES[0], **CARERS[0], **IDENTIFIERS[0]}
    council = {**BEN_SAID, "births": [*BEN_SAID["births"], NEARLY]}
    there = {name: list(rows) for name, rows in council.items()}
    for source, service in SERVICES.items():
        there[source].append({**row, **service, "involvement_id": "I1", "start_date": "2021-09-01"})
    there["births"].append(row)
    nearly = {**CHILDREN, "Amena": ("births", "M1")}
    worlds = [
        seen_in(tmp_path, there, nearly, work=kept_from_everybody_who_looks),
        seen_in(tmp_path, council, {**nearly, "Amina": None}),
    ]
    found = {what: lines for what, lines in differences(*worlds).items() if ": " in what}
    assert "No record has this number" in worlds[0]["nurse: open Amina"]
    assert found == {}


def test_at_which_refuge_a_child_is_changes_nothing(tmp_path):
    """R34: neither its name nor its place, in whatever source, list, search or comparison."""
    for code, place in (("refuge-1", PLACES[1]), ("refuge-2", PLACES[2])):
        Organisation.objects.create(
            code=code, name=f"House of {code}", kind="refuge", authority="354", phone="01706 496100", **place
        )
    worlds = []
    for code, place in (("refuge-1", PLACES[1]), ("refuge-2", PLACES[2])):
        lives = {**WHO, **place, **CARERS[0], "carer_phone": "01706 496100"}
        with_them = {"service": "family_support", "organisation": code, "involvement_id": "I1"}
        said = {name: list(rows) for name, rows in BEN_SAID.items()}
        said["births"].append(lives)
        said["nhs-demographics"] = [*said["nhs-demographics"], lives]
        said["childrens-services-353"].append({**lives, **with_them, "practitioner": f"Ivy of {code}"})
        worlds.append(seen_in(tmp_path, said, CHILDREN))
    assert "A service that is not named here" in worlds[0]["nurse: open Amina"]
    assert "Address not shown" in worlds[0]["nurse: open Amina"]
    assert differences(*worlds) == {}
