"""Two halves of a sealed identity never meet, and nothing here says who they are (R35)."""

from datetime import timedelta

import pytest
from tests.factories.directory import acting_as_role
from tests.factories.supply import KNOWN, LATER, LOADER, NOW, build_sources, child_of, feed, load, rows
from tests.factories.viewers import WITH_ME, WORRIED, viewer
from tests.integration.test_shield_matching import lift

from contactpoint.actions.find.history import fields_of, history
from contactpoint.actions.find.index import refresh
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.find.search import search
from contactpoint.actions.link.merge import merge_children
from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.errors import DeliveryRefused, Misconfigured
from contactpoint.pipelines.at_rest import settle_at_rest
from contactpoint.pipelines.reference import load_reference
from contactpoint.storage.models import SealedPair, Source

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PAIRS = "source_a,local_id_a,source_b,local_id_b\n"


@pytest.fixture(autouse=True)
def _sources(db):
    build_sources()


def seal(folder, *pairs):
    (folder / "sealed_pairs.csv").write_text(PAIRS + "".join(f"{pair}\n" for pair in pairs), encoding="utf-8")
    with acting_as_role("worker"):
        return load_reference(folder, by=LOADER, at=NOW)


def test_without_the_pair_the_two_records_are_one_child(tmp_path):
    load(feed(tmp_path, "births", KNOWN), feed(tmp_path, "gp-registrations", {**KNOWN, "local_id": "G1"}))
    assert child_of("births", "A1") == child_of("gp-registrations", "G1")


@pytest.mark.parametrize("pair", ["births,A1,gp-registrations,G1", "gp-registrations,G1,births,A1"])
def test_a_sealed_pair_is_two_children_and_nobodys_case(tmp_path, pair):
    seal(tmp_path, pair)
    load(feed(tmp_path, "births", KNOWN), feed(tmp_path, "gp-registrations", {**KNOWN, "local_id": "G1"}))
    assert child_of("births", "A1") != child_of("gp-registrations", "G1")
    assert rows("SELECT count(*) FROM review_case") == [(0,)]


def test_a_third_record_cannot_bring_them_together(tmp_path):
    seal(tmp_path, "births,A1,gp-registrations,G1")
    renamed = {
        **KNOWN,
        "surname": "Marlowe",
        "nhs_number": "",
        "address": "2 New Row, Wigan",
        "postcode": "WN1 1AA",
    }
    load(feed(tmp_path, "births", KNOWN), feed(tmp_path, "gp-registrations", {**renamed, "local_id": "G1"}))
    both = {**renamed, "nhs_number": KNOWN["nhs_number"], "former_surname": "Okafor", "local_id": "H1"}
    load(feed(tmp_path, "nhs-demographics", both, as_at="2026-12-20"), at=LATER)
    assert child_of("births", "A1") != child_of("gp-registrations", "G1")
    shown_beside = rows("SELECT record_a_id, record_b_id FROM review_case")
    assert len(shown_beside) <= 1


def test_a_record_that_could_be_either_half_never_shows_both_to_one_person(tmp_path):
    seal(tmp_path, "births,A1,gp-registrations,G1")
    load(feed(tmp_path, "births", KNOWN), feed(tmp_path, "gp-registrations", {**KNOWN, "local_id": "G1"}))
    load(feed(tmp_path, "nhs-demographics", {**KNOWN, "local_id": "H1"}, as_at="2026-12-20"), at=LATER)
    assert child_of("births", "A1") != child_of("gp-registrations", "G1")
    halves = rows("SELECT id FROM source_record WHERE local_id IN ('A1', 'G1')")
    cases = [set(case) for case in rows("SELECT record_a_id, record_b_id FROM review_case")]
    assert len([half for (half,) in halves if any(half in case for case in cases)]) == 1


def test_the_children_of_a_pair_are_kept_apart_by_a_digest_too(tmp_path):
    seal(tmp_path, "births,A1,gp-registrations,G1")
    load(feed(tmp_path, "births", KNOWN), feed(tmp_path, "gp-registrations", {**KNOWN, "local_id": "G1"}))
    assert SealedPair.objects.count() == 4, "of the records, of their children, and of each half alone"
    assert {len(bytes(one.pair)) for one in SealedPair.objects.all()} == {32}


