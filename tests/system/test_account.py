"""Passkeys with a virtual authenticator, devices, the lock, lost telephones, typing that is not lost."""

import re

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from tests.system.conftest import PHONE, WIDE, sign_in
from tests.system.pages import follow
from tests.system.people import code_to_type

pytestmark = pytest.mark.system

SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])


def enter_code(window, person, button):
    window.fill(code=person.code())
    return window.press(button)


def virtual_key(window, *, verifies=True):
    """A security key of the browser's own making (Chrome DevTools Protocol, WebAuthn).

    One that does not verify is like those that ask for a touch and nothing else.
    """
    tools = window.page.context.new_cdp_session(window.page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": verifies,
        "isUserVerified": verifies,
    }
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return tools, made["authenticatorId"]


def add_passkey(window, person, name):
    window.go("/account/passkey/new/")
    if window.heading() == "Enter a new one-time code":
        enter_code(window, person, "Continue")
    assert window.heading() == "Add a passkey"
    window.judge("passkey-add").fill(name=name).press("Add a passkey")
    window.page.wait_for_url(re.compile(r"/account/(recovery/)?$"))
    return window.go("/account/")


HIDE = "UPDATE mfa_authenticator SET type = 'x' || left(type, 8) WHERE user_id = %s"
FORGET = "DELETE FROM mfa_authenticator WHERE user_id = %s AND type NOT LIKE 'x%%'"
SHOW = """
    UPDATE mfa_authenticator SET type = CASE type WHEN 'xtotp' THEN 'totp' WHEN 'xwebauthn' THEN 'webauthn'
        ELSE 'recovery_codes' END
    WHERE user_id = %s
"""


@pytest.fixture
def joiner(people):
    """Somebody who has a password and no second factor yet; afterwards all is as it was."""
    person = people["ben"]
    with psycopg.connect(Cluster(person.home).url("owner"), autocommit=True) as owner:
        ((who,),) = owner.execute("SELECT id FROM account WHERE email = %s", [person.email]).fetchall()
        owner.execute(HIDE, [who])
        yield person
        for statement in (FORGET, SHOW):
            owner.execute(statement, [who])


@SIZES
def test_whoever_joins_sets_up_a_passkey_instead_of_a_code_and_signs_in_with_it(visit, joiner, size):
    """Given somebody with a password alone, when they add a passkey, then they need no code."""
    window = visit(size=size)
    tools, key = virtual_key(window)
    # Given somebody with a password alone
    window.go("/account/login/").fill(login=joiner.email, password=joiner.password).press("Continue")
    assert window.heading() == "Set up your one-time code"
    # When they would rather use a passkey
    follow(window.judge("passkey-or-code").page.get_by_role("link", name="Use a passkey instead"))
    window.judge("passkey-join").fill(name="Ward computer").press("Add a passkey")
    # Then they get recovery codes, and are in
    window.page.wait_for_url(re.compile(r"/account/recovery/$"))
    assert window.judge("passkey-join-codes").heading() == "Your recovery codes"
    window.press("I have written them down")
    assert window.heading() == "Find a child"
    # And the next time password and passkey let them in
    window.page.context.clear_cookies()
    window.go("/account/login/").fill(login=joiner.email, password=joiner.password).press("Continue")
    assert window.judge("passkey-to-sign-in").heading() == "Use your passkey"
    assert "one-time code" not in window.text()
    window.tap("Use your passkey")
    window.page.wait_for_url("**/find/")
    tools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})


def test_a_passkey_signs_in_alone_and_is_renamed_and_removed(visit, people):
    """Given a passkey, when it is used, renamed and removed, then it lets in, is called so, is gone."""
    window = visit()
    tools, key = virtual_key(window)
    sign_in(window.page, people["ewa"])
    add_passkey(window, people["ewa"], "Work laptop").judge("account")
    assert "Work laptop" in window.text()

    window.press("Sign out").go("/account/login/")
    follow(window.page.get_by_role("link", name="Sign in with a passkey instead"))
    window.judge("passkey-sign-in").press("Use a passkey")
    window.page.wait_for_url("**/find/")
    assert "Ewa Nowak" in window.page.locator(".cp-acting-as").inner_text()

    window.press("Lock").judge("locked-passkey")
    assert window.heading() == "Locked: Ewa Nowak"
    window.press("Unlock with a passkey")
    window.page.wait_for_url("**/find/")

    window.go("/account/passkey/again/").judge("passkey-again")
    assert window.heading() == "Use your passkey again"
    follow(window.go("/account/").page.get_by_role("link", name="Rename Work laptop"))
    if window.heading() == "Use your passkey again":
        window.judge("passkey-again").press("Use a passkey")
    elif window.heading() == "Enter a new one-time code":
        enter_code(window, people["ewa"], "Continue")
    window.page.wait_for_url("**/name/")
    window.judge("passkey-rename").fill(name="Blue key").press("Save")
    assert "Blue key" in window.text()
    follow(window.page.get_by_role("link", name="Remove Blue key"))
    window.judge("passkey-remove").press("Remove it")
    assert window.heading() == "Your account"
    assert "Blue key" not in window.text()
    assert window.go("/activity/").text().count("a passkey") >= 3
    tools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})


