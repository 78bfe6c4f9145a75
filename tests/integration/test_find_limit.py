"""Nobody copies the directory out by searching it: so many searches a minute and no more (R53)."""

from datetime import timedelta

import pytest
from tests.factories.directory import NOW, acting_as_role
from tests.factories.signed_in import events_of
from tests.factories.viewers import KEISHA, WORRIED, teacher, viewer

from contactpoint.actions.find.search import search
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.trawling import most_searches
from contactpoint.domain.errors import Throttled
from contactpoint.domain.settings import AS_SHIPPED
from contactpoint.storage.models import Throttle

pytestmark = pytest.mark.django_db


ELSE = Purpose(code=PurposeCode.OTHER, text="Curious")


def ask(by, at=NOW, purpose=WORRIED):
    return search(criteria=Criteria(forename="Amina", surname="Okafor"), purpose=purpose, by=by, at=at)


def searched_already(how_many, purpose, account=KEISHA):
    """As if that many had been made today."""
    midnight = NOW.replace(hour=0, minute=0, second=0, microsecond=0)  # November: London is at UTC
    bucket = f"search:{account}:{purpose.code.value}"
    Throttle.objects.update_or_create(bucket=bucket, defaults={"window": midnight, "used": how_many})


def test_one_too_many_is_refused_recorded_and_forgotten_in_a_minute(db):
    with acting_as_role("web"):
        for _ in range(AS_SHIPPED["searches_a_minute"]):
            ask(viewer())
        with pytest.raises(Throttled, match="Wait a minute"):
            ask(viewer())
        newest = events_of(KEISHA, limit=AS_SHIPPED["searches_a_minute"] + 1)
        assert sum(event.outcome == "refused" for event in newest) == 1

        ask(teacher())
        ask(viewer(), NOW + timedelta(minutes=1))


def test_each_reason_explains_so_many_searches_a_day_and_no_more(db):
    for purpose in (WORRIED, ELSE):
        searched_already(most_searches(Role.PRACTITIONER, purpose.code) - 1, purpose)
    with acting_as_role("web"):
        ask(viewer(), purpose=ELSE)
        with pytest.raises(Throttled, match="today for this reason"):
            ask(viewer(), purpose=ELSE)
        assert sorted(event.outcome.value for event in events_of(KEISHA)) == ["allowed", "refused"]
        ask(viewer())
        with pytest.raises(Throttled, match="ring the national desk"):
            ask(viewer())
        ask(teacher(), purpose=ELSE)
        ask(viewer(), NOW + timedelta(days=1), purpose=ELSE)
