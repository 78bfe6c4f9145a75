"""Which arguments of `contactpoint test` need a browser, and what pytest is told of them."""

import pytest

from contactpoint.cli.testing import chosen, needs_browser, processors


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        ([], True),
        (["-k", "postcode"], True),
        (["-m", "slow"], True),
        (["tests"], True),
        (["tests/system"], True),
        (["tests/unit", "tests/system", "-x"], True),
        (["tests/unit"], False),
        (["tests/unit", "-k", "postcode"], False),
        (["tests/unit/cli/test_testing.py::test_which"], False),
    ],
)
def test_a_browser_is_asked_for_when_a_browser_test_may_be_chosen(arguments, needed):
    assert needs_browser(arguments) is needed


@pytest.mark.parametrize(
    ("arguments", "workers", "told"),
    [
        ([], 1, ["-m", "not slow"]),
        ([], 4, ["-m", "not slow", "--numprocesses", "4", "--dist", "loadscope", "--no-loadscope-reorder"]),
        (["tests/unit", "-x"], 4, ["-m", "not slow", "tests/unit", "-x"]),
        (["-m", "slow"], 4, ["-m", "slow"]),
    ],
)
def test_everything_is_shared_among_workers_and_what_is_named_is_run_as_it_is(arguments, workers, told):
    assert chosen(arguments, workers) == told


def test_there_is_a_processor():
    assert processors() >= 1
