"""The pages of protection: hidden at once from the record's page; the shield desk (R8, R26, R28-R31)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.factories.directory import acting_as_role, amina, amina_in_full, build_child
from tests.factories.supply import rows
from tests.integration.web.test_finding import opened

from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines.shields import tend_shields
from contactpoint.storage.models import Child, NearChild, Organisation

WEIGHED = {
    "ground": "domestic_abuse",
    "threat": "harm_to_carer",
    "child": "too_young",
    "carers": "wants_it",
    "practitioners": "no_view",
}
SAFE = {"contacted": "carer", "way": "through_refuge", "alone": "yes", "agrees": "yes"}
OLDHAM, ROCHDALE, NATIONAL = (
    (("la-353", "shield_team"),),
    (("la-354", "shield_team"),),
    (("contactpoint", "shield_team"),),
)


@pytest.fixture
def number():
    return build_child(*amina_in_full())


@pytest.fixture
def sign_in_as(account, sign_in):
    def go(email, memberships, name="Rosa Marsh"):
        account(email, name=name, memberships=memberships)
        return sign_in(email)[0]

    return go


@pytest.fixture
def protected(number, account, sign_in):
    """Amina, protected at once by a social worker from her record's page."""
    account()
    client, _ = sign_in()
    record = opened(client, number).request["PATH_INFO"]
    client.post(f"{record}protect/", sent(client, f"{record}protect/", ground="domestic_abuse"))
    return number


def sent(client, path, **typed):
    """What the form of that page sends, with its key."""
    key = re.search(r'name="form_key" value="([^"]*)"', client.get(path).content.decode())
    return {"form_key": key[1], **typed}


def open_first(client, **why):
    """Open the first shield of the desk's list, and return its address and page."""
    listed = client.get("/shields/").content.decode()
    path = re.search(r'href="(/shields/[\w-]{16}/)"', listed)[1]
    page = client.post(f"{path}why/", {"purpose": "shield_decision", **why}, follow=True)
    return path, page.content.decode()


def decide(client, path, step, **said):
    where = f"{path}decide/{step}/"
    return client.post(where, sent(client, where, **said), follow=True).content.decode()


def test_the_page_says_what_will_happen_and_hides_at_once(number, account, sign_in):
    account()
    client, _ = sign_in()
    page = opened(client, number)
    record = page.request["PATH_INFO"]
    assert f'href="{record}protect/"' in page.content.decode()
    asked = client.get(f"{record}protect/").content.decode()
    assert "nobody sees any more where this child is" in asked
    refused = client.post(f"{record}protect/", sent(client, f"{record}protect/")).content.decode()
    assert "Choose why this child must be protected" in refused
    form = sent(client, f"{record}protect/", ground="domestic_abuse")
    for _ in range(2):  # sent twice, done once
        page = client.post(f"{record}protect/", form).content.decode()
        assert "This child is protected from now on" in page
    after = client.get(record).content.decode()
    assert "This record is protected" in after
    assert "14 Mill Lane" not in after
    assert f"{record}protect/" not in after
    assert rows("SELECT count(*) FROM shield") == [(1,)]


def test_the_desk_lists_no_names_and_opens_only_with_a_reason(protected, sign_in_as):
    client = sign_in_as("rosa@example.org", OLDHAM)
    listed = client.get("/shields/").content.decode()
    assert "To confirm: 1 record" in listed
    assert "Okafor" not in listed
    assert protected not in listed
    path = re.search(r'href="(/shields/[\w-]{16}/)"', listed)[1]
    asked = client.get(path, follow=True).content.decode()
    assert "Why do you need to look?" in asked
    assert "Okafor" not in asked
    unexplained = client.post(f"{path}why/", {"purpose": "other"}).content.decode()
    assert "Say why you need to look" in unexplained
    _, page = open_first(client)
    assert "Amina Okafor" in page
    assert "Protected at once; waits to be confirmed" in page
    assert "Placed" in page
    assert "Amina Shah for" not in page, "who placed it acted for nobody that a step names"


def test_a_shield_is_confirmed_lifted_by_two_and_uncovers_after_a_week(protected, sign_in_as):
    rosa = sign_in_as("rosa@example.org", OLDHAM)
    path, _ = open_first(rosa)
    missing = decide(rosa, path, "confirm")
    assert "Say what could happen if somebody learnt where the child is" in missing
    baseless = decide(rosa, path, "confirm", **{**WEIGHED, "threat": "none_known"})
    assert "nothing weighed says that knowing where the child is adds danger" in baseless
    assert "The protection stays in force." in decide(rosa, path, "confirm", **WEIGHED)
    assert "until a second person has agreed" in decide(rosa, path, "ask-lifting", **SAFE)
    path, page = open_first(rosa)
    assert "Agree to the lifting" not in page
    assert "you asked for it yourself" in decide(rosa, path, "agree")
    sam = sign_in_as("sam@example.org", OLDHAM, "Sam Oyelaran")
    assert "Liftings that wait for a second person: 1 record" in sam.get("/shields/").content.decode()
    path, page = open_first(sam)
    assert "Spoken with: The parent or carer whom it protects too" in page
    assert "until the waiting period is over" in decide(sam, path, "agree")
    with acting_as_role("worker"):
        assert tend_shields(by=system_viewer("worker"), at=timezone.now() + timedelta(days=6)) == 0
    assert Child.objects.get(pk=protected).shielded


