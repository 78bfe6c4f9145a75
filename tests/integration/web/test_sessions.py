"""Sessions: listed, ended at once and everywhere, shorter on phones; what was typed outlives them (R7)."""

import json
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore as StoreInDatabase
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from tests.factories.directory import amina_in_full, build_child
from tests.integration.test_at_rest import dumped
from tests.integration.web.conftest import PASSWORD, SECRET
from tests.integration.web.test_finding import opened, searched
from tests.integration.web.test_signing_in import events, heading

from contactpoint.access import drafts
from contactpoint.access.ciphers import DRAFTS, cipher
from contactpoint.access.session_store import SessionStore
from contactpoint.cli.sign_ins import one_time_code
from contactpoint.pipelines.tidy import tidy
from contactpoint.storage.models.sessions import KeptDraft, SignInSession

TYPED = {"surname": "Quuxworthy", "forename": "Zebedee", "purpose": "", "date_of_birth-day": "31"}
LATER = 120  # seconds: a code of another half minute


@pytest.fixture
def code_at(monkeypatch):
    """A code that has not been used: the clock of the codes goes on by two minutes each time."""
    import time

    real, gone = time.time, [0]

    def next_code():
        gone[0] += LATER
        now = real() + gone[0]  # the clock stands still, so that no half minute ends in between
        monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: now)
        return {"code": one_time_code(SECRET, now)}

    return next_code


def expire(client):
    session = client.session
    session.set_expiry(-1)
    session.save()


def sign_in_again(client, code, email="amina@example.org"):
    client.post("/account/login/", {"login": email, "password": PASSWORD})
    return client.post("/account/code/", code, follow=True)


def value_of(response, name):
    return response.content.decode().partition(f'name="{name}"')[2].partition("value=")[2].split('"')[1]


def test_what_was_sent_too_late_is_back_in_the_form_after_signing_in_again(account, sign_in, code_at):
    account()
    client, _ = sign_in()
    expire(client)
    response = client.post("/find/", TYPED)
    assert response["Location"] == "/account/login/?ended=1"
    assert "what you had typed and sent is kept" in client.get(response["Location"]).content.decode()
    assert "Quuxworthy" not in KeptDraft.objects.get().body, "it lies encrypted"
    response = sign_in_again(client, code_at())
    assert heading(response) == "Find a child"
    assert "What you typed is here again" in response.content.decode()
    assert value_of(response, "surname") == "Quuxworthy"
    assert value_of(response, "date_of_birth-day") == "31"
    assert KeptDraft.objects.count() == 0, "once"
    assert "Quuxworthy" not in client.get("/find/").content.decode()
    assert ("session_expired", "allowed") in events()


def test_nobody_else_gets_what_somebody_typed(account, sign_in, code_at):
    account()
    account("ben@example.org")
    client, _ = sign_in()
    expire(client)
    client.post("/find/", TYPED)
    response = sign_in_again(client, code_at(), "ben@example.org")
    assert heading(response) == "Find a child"
    assert "Quuxworthy" not in response.content.decode()
    assert KeptDraft.objects.count() == 1
    assert "was" not in client.session
    response = sign_in_again(Client(), code_at())
    assert value_of(response, "surname") == "Quuxworthy", "it waited for its owner"


def test_an_opened_search_is_there_again_for_the_same_person_only(account, sign_in, code_at):
    account()
    account("ben@example.org")
    client, _ = sign_in()
    client.post("/find/", {"purpose": "safeguarding", "surname": "Qqqqqq", "forename": "Zzzzz"})
    shelf = client.session["cp_searches"]
    (handle,) = shelf
    expire(client)
    assert client.get(f"/find/{handle}/").status_code == 302
    sign_in_again(client, code_at())
    assert client.get(f"/find/{handle}/").status_code == 200
    expire(client)
    client.get("/find/")
    sign_in_again(client, code_at(), "ben@example.org")
    assert client.get(f"/find/{handle}/").status_code == 404


def test_a_password_that_came_too_late_is_not_kept(account, sign_in):
    account()
    client, _ = sign_in()
    expire(client)
    client.post("/account/password/", {"oldpassword": PASSWORD, "password1": "x" * 12, "password2": "x" * 12})
    assert KeptDraft.objects.count() == 0


