"""Known pairs, through the page: one by one, what is true at the end, how alike a team decides (R20)."""

import re

import pytest
from django.utils import timezone
from tests.factories.supply import rows
from tests.integration.web.test_matching import TEAM, text_of

from contactpoint.domain.known_pairs import pairs_of, round_of
from contactpoint.domain.matching import Verdict
from contactpoint.storage.models import Organisation

PAGE = "/matching/known/"


@pytest.fixture
def person(account, sign_in):
    def one(email="dev@example.org", memberships=TEAM):
        account(email, memberships=memberships)
        return sign_in(email)[0]

    return one


def form_of(page):
    return dict(re.findall(r'name="(form_key|pair)" value="([^"]*)"', page.content.decode()))


def work(client, say):
    for _ in range(10):
        form = form_of(client.get(PAGE))
        answer = client.post(PAGE, {**form, "verdict": say(form["pair"])}, follow=True)
    return text_of(answer)


def truth(code):
    this = round_of(timezone.localtime().date())
    return next(pair.truth.value for pair in pairs_of(this) if pair.code == code)


def test_ten_are_decided_and_then_told(person):
    client = person()
    first = client.get(PAGE)
    assert "Pair 1 of 10" in text_of(first)
    assert "What tells it" not in text_of(first)
    told = work(client, truth)
    assert "You have decided the ten of this quarter: 10 of 10 as it is." in told
    assert "1 person has decided all ten: 100% as it is. How alike people decide can be told when" in told


def test_a_second_person_makes_it_an_agreement_and_nobody_is_named(person):
    work(person(), truth)
    told = work(person("ben@example.org"), lambda code: Verdict.SAME.value)
    assert "2 people have decided all ten:" in told
    assert "Fleiss' kappa) is" in told.replace("&#x27;", "'")
    assert "dev@example.org" not in told


def test_another_area_is_not_counted_and_the_nation_counts_all(person):
    work(person(), truth)
    away = person("away@example.org", (("la-354", "authority_team"),))
    assert "Nobody has decided all ten of this quarter yet." in text_of(away.get(PAGE))
    Organisation.objects.filter(code="contactpoint").update(accredited_until="2099-01-01")
    nation = person("nation@example.org", (("contactpoint", "national_team"),))
    assert "1 person has decided all ten" in text_of(nation.get(PAGE))


def test_the_first_word_stands(person):
    client = person()
    form = form_of(client.get(PAGE))
    again = {**form, "form_key": form_of(client.get(PAGE))["form_key"], "verdict": "different"}
    client.post(PAGE, {**form, "verdict": "same"})
    client.post(PAGE, again)
    assert rows("SELECT verdict FROM known_answer") == [("same",)]


@pytest.mark.parametrize("sent", [{"pair": "nobody"}, {"verdict": "perhaps"}, {"pair": ""}])
def test_what_is_not_asked_changes_nothing(person, sent):
    client = person()
    form = {**form_of(client.get(PAGE)), "verdict": "same", **sent}
    assert client.post(PAGE, form).status_code == 400
    assert rows("SELECT count(*) FROM known_answer") == [(0,)]


def test_whoever_checks_no_records_is_asked_nothing(person):
    client = person("nurse@example.org", (("bridgewater-nhs", "practitioner"),))
    assert client.get(PAGE).status_code == 403
