"""The timings of two worlds: what is written into the feeds, and the test that compares."""

import pytest
from bench.two_worlds import add_them, signed_rank

HEADER = "local_id,forename,surname,date_of_birth,sex,address,postcode,restricted,organisation\r\n"


@pytest.mark.parametrize(("much", "rows"), [(False, 4), (True, 4)])
def test_both_children_are_in_what_everybody_shows_and_a_feed_that_holds_nobody_stays(tmp_path, much, rows):
    feeds = tmp_path / "feeds"
    feeds.mkdir()
    for name, held in (("kids", ""), ("births", "B1,Ann,Hall,2015-01-02,F,,,,la-353\r\n")):
        (feeds / f"{name}_2026-10-01_full.csv").write_text(HEADER + held, encoding="utf-8", newline="")
    add_them(tmp_path, much=much)
    kids, births = (
        (feeds / f"{name}_2026-10-01_full.csv").read_bytes().decode() for name in ("kids", "births")
    )
    assert kids == HEADER
    assert len(births.splitlines()) == rows
    assert ("14 Mill Lane" in births.splitlines()[2]) == much


def test_equal_worlds_are_no_finding_and_a_shift_is():
    still = [(-1) ** place * (place % 7 + 1) for place in range(200)]
    assert signed_rank([]) == 1.0
    assert signed_rank(still) > 0.3
    assert signed_rank([one + 3 for one in still]) < 0.001
