"""Organisations of all England: codes that fit, numbers that cannot ring, schools enough for everybody."""

import pytest

from contactpoint.population.organisations import make_directory
from contactpoint.population.shared import PHONE_STEMS
from contactpoint.population.tables import authorities


@pytest.fixture(scope="module")
def everybody():
    return make_directory({a.dfe: a.children for a in authorities()})


def test_codes_are_different_and_fit_their_column(everybody):
    codes = [o.code for o in everybody.rows]

    assert len(set(codes)) == len(codes)
    assert max(len(code) for code in codes) <= 32


def test_there_are_about_as_many_schools_and_practices_as_in_england(everybody):
    kinds = [o.kind for o in everybody.rows]

    assert kinds.count("gp") == pytest.approx(6277, rel=0.02)  # NHS England, December 2024
    assert sum(len(s) for s in everybody.primaries.values()) == pytest.approx(16_764, rel=0.05)  # DfE, 2024
    assert sum(len(s) for s in everybody.secondaries.values()) == pytest.approx(3_452, rel=0.05)


def test_every_authority_has_schools_of_each_phase_and_a_council(everybody):
    for a in authorities():
        assert f"la-{a.dfe}" in everybody.code_of
        for phase in (everybody.nurseries, everybody.primaries, everybody.secondaries, everybody.practices):
            assert len(phase[a.dfe]) >= 2


def test_schools_of_one_authority_have_different_numbers(everybody):
    for dfe, primaries in everybody.primaries.items():
        numbers = everybody.laestab[primaries]
        assert len(set(numbers.tolist())) == len(numbers), dfe
        assert (numbers >= 2000).all()
        assert (numbers <= 4999).all()


def test_no_organisation_can_be_rung(everybody):
    assert all(o.phone.startswith(PHONE_STEMS) for o in everybody.rows)
    assert all(o.hours for o in everybody.rows)
