"""Whoever opens very many records says why again, and is stopped, counted in the database (R53)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from tests.factories.directory import acting_as_role, amina, build_account, build_child, build_reference
from tests.factories.signed_in import events_of, sign_in
from tests.factories.viewers import KEISHA, PRIYA, WITH_ME, WORRIED, viewer

from contactpoint.actions.find.how_come import SAY_HOW
from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.find.trawling import SAY_AGAIN, STOPPED
from contactpoint.domain.disclosure.answers import OpenRecord
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.storage.models import Account, Throttle, UseItem

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ELSE = Purpose(code=PurposeCode.OTHER, text="Curious")


@pytest.fixture
def number():
    build_reference()
    for account in (KEISHA, PRIYA):
        build_account(account)
        sign_in(account)
    return build_child(amina())


def opened_already(how_many, bucket=f"open:{KEISHA}", at=NOW):
    """As if that many had been opened today."""
    midnight = at.replace(hour=0, minute=0)  # November: London is at UTC
    Throttle.objects.update_or_create(bucket=bucket, defaults={"window": midnight, "used": how_many})


def look(number, *, by=None, purpose=WORRIED, at=NOW, said_again=None):
    with acting_as_role("web"):
        return open_record(
            number=number, purpose=purpose, by=by or viewer(), at=at, said_again=said_again, how=WITH_ME
        )


def test_after_forty_one_says_why_again_and_that_allows_some_more(number):
    opened_already(39)
    assert isinstance(look(number), OpenRecord)
    assert look(number) is SAY_AGAIN
    assert look("C999999999Z") is SAY_AGAIN, "the same, whether or not there is such a record"
    assert look(number) is SAY_AGAIN, "trying again is not saying why"
    assert isinstance(look(number, said_again="The health visitor rang"), OpenRecord)
    said = [event.details.get("said_again") for event in events_of(KEISHA)]
    assert said.count("The health visitor rang") == 1
    assert isinstance(look(number), OpenRecord)
    assert isinstance(look(number, by=viewer(account_id=PRIYA)), OpenRecord), "nobody else is asked"
    assert isinstance(look(number, at=NOW + timedelta(days=1)), OpenRecord), "nor the next day"


def test_something_else_is_a_reason_for_few(number):
    opened_already(15, bucket=f"open:{KEISHA}:other")
    assert look(number, purpose=ELSE) is SAY_AGAIN
    assert isinstance(look(number), OpenRecord)


def test_an_organisation_that_opens_thousands_is_asked_too(number):
    opened_already(3000, bucket="open@bridgewater-nhs")
    assert look(number) is SAY_AGAIN
    assert isinstance(look(number, said_again="The health visitor rang"), OpenRecord)


def test_whoever_goes_far_beyond_is_suspended_at_once_and_waits_for_a_reviewer(number):
    opened_already(120)
    assert look(number, said_again="The health visitor rang") is STOPPED
    assert Account.objects.get(pk=KEISHA).suspended_at is not None
    item = UseItem.objects.get()
    assert (item.state, item.codes, item.reviewed_by, item.account_id) == (
        "suspended",
        ["volume"],
        "",
        KEISHA,
    )
    assert {event.action.value for event in events_of(KEISHA)} == {"suspended", "refused"}
    assert Account.objects.get(pk=PRIYA).suspended_at is None


def test_whoever_goes_through_numbers_without_saying_how_they_come_to_ask_is_stopped_too(number):
    def leave():
        with acting_as_role("web"):
            return open_record(number=number, purpose=WORRIED, by=viewer(), at=NOW)

    assert leave() is SAY_HOW
    (waited,) = events_of(KEISHA)
    assert waited.subjects == (number,), (
        "and the review knows that a record which then opens was not tried in vain"
    )
    assert not Throttle.objects.filter(bucket=f"open:{KEISHA}").exists(), "it is not counted as opened"
    opened_already(120, bucket=f"ask:{KEISHA}")
    assert leave() is STOPPED
    assert Account.objects.get(pk=KEISHA).suspended_at is not None
    assert UseItem.objects.get().codes == ["volume"]


def test_no_page_suspends_anybody_who_was_not_stopped_in_the_same_step(number):
    from django.db import DatabaseError, transaction

    with (
        acting_as_role("web"),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT suspend_for_pace(gen_random_uuid(), now())")
    assert Account.objects.get(pk=KEISHA).suspended_at is None
