"""Which arguments of `contactpoint test` need a browser."""

import pytest

from contactpoint.cli.testing import needs_browser


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