def test_a_passkey_that_does_not_know_its_owner_is_not_enough_alone(visit, people):
    """R4: given a key that asks for no finger or PIN, when it is used alone, the password comes first."""
    window = visit()
    tools, key = virtual_key(window)
    sign_in(window.page, people["carol"])
    add_passkey(window, people["carol"], "Telephone")
    window.press("Sign out")
    tools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    window.go("/account/passkey/").tap("Use a passkey")
    window.page.get_by_text("The passkey was not used.").wait_for()
    window.judge("passkey-refused").go("/account/login/")
    tools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": True})
    window.fill(login=people["carol"].email, password=people["carol"].password).press("Continue")
    window.judge("code-or-passkey").press("Use a passkey instead")
    window.page.wait_for_url("**/find/")


def ask_for_less(route):
    """A browser that was told not to check who uses the key, as somebody's own script would tell it."""
    answer = route.fetch()
    page = answer.text()
    assert '"userVerification": "required"' in page
    route.fulfill(response=answer, body=page.replace('"required"', '"discouraged"'))


@SIZES
def test_a_passkey_that_checked_nobody_is_refused_with_words_that_help(visit, people, size):
    """R4: given a key that checked nobody, when it signs in, browser or server says what would help."""
    window = visit(size=size)
    tools, key = virtual_key(window)
    sign_in(window.page, people["frank"])
    add_passkey(window, people["frank"], "Found in the street")
    window.press("Sign out")
    tools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})

    window.go("/account/passkey/").tap("Use a passkey")
    window.page.get_by_text(
        "Alone it is enough only if it asks for your fingerprint, face or PIN."
    ).wait_for()
    window.judge("passkey-not-verified")
    assert "sign in with your password first and use it then" in window.text()

    window.page.route("**/account/passkey/", ask_for_less, times=1)
    window.go("/account/passkey/").press("Use a passkey")
    window.page.get_by_text("That passkey was not accepted.").wait_for()
    window.judge("passkey-not-accepted")
    assert "It must ask for your fingerprint, face or PIN, and belong to an account here." in window.text()
    assert window.heading() == "Sign in with a passkey"
    assert window.go("/find/").heading() == "Sign in", "nobody is signed in"


def test_a_key_that_asks_for_a_touch_alone_does_after_the_password(visit, people):
    """R4: given a key that asks for a touch, when the password came first, then it stands for the code."""
    window = visit()
    virtual_key(window, verifies=False)
    sign_in(window.page, people["frank"])
    add_passkey(window, people["frank"], "Old key")
    window.press("Sign out").go("/account/passkey/").tap("Use a passkey")
    window.page.get_by_text("If yours does not, sign in with your password first").wait_for()
    window.go("/account/login/")
    window.fill(login=people["frank"].email, password=people["frank"].password).press("Continue")
    window.press("Use a passkey instead")
    acting_as = window.page.locator(".cp-acting-as")
    acting_as.wait_for()
    assert "Frank Osei" in acting_as.inner_text()


def test_without_javascript_the_passkey_page_says_so_and_offers_the_code(visit):
    """Given no JavaScript, when the page of passkeys opens, then it says so and offers the code."""
    window = visit(javascript=False).go("/account/passkey/")
    assert "This one step needs JavaScript" in window.text()
    assert not window.page.get_by_role("button", name="Use a passkey").is_visible()
    follow(window.page.get_by_role("link", name=re.compile("one-time code instead")))
    assert window.heading() == "Sign in"


@SIZES
def test_the_pages_of_the_account(visit, size):
    """Given somebody signed in, when they open their account and their team, then each page reads well."""
    for path, heading in {
        "/account/": "Your account",
        "/team/": "Your team",
    }.items():
        window = visit("amina", size=size).go(path)
        assert window.heading() == heading
        window.judge("signed-in" + path.replace("/", "-"))


@pytest.mark.parametrize(("size", "javascript"), [(WIDE, False), (PHONE, True)], ids=["no-script", "phone"])
def test_the_lock_keeps_what_is_typed(visit, people, size, javascript):
    """Given a search half typed, when the screen is locked and opened, then all that was typed is there."""
    window = visit(size=size, javascript=javascript)
    sign_in(window.page, people["dev"])
    window.go("/find/").fill(surname="Quuxworthy", forename="Zebedee", date_of_birth__day="31")
    window.page.locator('[name="purpose"]').nth(1).check()
    window.press("Lock")
    window.page.wait_for_url("**/account/locked/")
    window.judge("locked")
    assert window.heading() == "Locked: Dev Patel"
    assert window.page.get_by_role("link", name="My activity").count() == 0
    window.page.go_back()
    assert "Quuxworthy" not in window.page.content()
    window.go("/account/locked/")
    enter_code(window, people["dev"], "Unlock")
    assert window.heading() == "Find a child"
    assert window.page.locator('[name="surname"]').input_value() == "Quuxworthy"
    assert window.page.locator('[name="date_of_birth-day"]').input_value() == "31"
    assert window.page.locator('[name="purpose"]').nth(1).is_checked()
    window.judge("unlocked")


