"""Two halves of a sealed identity never meet, and nothing here says who they are (R35)."""

import pytest
from tests.factories.directory import acting_as_role
from tests.factories.supply import KNOWN, LATER, LOADER, NOW, build_sources, child_of, feed, load, rows
from tests.factories.viewers import WORRIED, viewer

from contactpoint.actions.find.search import search
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.errors import DeliveryRefused, Misconfigured
from contactpoint.pipelines.reference import load_reference
from contactpoint.storage.models import SealedPair, Source

pytestmark = pytest.mark.django_db
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
