"""Shares as people read them."""

import pytest

from contactpoint.web.presenters.shares import percent


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (None, "too few"),
        (0.0, "0%"),
        (1.0, "100%"),
        (0.00001, "0.1%"),
        (0.99999, "99.9%"),
        (0.125, "12.5%"),
    ],
)
def test_what_is_neither_nothing_nor_all_never_looks_like_it(share, words):
    assert percent(share) == words
