"""Whoever's training runs out soon is told on the page they start from, before it does (R56)."""

from datetime import timedelta

from django.utils import timezone


def test_it_is_said_on_the_first_page_and_nowhere_else(account, sign_in):
    account(trained_until=timezone.localdate() + timedelta(days=7))
    client, first = sign_in()
    assert "Your training is good until" in client.get("/find/").content.decode()
    assert "Your training is good until" not in client.get("/activity/").content.decode()
    assert first.status_code == 200


def test_nobody_else_is_told(account, sign_in):
    account()
    client, _ = sign_in()
    assert "is good until" not in client.get("/find/").content.decode()
