"""What somebody said of their own work is called wrong and answered, in a real browser: wide and narrow."""

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.england import of_oldham
from tests.system.pages import follow
from tests.system.test_main_journey import open_record_of
from tests.system.test_my_children import say_and_confirm

pytestmark = [pytest.mark.system, pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])]


def test_whose_word_it_is_answers_and_whoever_asked_reads_why(visit, product, size):
    """R25, R44: given a number that Amina gave, when Dev says it is wrong, she is asked and he reads why."""
    child = of_oldham(product.england, 24)
    right = f"0161 496 {size['width']}"
    name = say_and_confirm(visit, child, f"0161 496 {size['height']}")
    asker = visit("dev", size=size)
    open_record_of(asker, child)
    asker.press("Something here is wrong")
    asker.page.get_by_label("Who is in contact, school or GP practice").check()
    asker.press("Continue").page.get_by_label(f"0161 496 {size['height']}").check()
    asker.fill(right=right)
    asker.page.get_by_label("I know it from my own work").check()
    asker.press("Ask for the correction").judge("word-asked")
    assert "Whoever said it has been asked about it." in asker.text()

    window = visit("amina", size=size).go("/my-children/").judge("word-my-children")
    assert "1 correction waits for your answer" in window.text()
    follow(window.page.get_by_role("link", name="Answer", exact=True))
    card = window.judge("word-corrections").page.locator(".cp-card").filter(has_text=right)
    follow(card.get_by_role("link", name="Answer"))
    window.judge("word-answer").press("Answer").judge("word-answer-errors")
    assert window.follow_errors() == ["answer"]
    window.page.get_by_label("It is right as it stands").check()
    window.press("Answer")
    assert window.follow_errors() == ["because"]
    window.page.get_by_label("The number is right, and somebody answers it").check()
    window.press("Answer").judge("word-answered")
    assert "Nobody says that anything is wrong." in window.text()

    line = asker.go("/corrections/").page.get_by_role("row").filter(has_text=right)
    assert "They say that it is right. The number is right" in line.inner_text()
    end = visit("amina").go("/my-children/").page.locator(".cp-card")
    mine = end.filter(has=end.page.get_by_role("heading", name=name, exact=True))
    follow(mine.get_by_role("button", name="I no longer work with this child"))
