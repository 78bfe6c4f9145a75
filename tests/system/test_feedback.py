"""Somebody says how it went and what nearly went wrong, and reads what became of it, in a browser."""

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = [pytest.mark.system, pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])]


def choose(window, **chosen):
    for name, value in chosen.items():
        window.page.locator(f'[name="{name}"][value="{value}"]').check()
    return window


def test_a_near_miss_is_told_read_and_answered(visit, size):
    """Given a practitioner, when they report a near miss, then the national team answers and they read it."""
    amina = visit("amina", size=size).go("/find/")
    follow(amina.page.get_by_role("link", name="Say how it works"))
    follow(amina.judge("16-feedback").page.get_by_role("button", name="Report a near miss"))
    amina.judge("16-near-miss").press("Send it").judge("16-near-miss-errors")
    assert amina.follow_errors() == ["doing", "miss", "harm"]
    choose(amina, doing="find", miss="wrong_child", harm="could")
    amina.fill(text="It was the girl of OL1 4AB").press("Send it").judge("16-near-miss-names")
    assert amina.follow_errors() == ["text"]
    assert "Take out a postcode" in amina.text()
    amina.fill(text="Two of one name stood side by side").press("Send it")
    assert "The national team reads it" in amina.judge("16-said").text()

    follow(amina.page.get_by_role("button", name="Say how it went"))
    choose(amina, doing="contact", worked="yes", hindered="nothing").press("Send it")
    assert "It worked: Yes" in amina.text()

    ewa = visit("ewa", size=size).go("/rollout/")
    follow(ewa.page.get_by_role("link", name="What people say of the directory"))
    ewa.judge("16-feedback-list")
    card = ewa.page.locator(".cp-card", has_text="Two of one name stood side by side").first
    follow(card.get_by_role("link", name="Answer it"))
    ewa.judge("16-answer").press("Answer").judge("16-answer-errors")
    assert ewa.follow_errors() == ["state"]
    lena = visit("lena", size=size).go(ewa.page.url)
    choose(ewa, state="done").fill(text="Their birth dates stand larger now").press("Answer")
    assert "whoever said it reads your answer" in ewa.text()
    assert "Their birth dates stand larger now" in amina.go("/feedback/").text()

    choose(lena, state="seen").fill(text="We look into it").press("Answer").judge("16-answered-meanwhile")
    assert lena.heading() == "Somebody changed this meanwhile"
    assert "Their birth dates stand larger now" in lena.text()
    assert "We look into it" in lena.text()
