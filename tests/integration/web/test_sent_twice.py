"""Double presses, two windows, the back button and pages that are out of date."""

import html
import re

import pytest
from django.test import Client
from django.utils import timezone
from tests.factories.directory import amina_in_full, build_child

from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.storage.models import Account, InvolvementRow, Membership, SourceRecord

from .test_finding import opened

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


def hidden(response, name="form_key"):
    return re.findall(rf'name="{name}" value="([^"]*)"', response.content.decode())


@pytest.fixture
def amina(account, sign_in):
    """A signed-in client and the path of a record it has opened."""
    number = build_child(*amina_in_full())
    account()
    client, _ = sign_in()
    return client, opened(client, number).request["PATH_INFO"]


def said_by_people():
    return InvolvementRow.objects.filter(typed_by__isnull=False)


def text_of(response):
    return html.unescape(response.content.decode())


def check_page(client, path, **changed):
    return client.post(f"{path}working/", {**SAID, **changed}, follow=True)


def test_pressed_twice_it_is_recorded_once_and_said_twice(amina):
    client, path = amina
    key = {"form_key": hidden(check_page(client, path))[0]}
    for _ in range(2):
        done = client.post(f"{path}working/check/", key, follow=True)
        assert "Recorded, and waiting for" in done.content.decode()
    assert said_by_people().count() == 1


def test_the_answer_was_lost_and_the_form_is_filled_in_again(amina):
    """The server was killed between recording and answering: the session still holds what was typed."""
    client, path = amina
    first = check_page(client, path)
    draft = client.session["cp_said"]
    client.post(f"{path}working/check/", {"form_key": hidden(first)[0]})
    session = client.session
    session["cp_said"] = draft
    session.save()

    again = check_page(client, path)

    assert "Recorded, and waiting for" in text_of(again)
    assert said_by_people().count() == 1


def test_the_answer_was_lost_after_the_session_was_kept(amina):
    """The server was killed while it answered: reloading and filling in again record nothing twice."""
    client, path = amina
    key = hidden(check_page(client, path))[0]
    client.post(f"{path}working/check/", {"form_key": key})

    assert "Recorded, and waiting for" in client.get(f"{path}working/check/", follow=True).content.decode()
    assert 'value="2026"' not in client.get(f"{path}working/").content.decode()
    assert "Recorded, and waiting for" in text_of(check_page(client, path))
    client.post(f"{path}working/check/", {"form_key": key})
    assert said_by_people().count() == 1


def recorded(client, path, **changed):
    return client.post(
        f"{path}working/check/", {"form_key": hidden(check_page(client, path, **changed))[0]}, follow=True
    )


def test_said_twice_in_other_words_what_stands_is_shown_and_nothing_recorded(amina):
    """R44: one person works with one child for one service once."""
    client, path = amina
    recorded(client, path)
    again = check_page(client, path, role="Team manager")
    for page, status in ((again, 409), (client.get(f"{path}working/"), 200)):
        assert page.status_code == status
        assert "You have already said so" in text_of(page)
        assert "Social worker" in text_of(page)
        assert "Waiting for Oldham Children's Services" in text_of(page)
        assert "Team manager" not in text_of(page)
    assert said_by_people().get().practitioner_role == "Social worker"

    change = re.search(r'href="(/my-children/[\w-]{16}/)"', again.content.decode())[1]
    assert "Correct what you said" in text_of(client.get(change))


def test_two_windows_that_both_show_the_check_record_once(amina):
    client, path = amina
    other = Client()
    other.force_login(Account.objects.get(email="amina@example.org"))
    number = SourceRecord.objects.values_list("child_id", flat=True).first()
    there = opened(other, number).request["PATH_INFO"]
    keys = [hidden(check_page(client, path))[0], hidden(check_page(other, there, role="Manager"))[0]]
    first = client.post(f"{path}working/check/", {"form_key": keys[0]}, follow=True)
    second = other.post(f"{there}working/check/", {"form_key": keys[1]})
    assert "Recorded, and waiting for" in text_of(first)
    assert (second.status_code, "You have already said so" in text_of(second)) == (409, True)
    assert said_by_people().get().practitioner_role == "Social worker"


def test_what_was_ended_can_be_said_again_in_the_same_words(amina):
    client, path = amina
    recorded(client, path)
    said_by_people().update(end_date="2026-11-01")
    assert "Recorded, and waiting for" in text_of(recorded(client, path))
    assert said_by_people().count() == 2


def test_of_another_service_it_is_said_anew(amina):
    client, path = amina
    recorded(client, path)
    Membership.objects.update(services=["childrens_social_care", "send"])
    assert "Which service are you working with this child for?" in text_of(client.get(f"{path}working/"))
    assert "Recorded, and waiting for" in text_of(recorded(client, path, service="send"))
    assert "You have already said so" in text_of(client.get(f"{path}working/"))


def test_of_a_protected_child_only_the_service_is_told_back(amina):
    """R27: what was said is as absent as everything else."""
    client, path = amina
    recorded(client, path)
    number = SourceRecord.objects.values_list("child_id", flat=True).first()
    place_shields(
        numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=timezone.now()
    )
    for page in (client.get(f"{path}working/"), check_page(client, path, role="Team manager")):
        text = text_of(page)
        main = text[text.index("<main") : text.index("</main>")]
        assert "You have already said so" in main
        assert "Children's social care" in main
        assert "This record is protected" in main
        for hidden_words in ("Social worker", "September", "0161 496 0999", "my-children", "Waiting for"):
            assert hidden_words not in main


