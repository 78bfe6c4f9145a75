"""A request that is handed on, one that nobody answers, and a reply that names nobody, in a real browser."""

from datetime import timedelta

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from contactpoint.domain.involvement import SERVICES
from tests.system.england import with_a_hidden_service
from tests.system.pages import follow
from tests.system.people import somebody_like
from tests.system.post import letters
from tests.system.test_contacting import choose
from tests.system.test_main_journey import open_record_of
from tests.system.test_my_children import card_of
from tests.system.working import child_of_aminas

pytestmark = pytest.mark.system
# What half an hour and a minute do to what is newest: nobody waits for it here.
LATER = """
    UPDATE contact_request SET answer_by = answer_by - interval '31 minutes'
    WHERE id = (SELECT max(id) FROM contact_request) RETURNING desk_told_at
"""
WORRIED = "I am worried about this child's safety or welfare"
HOW_LONG = "SELECT answer_by - asked_at FROM contact_request ORDER BY id DESC LIMIT 1"
# The next window has come: what was given today was given yesterday.
A_DAY_AGO = """
    UPDATE contact_request SET changed_at = changed_at - interval '1 day'
    WHERE via_id = (SELECT max(via_id) FROM contact_request)
"""
WHOSE = """
    SELECT r.child_id, o.name FROM source_record r JOIN organisation o ON o.code = %s
    WHERE r.source_id = %s AND r.local_id = %s
"""
TELL = """
import django; django.setup()
from django.utils import timezone
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines.tell import tell, tell_desks
for told in (tell, tell_desks):
    told(by=system_viewer("worker"), at=timezone.now())
"""


@pytest.fixture
def owner(product):
    with psycopg.connect(Cluster(product.home).url("owner"), autocommit=True) as owner:
        yield owner


def ask_amina(window, child, **chosen):
    """From the record, ask the row of Amina's to get in touch."""
    open_record_of(window, child)
    row = window.page.locator(".cp-contact", has_text="Amina Yusuf")
    follow(row.get_by_role("link", name="Ask them to contact me"))
    choose(window, **chosen).fill(phone="0161 496 0399").press("Ask")
    return window


def test_a_request_is_handed_on_to_a_colleague_who_answers_it(visit, product):
    """Given a request to a school, when whoever has it hands it on, then the colleague answers it."""
    child, name = child_of_aminas(visit, product)
    team = ask_amina(visit("dev"), child, about="help", urgency="today")
    assert "has your request in its inbox" in team.text()

    amina = visit("amina").go("/inbox/")
    card = card_of(amina, name).first
    card.get_by_label("Hand it on to").select_option(label="Ben Whitaker, Head of year")
    follow(card.get_by_role("button", name="Hand on"))
    assert "Handed on to your colleague." in amina.judge_both("21-handed-on").text()
    assert card_of(amina, name).count() == 0, "it is Ben's alone as long as it is not late"

    ben = visit("ben").go("/inbox/").judge_both("21-handed-on-inbox")
    follow(card_of(ben, name).first.get_by_role("button", name="I will get in touch"))
    assert "Ben Whitaker gets in touch with you" in team.go("/inbox/").text()
    follow(card_of(ben, name).first.get_by_role("button", name="We have spoken"))
    assert "They read: Ben Whitaker said that you have spoken." in ben.text()

    assert "Ben Whitaker said that you have spoken" in team.go("/inbox/").text()
    team.page.get_by_text("What has happened").first.click()
    steps = team.judge_both("21-thread").page.locator(".cp-thread").first.locator("li").all_inner_texts()
    assert [step.split(": ", 1)[1] for step in steps] == [
        "Dev Patel asked.",
        "Amina Yusuf handed it on to Ben Whitaker.",
        "Ben Whitaker said that they will get in touch.",
        "Ben Whitaker answered “We have spoken”.",
    ]


