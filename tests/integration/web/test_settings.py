"""Settings on the pages: two people, a preview before anything changes, and nobody else (R52, R53)."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from contactpoint.storage.models import Organisation, SettingChange, SettingVersion
from contactpoint.storage.settings import settings_at

DESK = (("contactpoint", "national_team"),)
MINUTE = "/settings/searches_a_minute/"


@pytest.fixture
def desk(account, sign_in):
    """Two people of the national team, signed in."""
    Organisation.objects.filter(pk="contactpoint").update(accredited_until=date(2099, 1, 1))
    for name in ("ewa", "grace"):
        account(f"{name}@example.org", memberships=DESK)
    return tuple(sign_in(f"{name}@example.org")[0] for name in ("ewa", "grace"))


def form_key(text):
    return re.search(r'name="form_key" value="([^"]+)"', text)[1]


def send(client, value, because="After the review", **more):
    """Fill in the form of the setting, and send it."""
    key = form_key(client.get(MINUTE).content.decode())
    typed = {"form_key": key, "value": value, "because": because}
    return client.post(MINUTE, {**typed, **more}, follow=True).content.decode()


def answer(client, said):
    page = client.get("/settings/").content.decode()
    change = re.search(r'name="change" value="(\d+)"', page)[1]
    typed = {"form_key": form_key(page), "change": change, "answer": said}
    return client.post("/settings/answer/", typed, follow=True)


def test_a_change_is_shown_before_it_is_made(desk):
    ewa, _ = desk
    shown = send(ewa, "20")
    assert "Now: 60 searches. Then: 20 searches." in shown
    assert "This is stricter than now." in shown
    assert not SettingVersion.objects.exists(), "showing changes nothing"
    assert "Searches in a minute: set. It holds from" in send(ewa, "20", sure="1")
    assert settings_at(timezone.now() + timedelta(minutes=3))["searches_a_minute"] == 20
    listed = ewa.get("/settings/").content.decode()
    assert "After the review" in listed
    assert "Searches in a minute: 20 searches" in listed


def test_what_loosens_says_so_and_waits_for_the_second_person(desk):
    ewa, grace = desk
    assert "A second person of the national team has to agree" in send(ewa, "90")
    assert "It waits for a second person" in send(ewa, "90", sure="1")
    own = ewa.get("/settings/").content.decode()
    assert "Take back" in own
    assert ">Agree<" not in own
    refused = answer(ewa, "agree")
    assert refused.status_code == 403
    assert "you proposed it yourself" in refused.content.decode()
    assert "1 setting for a second person" in grace.get("/today/").content.decode()
    assert "set. It holds from" in answer(grace, "agree").content.decode()
    assert SettingChange.objects.get().state == "agreed"


def test_it_is_refused_or_taken_back(desk):
    ewa, grace = desk
    send(ewa, "90", sure="1")
    assert "refused. Nothing changes." in answer(grace, "refuse").content.decode()
    send(ewa, "90", sure="1")
    assert "taken back. Nothing changes." in answer(ewa, "refuse").content.decode()


@pytest.mark.parametrize(
    ("value", "because", "said"),
    [
        ("121", "x", "Enter a number from 10 to 120: the rules allow no other"),
        ("some", "x", "Enter a number from 10 to 120: the rules allow no other"),
        ("", "x", "Enter the new number"),
        ("20", "", "Say why"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(desk, value, because, said):
    assert said in send(desk[0], value, because)
    assert not SettingVersion.objects.exists()


def test_what_holds_already_and_what_waits_already_is_said(desk):
    ewa, grace = desk
    assert "That is what holds already." in send(ewa, "60", sure="1")
    send(ewa, "90", sure="1")
    page = grace.get(MINUTE).content.decode()
    assert "Show what it means" not in page, "one change waits at a time"
    assert "From 60 searches to 90 searches" in page


def test_nobody_else_has_the_pages_and_there_is_no_other_setting(account, sign_in, desk):
    account()
    nurse, _ = sign_in()
    for path in ("/settings/", MINUTE):
        assert nurse.get(path).status_code == 403
    assert desk[0].get("/settings/searches_a_century/").status_code == 404


@pytest.fixture
def agreed(desk, monkeypatch):
    """Have two people set something, and let pages read what holds a moment later."""

    def agree(key, value):
        address, (ewa, grace) = f"/settings/{key}/", desk
        typed = {"form_key": form_key(ewa.get(address).content.decode()), "because": "Agreed", "sure": "1"}
        ewa.post(address, {**typed, "value": value})
        if SettingChange.objects.filter(state="asked").exists():
            answer(grace, "agree")
        monkeypatch.setattr(
            "contactpoint.web.reasons.reasons_now", lambda at: settings_at(at + timedelta(minutes=3))
        )

    return agree


def test_a_reason_is_called_as_it_was_set_wherever_it_is_chosen(account, sign_in, agreed):
    account()
    nurse, _ = sign_in()
    assert "Transferring a child" in nurse.get("/find/").content.decode()
    agreed("reason_words.transfer", "A child moves to another area")
    page = nurse.get("/find/").content.decode()
    assert "A child moves to another area" in page
    assert "Transferring a child" not in page
    assert 'value="transfer"' in page, "its code stays"


def test_a_reason_that_was_retired_is_not_offered_and_not_taken(account, sign_in, agreed):
    account()
    nurse, _ = sign_in()
    agreed("reason_offered.transfer", "0")
    assert 'value="transfer"' not in nurse.get("/find/").content.decode()
    sent = nurse.post("/find/", {"purpose": "transfer", "surname": "Nobody", "forename": "Ann"}, follow=True)
    assert "Choose why you need to look" in sent.content.decode()


def test_what_a_page_says_of_a_setting_of_words(desk):
    ewa, _ = desk
    address = "/settings/reason_words.transfer/"
    typed = {"form_key": form_key(ewa.get(address).content.decode()), "because": "Clearer"}
    assert "Use 5 to 80 characters" in ewa.post(address, {**typed, "value": "Move"}).content.decode()
    means = ewa.post(address, {**typed, "value": "A child moves"}).content.decode()
    assert "Other words may mislead." in means
    asks = ewa.get("/settings/reason_offered.transfer/").content.decode()
    assert "Is it one?" in asks


def test_every_form_of_the_page_carries_its_token(desk):
    send(desk[0], "90", sure="1")
    for client in desk:
        page = client.get("/settings/").content.decode()
        assert page.count("<form") == page.count("csrfmiddlewaretoken")
        assert 'action="/settings/answer/"' in page
