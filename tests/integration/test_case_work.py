"""Working through records to check: by kind, one after the other, and what is told beside (R20-R22)."""

import pytest
from tests.factories.directory import acting_as_role
from tests.factories.feeds import AMINA
from tests.factories.supply import LATER, LOADER, NOW, child_of, load
from tests.integration.test_cases import (
    AWAY,
    COUNCIL,
    DESK,
    DIFFERENT,
    OTHER,
    SAME,
    SHIELDS,
    STRANGER,
    by_two,
    carry_out,
    decide,
    decided,
    listed,
    only_case,
    opened,
    record,
    team,
    tell,
    two_in_one,
    undo,
    unsure,
)

from contactpoint.actions.link.cases import case_after
from contactpoint.actions.link.decide import came_since
from contactpoint.actions.protect.place_shield import Ground, place_shield
from contactpoint.domain.matching import CaseKind
from contactpoint.storage.models import CaseWord
from contactpoint.web.presenters.matching import undoing_words

__all__ = ["by_two", "team", "two_in_one", "unsure"]
pytestmark = pytest.mark.django_db
TWIN = {**AMINA, "local_id": "A2", "forename": "Ola", "nhs_number": "", "birth_order": "2"}
MANY = tuple(CaseKind)


@pytest.fixture
def several(two_in_one, tmp_path):
    """One record that may be two children's, and one pair that nobody is sure of."""
    load(tell(tmp_path, COUNCIL, OTHER), at=LATER)
    return [line.id for line in listed()[1]]


def after(case, kinds=MANY):
    with acting_as_role("web"):
        return case_after(case, by=DESK, at=LATER, kinds=kinds)


@pytest.mark.parametrize("kind", CaseKind)
def test_a_kind_has_a_list_of_its_own(several, kind):
    everything = listed()[1]
    assert len(everything) == 2
    in_all, lines = listed(kinds=[kind])
    assert [line.id for line in lines] == [line.id for line in everything if line.kind is kind]
    assert in_all == len(lines)


def test_the_next_is_the_riskiest_that_was_not_just_decided(several):
    two, pair = several
    assert after(two) == pair
    assert after(pair) == two
    assert after(two, [CaseKind.POSSIBLE_TWO]) is None


def test_what_somebody_said_first_of_two_does_not_come_back_to_them(several, by_two):
    two, pair = several
    decide(DIFFERENT, case=two, by=DESK)
    assert CaseWord.objects.count() == 1
    assert after(pair) is None
    assert two in {line.id for line in listed()[1]}, "it waits for the second"


class TestAnotherLivesThere:
    """Whether another child was born that day and lives there; never who, and never one who is hidden."""

    def there(self):
        return opened(only_case().id).another_there

    def test_nobody_else_lives_there(self, unsure):
        assert self.there() is False

    def test_a_twin_lives_there(self, unsure, tmp_path):
        load(tell(tmp_path, "births", TWIN, kind="delta", as_at="2026-12-20"), at=LATER)
        assert child_of("births", "A2") not in (None, *unsure)
        assert self.there() is True

    def test_a_protected_twin_does_not_count(self, unsure, tmp_path):
        load(tell(tmp_path, "births", TWIN, kind="delta", as_at="2026-12-20"), at=LATER)
        with acting_as_role("worker"):
            place_shield(number=child_of("births", "A2"), ground=Ground.DOMESTIC_ABUSE, by=LOADER, at=NOW)
        assert self.there() is False

    def test_near_a_shield_nothing_is_said_of_it(self, unsure):
        with acting_as_role("worker"):
            place_shield(number=unsure[0], ground=Ground.DOMESTIC_ABUSE, by=LOADER, at=NOW)
        (line,) = listed(SHIELDS, near_shield=True)[1]
        assert opened(line.id, SHIELDS, near_shield=True).another_there is None


def test_what_one_child_would_be_is_told_before_it_is_decided(unsure):
    (after,) = opened(only_case().id).after
    said = dict(after.fields)
    assert after.sources == 2
    decide(SAME)
    carry_out()
    (number,) = {child_of("births", "A1"), child_of(COUNCIL, "M1")}
    made = record(number)
    assert (said["name"], said["date_of_birth"], said["sex"]) == (made.name, made.date_of_birth, made.sex)
    home = made.addresses[0].address
    assert said["address"] == f"{home.line}, {home.postcode}"


def test_of_two_in_one_both_are_told(two_in_one):
    one, other = opened(only_case().id).after
    assert [dict(part.fields)["name"] for part in (one, other)] == ["Amina Okafor", "Zofia Wieczorek"]


def test_a_joining_is_taken_back_with_what_came_since_where_it_belongs(unsure, tmp_path):
    """What goes where is told before, and is what happens (R22)."""
    decide(SAME)
    carry_out()
    number = child_of("births", "A1")
    late = {**OTHER, "local_id": "S1", "service": "school", "organisation": "105734"}
    load(tell(tmp_path, "school-census", late, as_at="2026-12-20"), at=LATER)
    assert child_of("school-census", "S1") == number
    (line,) = decided()
    came = tell_came(line.id)
    assert [source for source, _, _ in came] == ["School census"]
    assert tell_came(line.id, AWAY) == ()
    undo(line.id)
    carry_out()
    assert came[0][2] == child_of("school-census", "S1")
    assert child_of("births", "A1") != child_of(COUNCIL, "M1")


def test_a_parting_is_taken_back_with_all_that_came_since_for_either_on_one_record(two_in_one, tmp_path):
    """What will be on the one record is told before, and is (R22)."""
    done = decide(DIFFERENT)
    carry_out()
    parted = child_of("school-census", "T1")
    assert tell_came(done.decision) == ()
    first = {**AMINA, "service": "gp", "organisation": "P85001", "local_id": "G1"}
    second = {**STRANGER, "local_id": "H1", "service": "school_nurse", "organisation": "bridgewater-nhs"}
    load(tell(tmp_path, "gp-registrations", first, as_at="2026-12-20"), at=LATER)
    load(tell(tmp_path, "child-health", second, as_at="2026-12-20"), at=LATER)
    assert (child_of("gp-registrations", "G1"), child_of("child-health", "H1")) == (two_in_one, parted)
    came = tell_came(done.decision)
    assert [(source, number) for source, _, number in came] == [
        ("GP registrations", two_in_one),
        ("Child health", two_in_one),
    ]
    assert tell_came(done.decision, AWAY) == ()
    assert "is all on that one record" in undoing_words(decided()[0])
    undo(done.decision)
    carry_out()
    assert {child_of("gp-registrations", "G1"), child_of("child-health", "H1")} == {two_in_one}


def test_what_came_for_a_part_that_is_protected_by_now_is_not_told(two_in_one, tmp_path):
    done = decide(DIFFERENT)
    carry_out()
    first = {**AMINA, "service": "gp", "organisation": "P85001", "local_id": "G1"}
    load(tell(tmp_path, "gp-registrations", first, as_at="2026-12-20"), at=LATER)
    assert len(tell_came(done.decision)) == 1
    with acting_as_role("worker"):
        place_shield(
            number=child_of("school-census", "T1"), ground=Ground.DOMESTIC_ABUSE, by=LOADER, at=LATER
        )
    assert tell_came(done.decision) == ()


def tell_came(decision, by=DESK):
    with acting_as_role("web"):
        return came_since(decision=decision, by=by, at=LATER)
