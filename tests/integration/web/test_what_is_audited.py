"""Refusals on the way to an action are recorded too, with what was tried (R51, R57)."""

import json
from datetime import date

import pytest
from tests.factories.directory import NOW, acting_as_role, amina_in_full, build_child
from tests.factories.opening import open_from
from tests.factories.supply import rows
from tests.factories.viewers import WITH_ME, WORRIED, viewer

from contactpoint.actions.find.open_record import open_record
from contactpoint.actions.find.search import search
from contactpoint.domain.audit.canonical import encode
from contactpoint.domain.criteria import Criteria
from contactpoint.domain.errors import InvalidInput
from contactpoint.storage.audit_texts import read_event

TWO_ROLES = (("la-353", "practitioner"), ("contactpoint", "national_team"))


def told(action):
    found = rows("SELECT body FROM audit_body WHERE action = %s ORDER BY occurred_at", action)
    return [json.loads(encode(read_event(bytes(body)))) for (body,) in found]


def test_a_page_that_the_role_does_not_open(account, sign_in):
    account(memberships=(("la-353", "auditor"),))
    client, _ = sign_in()
    assert client.get("/find/").status_code == 403
    (event,) = told("refused")
    assert event["details"] == {"asked": "page", "page": "find", "rules": ["R57"]}
    assert event["actor"]["role"] == "auditor"


def test_what_somebody_chooses_to_act_as(account, sign_in):
    account(memberships=TWO_ROLES)
    client, _ = sign_in()
    choice = rows("SELECT id FROM membership WHERE role = 'national_team'")[0][0]
    client.post("/account/acting-as/", {"membership": choice})
    (event,) = told("chose_role")
    assert (event["actor"]["role"], event["actor"]["organisation"]) == ("national_team", "contactpoint")


def test_every_try_of_an_account_that_has_lapsed(account, sign_in):
    account(trained_until=date(2020, 1, 1))
    client, _ = sign_in()
    before = len(told("sign_in_refused"))
    for _ in range(3):
        assert client.get("/find/").status_code == 403
    assert len(told("sign_in_refused")) == before + 3


@pytest.mark.parametrize("tried", ["C123456789Z", "not a number", "9" * 900])
def test_the_number_that_opens_nothing(tried):
    with acting_as_role("web"):
        open_record(number=tried, purpose=WORRIED, by=viewer(), at=NOW, how=WITH_ME)
        open_record(number=tried, purpose=None, by=viewer(), at=NOW)
    assert [event["details"]["number"] for event in told("refused")] == [tried[:40]] * 2


def test_a_number_that_no_child_has():
    with acting_as_role("web"), pytest.raises(InvalidInput):
        search(criteria=Criteria(number="12345"), purpose=WORRIED, by=viewer(), at=NOW)
    (event,) = told("refused")
    assert event["details"]["terms"] == {"number": "12345"}


def test_a_session_keeps_no_more_than_a_form_asks_for(account, sign_in):
    made = account()
    rows("UPDATE membership SET services = '[\"send\"]' WHERE account_id = %s RETURNING id", made.pk)
    client, _ = sign_in()
    number = build_child(*amina_in_full())
    named = {"purpose": "safeguarding", "forename": "Amina", "surname": "Okafor"}
    results = client.post("/find/", named)["Location"]
    assert client.post(f"{results}open/", {"number": "C" * 5000}).status_code == 404
    record = open_from(client, results, number).request["PATH_INFO"]
    said = {
        "service": "send",
        "role": "Adviser",
        "phone": "0161 496 0101",
        "start-day": "1",
        "start-month": "9",
        "start-year": "2025",
        "lead": "no",
        "assessment": "no",
    }
    sent = client.post(f"{record}working/", {**said, "stowaway": "x" * 5000, "csrfmiddlewaretoken": "y"})
    assert sent.status_code == 302
    kept = json.dumps(dict(client.session.items()))
    assert "Adviser" in kept
    assert "stowaway" not in kept
    assert "C" * 50 not in kept
