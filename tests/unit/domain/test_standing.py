"""R3 and R56 as a table: what must hold before anybody may go on."""

from dataclasses import replace
from datetime import date

import pytest

from contactpoint.domain.disclosure.actors import Lapse, Role, Viewer
from contactpoint.domain.standing import Standing
from contactpoint.web.presenters.standing import ending_words, lapsed_page

TODAY = date(2026, 11, 22)
GOOD = Standing(
    accredited_until=date(2027, 1, 1),
    checked_on=date(2024, 1, 1),
    trained_until=date(2027, 5, 3),
    agreement_signed_on=date(2024, 1, 1),
    last_seen=date(2026, 11, 1),
    suspended_on=None,
    factor_since=date(2024, 1, 1),
    renew_by=date(2027, 4, 1),
)
TABLE = [
    # rule, what is the case, what follows
    ("R3", {"accredited_until": None}, Lapse.ORGANISATION_NOT_ACCREDITED),
    ("R3", {"accredited_until": date(2026, 11, 21)}, Lapse.ORGANISATION_NOT_ACCREDITED),
    ("R3", {"accredited_until": TODAY}, None),
    ("R3", {"checked_on": None}, Lapse.CHECK_EXPIRED),
    ("R3", {"checked_on": date(2023, 11, 22)}, Lapse.CHECK_EXPIRED),
    ("R3", {"checked_on": date(2023, 11, 23)}, None),
    ("R3", {"trained_until": None}, Lapse.TRAINING_EXPIRED),
    ("R56", {"trained_until": date(2026, 11, 21)}, Lapse.TRAINING_EXPIRED),
    ("R56", {"trained_until": TODAY}, None),
    ("R3", {"agreement_signed_on": None}, Lapse.AGREEMENT_UNSIGNED),
    ("R56", {"last_seen": date(2026, 8, 23)}, Lapse.IDLE),
    ("R56", {"last_seen": date(2026, 8, 24)}, None),
    ("R56", {"last_seen": None}, None),
    ("R52", {"suspended_on": date(2026, 11, 22)}, Lapse.SUSPENDED),
    ("R56", {"agreement_signed_on": date(2023, 11, 22)}, Lapse.AGREEMENT_UNSIGNED),
    ("R56", {"agreement_signed_on": date(2023, 11, 23)}, None),
    ("R56", {"renew_by": date(2026, 11, 21)}, Lapse.NOT_RENEWED),
    ("R56", {"renew_by": TODAY}, None),
    ("R56", {"renew_by": None}, None),
    ("R4", {"factor_since": None}, Lapse.NO_SECOND_FACTOR),
    ("R4", {"factor_since": date(2023, 11, 22)}, Lapse.NO_SECOND_FACTOR),
    ("R4", {"factor_since": date(2023, 11, 23)}, None),
    ("R4", {"factor_since": None, "vouched_for": True}, None),
    ("R3", {"waits": True, "opens_on": date(2027, 3, 1)}, Lapse.NOT_OPEN_YET),
]


def viewer(*lapses):
    return Viewer(
        account_id=None,
        name="Amina Shah",
        role=Role.PRACTITIONER,
        organisation_code="la-353",
        organisation_name="Oldham Council",
        lapses=lapses,
    )


@pytest.mark.parametrize(("rule", "change", "lapse"), TABLE)
def test_good_standing(rule, change, lapse):
    assert replace(GOOD, **change).lapses(TODAY) == ((lapse,) if lapse else ()), rule


def test_a_check_on_leap_day_lasts_until_march():
    assert replace(GOOD, checked_on=date(2024, 2, 29)).check_ends == date(2027, 3, 1)


@pytest.mark.parametrize(("rule", "change", "lapse"), [row for row in TABLE if row[2]])
def test_the_page_names_the_rule_and_the_way_on(rule, change, lapse):
    page = lapsed_page(viewer(lapse), replace(GOOD, **change))
    assert rule in page.rules
    assert page.lines[0].startswith("This is because ")
    assert "Oldham Council" in page.lines[1] or lapse is Lapse.NO_SECOND_FACTOR
    assert "manager" in page.lines[1] or lapse is Lapse.SHUT
    assert "999" in page.lines[-1]


def test_the_page_says_since_when():
    page = lapsed_page(viewer(Lapse.TRAINING_EXPIRED), replace(GOOD, trained_until=date(2026, 5, 3)))
    assert page.lines[0] == "This is because your training ran out on 3 May 2026."


def test_somebody_without_an_organisation_is_told_so():
    assert "R1" in lapsed_page(None, None).rules


# (rule, what is the case, what runs out soon and on which last day)
SOON = [
    ("R56", {}, ()),
    ("R56", {"trained_until": date(2026, 12, 20)}, ((Lapse.TRAINING_EXPIRED, date(2026, 12, 20)),)),
    ("R56", {"trained_until": date(2026, 12, 21)}, ()),
    ("R56", {"trained_until": date(2026, 11, 21)}, ()),
    ("R56", {"checked_on": date(2023, 12, 1)}, ((Lapse.CHECK_EXPIRED, date(2026, 11, 30)),)),
    ("R56", {"agreement_signed_on": date(2023, 12, 1)}, ((Lapse.AGREEMENT_UNSIGNED, date(2026, 11, 30)),)),
    ("R56", {"renew_by": date(2026, 12, 1)}, ((Lapse.NOT_RENEWED, date(2026, 12, 1)),)),
    ("R4", {"factor_since": date(2023, 12, 1)}, ((Lapse.NO_SECOND_FACTOR, date(2026, 11, 30)),)),
    ("R4", {"factor_since": date(2023, 12, 1), "vouched_for": True}, ()),
    ("R56", {"accredited_until": TODAY}, ((Lapse.ORGANISATION_NOT_ACCREDITED, TODAY),)),
    ("R56", {"trained_until": None, "checked_on": None}, ()),
]


@pytest.mark.parametrize(("rule", "changed", "soon"), SOON)
def test_what_runs_out_soon_is_said_before(rule, changed, soon):
    standing = replace(GOOD, **changed)
    assert standing.ends_soon(TODAY) == soon
    assert bool(ending_words(standing, TODAY)) is bool(soon)


def test_it_is_said_in_words_which_and_until_when():
    words = ending_words(replace(GOOD, trained_until=date(2026, 12, 1)), TODAY)
    assert words.startswith("Your training is good until 1 December 2026. ")
