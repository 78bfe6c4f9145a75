"""Told when it matters: what is a notice, what somebody chose, once for each child (R22, R43-R45)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.factories.records import NOW, TODAY
from tests.spec.test_what_is_news import one

from contactpoint.domain.disclosure.answers import Change, FactChange, NewsField
from contactpoint.domain.disclosure.keeping import from_when_is_it_asked
from contactpoint.domain.disclosure.notices import (
    DEFAULT,
    NoticeKind,
    OpenedChanged,
    OwnNews,
    Telling,
    of_which_kind_is_it,
    which_notices_are_told,
)

DAY = timedelta(days=1)
CAME = Change(service="School nursing", began=True, on=TODAY)
HERE, EMAIL = frozenset({Telling.HERE, Telling.EMAIL}), frozenset({Telling.EMAIL})

# (rule, news of a child somebody works with, which kind of notice that is)
KINDS = [
    ("R44", CAME, NoticeKind.SERVICE),
    ("R44", Change(service="School nursing", began=False, on=TODAY), NoticeKind.SERVICE),
    ("R44", NewsField.SCHOOL, NoticeKind.SERVICE),
    ("R44", NewsField.GP, NoticeKind.SERVICE),
    ("R43", NewsField.LEAD, NoticeKind.LEAD),
    ("R22", NewsField.NUMBER, NoticeKind.IDENTITY),
    ("R22", NewsField.PARTED, NoticeKind.IDENTITY),
    ("R44", NewsField.NAME, None),
    ("R44", NewsField.KNOWN_AS, None),
    ("R44", NewsField.ADDRESS, None),
    ("R44", NewsField.CARER, None),
]


@pytest.mark.parametrize(("rule", "news", "kind"), KINDS, ids=str)
def test_which_news_is_a_notice(rule, news, kind):
    change = FactChange(field=news, now=(), on=TODAY) if isinstance(news, NewsField) else news
    assert of_which_kind_is_it(change) is kind, rule


def test_every_kind_of_news_has_been_thought_about():
    assert {news for _, news, _ in KINDS if isinstance(news, NewsField)} == set(NewsField)


# (rule, one's own involvement, from which day one is asked whether still)
ASKED = [
    ("R45", one(last_confirmed=TODAY), TODAY + 91 * DAY),
    ("R45", one(last_confirmed=TODAY - 91 * DAY), TODAY),
    ("R45", one(known_at=datetime(2026, 1, 1, tzinfo=UTC)), date(2026, 4, 2)),
    ("R45", one(confirmed=False), None),
    ("R46", one(end=TODAY - DAY), None),
    ("R45", one(known_at=None, start=None), None),
]


@pytest.mark.parametrize(("rule", "own", "asked_from"), ASKED)
def test_from_when_one_is_asked(rule, own, asked_from):
    assert from_when_is_it_asked(own, TODAY) == asked_from, rule


def own(*changes, child="C000000102M", asked_from=None):
    return OwnNews(involvement_id=1, child=child, child_name="Amina", changes=changes, asked_from=asked_from)


def opened(number="C000000102M", joined="C000000201K"):
    return OpenedChanged(number=number, opened_at=NOW - 9 * DAY, joined=joined, made_at=NOW)


ASKS = own(asked_from=TODAY - 30 * DAY)
NOT_SERVICES = {NoticeKind.SERVICE: Telling.NOWHERE}
# (rule, own news, opened records that changed, choices, where, what is told)
TOLD = [
    ("R44", [own(CAME)], [], {}, HERE, ["service"]),
    ("R44", [own(CAME)], [], {}, EMAIL, ["service"]),
    ("R44", [own(CAME)], [], {NoticeKind.SERVICE: Telling.HERE}, HERE, ["service"]),
    ("R44", [own(CAME)], [], {NoticeKind.SERVICE: Telling.HERE}, EMAIL, []),
    ("R44", [own(CAME)], [], NOT_SERVICES, HERE, []),
    ("R44", [own(CAME)], [], NOT_SERVICES, EMAIL, []),
    ("R45", [ASKS], [], NOT_SERVICES, HERE, ["stale"]),
    ("R45", [own(asked_from=TODAY + DAY)], [], {}, HERE, []),
    ("R22", [], [opened()], {}, EMAIL, ["identity"]),
    ("R22", [], [opened(joined=None)], {}, HERE, ["identity"]),
    ("R22", [], [opened()], {NoticeKind.IDENTITY: Telling.NOWHERE}, HERE, []),
    ("R22", [own()], [opened()], {}, HERE, []),
    ("R22", [own(child="C000000300P")], [opened()], {}, HERE, ["identity"]),
]


@pytest.mark.parametrize(("rule", "mine", "looked", "choices", "places", "kinds"), TOLD)
def test_what_is_told_where(rule, mine, looked, choices, places, kinds):
    told = which_notices_are_told(mine, looked, choices, places=places, asked_since=date.min, on=TODAY)
    assert [notice.kind for notice in told] == kinds, rule


@pytest.mark.parametrize(("since", "kinds"), [(31, ["stale"]), (30, []), (1, [])])
def test_that_one_is_asked_is_told_by_email_once(since, kinds):
    """R45."""
    told = which_notices_are_told([ASKS], [], {}, places=EMAIL, asked_since=TODAY - since * DAY, on=TODAY)
    assert [notice.kind for notice in told] == kinds


def test_the_newest_comes_first():
    old = Change(service="Early help", began=True, on=TODAY - DAY)
    told = which_notices_are_told(
        [own(old, CAME, asked_from=TODAY - 2 * DAY)], [], {}, places=HERE, asked_since=date.min, on=TODAY
    )
    assert [notice.on for notice in told] == [TODAY, TODAY - DAY, TODAY - 2 * DAY]


def test_until_somebody_chooses_they_are_told_of_everything_everywhere():
    assert set(DEFAULT) == set(NoticeKind)
    assert set(DEFAULT.values()) == {Telling.EMAIL}
