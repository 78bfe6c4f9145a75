"""Training on the pages: exercises and assessment there, the training date by a statement here (R3, R56)."""

import json
import re
from datetime import date, timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from tests.factories.signed_in import events_of

from contactpoint.access.training import NOT_ONE, OF_ANOTHER, TOO_OLD, UNKNOWN, USED, distrust, sign, trust
from contactpoint.access.training_key import new_key, public_key
from contactpoint.domain.assessment import QUESTIONS
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Role, system_viewer
from contactpoint.domain.errors import InvalidInput, NotFound
from contactpoint.domain.training import TRAINED_FOR, Statement
from contactpoint.storage.models import Account, Organisation, TrainingStatement

OPERATOR = system_viewer("command line")
RIGHT = {one.key: str(one.right) for one in QUESTIONS}


@pytest.fixture
def training(settings, tmp_path):
    """This is a training directory, as far as its key goes."""
    file = tmp_path / "training.key"
    file.write_text(new_key())
    settings.TRAINING_KEY = str(file)
    return file


@pytest.fixture
def believed(training):
    """And the directory beside it believes it; returns the key's id."""
    return trust(json.dumps(public_key(training.read_text())), "Training", by=OPERATOR, at=timezone.now())


@pytest.fixture(autouse=True)
def accredited(directory):
    """The national team's own body may be used."""
    Organisation.objects.filter(pk="contactpoint").update(accredited_until=date(2099, 1, 1))


def words(response):
    """What a page says, its characters as people read them."""
    return unescape(response.content.decode())


def today():
    return timezone.localdate()


def said(email="amina@example.org", ago=0, number=None):
    passed = today() - timedelta(days=ago)
    return sign(Statement(id=number or uuid4(), email=email, name="A", role=Role.PRACTITIONER, passed=passed))


def enter(client, text):
    key = re.search(r'name="form_key" value="([^"]+)"', client.get("/account/training/").content.decode())
    return client.post("/account/training/", {"form_key": key[1] if key else "", "statement": text})


def at_home(settings):
    """The pages of the directory itself: no key to sign with."""
    settings.TRAINING_KEY = ""


def test_whose_training_ran_out_enters_that_it_is_passed_and_goes_on(account, sign_in, believed, settings):
    text = said()
    at_home(settings)
    made = account(trained_until=today() - timedelta(days=3))
    client, first = sign_in()
    assert "your training ran out" in first.content.decode()
    assert 'href="/account/training/"' in first.content.decode()
    assert client.get("/find/").status_code == 403
    answer = words(enter(client, text))
    assert "Recorded. Your training is good until" in answer
    made.refresh_from_db()
    assert made.trained_until == today() + TRAINED_FOR
    assert client.get("/find/").status_code == 200
    (event,) = [one for one in events_of(made.pk) if one.action is Action.RECORDED_OWN_TRAINING]
    assert event.details["key"] == believed
    assert TrainingStatement.objects.get().text == text, "it can be verified again"


def test_the_same_one_twice_is_recorded_once(account, sign_in, believed, settings):
    text = said()
    at_home(settings)
    made, (client, _) = account(), sign_in()
    for _ in range(2):
        assert "Recorded." in words(enter(client, text))
    assert [one.action for one in events_of(made.pk)].count(Action.RECORDED_OWN_TRAINING) == 1


def test_a_training_that_is_good_for_longer_is_not_made_shorter(account, sign_in, believed, settings):
    text = said(ago=30)
    at_home(settings)
    made, (client, _) = account(trained_until=date(2099, 1, 1)), sign_in()
    enter(client, text)
    made.refresh_from_db()
    assert made.trained_until == date(2099, 1, 1)


@pytest.mark.parametrize(
    ("terms", "because"),
    [
        ({"email": "carol@example.org"}, OF_ANOTHER),
        ({"ago": 31}, TOO_OLD),
        ({"ago": -1}, "It was changed after it was signed"),
    ],
)
def test_one_that_does_not_count_is_refused_and_changes_nothing(
    account, sign_in, believed, settings, terms, because
):
    text = said(**terms)
    at_home(settings)
    made, (client, _) = account(trained_until=today()), sign_in()
    answer = words(enter(client, text))
    assert because in answer
    assert text in answer, "what was typed stays"
    made.refresh_from_db()
    assert made.trained_until == today()
    assert not TrainingStatement.objects.exists()


