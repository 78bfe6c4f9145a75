"""The service directory on its page, and adding a service of one's own organisations."""

from datetime import date

import pytest

from contactpoint.storage.models import Organisation, ServicePoint


def text(answer):
    return answer.content.decode()


@pytest.fixture
def nurse(account, sign_in):
    """A practitioner in Oldham."""
    account("keisha@example.org", memberships=(("bridgewater-nhs", "practitioner"),))
    return sign_in("keisha@example.org")[0]


def test_one_s_own_area_is_listed_at_first_and_then_what_was_looked_for(nurse):
    shown = text(nurse.get("/services/"))
    assert "Broadfield Primary School" in shown
    assert "Rochdale Children" not in shown.partition("What fits")[2]
    said = {"words": "Broadfield", "service": "school", "authority": ""}
    answer = nurse.post("/services/", said)
    assert answer["Location"] == "/services/", "what was typed is in no address"
    shown = text(nurse.get("/services/"))
    assert "Broadfield Primary School" in shown
    assert "tel:" in shown
    assert "Glodwick" not in shown
    nothing = text(nurse.post("/services/", {**said, "words": "Nowhere"}, follow=True))
    assert "No service fits" in nothing
    assert "Choose from the list" in text(nurse.post("/services/", {**said, "service": "mental_health"}))


def test_the_same_words_stand_for_what_is_not_listed_whatever_there_is(nurse):
    before = text(nurse.get("/services/"))
    Organisation.objects.create(code="haven", name="Haven House", kind="refuge", authority="353", phone="1")
    after = text(nurse.get("/services/"))
    assert "Refuges, secure homes and hospital schools are not listed" in before
    assert before.partition("<main")[2].count("<li") == after.partition("<main")[2].count("<li")
    assert "Haven" not in after


def test_a_team_adds_a_service_and_says_how_it_is_reached(account, sign_in):
    account("team@example.org", memberships=(("la-353", "authority_team"),))
    team = sign_in("team@example.org")[0]
    assert "/contact-points/new/" in text(team.get("/contact-points/"))
    empty = text(team.post("/contact-points/new/", {}))
    assert "Choose an organisation" in empty
    assert "Choose a service" in empty
    chosen = {"organisation": "105734", "service": "family_support"}
    page = team.post("/contact-points/new/", chosen, follow=True)
    assert "Family support, Broadfield Primary School" in text(page)
    assert not ServicePoint.objects.exists(), "nothing is kept by choosing"
    elsewhere = {"organisation": "la-354", "service": "family_support"}
    assert "Choose from the list" in text(team.post("/contact-points/new/", elsewhere))


def test_nobody_else_adds_one(nurse):
    assert nurse.get("/contact-points/new/").status_code == 403
    assert "/contact-points/new/" not in text(nurse.get("/contact-points/"))
    assert "/services/" in text(nurse.get("/contact-points/"))


def test_an_auditor_looks_for_no_service(account, sign_in):
    Organisation.objects.filter(pk="contactpoint").update(accredited_until=date(2099, 1, 1))
    account("audit@example.org", memberships=(("contactpoint", "auditor"),))
    client = sign_in("audit@example.org")[0]
    assert client.get("/services/").status_code == 403
    assert "/services/" not in text(client.get("/account/"))