def test_another_authoritys_desk_sees_and_opens_nothing(protected, sign_in_as):
    """R26: byte for byte the page of a desk where nothing waits anywhere."""
    here = sign_in_as("rosa@example.org", OLDHAM)
    path, _ = open_first(here)
    elsewhere = sign_in_as("tess@example.org", ROCHDALE, "Tess Ward")
    assert "Nothing waits." in elsewhere.get("/shields/").content.decode()
    assert elsewhere.get(path).status_code == 404
    Organisation.objects.filter(code="contactpoint").update(accredited_until="2099-01-01")
    national = sign_in_as("uma@example.org", NATIONAL, "Uma Khan")
    assert "To confirm: 1 record" in national.get("/shields/").content.decode()


@pytest.mark.parametrize("role", ["practitioner", "authority_team", "auditor", "technical_administrator"])
def test_nobody_else_has_a_desk(protected, sign_in_as, role):
    client = sign_in_as("else@example.org", (("la-353", role),), "Somebody Else")
    assert client.get("/shields/").status_code == 403
    assert "/shields/" not in client.get("/activity/").content.decode()


def test_who_saw_it_before_and_the_breach_decision(protected, sign_in_as):
    """R55: whoever had it protected had opened it first, and is on the list."""
    rosa = sign_in_as("rosa@example.org", OLDHAM)
    path, _ = open_first(rosa)
    page = rosa.get(f"{path}seen/").content.decode()
    assert "Amina Shah, Social worker, Oldham Children&#x27;s Services" in page
    assert "Opened a record" in page
    assert "72 hours after this page was first opened." in page
    missing = rosa.post(f"{path}seen/", sent(rosa, f"{path}seen/")).content.decode()
    assert "Decide whether it is a breach" in missing
    decided = rosa.post(f"{path}seen/", sent(rosa, f"{path}seen/", outcome="no_breach"), follow=True)
    assert "Decided. No breach: everybody who saw it had reason to." in decided.content.decode()
    assert "Record the decision" not in decided.content.decode()


def test_children_near_are_protected_by_a_button(protected, sign_in_as):
    """R34: found by the worker, told by number of records alone in the list."""
    sister = build_child(amina(forename="Zoe"))
    NearChild.objects.create(
        shield_id=rows("SELECT id FROM shield")[0][0],
        child_id=sister,
        shares="address,phone",
        found_at=timezone.now(),
    )
    rosa = sign_in_as("rosa@example.org", OLDHAM)
    listed = rosa.get("/shields/").content.decode()
    assert "Children near protected ones: 1 record" in listed
    assert "Zoe" not in listed
    path, _ = open_first(rosa)
    where = f"{path}near/"
    page = rosa.get(where).content.decode()
    assert "Zoe Okafor, born 9 May 2016" in page
    assert "The address and a telephone" in page
    near = re.search(r'name="near" value="(\d+)"', page)[1]
    assert rosa.post(where, sent(rosa, where, near=near, outcome="no such")).status_code == 404
    done = rosa.post(where, sent(rosa, where, near=near, outcome="protected"), follow=True).content.decode()
    assert "Nobody is known who does." in done
    assert Child.objects.get(pk=sister).shielded


def test_a_child_is_kept_from_one_person_and_what_they_try_is_dealt_with(
    number, account, sign_in, sign_in_as
):
    """R34: they meet no such record; the desk learns of it within a minute, and says what came of it."""
    account()
    rosa = sign_in_as("rosa@example.org", OLDHAM)
    said = {"number": number, "email": "amina@example.org", "ground": "domestic_abuse"}
    form = sent(rosa, "/shields/keep-from/", **said, purpose="shield_decision")
    for _ in range(2):  # sent twice, done once
        page = rosa.post("/shields/keep-from/", form, follow=True).content.decode()
    assert "there is no such record from now on" in page
    client, _ = sign_in()
    assert "No record has this number" in opened(client, number).content.decode()
    with acting_as_role("worker"):
        tend_shields(by=system_viewer("worker"), at=timezone.now())
    listed = rosa.get("/shields/").content.decode()
    assert "Somebody tried to find a child who is kept from them: 1 record" in listed
    path, page = open_first(rosa)
    assert "Kept from them at once; waits to be confirmed" in page
    tried = rosa.get(f"{path}tried/").content.decode()
    assert "Asked for the record" in tried
    assert "Say what came of it" in rosa.post(f"{path}tried/", sent(rosa, f"{path}tried/")).content.decode()
    rosa.post(f"{path}tried/", sent(rosa, f"{path}tried/", outcome="acted"))
    assert "We warned the family" in rosa.get(f"{path}tried/").content.decode()
    assert "Somebody tried" not in rosa.get("/shields/").content.decode()
