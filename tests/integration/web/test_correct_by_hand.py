"""What a team said by hand is corrected with a reason, and can be put back (R23, R25, R27, R61)."""

import re

import pytest
from django.utils import timezone
from tests.factories.directory import acting_as_role, amina_in_full, build_child
from tests.factories.opening import open_from
from tests.integration.web.test_feeds import take
from tests.integration.web.test_making import inbox, make, making, searched, team
from tests.integration.web.test_my_children import send, text_of

from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.storage.models import (
    AuditBody,
    Correction,
    FeedFile,
    RecordVersion,
    SearchIdentity,
    SourceRecord,
)

__all__ = ["inbox", "team"]
RIGHT = {
    "forename": "Zoë",
    "surname": "Lindkvist",
    "date_of_birth-day": "14",
    "date_of_birth-month": "2",
    "date_of_birth-year": "2019",
    "sex": "F",
    "known_as": "",
    "address": "8 Fern Row, Oldham",
    "postcode": "OL1 4AB",
    "carer_forename": "Maja",
    "carer_surname": "Lindqvist",
    "carer_relationship": "mother",
    "carer_phone": "07700 900321",
    "reason": "mistyped",
}


def opened(client, **typed):
    """The record that was made by hand, opened from a search."""
    found = searched(client, **typed)
    number = SearchIdentity.objects.get(forename="Zoë").child_id
    record = open_from(client, found.request["PATH_INFO"], number)
    return record, record.request["PATH_INFO"]


def correct(client, page, **said):
    """Send the form of a page that corrects, with what it carried."""
    inside = page.content.decode().partition('<form id="typed"')[2]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside))
    request = page.request
    return client.post(f"{request['PATH_INFO']}?{request['QUERY_STRING']}", {**hidden, **said}, follow=True)


@pytest.fixture
def made(team, inbox):
    """The path of the page that corrects it."""
    make(team, making(team))
    take(inbox)
    record, path = opened(team)
    assert f'href="{path}by-hand/"' in text_of(record)
    return f"{path}by-hand/"


def test_it_is_corrected_through_the_feed_found_anew_and_put_back(team, inbox, made):
    page = team.get(made)
    assert 'value="Lindqvist"' in text_of(page)
    assert "Put that back" not in text_of(page)
    for said, message in (
        ({**RIGHT, "surname": ""}, "Enter the last name"),
        ({**RIGHT, "reason": ""}, "Choose why it is corrected"),
        ({**RIGHT, "surname": "Lindqvist"}, "nothing is other than it was"),
        ({**RIGHT, "postcode": "here"}, "Enter a postcode like OL1 4AB"),
    ):
        assert message in text_of(correct(team, page, **said))
    for _ in range(2):  # sent twice, handed in once
        assert "matched with everything that is held" in text_of(correct(team, page, **RIGHT))
    assert FeedFile.objects.count() == 2
    take(inbox)

    assert {one.surname for one in SearchIdentity.objects.filter(forename="Zoë")} == {"Lindkvist"}
    versions = RecordVersion.objects.filter(record__source_id="by-hand-353").order_by("id")
    assert [one.facts["surname"] for one in versions] == ["Lindqvist", "Lindkvist"]
    assert [one.superseded_at is None for one in versions] == [False, True]

    back = team.get(made, {"before": "1"})
    assert "Below stands what it said until" in text_of(back)
    assert 'value="Lindqvist"' in text_of(back)
    correct(team, back, **{**RIGHT, "surname": "Lindqvist", "reason": "put_back"})
    take(inbox)
    assert [one.facts["surname"] for one in versions.all()] == ["Lindqvist", "Lindkvist", "Lindqvist"]
    with acting_as_role("worker"):
        assert AuditBody.objects.filter(action="corrected_by_hand").count() == 2


def test_whoever_saw_something_else_corrects_nothing(team, inbox, made):
    stale = team.get(made)
    correct(team, team.get(made), **RIGHT)
    take(inbox)
    answer = correct(team, stale, **{**RIGHT, "surname": "Lund"})
    assert answer.status_code == 409
    assert "Somebody changed this meanwhile" in text_of(answer)
    assert FeedFile.objects.count() == 2


@pytest.fixture
def nurse(made, account, sign_in):
    account("keisha@example.org", name="Keisha Barrow", memberships=(("la-353", "practitioner"),))
    return sign_in("keisha@example.org")[0]


def test_one_that_is_asked_for_is_answered_with_it_and_its_mark_goes(team, inbox, nurse):
    """R61: marked until the correction is loaded."""
    _, path = opened(nurse)
    page = nurse.get(f"{path}wrong/", {"asked": "1", "field": "name"})
    record = SourceRecord.objects.get(source_id="by-hand-353").pk
    send(nurse, page, "itself", record=record, right="Lindkvist", basis="document")
    asked = Correction.objects.get()
    assert "Name: a correction has been asked for." in text_of(nurse.get(path))
    listed = text_of(team.get("/corrections/"))
    where = f"/corrections/by-hand/{asked.pk}/"
    assert f'href="{where}"' in listed
    assert "We will correct it" not in listed, "what can be corrected here is corrected here"
    page = team.get(where)
    assert "Keisha" not in text_of(page)
    for _ in range(2):
        assert "matched with everything" in text_of(correct(team, page, **RIGHT))
    assert "will correct it" in text_of(nurse.get("/corrections/"))
    take(inbox)
    assert "The source has corrected it." in text_of(nurse.get("/corrections/"))
    assert "a correction has been asked for" not in text_of(nurse.get(path))
    assert team.get(where).status_code == 403, "it waits no longer"


def test_of_a_record_that_nobody_made_by_hand_and_of_a_protected_one_nothing(
    team, inbox, made, account, sign_in
):
    """R25, R27: in the same words."""
    build_child(*amina_in_full())
    typed = {"forename": "Amina", "surname": "Okafor"}
    day = {"date_of_birth-day": "9", "date_of_birth-month": "5", "date_of_birth-year": "2016"}
    found = searched(team, **typed, **day)
    number = SearchIdentity.objects.get(forename="Amina").child_id
    path = open_from(team, found.request["PATH_INFO"], number).request["PATH_INFO"]
    assert "by-hand" not in text_of(team.get(path))
    refused = team.get(f"{path}by-hand/")
    child = SearchIdentity.objects.get(forename="Zoë").child_id
    now = timezone.now()
    place_shields(numbers=[child], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=now)
    hidden = team.get(made)
    assert (refused.status_code, hidden.status_code) == (403, 403)
    for one in (refused, hidden):
        assert "Your team has said nothing of this child by hand." in text_of(one)


def test_another_authority_s_team_and_a_practitioner_are_refused(nurse, account, sign_in):
    account("rona@example.org", name="Rona Bell", memberships=(("la-354", "authority_team"),))
    for client in (nurse, sign_in("rona@example.org")[0]):
        _, path = opened(client)
        assert client.get(f"{path}by-hand/").status_code == 403
        assert client.get("/corrections/by-hand/1/").status_code == 403
