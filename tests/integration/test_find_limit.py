"""Nobody copies the directory out by searching it: so many searches a minute and no more (R53)."""

from datetime import timedelta

import pytest
from tests.factories.directory import NOW, acting_as_role
from tests.factories.signed_in import events_of
from tests.factories.viewers import KEISHA, WORRIED, teacher, viewer

from contactpoint.actions.find.search import SEARCHES_A_MINUTE, search
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.errors import Throttled

pytestmark = pytest.mark.django_db


def ask(by, at=NOW):
    return search(criteria=Criteria(forename="Amina", surname="Okafor"), purpose=WORRIED, by=by, at=at)


def test_one_too_many_is_refused_recorded_and_forgotten_in_a_minute(db):
    with acting_as_role("web"):
        for _ in range(SEARCHES_A_MINUTE):
            ask(viewer())
        with pytest.raises(Throttled, match="Wait a minute"):
            ask(viewer())
        newest = events_of(KEISHA, limit=SEARCHES_A_MINUTE + 1)
        assert sum(event.outcome == "refused" for event in newest) == 1

        ask(teacher())
        ask(viewer(), NOW + timedelta(minutes=1))
