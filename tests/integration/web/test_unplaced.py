"""Children for whom no authority is responsible, through the pages: given once, opened, answered (R58)."""

import re

import pytest
from django.utils import timezone
from tests.factories.directory import amina_in_full, build_child
from tests.integration.web.test_moves import page, signed_in
from tests.integration.web.test_shields import sent

from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.storage.models import AuthorityMove, LeftEngland, SearchIdentity, UnplacedChild

__all__ = ["signed_in"]


@pytest.fixture
def number():
    """Amina, of whom no place in England is known."""
    number = build_child(*amina_in_full())
    SearchIdentity.objects.filter(child_id=number).update(la="", postcode="", town="", dis="", sec="")
    UnplacedChild.objects.create(child_id=number, since=timezone.now())
    return number


def where(client):
    return re.search(r'href="(/unplaced/[\w-]{16}/)"', page(client, "/unplaced/"))[1]


def test_the_national_team_asks_an_authority_once_however_often_it_presses(signed_in, number):
    national = signed_in("contactpoint", "national_team")
    assert "1 child for whom nobody is responsible" in page(national, "/today/")
    listed = page(national, "/unplaced/")
    assert "1 child waits." in listed
    assert "No home with a postcode is known" in listed
    path = where(national)
    assert number not in page(national, path)
    assert national.post(f"{path}open/", follow=True).status_code == 200
    wrong = national.post(path, sent(national, path)).content.decode()
    assert "Choose an authority" in wrong
    assert "Choose why that authority" in wrong
    form = sent(national, path, authority="354", because="last_known")
    for _ in range(2):
        done = national.post(path, form, follow=True).content.decode().replace("&#x27;", "'")
        assert "Rochdale Children's Services is asked to accept; nobody is responsible until it has." in done
        assert "Nobody waits." in done
    assert AuthorityMove.objects.get().to_authority == "354"
    assert "does not wait for an authority any more" in page(national, path)


def test_the_authority_reads_that_it_was_given_and_why_and_answers(signed_in, number):
    national = signed_in("contactpoint", "national_team")
    path = where(national)
    national.post(path, sent(national, path, authority="354", because="family_says"))
    council = signed_in("la-354", "authority_team")
    assert "1 child who moves to answer for" in page(council, "/today/")
    path = re.search(r'href="(/moves/[\w-]{16}/)"', page(council, "/moves/"))[1]
    text = page(council, path).replace("&#x27;", "'")
    assert "by the national team: the family says that the child lives there" in text
    assert "Nobody is responsible for this child until this is accepted." in text
    declined = council.post(path, sent(council, path, step="decline", reason="not_here"), follow=True)
    assert "until then nobody is responsible" in declined.content.decode()
    path = re.search(r'href="(/moves/[\w-]{16}/)"', page(national, "/moves/"))[1]
    assert "the child goes back to the list" in page(national, path)
    kept = national.post(path, sent(national, path, step="keep"), follow=True).content.decode()
    assert "listed again with those for whom nobody is responsible" in kept
    assert "1 child waits." in page(national, "/unplaced/")


def test_that_a_child_left_england_is_written_down_once_and_stands_on_the_record(signed_in, number):
    """R50."""
    national = signed_in("contactpoint", "national_team")
    path = where(national)
    assert f'href="{path}left/"' in page(national, path)
    wrong = national.post(f"{path}left/", sent(national, f"{path}left/")).content.decode()
    assert "Enter the day the child left" in wrong
    assert "Choose whether the child is expected back" in wrong
    day = {"left_on-day": "1", "left_on-month": "9", "left_on-year": "2025"}
    form = sent(national, f"{path}left/", kind="left_for_good", **day)
    for _ in range(2):
        done = national.post(f"{path}left/", form, follow=True).content.decode()
        assert "It stands on the record until a source says that the child is in England." in done
        assert "Nobody waits." in done
    assert [(one.child_id, one.kind) for one in LeftEngland.objects.all()] == [(number, "left_for_good")]


def test_nobody_else_opens_it_and_a_protected_child_is_not_in_it(signed_in, number):
    place_shields(numbers=[number], ground=Ground.ADOPTION, by=system_viewer("test"), at=timezone.now())
    assert signed_in("la-353", "authority_team").get("/unplaced/").status_code == 403
    national = signed_in("contactpoint", "national_team")
    assert "Nobody waits." in page(national, "/unplaced/")
    assert "No children for whom nobody is responsible" in page(national, "/today/")