@pytest.mark.parametrize(("half", "is_there"), [("H1", False), ("H2", True)])
def test_an_earlier_name_of_a_half_is_not_taken_in_and_finds_nobody_r35(tmp_path, half, is_there):
    """Nor is it told why a search found somebody; of everybody else it is."""
    seal(tmp_path, "births,A1,nhs-demographics,H1")
    # The half that was is another year's, so that the new one is found by the name alone or not at all.
    new = {**KNOWN, "local_id": half, "surname": "Marlowe", "former_surname": "Okafor", "nhs_number": ""}
    born = {**KNOWN, "date_of_birth": "2010-01-01"}
    load(feed(tmp_path, "births", born), feed(tmp_path, "nhs-demographics", new))
    held = rows("SELECT facts ->> 'former_surname' FROM record_version ORDER BY id")
    assert (("Okafor",) in held) is is_there
    with acting_as_role("web"):
        asked = Criteria(surname="Okafor", age=10)
        found = search(criteria=asked, purpose=WORRIED, by=viewer(), at=NOW)
    assert (child_of("nhs-demographics", half) in {card.number for card in found.cards}) is is_there


# The half that was is another year's, so that the new one is found by the old name alone or not at all.
BORN = {**KNOWN, "date_of_birth": "2010-01-01"}
NEW = {
    **KNOWN,
    "local_id": "G1",
    "surname": "Marlowe",
    "nhs_number": "9434765919",
    "address": "2 New Row, Wigan",
    "postcode": "WN1 1AA",
}
# Says of the new one who it was; is of no pair, and nobody at its source knows that there is one.
THIRD = {**NEW, "local_id": "H1", "former_surname": "Okafor"}
# As another might have them: nobody is sure that they are the same.
NEARLY = {**THIRD, "nhs_number": "", "forename": "Amena", "date_of_birth": "2016-05-19"}
PAIR = "births,A1,gp-registrations,G1"


def deliver(folder, source, row, day):
    load(feed(folder, source, row, as_at=str((NOW + day * DAY).date())), at=NOW + day * DAY)


def the_old_name_is_told(folder):
    """Whether a search by it finds the new one, or the record or how it came to be says it."""
    numbers = {child_of("gp-registrations", "G1"), child_of("nhs-demographics", "H1")} - {None}
    with acting_as_role("web"):
        asked = {"purpose": WORRIED, "by": viewer(), "at": NOW + 9 * DAY}
        found = search(criteria=Criteria(surname="Okafor", age=10), **asked)
        told = [repr((card.name, card.why)) for card in found.cards if card.number in numbers]
        told += [repr(open_record(number=number, **asked, how=WITH_ME)) for number in numbers]
        on = (NOW + 9 * DAY).date()
        told += [
            repr(history(number=number, field=field, on=on, **asked))
            for number in numbers
            for field in fields_of(viewer())
        ]
        told += [repr(rows("SELECT surname FROM search_identity WHERE child_id = ANY(%s)", list(numbers)))]
    return bool(numbers & {card.number for card in found.cards}) or "Okafor" in "".join(told)


ORDERS = (
    "seal births new third",
    "seal births third new",
    "births new third seal",
    "seal births new third again",
)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("third", [THIRD, NEARLY], ids=["joined", "nearly the same"])
def test_nobody_else_says_an_earlier_name_of_a_half_r35(tmp_path, order, third):
    """Whatever comes first; where nobody is sure that it is the same, the name could still lead there."""
    rows_by_name = {"births": ("births", BORN), "new": ("gp-registrations", NEW)}
    rows_by_name |= {"third": ("nhs-demographics", third)}
    rows_by_name |= {"again": ("nhs-demographics", {**third, "middle_names": "Rose"})}
    for day, name in enumerate(order.split()):
        if name == "seal":
            seal(tmp_path, PAIR)
        else:
            deliver(tmp_path, *rows_by_name[name], day)
    assert not the_old_name_is_told(tmp_path)
    held = rows("SELECT facts::text FROM record_version UNION ALL SELECT facts::text FROM match_identity")
    assert not [text for (text,) in held if "former_surname" in text]


def test_of_everybody_else_an_earlier_name_is_told(tmp_path):
    deliver(tmp_path, "gp-registrations", NEW, 0)
    deliver(tmp_path, "nhs-demographics", THIRD, 1)
    assert the_old_name_is_told(tmp_path)


