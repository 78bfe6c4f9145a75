"""The database asks about a word whom the rules say: what was passed on, is late, ran out (R25, R44)."""

from datetime import date, timedelta

import pytest
from tests.factories.directory import NOW
from tests.factories.supply import rows
from tests.factories.viewers import KEISHA, PRIYA
from tests.integration.test_word_corrections import TOO_LATE, asked, asked_as, number, word

from contactpoint.domain.disclosure.answering import AskedAs, WordInQuestion, who_is_asked
from contactpoint.domain.standing import Standing
from contactpoint.storage.models import Account, Correction, Membership

__all__ = ["asked", "number", "word"]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CASES = [
    (passed, author, colleague, late)
    for passed in (None, AskedAs.COLLEAGUE, AskedAs.TEAM)
    for author in (True, False)
    for colleague in (True, False)
    for late in (True, False)
]


@pytest.mark.parametrize(("passed", "author", "colleague", "late"), CASES)
def test_the_database_asks_whom_the_rule_says(asked, passed, author, colleague, late):
    """R25, R44: the rule stands in the domain, and the database keeps it."""
    Correction.objects.update(passed_to=passed or "")
    for account, acts in ((KEISHA, author), (PRIYA, colleague)):
        Account.objects.filter(pk=account).update(is_active=acts)
    wanted = who_is_asked(
        WordInQuestion(passed_to=passed, author_acts=author, colleague_acts=colleague, late=late)
    )
    found = set(asked_as(TOO_LATE if late else NOW).values())
    assert found == {one.value for one in wanted}


GOOD = {
    "checked_on": date(2025, 1, 1),
    "trained_until": date(2027, 5, 3),
    "agreement_signed_on": date(2025, 1, 1),
    "renew_by": date(2027, 4, 1),
    "last_seen_at": NOW,
    "suspended_at": None,
}
DATES = [
    {},
    {"checked_on": None},
    {"checked_on": date(2023, 11, 22)},
    {"checked_on": date(2023, 11, 23)},
    {"trained_until": None},
    {"trained_until": NOW.date() - DAY},
    {"trained_until": NOW.date()},
    {"agreement_signed_on": None},
    {"agreement_signed_on": date(2023, 11, 22)},
    {"renew_by": NOW.date() - DAY},
    {"renew_by": None},
    {"last_seen_at": NOW - 91 * DAY},
    {"last_seen_at": NOW - 90 * DAY},
    {"last_seen_at": None},
    {"suspended_at": NOW},
]


@pytest.mark.parametrize("changed", DATES, ids=repr)
def test_the_database_finds_the_standing_that_the_rule_does(number, changed):
    """R3, R56."""
    fields = {**GOOD, **changed}
    Account.objects.filter(pk=KEISHA).update(**fields)
    standing = Standing(
        accredited_until=date(2027, 12, 31),
        checked_on=fields["checked_on"],
        trained_until=fields["trained_until"],
        agreement_signed_on=fields["agreement_signed_on"],
        last_seen=fields["last_seen_at"].date() if fields["last_seen_at"] else None,
        suspended_on=fields["suspended_at"].date() if fields["suspended_at"] else None,
        factor_since=date(2026, 1, 1),
        renew_by=fields["renew_by"],
    )
    ((may,),) = rows("SELECT may_still_act(%s, 'bridgewater-nhs', %s)", KEISHA, NOW.date())
    assert bool(may) is not bool(standing.lapses(NOW.date()))


def test_whoever_left_the_organisation_may_not_act_there(number):
    Membership.objects.filter(account_id=KEISHA).update(ended_at=NOW)
    assert rows("SELECT may_still_act(%s, 'bridgewater-nhs', %s)", KEISHA, NOW.date()) == [(False,)]