def test_what_is_urgent_and_unanswered_for_half_an_hour_is_the_desks(visit, product, owner):
    """Given an urgent request, when nobody takes it on in half an hour, then the desk is told."""
    child, name = child_of_aminas(visit, product)
    carol = ask_amina(visit("carol"), child, about="safety", urgency="now")
    assert owner.execute(HOW_LONG).fetchone() == (timedelta(minutes=30),)
    assert "If nobody takes it on by" in carol.go("/inbox/").text()
    desk = visit("dev").go("/desk/")
    before = desk.page.get_by_role("link", name=WORRIED).count()

    assert owner.execute(LATER).fetchone() == (None,), "no desk was told before it was late"
    told = len(letters(product))
    product.as_worker(TELL)
    sent = letters(product)[told:]
    assert {"dev@demo.example", "jola@demo.example"} <= {
        to for to, about, _ in sent if about == "Something waits at your desk"
    }
    assert not [said for *_, said in sent if child.surname in said or child.forename in said]

    assert "Nobody has taken it on in time. The desk sees it as well." in carol.go("/inbox/").text()
    waiting = desk.go("/desk/").judge_both("21-desk-late").page.get_by_role("link", name=WORRIED)
    assert waiting.count() == before + 1
    assert "Late" in desk.page.locator("tbody tr").first.inner_text()
    assert child.surname not in desk.text()
    follow(waiting.first)
    assert desk.heading() == f"About {name}"
    assert "has not taken it on." in desk.judge_both("21-desk-late-message").text()
    choose(desk, outcome="told").press("Record it")
    carol.go("/inbox/").judge_both("21-late")
    assert "Nobody took it on in time. The desk dealt with it" in carol.text()


@pytest.fixture
def hidden_service(product, people, owner):
    """The number of a child with whom a service works that no record shows, and Mina who is of it."""
    source, local_id, body, service = with_a_hidden_service(product.england)
    somebody_like(product, people, "mina", like="amina", at=body, services=[service])
    number, name = owner.execute(WHOSE, [body, source, local_id]).fetchone()
    return number, body, name, service


def test_a_reply_through_the_desk_names_nobody_and_waits_for_its_time(visit, product, owner, hidden_service):
    """Given a service that nobody is shown, when it replies through the desk, then nobody is named."""
    number, code, body, service = hidden_service
    carol = visit("carol").search(number=number)
    follow(carol.page.locator(".cp-card").first.get_by_role("button"))
    carol.say_how()
    name = carol.heading()
    assert SERVICES[service].name not in carol.page.locator(".cp-contact__service").all_inner_texts()
    follow(carol.page.get_by_role("link", name="Leave a message with the desk"))
    choose(carol, to="desk", about="help", urgency="week").fill(phone="0161 496 0399").press("Ask")
    before = row_of(carol, name)

    desk = visit("dev").go("/desk/")
    follow(desk.page.get_by_role("link", name="I am starting or coordinating help").last)
    assert desk.heading() == f"About {name}"
    hidden = desk.page.locator(".cp-contact", has_text="Not shown to the sender")
    assert body in hidden.filter(has_text=SERVICES[service].name).first.inner_text()
    choose(desk, outcome="passed_on").press("Record it").judge_both("21-pass-on-errors")
    assert desk.follow_errors() == ["pass_on_to"]
    choose(desk, pass_on_to=f"{code}:{service}").press("Record it")
    assert "The sender is told nothing more." in desk.text()
    assert row_of(carol, name) == before, "nothing moved for whoever asked"

    mina = visit("mina").go("/inbox/").judge_both("21-brokered")
    card = card_of(mina, name).first
    assert "They do not know that you are in contact with this child" in card.inner_text()
    follow(card.get_by_role("button", name="Reply through the desk: they will be rung"))
    assert "It goes out on" in mina.judge_both("21-replied").text()
    assert row_of(carol, name) == before, "not before its time"

    assert owner.execute(A_DAY_AGO).rowcount == 1
    assert "It went out on" in mina.go("/inbox/").text()
    after = row_of(carol, name)
    assert after == f"{before} A reply through the desk: you will be rung."
    carol.judge_both("21-reply-came")
    assert not [word for word in (body, SERVICES[service].name, "Mina Hart") if word in carol.text()]
    asked = carol.page.locator("tbody tr", has_text=name).first
    assert asked.locator(".cp-thread").count() == 0, "what became of it is told to nobody who asked a desk"


def row_of(window, name):
    """What became of the newest that was asked about a child, as whoever asked reads it."""
    row = window.go("/inbox/").page.locator("tbody tr", has_text=name).first
    return row.locator("td").last.inner_text().strip()
