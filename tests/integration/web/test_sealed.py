"""The pages of sealed identities: typing a pair, naming the two, asking, agreeing, one look (R35)."""

import re
import time
from html import unescape

import pytest
from django.utils import timezone
from tests.factories.directory import acting_as_role, amina_in_full, build_child
from tests.factories.proofs import prove
from tests.factories.supply import rows
from tests.integration.web.test_shields import NATIONAL, OLDHAM, sent, sign_in_as

from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.domain.identifiers import format_child_number
from contactpoint.pipelines.sealed_identities import tend_sealed_identities
from contactpoint.storage.models import Account
from contactpoint.web.presenters.words import number_words

__all__ = ["sign_in_as"]
TEAM = (("contactpoint", "national_team"),)
DESK_PAGE, PAIR, CROSS, NAMED = (
    "/shields/sealed/",
    "/shields/sealed/pair/",
    "/shields/sealed/cross/",
    "/crossers/",
)


@pytest.fixture
def numbers():
    return build_child(*amina_in_full()), build_child(*amina_in_full())


@pytest.fixture
def people(sign_in_as):
    """Three of the national shield desk and two of the national team, signed in."""
    rows("UPDATE organisation SET accredited_until = '2099-01-01' RETURNING code")
    named = {"uma": NATIONAL, "vera": NATIONAL, "wim": NATIONAL, "nils": TEAM, "nora": TEAM}
    return {name: sign_in_as(f"{name}@example.org", where, name.title()) for name, where in named.items()}


def page(client, where=DESK_PAGE):
    return client.get(where).content.decode()


def press(client, where, what, target):
    """Press the first button of that value on a page."""
    found = page(client, where)
    form = next(one for one in re.findall(r"<form.*?</form>", found, re.DOTALL) if target in one)
    action = re.search(r'action="([^"]*)"', form)[1]
    key = re.search(r'name="form_key" value="([^"]*)"', form)[1]
    return client.post(action, {"form_key": key, "what": what}, follow=True).content.decode()


def work():
    with acting_as_role("worker"):
        tend_sealed_identities(by=system_viewer("worker"), at=timezone.now())


def typed(client, numbers, **more):
    where = PAIR if more else re.search(r'href="(/shields/sealed/pair/[\w-]{16}/)"', page(client))[1]
    said = sent(client, where, one=format_child_number(numbers[0]), other=numbers[1], **more)
    return client.post(where, said, follow=True).content.decode()


def name_both(people):
    soon = timezone.localdate().replace(day=1)
    soon = soon.replace(year=soon.year + (soon.month == 12), month=soon.month % 12 + 1)
    until = {"until-day": "1", "until-month": str(soon.month), "until-year": str(soon.year)}
    for name in ("uma", "vera"):
        said = sent(people["nils"], NAMED, email=f"{name}@example.org", **until)
        given = people["nils"].post(NAMED, said, follow=True).content.decode()
        assert "waits for a second person" in given
        assert 'value="agree"' not in given, "not whoever named them"
        agreed = press(people["nora"], NAMED, "agree", 'value="agree"')
    return agreed


def test_two_people_type_a_pair_and_no_page_shows_it(people, numbers):
    done = typed(people["uma"], numbers, ground="adoption")
    assert "It counts once a second person" in done
    assert "Type it too" not in done, "not whoever typed it first"
    assert "Uma" in page(people["vera"])
    assert "Both are compared" in typed(people["vera"], tuple(reversed(numbers)))
    work()
    seen = "".join(page(client, where) for client in people.values() for where in (DESK_PAGE, "/today/"))
    assert "Both typed the same, and it is recorded" in page(people["uma"])
    assert "recorded: the two" not in page(people["wim"])
    for number in numbers:
        assert number not in seen
        assert number_words(number) not in seen
        assert format_child_number(number) not in seen


def test_what_is_wrong_is_said(people, numbers):
    for wrong, sentence in (
        ({"one": "x", "other": numbers[1]}, "Enter a child's number like"),
        ({"one": numbers[0], "other": numbers[0]}, "not of one twice"),
        ({"one": numbers[0], "other": numbers[1]}, "Choose why the child has two records"),
    ):
        said = sent(people["uma"], PAIR, **wrong)
        assert sentence in unescape(people["uma"].post(PAIR, said).content.decode())
    assert rows("SELECT count(*) FROM pair_proposal") == [(0,)]


def test_of_what_is_sent_too_late_no_session_keeps_a_number(people, numbers):
    """A page that asks for the second factor keeps what was sent until it was entered: not here."""
    uma = people["uma"]
    said = sent(uma, PAIR, one=numbers[0], other=numbers[1], ground="court")
    prove(uma, Account.objects.get(email="uma@example.org").pk, at=time.time() - 1000)
    for where, form in ((PAIR, said), (CROSS, {**said, "number": numbers[0], "reason": "danger"})):
        assert "/account/code/again/" in uma.post(where, form)["Location"]
        assert numbers[0] not in repr(dict(uma.session))
    assert rows("SELECT count(*) FROM kept_draft") == [(0,)]


def test_one_of_the_two_asks_the_other_agrees_and_the_first_sees_it_once(people, numbers):
    typed(people["uma"], numbers, ground="adoption")
    typed(people["vera"], numbers)
    work()
    assert "Nobody can cross now: neither" in page(people["nils"], NAMED)
    assert "Nobody can cross now" not in name_both(people)
    said = sent(people["uma"], CROSS, number=numbers[0], reason="danger")
    assert "ring them" in people["uma"].post(CROSS, said, follow=True).content.decode()
    assert 'value="agree"' not in page(people["uma"])
    assert "1 crossing to agree to" in page(people["vera"], "/today/")
    assert "can see the number now" in press(people["vera"], DESK_PAGE, "agree", 'value="agree"')
    assert "being looked up" in page(people["uma"])
    work()
    shown = press(people["uma"], DESK_PAGE, "see", 'value="see"')
    assert number_words(numbers[1]) in shown
    assert number_words(numbers[0]) not in shown
    assert "Okafor" not in shown
    assert 'value="see"' not in page(people["uma"]), "once"


def test_who_is_not_named_has_no_way_to_it(people, numbers):
    name_both(people)
    wim = people["wim"]
    assert "Ask for the other number" not in page(wim)
    assert wim.get(CROSS).status_code == 404
    said = sent(people["uma"], CROSS, number=numbers[0], reason="health")
    people["uma"].post(CROSS, said)
    assert "A health service" not in page(wim)


def test_no_other_desk_and_no_other_team_opens_it(people, sign_in_as):
    oldham = sign_in_as("tess@example.org", OLDHAM, "Tess Ward")
    for where in (DESK_PAGE, PAIR):
        assert oldham.get(where).status_code == 403
        assert people["nils"].get(where).status_code == 403
    assert "Sealed identities" not in page(oldham, "/shields/")
    assert people["uma"].get(NAMED).status_code == 403
    assert oldham.get(NAMED).status_code == 403
