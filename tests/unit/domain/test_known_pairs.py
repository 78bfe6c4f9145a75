"""Known pairs: the deck, the rounds, and how alike people decide."""

from datetime import date

import pytest

from contactpoint.domain.known_pairs import IN_A_ROUND, agreement, fleiss_kappa, pairs_of, round_of
from contactpoint.domain.known_pairs_table import DECK
from contactpoint.domain.matching import Verdict

ROUND = "2026-4"
TRUE = {pair.code: pair.truth for pair in pairs_of(ROUND)}
# Fleiss 1971 (Psychological Bulletin 76, 378-382) as it is worked through in textbooks: 14 raters, 10 things.
PUBLISHED = (
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
)  # fmt: skip


def test_kappa_is_that_of_the_published_example():
    assert fleiss_kappa(PUBLISHED) == pytest.approx(0.210, abs=0.0005)


@pytest.mark.parametrize(
    ("counts", "kappa"),
    [
        ([(2, 0, 0), (0, 2, 0)], 1.0),
        ([(2, 0, 0), (2, 0, 0)], 1.0),
        ([(1, 1, 0), (1, 1, 0)], -1.0),
        ([(1, 0, 0)], None),
    ],
)
def test_kappa_at_its_ends(counts, kappa):
    assert fleiss_kappa(counts) == kappa


def test_every_pair_has_a_code_of_its_own_and_a_truth():
    assert len({code for code, *_ in DECK}) == len(DECK) == 2 * IN_A_ROUND
    assert {truth for *_, truth, _ in DECK} == {Verdict.SAME, Verdict.DIFFERENT}


@pytest.mark.parametrize(
    ("day", "of_round"),
    [
        (date(2026, 1, 1), "2026-1"),
        (date(2026, 3, 31), "2026-1"),
        (date(2026, 4, 1), "2026-2"),
        (date(2026, 12, 31), ROUND),
    ],
)
def test_a_round_is_a_quarter(day, of_round):
    assert round_of(day) == of_round


def test_two_rounds_have_the_whole_deck_between_them():
    codes = {pair.code for of_round in (ROUND, "2027-1") for pair in pairs_of(of_round)}
    assert codes == {code for code, *_ in DECK}
    assert pairs_of("2027-2") == pairs_of(ROUND)


def test_who_has_not_finished_does_not_count():
    begun = dict(list(TRUE.items())[:9])
    assert agreement({"1": begun}, ROUND).people == 0
    alone = agreement({"1": begun, "2": TRUE}, ROUND)
    assert (alone.people, alone.right, alone.kappa) == (1, 1.0, None)


def test_half_right_and_how_alike():
    never = dict.fromkeys(TRUE, Verdict.SAME)
    both = agreement({"1": TRUE, "2": never}, ROUND)
    right = sum(truth is Verdict.SAME for truth in TRUE.values())
    assert both.right == pytest.approx((10 + right) / 20)
    assert both.kappa is not None
    assert both.kappa < 1
