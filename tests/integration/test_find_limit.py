"""Nobody copies the directory out by searching it: so many searches a minute and no more (R53)."""

from datetime import timedelta

import pytest
from tests.factories.directory import NOW, acting_as_role, build_account, build_reference
from tests.factories.signed_in import events_of, sign_in
from tests.factories.viewers import KEISHA, WORRIED, teacher, viewer

from contactpoint.actions.find.search import search
from contactpoint.actions.find.trawling import SEARCH_SAY_AGAIN, SEARCH_STOPPED
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.answers import SearchAnswer
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.trawling import most_searches
from contactpoint.domain.errors import Throttled
from contactpoint.domain.settings import AS_SHIPPED
from contactpoint.storage.models import Account, Throttle, UseItem

pytestmark = pytest.mark.django_db


ELSE = Purpose(code=PurposeCode.OTHER, text="Curious")


def ask(by, at=NOW, purpose=WORRIED, said_again=None):
    typed = Criteria(forename="Amina", surname="Okafor")
    return search(criteria=typed, purpose=purpose, by=by, at=at, said_again=said_again)


def counted(bucket, how_many):
    """As if that many had been counted today."""
    midnight = NOW.replace(hour=0, minute=0, second=0, microsecond=0)  # November: London is at UTC
    Throttle.objects.update_or_create(bucket=bucket, defaults={"window": midnight, "used": how_many})


def searched_already(how_many, purpose, account=KEISHA):
    """As if that many had been made today."""
    counted(f"search:{account}:{purpose.code.value}", how_many)


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


@pytest.fixture
def signed_in(db):
    build_reference()
    build_account(KEISHA)
    sign_in(KEISHA)


def test_after_many_searches_of_a_day_one_says_why_again_and_that_allows_some_more(db):
    counted(f"search:{KEISHA}:all", 149)
    with acting_as_role("web"):
        assert isinstance(ask(viewer()), SearchAnswer)
        assert ask(viewer()) is SEARCH_SAY_AGAIN
        assert ask(viewer()) is SEARCH_SAY_AGAIN, "trying again is not saying why"
        assert isinstance(ask(viewer(), said_again="A list of twelve to check"), SearchAnswer)
        assert isinstance(ask(viewer()), SearchAnswer), "and some more"
        assert isinstance(ask(teacher()), SearchAnswer), "nobody else is asked"
        assert isinstance(ask(viewer(), NOW + timedelta(days=1)), SearchAnswer), "nor the next day"
        said = [event.details.get("said_again") for event in events_of(KEISHA)]
    assert said.count("A list of twelve to check") == 1
    assert not UseItem.objects.exists()


def test_people_of_an_organisation_that_searches_for_thousands_are_asked_each(db):
    for part in range(4):
        counted(f"search@bridgewater-nhs:{part}", 2500)
    with acting_as_role("web"):
        assert ask(viewer()) is SEARCH_SAY_AGAIN
        assert isinstance(ask(viewer(), said_again="The hospital is full tonight"), SearchAnswer)
        assert isinstance(ask(viewer()), SearchAnswer), "each of them says it once a day"
        assert isinstance(ask(teacher()), SearchAnswer), "another organisation is not asked"


@pytest.mark.parametrize(("bucket", "used"), [("all", 500), ("safeguarding", 600)])
def test_whoever_searches_on_far_beyond_is_suspended_at_once_and_waits_for_a_reviewer(
    signed_in, bucket, used
):
    counted(f"search:{KEISHA}:{bucket}", used)
    with acting_as_role("web"):
        assert ask(viewer(), said_again="A list of twelve to check") is SEARCH_STOPPED
        assert {event.action.value for event in events_of(KEISHA)} == {"suspended", "refused"}
    account = Account.objects.get(pk=KEISHA)
    assert (account.suspended_at, account.suspended_for) == (NOW, "review")
    item = UseItem.objects.get()
    assert (item.state, item.codes, item.reviewed_by, item.account_id) == (
        "suspended",
        ["volume"],
        "",
        KEISHA,
    )
