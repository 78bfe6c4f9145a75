"""Children who move between authorities, through the pages: answered once, protected ones apart (R58)."""

import re

import pytest
from django.utils import timezone
from tests.factories.directory import amina_in_full, build_child
from tests.integration.web.test_shields import sent

from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.storage.models import AuthorityMove, Organisation


@pytest.fixture
def signed_in(account, sign_in):
    Organisation.objects.update(accredited_until="2099-01-01")

    def go(organisation, role):
        email = f"{role}@{organisation}.example.org"
        account(email, name="Rosa Marsh", memberships=((organisation, role),))
        return sign_in(email)[0]

    return go


@pytest.fixture
def move():
    """By what is said now Amina belongs to Oldham; Rochdale is responsible."""
    now = timezone.now()
    number = build_child(*amina_in_full())
    return AuthorityMove.objects.create(
        child_id=number, from_authority="354", to_authority="353", opened_at=now, answer_by=now.date()
    )


def page(client, path):
    return client.get(path).content.decode()


def where(client):
    return re.search(r'href="(/moves/[\w-]{16}/)"', page(client, "/moves/"))[1]


def test_a_team_accepts_once_however_often_it_presses(signed_in, move):
    council = signed_in("la-353", "authority_team")
    assert "1 child who moves to answer for" in page(council, "/today/")
    path = where(council)
    assert "Rochdale Children's Services stays responsible" in page(council, path).replace("&#x27;", "'")
    record = council.post(f"{path}open/", follow=True).content.decode()
    assert "Responsible: Rochdale" in record
    assert "until another authority has accepted" in record
    form = sent(council, path, step="accept")
    first, again = (council.post(path, form, follow=True).content.decode() for _ in range(2))
    assert "The new authority is responsible from now on." in first
    assert "The new authority is responsible from now on." in again
    move.refresh_from_db()
    assert move.state == "accepted"
    assert "No children who move to answer for" in page(council, "/today/")


def test_those_ticked_are_accepted_together_and_nobody_ticked_is_said(signed_in, move):
    council = signed_in("la-353", "authority_team")
    where(council)
    form = sent(council, "/moves/")
    assert "Tick the children whom you accept" in council.post("/moves/accept/", form).content.decode()
    move.refresh_from_db()
    assert move.state == "asked"
    ticked = re.search(r'name="ticked" value="([\w-]{16})"', page(council, "/moves/"))[1]
    form, second_tab = (sent(council, "/moves/", ticked=ticked) for _ in range(2))
    first, again = (council.post("/moves/accept/", form, follow=True).content.decode() for _ in range(2))
    assert "You are responsible for 1 child more from now on." in first
    assert "You are responsible for 1 child more from now on." in again
    move.refresh_from_db()
    assert move.state == "accepted"
    late = council.post("/moves/accept/", second_tab, follow=True)
    assert "1 move did not wait for you any more." in late.content.decode()


def test_whoever_says_no_says_why_and_a_second_tab_is_told_that_it_is_over(signed_in, move):
    council = signed_in("la-353", "authority_team")
    path = where(council)
    one, other = (sent(council, path, step="decline", reason="placed") for _ in range(2))
    assert "Choose why" in council.post(path, {**one, "reason": ""}).content.decode()
    assert "Choose what you say" in council.post(path, {**one, "step": "give"}).content.decode()
    assert "stays responsible" in council.post(path, one, follow=True).content.decode()
    assert "does not wait for you" in council.post(path, other, follow=True).content.decode()
    move.refresh_from_db()
    assert (move.state, move.reason) == ("declined", "placed")
    national = signed_in("contactpoint", "national_team")
    path = where(national)
    national.post(path, sent(national, path, step="keep"))
    move.refresh_from_db()
    assert move.state == "kept"


def test_a_protected_childs_move_is_on_the_national_shield_desks_page_alone(signed_in, move):
    place_shields(
        numbers=[move.child_id], ground=Ground.ADOPTION, by=system_viewer("test"), at=timezone.now()
    )
    for organisation in ("la-353", "la-354"):
        team = signed_in(organisation, "authority_team")
        assert "Nobody moves." in page(team, "/moves/")
        assert team.get("/shields/moves/").status_code == 403
    desk, new_desk = (signed_in(code, "shield_team") for code in ("la-354", "la-353"))
    assert "Moved within thirty days" not in page(desk, "/shields/")
    assert desk.get("/shields/moves/").status_code == 403
    national = signed_in("contactpoint", "shield_team")
    text = page(national, "/shields/moves/").replace("&#x27;", "'")
    assert "From Rochdale Children's Services to Oldham Children's Services" in text
    assert move.child_id not in text
    path, key = re.search(
        r'action="([^"]+/give/)".*?name="form_key" value="([^"]+)"', text, re.DOTALL
    ).groups()
    for _ in range(2):
        done = national.post(path, {"form_key": key}, follow=True).content.decode()
        assert "the old one learns that it moved" in done
    assert national.post(path.replace("/give/", "/lift/"), {"form_key": key}).status_code == 404
    assert f"{move.child_id}: moved on" in page(desk, "/shields/")
    assert f"{move.child_id}: came to this desk on" in page(new_desk, "/shields/")
