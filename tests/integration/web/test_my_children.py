"""My children and corrections through the pages (R27, R43, R45, R61)."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.factories.directory import amina, amina_in_full, build_child
from tests.integration.web.test_finding import opened

from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.storage.models import Account, InvolvementRow, OwnLook, RecordVersion, SourceRecord

TEAM = (("la-353", "authority_team"),)
SAID = {
    "service": "childrens_social_care",
    "role": "Social worker",
    "phone": "0161 496 0999",
    "start-day": "1",
    "start-month": "9",
    "start-year": "2026",
    "lead": "no",
    "assessment": "no",
}


def text_of(response):
    return html.unescape(response.content.decode())


def send(client, response, action="", **typed):
    """Send the form of a page that goes to that address, with its hidden fields, and follow."""
    pattern = r'<form method="post"(?: action="(?P<action>[^"]*)")?[^>]*>(?P<inside>.*?)</form>'
    form = next(
        found
        for found in re.finditer(pattern, response.content.decode(), re.DOTALL)
        if action in (found["action"] or "itself") and "logout" not in (found["action"] or "")
    )
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form["inside"]))
    request = response.request
    here = request["PATH_INFO"] + (f"?{request['QUERY_STRING']}" if request["QUERY_STRING"] else "")
    return client.post(form["action"] or here, {**hidden, **typed}, follow=True)


@pytest.fixture
def number(db):
    return build_child(*amina_in_full())


@pytest.fixture
def mine(number, account, sign_in):
    """A client with one confirmed involvement, and its row."""
    me, second = account(), account("ben@example.org", name="Ben Cole", job_title="Social worker")
    client, _ = sign_in()
    path = opened(client, number).request["PATH_INFO"]
    client.post(f"{path}working/", SAID)
    send(client, client.get(f"{path}working/check/"), "itself")
    row = InvolvementRow.objects.get(typed_by=me)
    now = timezone.now()
    InvolvementRow.objects.filter(pk=row.pk).update(
        confirmed_by=second, confirmed_at=now, last_confirmed=now.date()
    )
    return client, row


def test_the_list_says_what_i_do_and_leads_to_all_i_can(mine):
    client, _ = mine
    page = text_of(client.get("/my-children/"))
    assert "Amina Okafor" in page
    assert "Children's social care, Social worker, since 1 September 2026" in page
    assert "Are you still involved?" not in page
    assert "I no longer work with this child" in page


def test_still_involved_yes_and_no_are_one_click_each(mine):
    client, row = mine
    long_ago = timezone.now() - timedelta(days=200)
    InvolvementRow.objects.filter(pk=row.pk).update(last_confirmed=long_ago.date())
    page = client.get("/my-children/")
    assert "Are you still involved?" in text_of(page)
    after = send(client, page, "/still/")
    assert "you are still involved" in text_of(after)
    assert "Are you still involved?" not in text_of(after)
    ended = send(client, client.get("/my-children/"), "/end/")
    assert "your involvement has ended" in text_of(ended)
    assert "Amina Okafor" not in text_of(ended)


def test_i_correct_what_i_said_and_wrong_things_lead_to_their_fields(mine):
    client, row = mine
    handle = re.search(r"/my-children/([\w-]{16})/", client.get("/my-children/").content.decode())[1]
    page = client.get(f"/my-children/{handle}/")
    typed = {"role": "", "phone": "0161 496 0111", "start-day": "2", "start-month": "8", "start-year": "2026"}
    wrong = send(client, page, f"/my-children/{handle}/", **typed, assessment="yes")
    assert "Enter your role" in text_of(wrong)
    assert "0161 496 0111" in text_of(wrong), "nothing typed is lost"
    send(client, wrong, f"/my-children/{handle}/", **{**typed, "role": "Team lead"}, assessment="yes")
    row.refresh_from_db()
    assert (row.practitioner_role, row.contact_phone, row.assessment) == ("Team lead", "0161 496 0111", True)
    assert client.get("/my-children/nobodys-handle/").status_code == 404


TYPED = {"role": "Team lead", "phone": "0161 496 0111", "assessment": "yes"}
TYPED |= {"start-day": "2", "start-month": "8", "start-year": "2026"}


def own_page(client):
    """The page of my one child, and its address."""
    (path,) = set(re.findall(r'"(/my-children/[\w-]{16}/)"', client.get("/my-children/").content.decode()))
    return path, client.get(path)


def test_what_i_corrected_in_another_window_is_shown_with_what_i_sent(mine):
    """R44: nothing is overwritten unseen, whichever window comes second, also by way of its errors."""
    client, row = mine
    path, stale = own_page(client)
    send(client, stale, path, **TYPED)

    wrong = send(client, stale, path, **{**TYPED, "role": ""})
    assert "Enter your role" in text_of(wrong)
    page = send(client, wrong, path, **{**TYPED, "role": "Matron", "phone": "0161 496 0222"})

    assert page.status_code == 409
    cells = re.findall(r'data-label="([^"]+)">(?:<strong>)?([^<]*)', text_of(page))
    assert cells[:6] == [
        ("What you saw", "Social worker"),
        ("What stands now", "Team lead"),
        ("What you sent", "Matron"),
        ("What you saw", "0161 496 0999"),
        ("What stands now", "0161 496 0111"),
        ("What you sent", "0161 496 0222"),
    ]
    assert f'href="{path}"' in text_of(page)
    row.refresh_from_db()
    assert (row.practitioner_role, row.contact_phone) == ("Team lead", "0161 496 0111")
    send(client, client.get(path), path, **{**TYPED, "role": "Matron"})
    row.refresh_from_db()
    assert row.practitioner_role == "Matron", "decided anew"


def test_r43_whoever_took_the_lead_meanwhile_is_shown_before_they_lose_it(mine, number, sign_in):
    client, row = mine
    path, stale = own_page(client)
    assert "The lead practitioner now: Joan Whitworth" in text_of(stale)
    ben = Account.objects.get(email="ben@example.org")
    theirs = InvolvementRow.objects.get(pk=row.pk)
    theirs.pk, theirs.record = (
        None,
        SourceRecord.objects.create(source_id="practitioners", local_id="ben", child_id=number),
    )
    theirs.typed_by, theirs.confirmed_by, theirs.practitioner = ben, row.typed_by, "Ben Cole"
    theirs.lead_practitioner, theirs.lead_since = True, timezone.localdate()
    theirs.save()

    page = send(client, stale, "/lead/")

    assert page.status_code == 409
    text = text_of(page)
    assert text.index("Joan Whitworth") < text.index("Ben Cole, Social worker")
    assert "What you sent" not in text
    assert set(InvolvementRow.objects.filter(lead_practitioner=True, typed_by__isnull=False)) == {theirs}
    assert "you are the lead practitioner now" in text_of(send(client, client.get(path), "/lead/"))


@pytest.mark.parametrize("seen", ["", "x:y"])
def test_a_page_that_was_not_ours_corrects_nothing(mine, seen):
    client, row = mine
    path, page = own_page(client)
    assert send(client, page, path, **TYPED, seen=seen).status_code == 400
    assert send(client, page, "/lead/", seen=seen).status_code == 400
    row.refresh_from_db()
    assert (row.practitioner_role, row.lead_practitioner) == ("Social worker", False)


def test_taking_the_lead_says_first_whose_it_is(mine):
    client, _row = mine
    handle = re.search(r"/my-children/([\w-]{16})/", client.get("/my-children/").content.decode())[1]
    page = client.get(f"/my-children/{handle}/")
    assert "The lead practitioner now: Joan Whitworth" in text_of(page)
    after = send(client, page, "/lead/")
    assert "you are the lead practitioner now" in text_of(after)
    assert "Lead practitioner" in text_of(client.get("/my-children/"))


def test_what_changed_on_the_record_is_listed_until_the_next_look(mine, number):
    client, _row = mine
    assert "What changed since you last looked" not in text_of(client.get("/my-children/"))
    now = timezone.now()
    for version in RecordVersion.objects.filter(record__child_id=number):
        moved = {**version.facts, "address": "3 Quarry <b>Bank</b>", "postcode": "OL12 9XY"}
        RecordVersion.objects.filter(pk=version.pk).update(superseded_at=now)
        RecordVersion.objects.create(
            record_id=version.record_id,
            as_at=now.date(),
            facts=moved,
            fingerprint=bytes(16),
            recorded_at=now,
        )
    page = client.get("/my-children/")
    assert "What changed since you last looked" in text_of(page)
    assert (
        "Address changed today: now Home, 3 Quarry &lt;b&gt;Bank&lt;/b&gt;, OL12 9XY" in page.content.decode()
    )
    OwnLook.objects.update(looked_before=timezone.now())  # as half an hour later
    assert "What changed" not in text_of(client.get("/my-children/"))


def test_a_colleague_takes_over(mine, sign_in):
    client, _row = mine
    handle = re.search(r"/my-children/([\w-]{16})/", client.get("/my-children/").content.decode())[1]
    page = client.get(f"/my-children/{handle}/")
    ben = re.search(r'name="colleague"[^>]*value="([^"]+)"', page.content.decode())[1]
    assert "Choose who takes over" in text_of(send(client, page, "/hand-over/"))
    assert "has been asked" in text_of(send(client, page, "/hand-over/", colleague=ben))
    other, _ = sign_in("ben@example.org")
    offered = other.get("/my-children/")
    assert "Amina Shah asks you to take over" in text_of(offered)
    accepted = send(other, offered, "/take-over/")
    assert "you have taken over" in text_of(accepted)
    again = send(other, offered, "/take-over/")
    assert "you have taken over" in text_of(again), "a second press is answered like the first"
    assert "Amina Okafor" not in text_of(client.get("/my-children/"))


def test_a_protected_child_is_four_facts_and_constants(mine, number):
    """R27."""
    client, _row = mine
    handle = re.search(r"/my-children/([\w-]{16})/", client.get("/my-children/").content.decode())[1]
    place_shields(
        numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=timezone.now()
    )
    page = text_of(client.get("/my-children/"))
    assert "This record is protected." in page
    main = page[page.index("<main") : page.index("</main>")]
    for hidden in ("Social worker", "September", "Change or hand over", "still involved", "Oldham"):
        assert hidden not in main
    assert client.get(f"/my-children/{handle}/").status_code == 403


def test_a_correction_is_asked_marked_answered_and_its_fate_seen(number, account, sign_in):
    account()
    account("dev@example.org", name="Dev Rao", memberships=TEAM)
    client, _ = sign_in()
    path = opened(client, number).request["PATH_INFO"]
    assert "Choose what is wrong" in text_of(client.get(f"{path}wrong/", {"asked": "1"}))
    page = client.get(f"{path}wrong/", {"asked": "1", "field": "address"})
    assert "Oldham Children's Services: 14 Mill Lane, Oldham, OL1 4AB" in text_of(page)
    wrong = send(client, page, "itself")
    for message in ("Choose the source", "Say what is right", "Choose how you know"):
        assert message in text_of(wrong)
    council = re.search(r'value="(\d+)"[^>]*>\s*<label[^>]*>\s*Oldham Children', page.content.decode())[1]
    sent = send(client, page, "itself", record=council, right="3 Quarry <b>Bank</b>", basis="carer")
    assert "Oldham Children's Services has been asked to correct it." in text_of(sent)
    assert "Sent to the source." in text_of(client.get("/corrections/"))
    record = client.get(path).content.decode()
    assert "A correction has been asked for." in record

    team, _ = sign_in("dev@example.org")
    asked = team.get("/corrections/")
    assert "3 Quarry &lt;b&gt;Bank&lt;/b&gt;" in asked.content.decode()
    assert "Amina Shah" not in text_of(asked), "the source does not learn who asked"
    assert "Nothing waits" in text_of(send(team, asked, "/answer/"))
    assert "The source agrees" in text_of(client.get("/corrections/"))


def test_of_a_protected_record_the_answer_is_constant(account, sign_in):
    """R27."""
    account()
    client, _ = sign_in()
    pages = set()
    for child in (amina(), amina(address="9 Other Road", postcode="OL9 9ZZ", carer_forename="Ivy")):
        number = build_child(child, shielded=True)
        path = opened(client, number, forename="Amina", surname="Okafor").request["PATH_INFO"]
        for query in ({}, {"asked": "1", "field": "address"}):
            main = text_of(client.get(f"{path}wrong/", query))
            main = main[main.index("<main") : main.index("</main>")]
            pages.add(main)
    assert len(pages) == 1
    assert "This record is protected." in pages.pop()
