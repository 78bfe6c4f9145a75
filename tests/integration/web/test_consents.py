"""The pages of consent: the desk's list, one consent, agreed anew and withdrawn, and not shared (R36-R41)."""

import re

import pytest
from tests.factories.directory import TODAY, amina, amina_in_full, build_child
from tests.integration.web.test_finding import opened
from tests.integration.web.test_shields import sent

from contactpoint.storage.models import InvolvementRow, Membership, NotShared
from contactpoint.web.presenters.record import SENSITIVE

CARE = {
    "service": "mental_health",
    "organisation": "bridgewater-nhs",
    "practitioner": "Sam Hale",
    "consent": "child",
    "consent_until": TODAY.replace(year=TODAY.year + 1),
}
DESK, ROCHDALE = (("la-353", "consent_team"),), (("la-354", "consent_team"),)
DECIDED = {
    "what": "answer",
    "reason": "danger",
    "decided_by": "Ruth Cole",
    "decided_by_title": "Head of service",
}


@pytest.fixture
def number():
    return build_child(*amina_in_full(), amina("mental-health", involvements=[CARE]))


@pytest.fixture
def at(account, sign_in, number):
    """Signs somebody in and opens Amina's record: the client, and the record's address."""

    def go(memberships=DESK, email="rosa@example.org", name="Rosa Marsh", services=()):
        made = account(email, name=name, memberships=memberships)
        Membership.objects.filter(account=made).update(services=list(services))
        client = sign_in(email)[0]
        return client, opened(client, number).request["PATH_INFO"]

    return go


def text(response):
    return response.content.decode()


def consent_of(client, record):
    page = text(client.get(f"{record}consents/"))
    return re.search(r'href="(/consents/[\w-]{16}/)"', page)[1]


def test_somebody_rings_to_take_it_back_and_it_is_hidden_at_once(at):
    client, record = at()
    assert "Sam Hale" in text(client.get(record))
    consent = consent_of(client, record)
    assert "Somebody does not agree any more" in text(client.get(consent))
    where = f"{consent}withdraw/"
    assert "Choose who does not agree any more" in text(client.post(where, sent(client, where)))
    form = sent(client, where, withdrawn_by="carer")
    for _ in range(2):  # sent twice, done once
        page = text(client.post(where, form, follow=True))
        assert "Withdrawn: nobody is shown it" in page
    assert "A parent or carer" in page
    shown = text(client.get(record))
    assert "Sam Hale" not in shown
    assert SENSITIVE in shown


def test_it_is_asked_again_and_agreed_anew(at):
    InvolvementRow.objects.filter(service="mental_health").update(consent_until="2020-01-01")
    client, record = at()
    listed = text(client.get("/consents/"))
    assert "Ended: 1" in listed
    assert "Amina" not in listed
    assert "consent to ask about" in text(client.get("/today/"))
    consent = re.search(r'href="(/consents/[\w-]{16}/)"', listed)[1]
    where = f"{consent}record/"
    wrong = text(client.post(where, sent(client, where, consent="carer", understands="yes")))
    for words in ("A child who understands decides", "Say who they are", "Choose what others may see"):
        assert words in wrong
    page = text(client.post(where, sent(client, where, consent="significant_harm")))
    assert "Enter who decided that significant harm is suspected" in page
    said = {"consent": "carer", "understands": "no", "relation": "father", "scope": "team"}
    page = text(client.post(where, sent(client, where, **said), follow=True))
    assert "Recorded. It counts from now on." in page
    assert "A parent or carer: father" in page
    assert "Mental health" in text(client.get(record))
    assert "Sam Hale" not in text(client.get(record))
    assert "Nothing waits." in text(client.get("/consents/"))


def test_another_areas_desk_and_another_service_find_none(at):
    for place, who in enumerate((ROCHDALE, (("bridgewater-nhs", "practitioner"),))):
        client, record = at(who, f"p{place}@example.org", services=["sexual_health"] if place else [])
        page = text(client.get(f"{record}consents/"))
        assert f"{SENSITIVE} You keep no consent for this child." in page
        assert "Nothing waits." in text(client.get("/consents/"))


def test_whoever_provides_it_keeps_it_and_finds_it_from_my_children(at):
    client, record = at((("bridgewater-nhs", "practitioner"),), services=["mental_health"])
    assert "Consents to ask about again" in text(client.get("/my-children/"))
    assert "Mental health, Bridgewater Community Health" in text(client.get(f"{record}consents/"))


def test_not_to_share_is_recorded_and_changes_no_record(at):
    client, record = at((("105734", "practitioner"),))
    assert "Who agreed to what" not in text(client.get(record))
    before = text(client.get(record))
    where = f"{record}not-shared/"
    assert "Choose what is not shared" in text(client.post(where, sent(client, where)))
    form = sent(client, where, **DECIDED)
    for _ in range(2):
        assert "That it is not shared is recorded" in text(client.post(where, form))
    assert NotShared.objects.count() == 1
    assert "Sharing it could put somebody in danger" in text(client.get("/consents/not-shared/"))
    alike = re.compile(r'(csrfmiddlewaretoken|form_key)" value="[^"]*"|nonce="[^"]*"')
    assert alike.sub("", text(client.get(record))) == alike.sub("", before)
    desk, _ = at(email="desk@example.org")
    listed = text(desk.get("/consents/not-shared/"))
    assert "Ruth Cole, Head of service" in listed
    assert "Amina" not in listed