def test_whoever_signed_out_leaves_nothing(account, sign_in):
    account()
    client, _ = sign_in()
    key = client.cookies["contactpoint"].value
    client.post("/account/logout/")
    late = Client()
    late.cookies["contactpoint"] = key
    late.post("/find/", TYPED)
    assert KeptDraft.objects.count() == 0
    assert SignInSession.objects.filter(ended_at__isnull=True).count() == 0


SAID = {"service": "childrens_social_care", "role": "Social worker", "phone": "0161 496 0199"}


def test_what_was_typed_in_other_windows_is_kept_too(account, sign_in, code_at):
    """Two windows with the same form and one with another, all sent after the session ended."""
    account()
    number = build_child(*amina_in_full())
    client, _ = sign_in()
    working = f"{opened(client, number).request['PATH_INFO']}working/"
    expire(client)
    client.post(working, SAID)
    client.post("/find/", TYPED)
    for _ in range(2):
        client.post("/find/", {**TYPED, "surname": "Lindqvist"})
    first = sign_in_again(client, code_at())
    assert value_of(first, "surname") == "Lindqvist"
    page = first.content.decode()
    assert page.count("What you typed in another window is kept too") == 2, "sent twice it is one"
    assert f'href="{working}"' in page
    assert value_of(client.get("/find/"), "surname") == "Quuxworthy"
    assert value_of(client.get(working), "phone") == "0161 496 0199"
    again = client.get("/find/").content.decode()
    assert "here again" not in again


def test_what_one_window_kept_under_the_release_before_is_given_back(account):
    made, now = account(), timezone.now()
    old = {"path": "/find/", "page": "/find/", "fields": {"surname": ["Q"]}, "why": "ended"}
    body = cipher(DRAFTS).encrypt(json.dumps(old).encode()).decode()
    KeptDraft.objects.create(account_id=made.pk, body=body, kept_at=now)
    assert [one.fields for one in drafts.take(made.pk, now)] == [{"surname": ["Q"]}]


def test_a_sixth_window_takes_the_place_of_the_first(account):
    made, now = account(), timezone.now()
    for place in range(6):
        fields = {"surname": [str(place)]}
        drafts.keep(made.pk, drafts.Draft(path="/find/", page="/find/", fields=fields, why="locked"), now)
    given_back = [one.fields["surname"][0] for one in drafts.take(made.pk, now)]
    assert given_back == ["5", "4", "3", "2", "1"]


@pytest.mark.parametrize(
    ("hours", "minutes", "may_stay"), [(0, 30, True), (9, 30, True), (9.75, 14, False), (9.99, 0, False)]
)
def test_r7_a_page_knows_when_its_session_ends_and_whether_it_may_be_kept(
    account, sign_in, hours, minutes, may_stay
):
    account()
    client, _ = sign_in()
    session = client.session
    session["started_at"] = time.time() - hours * 3600 - 1
    session.save()
    page = client.get("/find/").content.decode()
    assert f'data-minutes-left="{minutes}"' in page
    assert ('data-stay="/help/"' in page) is may_stay


def test_a_draft_is_forgotten_after_a_day(account):
    made, now = account(), timezone.now()
    draft = drafts.Draft(path="/find/", page="/find/", fields={"surname": ["Q"]}, why="ended")
    assert drafts.keep(made.pk, draft, now - timedelta(hours=25))
    assert drafts.take(made.pk, now) == ()
    assert not drafts.keep(made.pk, drafts.Draft(path="/", page="/", fields={"a": [""]}, why="ended"), now)
    huge = drafts.Draft(path="/", page="/", fields={"a": ["x" * 70_000]}, why="ended")
    assert not drafts.keep(made.pk, huge, now)


def test_a_telephone_is_signed_out_after_ten_minutes(account, sign_in):
    """R7."""
    account()
    client, _ = sign_in()
    for handheld, minutes, still in ((False, 11, True), (True, 9, True), (True, 11, False)):
        session = client.session
        session["handheld"] = handheld
        session["used_at"] = timezone.now().timestamp() - minutes * 60
        session.save()
        assert (client.get("/find/").status_code == 200) is still