SENSITIVE = {"service": "mental_health"}
AGREED = {**SENSITIVE, "understands": "yes", "consent": "child", "scope": "listed"}
NOBODY_AGREED = {
    **SENSITIVE,
    "consent": "significant_harm",
    "decided_by": "Ruth Cole",
    "decided_by_title": "Named doctor",
    "without": "nobody_to_ask",
}
# (rule, what is said, whether the child is protected, what the page after recording says)
AFTERWARDS = [
    ("R45", {}, False, "Once confirmed, others see it when they open the record."),
    ("R27", {}, True, "This record is protected: nobody is shown who works with the child"),
    ("R39", NOBODY_AGREED, False, "Nobody else is shown it, confirmed or not"),
    ("R39", {**AGREED, "scope": "desk"}, False, "Nobody else is shown it, confirmed or not"),
    ("R36", AGREED, False, "as long as the child, or a parent or carer, agrees."),
    ("R27", AGREED, True, "This record is protected: nobody is shown"),
]


@pytest.mark.parametrize(("rule", "said", "protected", "words"), AFTERWARDS)
def test_the_page_after_recording_says_who_will_be_shown_it(amina, rule, said, protected, words):
    client, path = amina
    Membership.objects.update(services=["childrens_social_care", "mental_health"])
    if protected:
        number = SourceRecord.objects.values_list("child_id", flat=True).first()
        place_shields(
            numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=timezone.now()
        )
    page = text_of(recorded(client, path, **said))
    assert words in page, rule
    assert ("Ask a colleague" in page) is not protected, "nobody is asked to confirm a protected one"


def test_what_another_window_changed_is_shown_before_it_is_recorded(amina):
    client, path = amina
    first = hidden(check_page(client, path))[0]
    check_page(client, path, role="Team manager")

    stale = client.post(f"{path}working/check/", {"form_key": first})

    assert stale.status_code == 409
    page = stale.content.decode()
    assert "You changed this in another window" in page
    assert "Team manager" in page
    assert not said_by_people().exists()
    client.post(f"{path}working/check/", {"form_key": hidden(stale)[0]})
    assert [row.practitioner_role for row in said_by_people()] == ["Team manager"]


def test_a_page_without_a_key_records_nothing(amina):
    client, path = amina
    check_page(client, path)
    assert client.post(f"{path}working/check/").status_code == 409
    assert not said_by_people().exists()


@pytest.fixture
def colleague(amina, account, sign_in):
    """A colleague on the list of what waits to be confirmed; what Amina said is the one thing there."""
    client, path = amina
    client.post(f"{path}working/check/", {"form_key": hidden(check_page(client, path))[0]})
    account("ben@example.org", name="Ben Lowe")
    other, _ = sign_in("ben@example.org")
    return other


def row_of(page):
    return {name: hidden(page, name)[0] for name in ("form_key", "seen", "involvement")}


def test_confirmed_twice_is_confirmed_once_and_said_twice(colleague):
    row = row_of(colleague.get("/to-confirm/"))
    for _ in range(2):
        page = colleague.post("/to-confirm/confirm/", row)
        assert '<h1 class="govuk-heading-l">Confirmed</h1>' in page.content.decode()
    assert said_by_people().get().confirmed_by.name == "Ben Lowe"


def test_who_confirms_what_a_colleague_confirmed_meanwhile_sees_both_versions(colleague, account, sign_in):
    account("cara@example.org", name="Cara Moss")
    cara, _ = sign_in("cara@example.org")
    mine, theirs = row_of(colleague.get("/to-confirm/")), row_of(cara.get("/to-confirm/"))
    cara.post("/to-confirm/confirm/", theirs)

    page = colleague.post("/to-confirm/confirm/", mine)

    assert page.status_code == 409
    text = page.content.decode()
    assert "Somebody changed this meanwhile" in text
    assert text.index("Not yet") < text.index("By Cara Moss")
    assert said_by_people().get().confirmed_by == Account.objects.get(email="cara@example.org")


def test_what_has_ended_meanwhile_is_not_confirmed(colleague):
    row = row_of(colleague.get("/to-confirm/"))
    said_by_people().update(end_date="2026-11-01")

    page = colleague.post("/to-confirm/confirm/", row)

    assert page.status_code == 409
    assert "1 November 2026" in page.content.decode()
    assert said_by_people().get().confirmed_at is None


@pytest.mark.parametrize("changed", [{"seen": ""}, {"seen": "x:y"}, {"form_key": ""}], ids=str)
def test_what_was_not_our_page_changes_nothing(colleague, changed):
    row = row_of(colleague.get("/to-confirm/")) | changed
    page = colleague.post("/to-confirm/confirm/", row)
    assert page.status_code == 400
    assert "out of date" in page.content.decode()
    assert said_by_people().get().confirmed_at is None


def test_another_organisation_learns_nothing_from_a_row_it_was_never_shown(colleague, account, sign_in):
    row = row_of(colleague.get("/to-confirm/"))
    colleague.post("/to-confirm/confirm/", row)
    account("dan@example.org", name="Dan Roe", memberships=(("105734", "practitioner"),))
    dan, _ = sign_in("dan@example.org")
    page = dan.post("/to-confirm/confirm/", row)
    assert page.status_code == 403
    assert "Ben Lowe" not in page.content.decode()


def test_reported_twice_is_reported_once(amina):
    client, _ = amina
    page = client.get("/activity/")
    row = {"event": hidden(page, "event")[0], "form_key": hidden(page)[0]}
    for _ in range(2):
        assert "Thank you" in client.post("/activity/report/", row).content.decode()
    from contactpoint.storage.models import AuditBody

    assert AuditBody.objects.filter(action="reported_activity").count() == 1


def test_signed_out_a_kept_form_changes_nothing(amina):
    client, path = amina
    key = hidden(check_page(client, path))[0]
    assert Client().post(f"{path}working/check/", {"form_key": key}).status_code == 302
    assert not said_by_people().exists()