def test_an_earlier_name_of_a_half_does_not_come_back_with_the_end_of_its_shield(tmp_path):
    """What is encrypted is opened for it."""
    deliver(tmp_path, "births", BORN, 0)
    deliver(tmp_path, "gp-registrations", NEW, 1)
    deliver(tmp_path, "nhs-demographics", THIRD, 2)
    number = child_of("gp-registrations", "G1")
    place_shields(numbers=[number], ground=Ground.ADOPTION, by=LOADER, at=NOW)
    with acting_as_role("worker"):
        settle_at_rest()
    assert rows("SELECT count(*) > 0 FROM record_version WHERE facts ? 'sealed'") == [(True,)]
    seal(tmp_path, PAIR)
    lift()
    with acting_as_role("worker"):
        settle_at_rest()
        refresh([number])
    assert not the_old_name_is_told(tmp_path)


def test_an_earlier_name_goes_when_a_person_joins_what_says_it_with_a_half(tmp_path):
    seal(tmp_path, PAIR)
    deliver(tmp_path, "births", BORN, 0)
    deliver(tmp_path, "gp-registrations", NEW, 1)
    other = {**THIRD, "forename": "Zadie", "nhs_number": "", "date_of_birth": "2014-01-01", "postcode": ""}
    deliver(tmp_path, "nhs-demographics", {**other, "address": ""}, 2)
    one, two = child_of("gp-registrations", "G1"), child_of("nhs-demographics", "H1")
    assert one != two
    desk = viewer(role=Role.NATIONAL_TEAM, organisation_code="contactpoint", authority=None, services=())
    with acting_as_role("worker"):
        done = merge_children(one=one, other=two, because="The same", by=desk, at=NOW + 3 * DAY)
    assert child_of("nhs-demographics", "H1") == child_of("gp-registrations", "G1"), done
    assert not the_old_name_is_told(tmp_path)


def test_a_pair_that_is_one_child_already_is_reported(tmp_path):
    load(feed(tmp_path, "births", KNOWN), feed(tmp_path, "gp-registrations", {**KNOWN, "local_id": "G1"}))
    assert seal(tmp_path, "births,A1,gp-registrations,G1").joined == 1


def test_the_audit_counts_pairs_and_names_none(tmp_path):
    seal(tmp_path, "births,A1,gp-registrations,G1")
    ((body,),) = rows("SELECT convert_from(body, 'UTF8') FROM audit_body WHERE action = 'sealed_pair'")
    assert '"pairs":1' in body
    assert "G1" not in body


def test_without_its_key_the_process_refuses(tmp_path, settings):
    settings.PAIR_KEY = b""
    with pytest.raises(Misconfigured, match="CONTACTPOINT_PAIR_KEY"):
        seal(tmp_path, "births,A1,gp-registrations,G1")


REFUSED = {
    "a wrong header": ("sources.csv", "code,name\n", "first line of sources.csv must be"),
    "an unknown contract": ("sources.csv", "x,X,tea,la-353,,7\n", "there is no such contract"),
    "an unknown organisation": ("sources.csv", "x,X,births,nobody,,7\n", "nobody of source x is not known"),
    "a code twice": ("sources.csv", "x,X,births,la-353,,7\n" * 2, "Line 3 .*there twice"),
    "a blank name": ("sources.csv", "x,,births,la-353,,7\n", "name must not be blank"),
    "too few cells": ("sources.csv", "x,X\n", "does not have 6 cells"),
}
SOURCES = "code,name,contract,organisation,authority,promised_days\n"


@pytest.mark.parametrize(("name", "text", "sentence"), REFUSED.values(), ids=REFUSED)
def test_a_reference_file_is_refused_whole(tmp_path, name, text, sentence):
    (tmp_path / name).write_text(text if text.startswith("code") else SOURCES + text, encoding="utf-8")
    before = Source.objects.count()
    with pytest.raises(DeliveryRefused, match=sentence), acting_as_role("worker"):
        load_reference(tmp_path, by=LOADER, at=NOW)
    assert Source.objects.count() == before


def test_sources_are_added_and_replaced(tmp_path):
    (tmp_path / "sources.csv").write_text(
        SOURCES + "births,Births,births,la-354,,9\nnew,New,charity,la-353,353,\n"
    )
    with acting_as_role("worker"):
        assert load_reference(tmp_path, by=LOADER, at=NOW).sources == 2
    assert Source.objects.get(pk="births").promised_days == 9
    assert Source.objects.get(pk="new").promised_days == 31


def test_a_folder_without_reference_files_is_refused(tmp_path):
    with pytest.raises(DeliveryRefused, match="no reference file"):
        load_reference(tmp_path, by=LOADER, at=NOW)
