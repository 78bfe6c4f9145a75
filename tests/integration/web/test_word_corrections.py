"""A correction of what somebody said of their own work, through the pages (R25, R27, R39, R44)."""

import pytest
from django.utils import timezone
from tests.integration.web.test_finding import opened
from tests.integration.web.test_my_children import mine, number, send, text_of

from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.storage.models import Correction

__all__ = ["mine", "number"]
ANSWER = "/corrections/words/{}/"


@pytest.fixture
def asked(mine, number, account, sign_in):
    """Ben's colleague Owen says that Amina's number on the record is wrong; both are signed in."""
    author, word = mine
    account("owen@example.org", name="Owen Tanner", memberships=(("105734", "practitioner"),))
    client, _ = sign_in("owen@example.org")
    path = opened(client, number).request["PATH_INFO"]
    page = client.get(f"{path}wrong/", {"asked": "1", "field": "service"})
    sent = send(client, page, "itself", record=word.record_id, right="0161 <b>1</b>", basis="own_work")
    assert "Whoever said it has been asked about it." in text_of(sent)
    return author, client, path, Correction.objects.get().pk


def test_it_is_on_my_children_answered_and_told_to_whoever_asked(asked):
    author, client, path, number = asked
    assert "Whoever said it is asked" in text_of(client.get("/corrections/"))
    assert text_of(client.get(path)).count("A correction has been asked for.") == 1
    assert "1 correction waits for your answer" in text_of(author.get("/my-children/"))
    listed = author.get("/corrections/")
    assert ANSWER.format(number) in text_of(listed)
    page = author.get(ANSWER.format(number))
    assert "0161 &lt;b&gt;1&lt;/b&gt;" in page.content.decode()
    assert "Owen" not in text_of(page), "not who asked (R39)"
    assert 'value="0161 496 0999"' in text_of(page)

    assert "Choose your answer" in text_of(send(author, page, "itself"))
    assert "Choose why it is right" in text_of(send(author, page, "itself", answer="stands"))
    wrong = send(author, page, "itself", answer="corrected", role="", phone="")
    for message in ("Enter the role", "Enter the telephone number", "Enter the day it began"):
        assert message in text_of(wrong)
    same = {"role": "Social worker", "phone": "0161 496 0999"}
    day = {"start-day": "1", "start-month": "9", "start-year": "2026"}
    assert "it says the same as before" in text_of(
        send(author, page, "itself", answer="corrected", **same, **day)
    )
    said = {"answer": "stands", "because": "works_with"}
    done = send(author, page, "itself", **said)
    assert "Nobody says that anything is wrong." in text_of(done)
    again = send(author, page, "itself", **said)
    assert again.status_code == 200, "what is sent again is answered as it was"
    fate = text_of(client.get("/corrections/"))
    assert "They say that it is right. They work with the child." in fate
    assert "waits for your answer" not in text_of(author.get("/my-children/"))


def test_what_is_right_is_corrected_with_the_answer(asked, mine):
    author, client, _, number = asked
    page = author.get(ANSWER.format(number))
    day = {"start-day": "1", "start-month": "9", "start-year": "2026"}
    send(author, page, "itself", answer="corrected", role="Social worker", phone="0161 496 0111", **day)
    _, word = mine
    word.refresh_from_db()
    assert word.contact_phone == "0161 496 0111"
    assert "It was corrected, or has ended." in text_of(client.get("/corrections/"))


def test_the_team_has_what_nobody_of_the_service_answers_on_today(asked, account, sign_in):
    Correction.objects.update(passed_to="team")
    account("dev@example.org", name="Dev Rao", memberships=(("la-353", "authority_team"),))
    team, _ = sign_in("dev@example.org")
    assert "1 correction of what a practitioner said to answer" in text_of(team.get("/today/"))
    page = team.get(ANSWER.format(asked[3]))
    assert "your team answers for the child" in text_of(page)
    assert "not_mine" not in page.content.decode()


def test_who_is_not_asked_is_refused_in_the_same_words_as_for_none(asked):
    _, client, _, number = asked
    refused = [client.get(ANSWER.format(one)) for one in (number, number + 999)]
    assert [one.status_code for one in refused] == [403, 403]
    assert all("Nobody asks you to answer this now." in text_of(one) for one in refused)


def test_of_a_protected_child_nothing_is_left_of_it(asked, number):
    """R27."""
    now = timezone.now()
    place_shields(numbers=[number], ground=Ground.HIDDEN_LOCATION, by=system_viewer("test"), at=now)
    author, client, _, correction = asked
    assert "waits for your answer" not in text_of(author.get("/my-children/"))
    assert author.get(ANSWER.format(correction)).status_code == 403
    assert "You have not asked for a correction." in text_of(client.get("/corrections/"))
