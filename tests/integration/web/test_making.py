"""A record is made by hand after a search of the same person, and matched like what is sent (R21, R23)."""

import re

import pytest
from django.utils import timezone
from tests.factories.directory import acting_as_role, amina, amina_in_full, build_child
from tests.factories.opening import open_from
from tests.factories.supply import LOADER, rows
from tests.integration.web.test_feeds import take
from tests.integration.web.test_shields import sent

from contactpoint.pipelines.load import load_files
from contactpoint.storage.models import FeedFile, SearchIdentity
from contactpoint.storage.reference import put_hand_sources
from contactpoint.supply.contracts import CONTRACTS

TEAM = (("la-353", "authority_team"),)
ZOE = {
    "purpose": "coordinating",
    "forename": "Zoë",
    "surname": "Lindqvist",
    "date_of_birth-day": "14",
    "date_of_birth-month": "2",
    "date_of_birth-year": "2019",
}
AMINAS = {
    **ZOE,
    "forename": "Amina",
    "surname": "Okafor",
    "date_of_birth-day": "9",
    "date_of_birth-month": "5",
    "date_of_birth-year": "2016",
}
KNOWN = {
    "reason": "new_to_england",
    "sex": "F",
    "address": "8 Fern Row, Oldham",
    "postcode": "ol14ab",
    "carer_forename": "Maja",
    "carer_surname": "Lindqvist",
    "carer_relationship": "mother",
    "carer_phone": "07700 900321",
}


@pytest.fixture
def inbox(tmp_path, settings):
    settings.HOME = str(tmp_path)
    put_hand_sources()
    (tmp_path / "inbox" / "uploaded").mkdir(parents=True)
    return tmp_path / "inbox"


@pytest.fixture
def team(account, sign_in, inbox):
    account(memberships=TEAM)
    return sign_in()[0]


def searched(client, **typed):
    return client.post("/find/", {**ZOE, **typed}, follow=True)


def making(client, **typed):
    return f"{searched(client, **typed).request['PATH_INFO']}make/"


def make(client, path, **said):
    return client.post(path, sent(client, path, **{**KNOWN, **said})).content.decode()


def test_after_a_search_that_found_nobody_it_is_made_and_says_that_it_was_said_by_hand(team, inbox):
    assert "No record matches" in searched(team).content.decode()
    path = making(team)
    page = team.get(path).content.decode()
    assert "Zoë" in page
    assert "14 February 2019" in page
    assert "Is it one of these?" not in page
    unfinished = team.post(path, sent(team, path, postcode="here")).content.decode()
    assert "Choose why there is no record yet" in unfinished
    assert "Enter a postcode like OL1 4AB" in unfinished
    form = sent(team, path, **KNOWN)
    for _ in range(2):  # sent twice, made once
        assert "matched with everything that is held" in team.post(path, form).content.decode()
    assert FeedFile.objects.count() == 1
    take(inbox)
    found = searched(team)
    assert "1 child" in found.content.decode()
    number = SearchIdentity.objects.get(surname="Lindqvist").child_id
    where = found.request["PATH_INFO"]
    record = open_from(team, where, number).content.decode()
    assert "Said by hand, Oldham Children&#x27;s Services" in record
    assert "8 Fern Row, Oldham" in record


def test_what_a_source_sends_later_joins_it(team, inbox, tmp_path):
    make(team, making(team))
    take(inbox)
    said = {"forename": "Zoë", "surname": "Lindqvist", "date_of_birth": "2019-02-14", "sex": "F"}
    deliver(tmp_path, {**said, "local_id": "Z1", "address": "8 Fern Row, Oldham", "postcode": "OL1 4AB"})
    both = "local_id = 'Z1' OR source_id = 'by-hand-353'"
    assert rows(f"SELECT count(DISTINCT child_id), count(*) FROM source_record WHERE {both}") == [(1, 2)]


def deliver(folder, said):
    """What the health service sends of one child."""
    names = CONTRACTS["nhs_demographics"].names
    file = folder / f"nhs-demographics_{timezone.localdate()}_delta.csv"
    lines = (names, [said.get(name, "") for name in names])
    file.write_text("".join(",".join(map(_quoted, line)) + "\n" for line in lines), encoding="utf-8")
    with acting_as_role("worker"):
        load_files([file], by=LOADER)


def _quoted(text):
    return f'"{text}"' if "," in text else text


def test_whoever_is_near_is_shown_again_and_must_be_looked_at(team):
    build_child(*amina_in_full())
    path = making(team, **AMINAS)
    page = team.get(path).content.decode()
    assert "These are near" in page
    assert "Amina Okafor" in page
    assert "Look at each child, and say that it is none of them" in make(team, path)
    build_child(amina(forename="Aminah", nhs_number="", upn=""))
    refused = team.post(path, sent_without_looking(team, path)).content.decode()
    assert "you have not looked at everybody who may be this child" in refused
    assert "matched with everything" in make(team, path, none_of_these="none")


def sent_without_looking(client, path):
    """The form as it was before another child came, as the session of that page had it."""
    form = sent(client, path, **KNOWN, none_of_these="none")
    session = client.session
    shown = session["cp_make_shown"]
    session["cp_make_shown"] = {handle: numbers[:1] for handle, numbers in shown.items()}
    session.save()
    return form


def test_a_search_that_passes_over_somebody_is_not_enough(team, account, sign_in):
    for typed in ({"place": "OL1 4AB"}, {"date_of_birth-day": "", "date_of_birth-month": "", "age": "7"}):
        wide = {**typed, **({"date_of_birth-year": ""} if "age" in typed else {})}
        refused = team.get(making(team, **wide)).content.decode()
        assert "you have not searched by the whole name and the date of birth alone" in refused
    account("keisha@example.org", name="Keisha Barrow", memberships=(("la-353", "practitioner"),))
    nurse, _ = sign_in("keisha@example.org")
    assert "make one by hand" not in searched(nurse).content.decode()
    assert nurse.get(making(nurse)).status_code == 403


def test_near_a_shielded_child_the_answer_and_what_is_found_are_the_same(team, inbox, tmp_path):
    """R21: it waits in quarantine, and no page says so."""
    told = amina(restricted="Y")
    deliver(tmp_path, {name: told.get(name, "") for name in told if name != "source"} | {"local_id": "A1"})
    assert rows("SELECT shielded FROM child") == [(True,)]
    near = {**AMINAS, "forename": "Amena", "date_of_birth-day": "19"}
    path = making(team, **near)
    none = {"none_of_these": "none"} if "Is it one of these?" in team.get(path).content.decode() else {}
    answer = make(team, path, **none)
    assert _plain(answer) == _plain(make(team, making(team)))
    take(inbox)
    assert rows(
        "SELECT count(*) FROM source_record WHERE source_id = 'by-hand-353' AND child_id IS NULL AND sealed"
    ) == [(1,)]
    assert "Amena" not in {one.forename for one in SearchIdentity.objects.all()}


def _plain(page):
    return re.sub(r'(nonce|value)="[^"]*"', "", page)
