"""What another model would join or part, told before it is activated; nobody is changed or named (R20)."""

from dataclasses import asdict, replace

import pytest
from tests.factories.directory import acting_as_role
from tests.factories.feeds import AMINA
from tests.factories.supply import BEN, HELP, LATER, LOADER, NOW, build_sources, child_of, feed, load, rows
from tests.factories.viewers import viewer

from contactpoint.actions.link.split import split_child
from contactpoint.actions.protect.place_shield import Ground, place_shield
from contactpoint.cli.differing import in_words
from contactpoint.domain.disclosure.actors import Role
from contactpoint.linking.model.weights import default_model
from contactpoint.pipelines.differences import BESIDE, model_difference

pytestmark = pytest.mark.django_db
GRACE = {"carer_forename": "Grace", "carer_surname": "Okafor"}
ONE = {**AMINA, **GRACE}
DESK = viewer(role=Role.NATIONAL_TEAM, organisation_code="contactpoint", authority=None)
OTHER = {**ONE, **HELP, "local_id": "M1", "forename": "Amena", "date_of_birth": "2016-05-19",
         "address": "9 Oak Road, Rochdale", "postcode": "OL16 2ZZ"}  # fmt: skip
NO_HOME = {**AMINA, "address": "", "postcode": "", "service": "gp", "organisation": "P85001"}
MODEL = default_model()
EAGER = replace(MODEL, version="eager", thresholds=replace(MODEL.thresholds, link=2.0, tie=0.5))
WARY = replace(MODEL, version="wary", thresholds=replace(MODEL.thresholds, link=60.0))


@pytest.fixture
def published(tmp_path):
    """Amina in two sources, somebody nearly like her, and Ben."""
    build_sources()
    load(
        feed(tmp_path, "births", ONE, BEN),
        feed(tmp_path, "gp-registrations", NO_HOME),
    )
    load(feed(tmp_path, "childrens-services-353", OTHER), at=LATER)
    return child_of("births", "A1"), child_of("childrens-services-353", "M1")


def differs(model, active=None):
    with acting_as_role("worker"):
        return model_difference(model, by=LOADER, active=active)


def test_the_same_model_changes_nothing(published):
    found = differs(replace(MODEL, version="again"))
    assert (found.unchanged, found.joined, found.parted, found.rearranged, found.moved) == (3, 0, 0, 0, 0)
    assert found.joined_by == found.parted_by == ()
    assert found.cases == (("possible_same_child", 1, 1),)


def test_an_eager_model_joins_and_a_wary_one_parts(published):
    eager, wary = differs(EAGER), differs(WARY)
    assert (eager.unchanged, eager.joined, eager.parted) == (1, 2, 0)
    assert eager.joined_examples == (tuple(sorted(published)),)
    assert [(one.comparison, one.pairs) for one in eager.joined_by] == [(BESIDE, 1)]
    assert (wary.unchanged, wary.joined, wary.parted) == (2, 0, 1)
    assert (eager.moved, wary.moved) == (1, 1), "the larger part stays"
    assert wary.parted_examples == ((published[0],),)


def test_the_cause_is_what_weighs_otherwise(published):
    births = dict(MODEL.probabilities["date_of_birth"])
    births["one_digit"] = (0.9, *births["one_digit"][1:])  # nearly always the same child
    forgiving = {**MODEL.probabilities, "date_of_birth": births}
    found = differs(replace(MODEL, version="forgiving", probabilities=forgiving))
    assert found.joined == 2
    (cause,) = found.joined_by
    assert (cause.comparison, cause.level, cause.pairs) == ("date of birth", "one digit different", 1)


def test_nothing_is_written_and_nobody_is_named(published):
    before = rows("SELECT count(*) FROM link"), rows("SELECT count(*) FROM review_case")
    told = "\n".join(in_words(differs(EAGER)))
    assert (rows("SELECT count(*) FROM link"), rows("SELECT count(*) FROM review_case")) == before
    assert "1 children are the same, 2 are not: 2 joined with another, 0 parted, 0 rearranged." in told
    assert not {"Amina", "Okafor", "Grace", "Mill Lane", "2016"} & set(told.replace(",", " ").split())
    assert not any(name in str(asdict(differs(EAGER))) for name in ("Amina", "Okafor", "OL1", "2016-05"))


def test_who_stands_beside_a_shielded_child_is_not_told_even_by_number(published):
    with acting_as_role("worker"):
        place_shield(number=published[0], ground=Ground.ADOPTION, by=LOADER, at=NOW)
    found = differs(EAGER)
    assert found.joined == 2
    assert found.joined_examples == ()


def test_what_a_person_parted_stays_apart_in_a_rebuild_through_any_third_record(tmp_path):
    """R20: three records link through the one between; parted once, no model joins the ends again."""
    build_sources()
    bridge = {**AMINA, "local_id": "T1", "forename": "Amena"}
    school = {**bridge, **GRACE, "service": "school", "organisation": "105734"}
    load(
        feed(tmp_path, "births", ONE, BEN),
        feed(tmp_path, "childrens-services-353", OTHER),
        feed(tmp_path, "school-census", school),
    )
    number = child_of("births", "A1")
    assert child_of("childrens-services-353", "M1") == number
    assert [differs(model, model).unchanged for model in (MODEL, EAGER)] == [2, 2]
    ((council,),) = rows("SELECT id FROM source_record WHERE local_id = 'M1'")
    with acting_as_role("worker"):
        split_child(number=number, records=[council], because="Two girls", by=DESK, at=LATER)
    # The one between waits for a person under the one model, and goes with one of them under the other.
    assert [differs(model, model).unchanged for model in (MODEL, EAGER)] == [4, 3]