def test_a_telephone_says_so_and_a_computer_does_not(account, sign_in):
    account()
    client = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Mobile Safari/604.1"})
    client.post("/account/login/", {"login": "amina@example.org", "password": PASSWORD})
    import time

    client.post("/account/code/", {"code": one_time_code(SECRET, time.time())})
    assert client.session["handheld"] is True
    page = client.get("/account/").content.decode()
    assert "Safari on an iPhone" in page
    assert "after 10 minutes without use" in page


def test_signing_out_everywhere_ends_every_session_at_once(account, sign_in, code_at):
    account()
    first, _ = sign_in()
    second, third = Client(), Client()
    sign_in_again(second, code_at())
    sign_in_again(third, code_at())
    page = first.get("/account/").content.decode()
    assert page.count('<th scope="row"') == 3
    assert "This one" in page
    one = SignInSession.objects.get(session_key=second.session.session_key)
    first.post(f"/account/signed-in/{one.pk}/end/")
    assert second.get("/find/").status_code == 302
    assert third.get("/find/").status_code == 200
    response = third.post("/account/signed-in/end-all/")
    assert heading(response) == "You are signed out everywhere"
    for client in (first, second, third):
        assert client.get("/find/").status_code == 302
    assert {("ended_session", "allowed"), ("ended_all_sessions", "allowed")} <= set(events())


def test_nobody_ends_another_persons_session(account, sign_in):
    account()
    account("ben@example.org")
    amina, _ = sign_in()
    ben, _ = sign_in("ben@example.org")
    one = SignInSession.objects.get(session_key=amina.session.session_key)
    ben.post(f"/account/signed-in/{one.pk}/end/")
    assert amina.get("/find/").status_code == 200


def test_a_new_password_signs_out_everywhere_else(account, sign_in, code_at):
    account()
    here, _ = sign_in()
    there = Client()
    sign_in_again(there, code_at())
    new = {"password1": "another horse battery", "password2": "another horse battery"}
    here.post("/account/password/", {"oldpassword": PASSWORD, **new})
    assert here.get("/find/").status_code == 200
    assert there.get("/find/").status_code == 302


def test_locked_is_blank_and_opens_again_where_it_was_with_what_was_typed(account, sign_in, code_at):
    account()
    client, _ = sign_in()
    response = client.post("/account/lock/", {**TYPED, "lock_from": "/find/"}, follow=True)
    page = response.content.decode()
    assert heading(response) == "Locked: Amina Shah"
    assert "My activity" not in page
    for path in ("/find/", "/activity/", "/help/", "/account/"):
        assert client.get(path)["Location"] == "/account/locked/"
    assert client.post("/account/lock/")["Location"] == "/account/locked/"
    wrong = client.post("/account/locked/", {"code": "000000"})
    assert "Enter the six figures" in wrong.content.decode()
    assert client.get("/find/").status_code == 302
    response = client.post("/account/locked/", code_at(), follow=True)
    assert heading(response) == "Find a child"
    assert value_of(response, "surname") == "Quuxworthy"
    assert [name for name, _ in events() if "locked" in name] == ["locked_session", "unlocked_session"]
    assert ("sign_in_refused", "refused") in events()


def test_a_form_sent_from_another_window_while_locked_is_kept(account, sign_in, code_at):
    account()
    client, _ = sign_in()
    client.post("/account/lock/", {"lock_from": "/activity/"})
    client.post("/find/", TYPED)
    response = client.post("/account/locked/", code_at(), follow=True)
    assert value_of(response, "surname") == "Quuxworthy"


@pytest.mark.parametrize("where", ["https://elsewhere.example/", "//elsewhere.example/", "/nowhere/", ""])
def test_the_lock_leads_nowhere_else(account, sign_in, code_at, where):
    account()
    client, _ = sign_in()
    client.post("/account/lock/", {"lock_from": where})
    assert client.post("/account/locked/", code_at())["Location"] == "/"


