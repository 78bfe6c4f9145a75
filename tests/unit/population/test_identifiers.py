import numpy as np

from contactpoint.domain.identifiers import nhs_number_is_valid, upn_is_valid
from contactpoint.population.identifiers import NHS_CAPACITY, local_ids, nhs_numbers, rank_within, spread, upn


def test_nhs_numbers_are_valid_different_and_in_the_range_never_issued():
    numbers = nhs_numbers(np.arange(20_000, dtype=np.int64), offset=12_345).to_list()

    assert len(set(numbers)) == 20_000
    assert all(n.startswith("9") and nhs_number_is_valid(n) for n in numbers)


def test_the_last_serials_of_the_range_are_valid_too():
    numbers = nhs_numbers(np.arange(NHS_CAPACITY - 500, NHS_CAPACITY, dtype=np.int64), offset=0).to_list()

    assert len(set(numbers)) == 500
    assert all(len(n) == 10 and nhs_number_is_valid(n) for n in numbers)


def test_a_upn_has_the_published_check_letter():
    one = np.array([1], dtype=np.int64)

    assert upn(801 * one, 2000 * one, 5 * one, one).to_list() == ["B801200005001"]


def test_every_upn_is_valid():
    serial = np.arange(1000, dtype=np.int64)
    numbers = upn(np.full(1000, 353), 2000 + serial % 40, 2010 + serial % 17, serial).to_list()

    assert all(upn_is_valid(n) for n in numbers)


def test_rank_within_counts_earlier_rows_with_the_same_keys():
    school = np.array([5, 6, 5, 5, 6], dtype=np.int64)
    year = np.array([1, 1, 1, 2, 1], dtype=np.int64)

    assert rank_within(school, year).tolist() == [0, 0, 1, 0, 1]


def test_local_ids_differ_by_row_and_keep_their_length():
    ids = local_ids("CB", np.arange(12_000_000, 12_050_000, dtype=np.int64), salt=99).to_list()

    assert len(set(ids)) == 50_000
    assert {len(i) for i in ids} == {11}


def test_families_are_spread_evenly_over_any_number_of_schools():
    families = np.arange(6200, dtype=np.int64)

    for schools in (2, 7, 17, 31, 62, 97):
        found = np.bincount(spread(families, schools), minlength=schools)
        assert found.min() > 0.6 * found.mean()
