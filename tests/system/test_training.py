"""Somebody practises in Training England, passes, and brings it to the directory, in a browser (R3, R56)."""

import os
import subprocess
import sys

import psycopg
import pytest

from contactpoint.cli.home import CHECKOUT
from contactpoint.cli.postgres import Cluster
from contactpoint.domain.assessment import QUESTIONS
from tests.system.conftest import AXE, PHONE, PICTURES, WIDE, served, sign_in
from tests.system.pages import Watched, follow
from tests.system.people import people_of

pytestmark = pytest.mark.system
RAN_OUT = "UPDATE account SET trained_until = current_date - 1 WHERE email = %s"


@pytest.fixture(scope="module")
def training():
    """Training England, beside the directory and apart from it."""
    with served("training") as there:
        yield there


@pytest.fixture
def practise(training, browser):
    """Opens a window there, signed in; ends by judging what it saw."""
    opened = []

    def go(person, size):
        context = browser.new_context(base_url=training.address, viewport=size)
        context.set_default_timeout(15_000)
        window = Watched(context.new_page(), AXE, PICTURES)
        opened.append((context, window))
        sign_in(window.page, people_of(training.home)[person])
        return window

    yield go
    for context, _ in opened:
        context.close()
    assert [complaint for _, window in opened for complaint in window.complaints] == []


def command(home, *words):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "contactpoint", *words],
        cwd=CHECKOUT,
        env={**environment, "CONTACTPOINT_HOME": str(home), "PYTHONPATH": str(CHECKOUT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def answer(window, **other):
    for one in QUESTIONS:
        value = other.get(one.key, one.right)
        window.page.locator(f'[name="{one.key}"][value="{value}"]').check()
    return window.press("Send my answers")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_training_that_ran_out_is_passed_there_and_entered_here(
    visit, product, people, training, practise, tmp_path, size
):
    """Given a training that ran out, when it is passed in Training England, then the account opens again."""
    key = tmp_path / "training-key.json"
    key.write_text(command(training.home, "training", "key"))
    assert "Believed from now on" in command(product.home, "training", "trust", str(key))
    person = "ben" if size == WIDE else "amina"

    there = practise(person, size)
    assert "Training England" in there.page.locator(".cp-strip").inner_text()
    follow(there.page.get_by_role("link", name="Exercises"))
    there.judge("18-exercises")
    heard = there.page.locator(".govuk-inset-text").inner_text().strip("“”")
    name, born = heard.split(", born ")
    forename, _, surname = name.partition(" ")
    day, month, year = born.split(" ")
    there.search(
        forename=forename,
        surname=surname,
        date_of_birth__day=day,
        date_of_birth__month=month,
        date_of_birth__year=year,
    )
    follow(there.page.locator(".cp-card", has_text=f"born {born}").first.get_by_role("button"))
    there.say_how().judge("18-record")
    record = there.page.url
    follow(there.page.get_by_role("link", name="Ask them to contact me").first)
    there.page.locator('[name="about"][value="safety"]').check()
    there.page.locator('[name="urgency"][value="today"]').check()
    there.fill(phone="0161 496 0399").press("Ask")
    there.go(record).press("I am working with this child")
    there.fill(phone="0161 496 0777", start__day="1", start__month="9", start__year="2026")
    there.page.locator('[name="lead"][value="no"]').check()
    there.page.locator('[name="assessment"][value="no"]').check()
    there.press("Continue").press("Record it")
    there.go("/activity/").go("/exercises/").judge("18-exercises-done")
    assert there.page.get_by_text("To do", exact=True).count() == 0

    follow(there.page.get_by_role("button", name="Take the assessment"))
    there.judge("18-assessment").press("Send my answers").judge("18-assessment-errors")
    assert there.follow_errors() == [one.key for one in QUESTIONS]
    answer(there, shield=1).judge("18-assessment-wrong")
    assert there.follow_errors() == ["shield"]
    answer(there).judge("18-passed")
    statement = there.page.get_by_label("What to take there").input_value()

    with psycopg.connect(Cluster(product.home).url("owner")) as owner:
        assert owner.execute(RAN_OUT, [people[person].email]).rowcount == 1
    here = visit(person, size=size).go("/find/").judge("18-ran-out")
    assert "your training ran out" in here.text()
    follow(here.page.get_by_role("link", name="Enter that you have passed the training"))
    here.judge("18-training-date").press("Record my training").judge("18-training-date-errors")
    assert here.follow_errors() == ["statement"]
    here.fill(statement=statement[:-9]).press("Record my training")
    assert "It was changed after it was signed" in here.text()
    here.fill(statement=statement).press("Record my training").judge("18-training-recorded")
    assert "Recorded. Your training is good until" in here.text()
    assert here.go("/find/").heading() == "Find a child"