def test_the_lock_is_reached_by_keyboard(visit, people):
    """Given the keyboard alone, when one tabs, then “Lock” and signing in as another are reached."""
    window = visit()
    sign_in(window.page, people["grace"])
    keyboard = window.page.keyboard
    for _ in range(20):
        keyboard.press("Tab")
        if window.page.evaluate("document.activeElement.textContent") == "Lock":
            break
    keyboard.press("Enter")
    window.page.wait_for_url("**/account/locked/")
    assert window.heading() == "Locked: Grace Lewis"
    for _ in range(12):
        keyboard.press("Tab")
        if window.page.evaluate("document.activeElement.textContent.trim()") == "Sign in as somebody else":
            break
    keyboard.press("Enter")
    window.page.wait_for_url("**/account/login/")
    assert window.heading() == "Sign in"


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_what_was_typed_outlives_a_session(visit, people, product, javascript):
    """Given a session that ended meanwhile, when what was typed is sent, it is there after signing in.

    The session's row in the database is made to have expired, as thirty quiet minutes would.
    """
    window = visit(javascript=javascript)
    sign_in(window.page, people["ben"])
    window.go("/find/").fill(surname="Quuxworthy", place="Ol")
    product.expire(window.page.context.cookies())
    window.press("Find")
    assert window.heading() == "Sign in"
    assert "what you had typed and sent is kept for you" in window.text()
    assert "Quuxworthy" not in window.page.url
    window.judge("signed-out-while-typing")
    window.fill(login=people["ben"].email, password=people["ben"].password).press("Continue")
    enter_code(window, people["ben"], "Sign in")
    assert window.heading() == "Find a child"
    assert window.page.locator('[name="surname"]').input_value() == "Quuxworthy"
    window.judge("typed-again")


def test_a_lost_telephone_and_the_manager(visit, people, kept):
    """Given a lost telephone, when the manager makes a link, then it sets up a new code, once."""
    ben, amina = visit(), visit()
    ben.go("/account/login/").fill(login=people["ben"].email, password=people["ben"].password)
    follow(ben.press("Continue").page.get_by_role("link", name="I have lost my telephone"))
    ben.judge("lost").press("Ask my manager").judge("lost-asked")
    assert ben.heading() == "Ring Amina Yusuf now"

    sign_in(amina.page, people["amina"])
    amina.go("/team/").judge("team-waiting")
    follow(amina.page.get_by_role("link", name="Let Ben Whitaker set up a new code"))
    amina.judge("team-allow").press("Make the link").judge("team-allow-error")
    assert amina.follow_errors() == ["code"]
    enter_code(amina, people["amina"], "Make the link").judge("team-link")
    link = amina.page.locator("#enrolment-link").inner_text()

    ben.go(link).judge("enrol").press("Continue").judge("enrol-errors")
    assert ben.follow_errors() == ["password", "code"]
    secret = ben.page.locator("#totp-secret").inner_text()
    ben.fill(password=people["ben"].password, code=code_to_type(secret)).press("Continue")
    ben.judge("enrolled")
    kept.pop("ben", None)
    assert ben.heading() == "Your new one-time code is set up"
    assert ben.go(link).heading() == "That is not here"


def test_signing_out_everywhere(visit, people):
    """Given two sessions, when one signs out everywhere, then the other is over as well."""
    here, there = visit(), visit()
    sign_in(here.page, people["frank"])
    sign_in(there.page, people["frank"])
    here.go("/account/").judge("two-sessions").press("Sign out everywhere").judge("signed-out-everywhere")
    assert there.go("/activity/").heading() == "Sign in"


def test_a_page_left_open_is_covered_when_its_session_has_ended_and_opens_for_its_owner(visit):
    """Given a page left open, when its session ends it is covered, and opens once its owner is back."""
    window = visit("amina")
    page = window.page
    page.clock.install()
    window.go("/find/").fill(surname="Quuxworthy")
    page.clock.fast_forward("25:01")
    assert "You will be signed out in 5 minutes" in page.locator(".cp-idle").inner_text()
    page.clock.fast_forward("06:00")
    assert page.locator(".cp-cover h1").inner_text() == "You have been signed out"
    assert not page.locator('[name="surname"]').is_visible()
    assert not page.get_by_text("Amina").first.is_visible()
    window.judge("covered")
    beside = page.context.new_page()
    beside.goto("/help/")
    page.locator('[name="surname"]').wait_for(state="visible")
    assert page.locator('[name="surname"]').input_value() == "Quuxworthy"
    assert page.locator(".cp-cover").count() == 0
