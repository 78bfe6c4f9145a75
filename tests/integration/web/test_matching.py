"""Records to check, through the pages: shown, decided, pressed twice, out of date, taken back (R20)."""

import re
from datetime import date

import pytest
from tests.factories.directory import acting_as_role
from tests.factories.feeds import AMINA
from tests.factories.supply import BEN, HELP, LATER, LOADER, NOW, child_of, feed, load, rows

from contactpoint.actions.protect.place_shield import Ground, place_shield
from contactpoint.pipelines.decided import carry_out_case_decisions
from contactpoint.storage.models import Organisation

TEAM = (("la-353", "authority_team"),)
ONE = {**AMINA, "carer_forename": "Grace", "carer_surname": "Okafor"}
OTHER = {**ONE, **HELP, "local_id": "M1", "forename": "Amena", "date_of_birth": "2016-05-19",
         "address": "9 Oak Road, Rochdale", "postcode": "OL16 2ZZ"}  # fmt: skip


@pytest.fixture
def unsure(tmp_path):
    load(feed(tmp_path, "births", ONE, BEN))
    load(feed(tmp_path, "childrens-services-353", OTHER), at=LATER)
    return child_of("births", "A1"), child_of("childrens-services-353", "M1")


@pytest.fixture
def team(account, sign_in):
    account(memberships=TEAM)
    client, _ = sign_in()
    return client


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def link_to(response, start):
    return re.search(rf'href="({start}[\w-]{{16}}/(?:undo/)?)"', response.content.decode()).group(1)


def hidden(response):
    fields = re.findall(
        r'<input type="hidden" name="(form_key|seen)" value="([^"]*)"', response.content.decode()
    )
    return dict(fields[-2:])


def open_case(client):
    address = link_to(client.get("/matching/"), "/matching/")
    return address, client.get(address)


def carry_out():
    with acting_as_role("worker"):
        carry_out_case_decisions(by=LOADER, at=LATER)


def test_the_list_leads_to_a_case_without_naming_anybody_in_the_address(team, unsure):
    listed = team.get("/matching/")
    assert "A new record of a known child?" in text_of(listed)
    assert "Amena Okafor, born 19 May 2016" in text_of(listed)
    address, page = open_case(team)
    assert re.fullmatch(r"/matching/[\w-]{16}/", address)
    told = text_of(page)
    assert "Birth registrations, 22 November 2026" in told
    assert "one digit different" in told
    assert re.search(r"\+\d\.\d bits in all: \d+ to 1 for one child", told)
    assert "Agrees" in told
    assert "Differs" in told


def test_two_children_is_recorded_once_whatever_is_pressed_twice(team, unsure):
    address, page = open_case(team)
    sent = {**hidden(page), "because": "I rang the school", "verdict": "different"}
    for _ in range(2):
        answer = team.post(address, sent, follow=True)
        assert "Recorded: two children." in text_of(answer)
    assert "Nothing waits." in text_of(answer)
    assert rows("SELECT count(*) FROM case_decision") == [(1,)]


def test_without_a_reason_nothing_is_decided_and_the_summary_leads_to_it(team, unsure):
    address, page = open_case(team)
    answer = team.post(address, {**hidden(page), "because": " ", "verdict": "same"})
    assert "There is a problem" in text_of(answer)
    assert 'href="#id_because"' in answer.content.decode()
    assert rows("SELECT count(*) FROM case_decision") == [(0,)]
    assert team.post(address, {**hidden(page), "because": "So", "verdict": "perhaps"}).status_code == 400


def test_what_changed_meanwhile_is_shown_and_nothing_decided(team, unsure, tmp_path):
    address, page = open_case(team)
    changed = {**OTHER, "middle_names": "Rose"}
    load(feed(tmp_path, "childrens-services-353", changed, as_at="2026-12-20"), at=LATER)
    answer = team.post(address, {**hidden(page), "because": "So", "verdict": "same"})
    assert answer.status_code == 409
    assert "This has changed since you opened it." in text_of(answer)
    assert "Rose" in text_of(answer)
    assert rows("SELECT count(*) FROM case_decision") == [(0,)]
    again = team.post(address, {**hidden(answer), "because": "So", "verdict": "same"}, follow=True)
    assert "Recorded: the same child. The records follow within a minute, or when" in text_of(again)


def test_a_colleague_decided_first(team, unsure, account, sign_in):
    address, page = open_case(team)
    account("ben@example.org", name="Ben Marsh", memberships=TEAM)
    colleague, _ = sign_in("ben@example.org")
    theirs, other = open_case(colleague)
    colleague.post(theirs, {**hidden(other), "because": "So", "verdict": "different"})
    answer = team.post(address, {**hidden(page), "because": "So", "verdict": "same"})
    assert answer.status_code == 403
    assert "No records of that number wait for you to check." in text_of(answer)


def test_a_decision_is_taken_back_from_the_list_of_decisions(team, unsure):
    address, page = open_case(team)
    team.post(address, {**hidden(page), "because": "One passport", "verdict": "same"})
    assert "Is being carried out" in text_of(team.get("/matching/decided/"))
    carry_out()
    listed = team.get("/matching/decided/")
    assert "One passport" in text_of(listed)
    back = link_to(listed, "/matching/decided/")
    asked = team.get(back)
    assert "Every record goes back to the number it had" in text_of(asked)
    assert "There is a problem" in text_of(team.post(back, {**hidden(asked), "because": ""}))
    for _ in range(2):
        answer = team.post(back, {**hidden(asked), "because": "I was wrong"}, follow=True)
        assert "Recorded: taken back." in text_of(answer)
    carry_out()
    assert child_of("childrens-services-353", "M1") == unsure[1]
    assert "Taken back" in text_of(team.get("/matching/decided/"))
    assert "A new record of a known child?" in text_of(team.get("/matching/"))
    assert team.get(back).status_code == 404


