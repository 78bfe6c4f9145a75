"""Saying why again, on the pages: nothing is lost, and it counts once (R53)."""

import pytest
from django.utils import timezone
from tests.factories.directory import amina, build_child

from contactpoint.domain.identifiers import format_child_number
from contactpoint.storage.models import Throttle


@pytest.fixture
def opened(account, sign_in):
    """Somebody who has opened forty records today, and the address of one more."""
    who, number = account(), build_child(amina())
    client, _ = sign_in()
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    Throttle.objects.create(bucket=f"open:{who.pk}", window=midnight, used=40)
    search = client.post("/find/", {"purpose": "safeguarding", "forename": "Amina", "surname": "Okafor"})
    sent = client.post(f"{search['Location']}open/", {"number": number})
    client.post(f"{sent['Location']}how/", {"how": "with_me"})
    return client, sent["Location"], number


def test_the_record_opens_once_why_is_said_and_is_asked_about_before(opened):
    client, address, number = opened
    asked = client.get(address).content.decode()
    assert "You have opened many records today" in asked
    assert format_child_number(number) not in asked
    assert "Say why you need this record" in client.post(f"{address}again/", {"need": "x"}).content.decode()
    shown = client.post(f"{address}again/", {"need": "The health visitor rang about her"}, follow=True)
    assert "Who is in contact" in shown.content.decode()


def test_whoever_goes_on_is_stopped_and_told_whom_to_ring(opened):
    client, address, _ = opened
    Throttle.objects.filter(bucket__startswith="open:").update(used=200)
    stopped = client.get(address)
    assert stopped.status_code == 403
    assert "your account is suspended until a reviewer has looked at it" in stopped.content.decode()
    assert "0808 157 0192" in stopped.content.decode()
    assert "your account was suspended" in client.get("/find/").content.decode(), "from the next click on"


@pytest.fixture
def searcher(account, sign_in):
    """Somebody who has searched very often today, signed in, and what the throttle calls them."""
    who = account()
    client, _ = sign_in()
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)

    def searched(how_many):
        bucket = f"search:{who.pk}:all"
        Throttle.objects.update_or_create(bucket=bucket, defaults={"window": midnight, "used": how_many})

    return client, searched


def test_a_search_is_answered_once_why_is_said_and_is_asked_about_before(searcher):
    client, searched = searcher
    build_child(amina())
    searched(150)
    typed = {"purpose": "safeguarding", "forename": "Amina", "surname": "Okafor"}
    address = client.post("/find/", typed)["Location"]
    asked = client.get(address).content.decode()
    assert "You, or your organisation, have searched very often today" in asked
    assert "matches" not in asked
    short = client.post(f"{address}again/", {"need": "x"}).content.decode()
    assert "Say why you need this search, in 10 to 200 characters" in short
    shown = client.post(f"{address}again/", {"need": "I check a list of twelve"}, follow=True)
    assert "1 child matches" in shown.content.decode()


def test_whoever_searches_on_is_stopped_and_told_whom_to_ring(searcher):
    client, searched = searcher
    searched(500)
    typed = {"purpose": "safeguarding", "forename": "Amina", "surname": "Okafor"}
    stopped = client.post("/find/", typed, follow=True)
    assert stopped.status_code == 403
    page = stopped.content.decode()
    assert "You have searched so often today that your account is suspended" in page
    assert "0808 157 0192" in page
    assert "your account was suspended" in client.get("/find/").content.decode(), "from the next click on"
