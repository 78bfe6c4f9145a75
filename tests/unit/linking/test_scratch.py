"""Columns that wait in a file."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from contactpoint.linking.engine import scratch


@pytest.fixture
def long_column(monkeypatch: pytest.MonkeyPatch) -> scratch.Column:
    """Return a column of 300,000 rows that counts as a long one."""
    monkeypatch.setattr(scratch, "SPILL", 1_000)
    return scratch.Column(np.arange(300_000, dtype=np.int64))


def test_a_column_in_a_file_holds_what_it_was_given(long_column: scratch.Column) -> None:
    assert long_column.ints().dtype == np.int32
    assert (long_column.longs() == np.arange(300_000)).all()


def test_threads_that_read_one_column_at_once_all_get_the_whole_of_it(long_column: scratch.Column) -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:
        sizes = set(pool.map(lambda _: int(long_column.longs()[-1]), range(400)))
    assert sizes == {299_999}


def test_some_rows_of_a_column_are_those_of_the_whole(long_column: scratch.Column) -> None:
    places = np.array([299_999, 0, 7, 7, 150_000], dtype=np.int64)
    assert (long_column.at(places) == long_column.ints()[places]).all()
    with ThreadPoolExecutor(max_workers=8) as pool:
        assert all((found == places).all() for found in pool.map(long_column.at, [places] * 200))


@pytest.mark.parametrize("size", [0, 1])
def test_hardly_a_row_is_no_special_case(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(scratch, "SPILL", 0)
    assert scratch.Column(np.full(size, -1, dtype=np.int32)).ints().tolist() == [-1] * size