def test_one_that_somebody_else_has_used_is_refused(account, sign_in, believed, settings):
    number = UUID(int=5)
    first, second = said(number=number), said("carol@example.org", number=number)
    at_home(settings)
    account()
    account("carol@example.org")
    assert "Recorded." in words(enter(sign_in()[0], first))
    assert USED in words(enter(sign_in("carol@example.org")[0], second))


def test_one_of_a_directory_that_is_not_believed_is_refused(account, sign_in, believed, settings):
    text = said()
    distrust(believed, by=OPERATOR, at=timezone.now())
    at_home(settings)
    account()
    client = sign_in()[0]
    assert UNKNOWN in words(enter(client, text))
    assert NOT_ONE in words(enter(client, "Dear Amina, you have passed."))
    with pytest.raises(NotFound):
        distrust(believed, by=OPERATOR, at=timezone.now())


def test_nobody_who_is_suspended_or_has_no_second_factor_enters_one(account, sign_in, believed, settings):
    at_home(settings)
    account(suspended_at=timezone.now(), trained_until=today() - timedelta(days=1))
    assert sign_in()[0].get("/account/training/").status_code == 403
    account("carol@example.org", enrolled=False)
    assert sign_in("carol@example.org")[0].get("/account/training/").status_code == 302


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"kty":"RSA"}', '{"kty":"OKP","crv":"Ed25519","x":"?"}'])
def test_what_is_no_key_is_not_believed(text):
    with pytest.raises(InvalidInput):
        trust(text, "Training", by=OPERATOR, at=timezone.now())


@pytest.mark.parametrize("path", ["/exercises/", "/exercises/assessment/", "/exercises/passed/"])
def test_in_the_directory_itself_nobody_practises(account, sign_in, settings, path):
    at_home(settings)
    account()
    answer = sign_in()[0].get(path)
    assert answer.status_code == 404
    assert "Exercises are done in Training England" in answer.content.decode()


def send(client, answers):
    page = client.get("/exercises/assessment/").content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', page)[1]
    return client.post("/exercises/assessment/", {"form_key": key, **answers}, follow=True)


def test_from_the_exercises_to_a_training_date(account, sign_in, believed, settings):
    made = account(memberships=(("contactpoint", "technical_administrator"),), trained_until=today())
    client, _ = sign_in()
    page = client.get("/exercises/").content.decode()
    assert page.count("To do") == 2, "where they land after signing in is none of the two"
    assert "Training England:" in page, "every page says what it is"
    assert client.get("/exercises/assessment/").headers["Location"] == "/exercises/"
    client.get("/incident/")
    client.get("/activity/")
    page = client.get("/exercises/").content.decode()
    assert (page.count(">Done<"), page.count("To do")) == (2, 0)

    assert "There is a problem" in send(client, {}).content.decode()
    wrong = send(client, {**RIGHT, "relative": "0"}).content.decode()
    assert "9 of 10 are right" in wrong
    assert "Not so. Nobody looks up relatives" in wrong
    passed = send(client, RIGHT).content.decode()
    text = re.search(r'<textarea[^>]*id="statement"[^>]*>([^<]+)<', passed)[1]
    assert client.get("/exercises/passed/").content.decode().count(text) == 1, "it is there until signed out"
    tries = [one.details for one in events_of(made.pk) if one.action is Action.TOOK_ASSESSMENT]
    assert [one["right"] for one in tries] == [10, 9]

    at_home(settings)
    assert "Recorded." in words(enter(client, text))
    assert Account.objects.get(pk=made.pk).trained_until == today() + TRAINED_FOR


def test_after_three_tries_in_a_day_it_is_read_up_first(account, sign_in, training):
    account(memberships=(("contactpoint", "technical_administrator"),))
    client, _ = sign_in()
    client.get("/incident/")
    client.get("/activity/")
    for _ in range(3):
        assert send(client, {**RIGHT, "proof": "0"}).status_code == 200
    fourth = send(client, RIGHT)
    assert fourth.status_code == 429
    assert "Read the guide of your role" in fourth.content.decode()
