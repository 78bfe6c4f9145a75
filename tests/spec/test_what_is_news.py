"""What a practitioner is told about the children they work with, and when they are asked (R39, R41, R45)."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.factories.records import NOW, TODAY, consent, involvement

from contactpoint.domain.disclosure.answers import ShownTo
from contactpoint.domain.disclosure.keeping import (
    is_it_time_to_ask_whether_still,
    since_when_is_news_told,
    to_whom_is_it_shown,
    what_changed,
)
from contactpoint.domain.involvement import SERVICES, ConsentBasis

DAY = timedelta(days=1)
LOOKED = NOW - 7 * DAY
SEEN, NEWLY = LOOKED - DAY, LOOKED + DAY
YESTERDAY = TODAY - DAY


def one(service="school_nurse", **said):
    return involvement(service, **{"known_at": SEEN, **said})


# (rule, another involvement with the child, the news of it since a week ago: began, day)
NEWS = [
    ("R44", one(), None),
    ("R44", one(known_at=NEWLY), (True, NEWLY.date())),
    ("R44", one(known_at=NEWLY, start=None), (True, NEWLY.date())),
    ("R44", one(start=YESTERDAY), (True, YESTERDAY)),
    ("R44", one(known_at=NEWLY, start=TODAY + DAY), None),
    ("R44", one(known_at=None), None),
    ("R44", one(end=YESTERDAY, end_known_at=NEWLY), (False, YESTERDAY)),
    ("R44", one(end=TODAY - 30 * DAY, end_known_at=NEWLY), (False, TODAY - 30 * DAY)),
    ("R44", one(end=TODAY - 30 * DAY, end_known_at=SEEN), None),
    ("R44", one(end=YESTERDAY, end_known_at=NEWLY, known_at=NEWLY), None),
    ("R44", one(end=TODAY, end_known_at=NEWLY), None),
    ("R44", one(end=TODAY, end_known_at=NEWLY, over_at_once=True), (False, TODAY)),
    ("R44", one(end=YESTERDAY, end_known_at=NEWLY, over_at_once=True), (False, YESTERDAY)),
    ("R44", one(end=LOOKED.date(), end_known_at=SEEN), (False, LOOKED.date())),
    ("R44", one(end=LOOKED.date() - DAY, end_known_at=SEEN), None),
    ("R46", one(end=TODAY - 400 * DAY, end_known_at=NEWLY), None),
    ("R45", one(known_at=NEWLY, confirmed=False), None),
    ("R39", one("mental_health", known_at=NEWLY), None),
    ("R39", one("sexual_health", end=YESTERDAY, end_known_at=NEWLY), None),
    ("R41", one("substance_misuse", known_at=NEWLY, consent=consent(withdrawn_at=NOW)), None),
]


@pytest.mark.parametrize(("rule", "other", "told"), NEWS)
def test_what_is_told(rule, other, told):
    news = what_changed([other], own=99, since=LOOKED, on=TODAY)
    assert [(change.began, change.on) for change in news] == ([told] if told else []), rule


def test_ones_own_is_no_news_to_oneself():
    assert what_changed([one(id=5, known_at=NEWLY)], own=5, since=LOOKED, on=TODAY) == ()


# (rule, one's own involvement, when one looked before, since when news is told)
SINCE = [
    ("R45", one(confirmed=False, known_at=None), LOOKED, None),
    ("R45", one(confirmed=False, known_at=None), None, None),
    ("R45", one(known_at=NEWLY), LOOKED, NEWLY),
    ("R45", one(known_at=NEWLY), None, NEWLY),
    ("R45", one(known_at=SEEN), LOOKED, LOOKED),
]


@pytest.mark.parametrize(("rule", "own", "looked", "since"), SINCE)
def test_since_when(rule, own, looked, since):
    assert since_when_is_news_told(own, looked) == since, rule


AGREED, HARM = consent(), consent(ConsentBasis.SIGNIFICANT_HARM)
# (rule, service, consent, whether the child is protected, to whom it is shown once confirmed)
SHOWN_TO = [
    ("R45", "school", None, False, ShownTo.WHOEVER_OPENS),
    ("R27", "school", None, True, ShownTo.NOBODY),
    ("R36", "mental_health", AGREED, False, ShownTo.WHILE_AGREED),
    ("R36", "mental_health", consent(until=TODAY), False, ShownTo.WHILE_AGREED),
    ("R39", "mental_health", consent(until=YESTERDAY), False, ShownTo.NOBODY_AGREES),
    ("R41", "sexual_health", consent(withdrawn_at=NOW), False, ShownTo.NOBODY_AGREES),
    ("R39", "substance_misuse", HARM, False, ShownTo.NOBODY_AGREES),
    ("R39", "substance_misuse", None, False, ShownTo.NOBODY_AGREES),
    ("R27", "mental_health", AGREED, True, ShownTo.NOBODY),
    ("R27", "mental_health", HARM, True, ShownTo.NOBODY),
]


@pytest.mark.parametrize(("rule", "service", "agreed", "protected", "shown_to"), SHOWN_TO)
def test_to_whom_it_is_shown(rule, service, agreed, protected, shown_to):
    told = to_whom_is_it_shown(SERVICES[service], agreed, protected=protected, on=TODAY)
    assert told is shown_to, rule


LONG_KNOWN = datetime(2026, 1, 1, tzinfo=UTC)
# (rule, one's own involvement, whether "still involved?" is asked)
ASKED = [
    ("R45", one(last_confirmed=TODAY - 90 * DAY), False),
    ("R45", one(last_confirmed=TODAY - 91 * DAY), True),
    ("R45", one(known_at=LONG_KNOWN), True),
    ("R45", one(known_at=LONG_KNOWN, last_confirmed=YESTERDAY), False),
    ("R45", one(known_at=LONG_KNOWN, confirmed=False), False),
    ("R46", one(known_at=LONG_KNOWN, end=YESTERDAY), False),
]


@pytest.mark.parametrize(("rule", "own", "asked"), ASKED)
def test_when_it_is_asked_whether_one_is_still_involved(rule, own, asked):
    assert is_it_time_to_ask_whether_still(own, TODAY) is asked, rule
