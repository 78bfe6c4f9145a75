"""How far each setting goes, in which direction it protects less, and who agrees (R9, R52, R53)."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.factories.viewers import viewer

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.disclosure.purpose import FINDING_PURPOSES, Purpose, PurposeCode
from contactpoint.domain.disclosure.trawling import limits_of, limits_of_purpose, most_searches
from contactpoint.domain.errors import InvalidInput
from contactpoint.domain.reasons import (
    is_it_still_a_reason,
    reason_words,
    which_reasons_are_offered,
    words_of,
)
from contactpoint.domain.setting_changes import SettingInQuestion
from contactpoint.domain.setting_table import SETTINGS, Area, Looser, Setting, offering, searches_for, wording
from contactpoint.domain.settings import AS_SHIPPED, Values, does_it_loosen, is_it_within_bounds
from contactpoint.domain.two_people import check_reason

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
EWA = viewer(
    account_id=UUID(int=61), role=Role.NATIONAL_TEAM, organisation_code="contactpoint", authority=None
)

# (rule, setting, as shipped, least, most, which direction protects less)
TABLE = [
    ("R53", "searches_a_minute", 60, 10, 120, Looser.MORE),
    ("R53", "searches_a_day.safeguarding", 300, 100, 600, Looser.MORE),
    ("R53", "searches_a_day.coordinating", 300, 100, 600, Looser.MORE),
    ("R53", "searches_a_day.missing_education", 300, 100, 600, Looser.MORE),
    ("R53", "searches_a_day.transfer", 200, 50, 400, Looser.MORE),
    ("R53", "searches_a_day.correcting", 200, 50, 400, Looser.MORE),
    ("R53", "searches_a_day.shield_decision", 100, 30, 200, Looser.MORE),
    ("R53", "searches_a_day.family_asks", 60, 20, 120, Looser.MORE),
    ("R9", "searches_a_day.other", 60, 10, 60, Looser.MORE),
    ("R53", "searches_asked_from", 150, 30, 300, Looser.MORE),
    ("R53", "searches_stopped_at", 500, 301, 1000, Looser.MORE),
    ("R53", "team_searches_asked_from", 450, 90, 900, Looser.MORE),
    ("R53", "team_searches_stopped_at", 1500, 901, 3000, Looser.MORE),
    ("R53", "organisation_searches_asked_from", 10000, 1000, 20000, Looser.MORE),
    ("R53", "records_asked_from", 40, 10, 60, Looser.MORE),
    ("R53", "records_stopped_at", 120, 61, 200, Looser.MORE),
    ("R53", "team_records_asked_from", 120, 30, 200, Looser.MORE),
    ("R53", "team_records_stopped_at", 400, 201, 600, Looser.MORE),
    ("R53", "other_records_asked_from", 15, 5, 20, Looser.MORE),
    ("R53", "other_records_stopped_at", 60, 21, 80, Looser.MORE),
    ("R53", "organisation_records_asked_from", 3000, 300, 6000, Looser.MORE),
    ("R54", "review_sampled_one_in", 100, 5, 200, Looser.MORE),
    ("R20", "match_by_two", 0, 0, 1, Looser.LESS),
    ("R45", "involvement_asked_every_days", 90, 30, 120, Looser.MORE),
    ("R26", "shield_confirmed_within_hours", 24, 1, 48, Looser.MORE),
    ("R31", "shield_lift_waits_days", 7, 3, 28, Looser.LESS),
    ("R44", "urgent_contact_minutes", 30, 10, 60, Looser.MORE),
    ("R9", "reason_offered.coordinating", 1, 0, 1, Looser.MORE),
    ("R9", "reason_offered.missing_education", 1, 0, 1, Looser.MORE),
    ("R9", "reason_offered.transfer", 1, 0, 1, Looser.MORE),
    ("R9", "reason_offered.correcting", 1, 0, 1, Looser.MORE),
]
WORDED = [f"reason_words.{code.value}" for code in PurposeCode]


@pytest.mark.parametrize(("rule", "key", "default", "least", "most", "looser"), TABLE)
def test_a_setting_goes_as_far_as_its_rule_allows(rule, key, default, least, most, looser):
    one = SETTINGS[key]
    assert (one.rule, one.default, one.least, one.most, one.looser) == (rule, default, least, most, looser)
    for value, goes in ((least - 1, False), (least, True), (most, True), (most + 1, False)):
        assert is_it_within_bounds(one, value) is goes
        assert (authorise(asked(key, value)).refusal is None) is goes


@pytest.mark.parametrize("key", [row[1] for row in TABLE])
def test_what_an_earlier_release_allowed_counts_as_the_nearest_bound(key):
    one = SETTINGS[key]
    assert Values(held={key: one.most + 500})[key] == one.most
    assert Values(held={key: one.least - 500})[key] == one.least
    assert AS_SHIPPED[key] == one.default


@pytest.mark.parametrize("key", WORDED)
@pytest.mark.parametrize(
    ("rule", "words", "goes"),
    [
        ("R8", "Kept", False),
        ("R8", "Worth", True),
        ("R8", "x" * 80, True),
        ("R8", "x" * 81, False),
        ("R8", " Wide ", False),
        ("R8", 7, False),
    ],
)
def test_words_are_neither_too_short_nor_too_long(key, rule, words, goes):
    assert (authorise(asked(key, words)).refusal is None) is goes
    assert SETTINGS[key].rule == rule
    assert does_it_loosen(SETTINGS[key], AS_SHIPPED.words(key), "Other words"), "two people, whatever it says"
    assert not does_it_loosen(SETTINGS[key], "Same words", "Same words")


def test_a_number_has_no_words():
    assert authorise(asked("searches_a_minute", "sixty")).refusal


# (rule, reason, whether it may be retired)
RETIRED = [
    ("R9", PurposeCode.SAFEGUARDING, False),
    ("R9", PurposeCode.COORDINATING, True),
    ("R9", PurposeCode.MISSING_EDUCATION, True),
    ("R9", PurposeCode.TRANSFER, True),
    ("R9", PurposeCode.CORRECTING, True),
    ("R9", PurposeCode.SHIELD_DECISION, False),
    ("R9", PurposeCode.FAMILY_ASKS, False),
    ("R9", PurposeCode.OTHER, False),
]


@pytest.mark.parametrize(("rule", "code", "may_be"), RETIRED)
def test_a_reason_is_retired_and_danger_never_is(rule, code, may_be):
    held = Values(held={offering(code): 0})
    assert (offering(code) in SETTINGS) is may_be, rule
    assert is_it_still_a_reason(code, held) is not may_be
    assert (code in which_reasons_are_offered(held)) is (code in FINDING_PURPOSES and not may_be)
    assert is_it_still_a_reason(code, AS_SHIPPED)


def test_a_reason_is_called_as_it_is_set_and_something_else_in_ones_own_words():
    held = Values(
        held={wording(PurposeCode.TRANSFER): "A child moves", wording(PurposeCode.OTHER): "Another"}
    )
    assert reason_words(PurposeCode.TRANSFER, held) == "A child moves"
    assert reason_words(PurposeCode.TRANSFER) == "Transferring a child"
    assert words_of(Purpose(code=PurposeCode.OTHER, text="A court asked"), held) == "A court asked"
    assert words_of(Purpose(code=PurposeCode.TRANSFER), held) == "A child moves"


def test_the_table_is_whole():
    assert [*(row[1] for row in TABLE), *WORDED] == list(SETTINGS)
    assert {searches_for(code) for code in PurposeCode} <= SETTINGS.keys(), "every reason has its limit"


@pytest.mark.parametrize(
    ("rule", "key", "now", "becomes", "loosens"),
    [
        ("R53", "searches_a_minute", 60, 61, True),
        ("R53", "searches_a_minute", 60, 59, False),
        ("R54", "review_sampled_one_in", 100, 200, True),
        ("R54", "review_sampled_one_in", 100, 5, False),
        ("R31", "shield_lift_waits_days", 7, 6, True),
        ("R31", "shield_lift_waits_days", 7, 8, False),
    ],
)
def test_what_protects_less(rule, key, now, becomes, loosens):
    assert does_it_loosen(SETTINGS[key], now, becomes) is loosens, rule


# (rule that decides, who answers, agrees, of whoever proposed it, allowed)
AGREEING = [
    ("R52", EWA, True, True, False),
    ("R1", EWA, True, False, True),
    ("R1", EWA, False, True, True),
]


@pytest.mark.parametrize(("rule", "by", "agreeing", "own", "allowed"), AGREEING)
def test_whoever_proposed_it_does_not_agree_as_well(rule, by, agreeing, own, allowed):
    decision = authorise(asked("searches_a_minute", 90, by=by, agreeing=agreeing, own=own))
    assert (decision.refusal is None) is allowed
    assert rule in (decision.refusal.rules if decision.refusal else decision.rules)


@pytest.mark.parametrize("role", [one for one in Role if one not in {Role.NATIONAL_TEAM, Role.SYSTEM}])
def test_nobody_but_the_national_team_sets_anything(role):
    assert authorise(asked("searches_a_minute", 30, by=viewer(role=role))).refusal


def test_there_is_no_setting_but_those_of_the_table():
    assert authorise(asked("searches_a_century", 30)).refusal


def test_whoever_is_asked_again_is_asked_before_they_are_stopped():
    widest = {
        key: one.most if key.endswith("asked_from") else one.least
        for key, one in SETTINGS.items()
        if one.area is Area.OPENING
    }
    held = Values(held=widest)
    found = [limits_of(role, held) for role in (Role.PRACTITIONER, Role.NATIONAL_TEAM)]
    found.append(limits_of_purpose(PurposeCode.OTHER, held))
    assert all(one.asked_from < one.stopped_at for one in found)


def test_limits_are_those_that_are_set():
    held = Values(
        held={"searches_a_day.transfer": 50, "records_asked_from": 10, "other_records_stopped_at": 21}
    )
    assert most_searches(Role.PRACTITIONER, PurposeCode.TRANSFER, held) == 50
    assert most_searches(Role.NATIONAL_TEAM, PurposeCode.TRANSFER, held) == 150
    assert limits_of(Role.PRACTITIONER, held).asked_from == 10
    assert limits_of_purpose(PurposeCode.OTHER, held).stopped_at == 21


def test_a_setting_that_starts_out_of_bounds_is_none():
    with pytest.raises(InvalidInput):
        Setting(
            key="x", area=Area.REVIEW, name="x", means="x", unit=("x", "x"), rule="R1",
            default=3, least=4, most=5,
        )  # fmt: skip


@pytest.mark.parametrize("text", ["", "  ", "x" * 301])
def test_a_change_says_why(text):
    with pytest.raises(InvalidInput):
        check_reason(text)
    assert check_reason(" After  the review ") == "After the review"


def asked(key, becomes, *, by=EWA, agreeing=False, own=False):
    question = SettingInQuestion(key=key, now=0, becomes=becomes, agreeing=agreeing, asked_by_viewer=own)
    return AccessRequest(viewer=by, permission=Permission.CHANGE_SETTINGS, at=AT, setting=question)
