"""What silence means."""

from datetime import date

import pytest

from contactpoint.domain.coverage import CoverageState, coverage_of

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("connected", "told", "state"),
    [
        (False, None, CoverageState.NOT_CONNECTED),
        (False, TODAY, CoverageState.NOT_CONNECTED),
        (True, None, CoverageState.NOT_CONNECTED),
        (True, TODAY, CoverageState.CONFIRMED_NONE),
        (True, date(2026, 10, 22), CoverageState.CONFIRMED_NONE),
        (True, date(2026, 10, 21), CoverageState.STALE),
    ],
)
def test_states(connected: bool, told: date | None, state: CoverageState) -> None:
    coverage = coverage_of("School", connected=connected, last_told=told, promised_days=31, on=TODAY)
    assert coverage.state is state
