"""Getting in touch, in a real browser: asked, taken, answered, left with a desk; wide, narrow, plain."""

import psycopg
import pytest

from contactpoint.cli.postgres import Cluster
from tests.system.conftest import PHONE, WIDE
from tests.system.england import a_mohamed, protected_children
from tests.system.pages import follow
from tests.system.test_main_journey import open_record_of
from tests.system.test_my_children import card_of, say_and_confirm
from tests.system.test_protected_children import open_protected

pytestmark = pytest.mark.system
OWN_NUMBER = """
    INSERT INTO service_point
        (organisation_id, service, phone, hours, night, holidays, confirmed_on, confirmed_by_id)
    SELECT m.organisation_id, 'school', '0161 496 0790', 'School days 8 to 4', '', '', current_date, a.id
    FROM account a JOIN membership m ON m.account_id = a.id AND m.ended_at IS NULL
        AND m.services @> '"school"'
    WHERE a.name = 'Amina Yusuf'
"""


@pytest.fixture(params=[(WIDE, 6), (PHONE, 7)], ids=["wide", "phone"])
def size_and_child(request, product):
    """A size of window, and a child of whom nobody has said anything at that size."""
    size, journey = request.param
    return size, a_mohamed(product.england, journey=journey)


@pytest.fixture(params=[(WIDE, 9), (PHONE, 10)], ids=["wide", "phone"])
def size_and_another(request, product):
    """The same, of a child that no other test here says anything of."""
    size, journey = request.param
    return size, a_mohamed(product.england, journey=journey)


def choose(window, **chosen):
    for name, value in chosen.items():
        window.page.locator(f'[name="{name}"][value="{value}"]').check()
    return window


def test_a_team_asks_the_school_which_answers_and_both_see_it(visit, size_and_child, photograph):
    """Given no answer by telephone, when a team asks and the school answers, both see the same thread."""
    size, child = size_and_child
    name = say_and_confirm(visit, child, "0161 496 0780")
    team = visit("dev", size=size)
    open_record_of(team, child)
    row = team.page.locator(".cp-contact", has_text="Amina Yusuf")
    follow(row.get_by_role("button", name="No answer"))
    team.judge("9-noted")
    assert "it is recorded how ringing them went" in team.text()
    open_record_of(team, child)
    follow(row.get_by_role("link", name="Ask them to contact me"))
    team.judge("9-ask").press("Ask").judge("9-ask-errors")
    assert team.follow_errors() == ["about", "urgency", "phone"]
    assert team.page.get_by_label("Amina Yusuf").is_checked(), "the row was chosen, and stays so"
    choose(team, about="safety", urgency="today").fill(phone="0161 496 0399").press("Ask").judge("9-asked")
    assert "has your request in its inbox" in team.text()

    amina = visit("amina", size=size).go("/inbox/").judge("9-inbox")
    if size is WIDE:
        photograph(amina, "inbox")
    assert child.surname not in amina.page.title() + amina.page.url
    card = card_of(amina, name).first
    assert "Today" in card.inner_text()
    assert "0161 496 0399" in card.inner_text()
    follow(card.get_by_role("button", name="I will get in touch"))
    assert "whoever asked sees that you will get in touch" in amina.judge("9-taken").text()
    assert "Amina Yusuf gets in touch with you" in team.go("/inbox/").judge("9-you-asked").text()
    follow(card_of(amina, name).first.get_by_role("button", name="We have spoken"))
    assert "Amina Yusuf said that you have spoken" in team.go("/inbox/").text()
    team.page.get_by_text("What has happened").first.click()
    steps = team.judge("9-thread").page.locator(".cp-thread").first.locator("li").all_inner_texts()
    assert [step.split(": ", 1)[1] for step in steps][1:] == [
        "Amina Yusuf said that they will get in touch.",
        "Amina Yusuf answered “We have spoken”.",
    ]


@pytest.fixture
def own_number(product):
    """Amina's school says how it is reached itself; no other test is to find that it has."""
    with psycopg.connect(Cluster(product.home).url("owner"), autocommit=True) as owner:
        assert owner.execute(OWN_NUMBER).rowcount == 1
        yield
        owner.execute("DELETE FROM service_point WHERE phone = '0161 496 0790'")


def test_a_number_of_a_services_own_that_is_wrong_is_asked_of_the_service(
    visit, own_number, size_and_another
):
    """R25: given two numbers, when a service's own is said to be wrong, then whoever keeps it is asked."""
    size, child = size_and_another
    say_and_confirm(visit, child, "0161 496 0782")
    team = visit("dev", size=size)
    open_record_of(team, child)
    team.judge("9-two-numbers")
    row = team.page.locator(".cp-contact", has_text="Amina Yusuf")
    assert row.get_by_text("You rang?").count() == 2
    follow(row.get_by_role("button", name="Wrong number").last)
    assert "has been asked whether its own number still holds" in team.text()
    assert "to correct" not in team.text()
    amina = visit("amina", size=size).go("/contact-points/").judge("9-wrong-number")
    card = amina.page.locator(".cp-card", has_text="says that it is wrong")
    follow(card.get_by_role("button", name="It still holds"))
    assert card.count() == 0


def test_a_message_goes_to_the_desk_and_the_answer_says_nothing(visit, size_and_child):
    """R32, R39: given a message for the desk, when the desk tells somebody, the sender learns nothing."""
    size, child = size_and_child
    amina = visit("amina", size=size)
    open_record_of(amina, child)
    follow(amina.page.get_by_role("link", name="Leave a message with the desk"))
    choose(amina, to="desk", about="help", urgency="week").fill(phone="0161 496 0781").press("Ask").judge(
        "9-left"
    )
    assert "If anyone is involved, they have your message." in amina.text()

    team = visit("dev", size=size).go("/today/").judge("9-today")
    follow(team.page.get_by_role("link", name="at the desk"))
    team.judge("9-desk")
    follow(team.page.get_by_role("link", name="I am starting or coordinating help").first)
    assert child.surname in team.judge("9-desk-message").heading()
    team.press("Record it").judge("9-desk-errors")
    assert team.follow_errors() == ["outcome"]
    choose(team, outcome="told").press("Record it")
    assert "The sender is told nothing more." in team.judge("9-desk-done").text()
    assert "If anyone is involved, they have your message." in amina.go("/inbox/").text()


def test_of_a_protected_child_the_national_desk_is_asked_without_javascript(visit, product):
    """R27, R32: given protected children, when the desk is asked to ring back, each answer is the same."""
    said = set()
    for child in protected_children(product.england)[:2]:
        window = visit("amina", javascript=False)
        open_protected(window, child)
        name = window.heading()
        follow(window.page.get_by_role("link", name="Ask the national desk to ring back"))
        choose(window, about="safety", urgency="now").fill(phone="0161 496 0781").press("Ask")
        said.add(window.text().replace(name, "NAME"))
    assert len(said) == 1
    assert "It rings back on your organisation's registered number." in said.pop()
