"""Checkpoints in a real browser: an auditor asks for the newest and takes it away (R54)."""

import json

import pytest

from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = pytest.mark.system


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_an_auditor_takes_the_newest_checkpoint_away(visit, size):
    """Given an auditor, when they ask for the newest checkpoint, then they download it, and nothing waits."""
    window = visit("frank", size=size, javascript=size is WIDE, proved=True)
    window.go("/").judge("11-today")
    assert window.heading() == "Today"
    follow(
        window.page.get_by_role("link", name="1 checkpoint to ask for")
        .or_(window.page.get_by_role("link", name="1 checkpoint to take away"))
        .or_(window.page.get_by_role("link", name="No checkpoints to take away"))
        .first
    )
    assert window.judge("11-checkpoints-before").heading() == "Checkpoints"
    window.press("Ask for the newest checkpoint")
    assert "ready in a few seconds" in window.judge("11-checkpoints-asked").text()
    take = window.page.get_by_role("button", name="Download it")
    for _ in range(60):
        window.go("/checkpoints/")
        if "It is being made" not in window.text():
            break
        window.page.wait_for_timeout(500)
    window.judge("11-checkpoints")
    with window.page.expect_download() as waiting:
        take.first.click()
    bundle = json.loads(waiting.value.path().read_text())
    assert bundle["checkpoint"].startswith("contactpoint.example/audit\n")
    assert "First taken away on" in window.go("/checkpoints/").text()
    follow(window.page.get_by_role("link", name="Back to Today"))
    assert "No checkpoints to take away" in window.judge("11-today-after").text()