def test_it_is_for_teams(account, sign_in, unsure):
    account()
    client, _ = sign_in()
    for address in ("/matching/", "/matching/decided/"):
        assert client.get(address).status_code == 403
    assert "Records to check" not in text_of(client.get("/my-children/"))


def test_an_address_of_another_session_is_nobodys(team, unsure, account, sign_in):
    address, _ = open_case(team)
    account("ben@example.org", name="Ben Marsh", memberships=TEAM)
    colleague, _ = sign_in("ben@example.org")
    assert colleague.get(address).status_code == 404


def test_shield_staff_have_a_list_of_their_own(account, sign_in, team, tmp_path):
    """R21."""
    load(feed(tmp_path, "births", ONE, BEN))
    with acting_as_role("worker"):
        place_shield(number=child_of("births", "A1"), ground=Ground.ADOPTION, by=LOADER, at=NOW)
    load(feed(tmp_path, "childrens-services-353", OTHER), at=LATER)
    Organisation.objects.filter(code="contactpoint").update(accredited_until=date(2099, 1, 1))
    account("ewa@example.org", name="Ewa Kowalska", memberships=(("contactpoint", "shield_team"),))
    desk, _ = sign_in("ewa@example.org")
    assert desk.get("/matching/").status_code == 403
    assert "1 record near a protection to check" in text_of(desk.get("/today/"))
    assert 'href="/matching/protected/"' in desk.get("/shields/").content.decode()
    account("max@example.org", name="Max Stein", memberships=(("contactpoint", "national_team"),))
    nation, _ = sign_in("max@example.org")
    assert "Nothing waits." in text_of(nation.get("/matching/"))
    listed = desk.get("/matching/protected/")
    assert "Amena Okafor" in text_of(listed)
    address = link_to(listed, "/matching/protected/")
    page = desk.get(address)
    assert "Waits in quarantine" in text_of(page)
    assert desk.get(address.replace("protected/", "")).status_code == 404
    answer = desk.post(address, {**hidden(page), "because": "One passport", "verdict": "same"}, follow=True)
    assert "Recorded: the same child." in text_of(answer)
    carry_out()
    decided = desk.get("/matching/protected/decided/")
    assert "One passport" in text_of(decided)
    assert link_to(decided, "/matching/protected/decided/")
    for page in ("/matching/protected/", "/matching/protected/decided/"):
        assert team.get(page).status_code == nation.get(page).status_code == 403
    for other in (team, nation):
        assert "One passport" not in text_of(other.get("/matching/decided/"))


def test_what_goes_with_which_part_is_chosen_on_the_page(team, tmp_path):
    school = {"service": "school", "organisation": "105734"}
    zofia = {
        "forename": "Zofia",
        "surname": "Wieczorek",
        "date_of_birth": "2014-12-02",
        "postcode": "OL1 2AA",
    }
    load(
        feed(tmp_path, "births", AMINA, BEN),
        feed(tmp_path, "gp-registrations", {**AMINA, "service": "gp", "organisation": "P85001"}),
        feed(tmp_path, "school-census", {**AMINA, **school}),
    )
    moved = {**AMINA, **zofia, **school, "address": "1 Hill Top, Oldham"}
    load(feed(tmp_path, "school-census", moved, as_at="2026-12-19"), at=LATER)
    address, page = open_case(team)
    assert "Two children in one record?" in text_of(page)
    assert "Which of these go with the other part?" in text_of(page)
    assert len(re.findall(r'type="checkbox"', page.content.decode())) == 1
    assert re.findall(r"From (\d source)", text_of(page)) == ["2 source", "1 source"]
    asked = {**hidden(page), "between": "yes", "because": "Two birth certificates"}
    shown = team.post(address, {**asked, "leaves": ["0", "7", "x"], "preview": "yes"})
    assert re.findall(r"From (\d source)", text_of(shown)) == ["1 source", "2 source"]
    assert "There is a problem" not in text_of(shown)
    assert "Two birth certificates" in shown.content.decode(), "what was typed stays"
    assert len(re.findall(r'type="checkbox"[^>]* checked', shown.content.decode())) == 1
    typed = {**asked, "verdict": "different"}
    assert team.post(address, {**typed, "leaves": "7"}).status_code == 200
    assert rows("SELECT count(*) FROM case_decision") == [(0,)]
    assert "There is a problem" in text_of(team.post(address, {**typed, "because": "", "leaves": "0"}))
    for _ in range(2):
        assert "Recorded: two children." in text_of(team.post(address, {**typed, "leaves": "0"}, follow=True))
    ((parts,),) = rows("SELECT jsonb_array_length(parts) FROM case_decision")
    assert parts == 2


def test_who_saw_two_children_as_one_is_listed_and_decided(team, unsure):
    """R55: from the list of what was decided, once a joining was taken back."""
    _, page = open_case(team)
    address = page.request["PATH_INFO"]
    team.post(address, {**hidden(page), "because": "The midwife said so", "verdict": "same"})
    carry_out()
    listed = team.get("/matching/decided/")
    assert "Who saw it as one" not in text_of(listed)
    back = link_to(listed, "/matching/decided/")
    asked = team.get(back)
    team.post(back, {**hidden(asked), "because": "She was wrong"})
    carry_out()
    listed = team.get("/matching/decided/")
    assert "Who saw it as one" in text_of(listed)
    seen = re.search(r'href="(/matching/decided/[\w-]{16}/seen/)"', listed.content.decode())[1]
    assert "Who saw two children as one" in text_of(team.get(seen))
    assert "Nobody did." in text_of(team.get(seen))