def test_somebody_else_signs_in_and_the_first_session_is_over(account, sign_in, code_at):
    account()
    account("ben@example.org", name="Ben Whitaker")
    client, _ = sign_in()
    key = client.session.session_key
    client.post("/account/lock/", {"lock_from": "/find/"})
    response = client.post("/account/logout/", {"next": "/account/login/"}, follow=True)
    assert heading(response) == "Sign in"
    assert SignInSession.objects.get(session_key=key).ended_at is not None
    response = sign_in_again(client, code_at(), "ben@example.org")
    assert "Ben Whitaker" in response.content.decode()


def test_a_form_of_before_another_sign_in_is_not_lost(account, sign_in):
    account()
    client, _ = sign_in()
    strict = Client(enforce_csrf_checks=True, headers={"Origin": "http://localhost:8000"})
    strict.cookies = client.cookies
    response = strict.post("/find/", {**TYPED, "csrfmiddlewaretoken": "x" * 64}, follow=True)
    assert value_of(response, "surname") == "Quuxworthy"
    strange = Client(enforce_csrf_checks=True, headers={"Origin": "https://elsewhere.example"})
    strange.cookies = client.cookies
    assert strange.post("/find/", TYPED).status_code == 403
    assert KeptDraft.objects.count() == 0


def test_what_expired_is_cleared_away(account, sign_in):
    from django.contrib.sessions.models import Session

    account()
    sign_in()
    now = timezone.now()
    assert tidy(now) == 0
    Session.objects.update(expire_date=now - timedelta(hours=3))
    SignInSession.objects.update(used_at=now - timedelta(days=31))
    assert tidy(now) == 2
    assert Session.objects.count() == SignInSession.objects.count() == 0


def test_proving_again_who_one_is_gives_the_session_another_key(account, sign_in, code_at):
    account()
    client, _ = sign_in()
    before = client.cookies["contactpoint"].value
    client.post("/account/lock/", {"lock_from": "/find/"})
    client.post("/account/locked/", code_at())
    unlocked = client.cookies["contactpoint"].value
    client.post("/account/code/again/", code_at())
    after = client.cookies["contactpoint"].value
    assert len({before, unlocked, after}) == 3
    for older in (before, unlocked):
        stolen = Client()
        stolen.cookies["contactpoint"] = older
        assert stolen.get("/find/").status_code == 302
    assert client.get("/find/").status_code == 200
    assert SignInSession.objects.get().session_key == after, "and it can be ended from elsewhere"
    assert SignInSession.objects.get().ended_at is None


def test_signing_in_gives_the_session_another_key(account):
    """A key that somebody planted in the browser before opens nothing afterwards."""
    account()
    client = Client()
    client.post("/account/login/", {"login": "amina@example.org", "password": PASSWORD})
    planted = client.cookies["contactpoint"].value
    import time

    client.post("/account/code/", {"code": one_time_code(SECRET, time.time())})
    assert client.cookies["contactpoint"].value != planted
    stolen = Client()
    stolen.cookies["contactpoint"] = planted
    assert stolen.get("/find/").status_code == 302


LOOKED_FOR = {"surname": "Quuxworthy", "forename": "Zebedee", "place": "OL1 4QX"}


def test_what_was_looked_for_lies_encrypted_in_the_session_and_in_everything_else(account, sign_in):
    """ADR 28: a dump does not tell what practitioners type about a child."""
    account()
    client, _ = sign_in()
    results = searched(client, **LOOKED_FOR)
    assert "Quuxworthy" in client.get(results.request["PATH_INFO"]).content.decode()
    assert dumped(LOOKED_FOR.values()) == set()
    raw = Session.objects.get(pk=client.session.session_key).session_data
    assert StoreInDatabase().decode(raw) == {}, "who has no secret but the database reads nothing of it"


def test_two_sessions_that_hold_a_little_more_or_less_are_of_one_length():
    assert len({len(SessionStore().encode({"a": "x" * length})) for length in (1, 20, 60)}) == 1


def test_a_session_of_an_earlier_release_goes_on_and_a_forged_one_is_none():
    held = {"cp_searches": {"a": "b"}}
    assert SessionStore().decode(StoreInDatabase().encode(held)) == held
    assert SessionStore().decode(SessionStore().encode(held)) == held
    assert SessionStore().decode("nonsense") == {}
