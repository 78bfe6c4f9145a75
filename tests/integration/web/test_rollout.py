"""The roll-out on the pages: a form that is sent twice, and one that says something else the second time."""

import re
from datetime import date

import pytest

from contactpoint.domain.rollout import WaveState
from contactpoint.storage.models import Organisation, WaveRow

PLANNED = {
    "name": "North West",
    "kind": "pathfinder",
    "planned_on-day": "1",
    "planned_on-month": "3",
    "planned_on-year": "2099",
    "bodies": "la-353",
    "all_wait": "on",
}


@pytest.fixture
def ewa(account, sign_in):
    """One of the national team, signed in."""
    Organisation.objects.filter(pk="contactpoint").update(accredited_until=date(2099, 1, 1))
    account("ewa@example.org", memberships=(("contactpoint", "national_team"),))
    return sign_in("ewa@example.org")[0]


def form_key(text):
    return re.search(r'name="form_key" value="([^"]+)"', text)[1]


def press(client, address, key, **said):
    return client.post(address, {"form_key": key, **said}, follow=True)


def test_a_plan_and_its_end_pressed_twice_are_done_once_and_said_twice(ewa):
    key = form_key(ewa.get("/rollout/plan/").content.decode())
    for _ in range(2):
        assert (
            "Recorded. The wave is not open." in press(ewa, "/rollout/plan/", key, **PLANNED).content.decode()
        )
    (wave,) = WaveRow.objects.all()
    end = f"/rollout/{wave.pk}/drop/"
    key = form_key(ewa.get(end).content.decode())
    for _ in range(2):
        assert "The plan is dropped." in press(ewa, end, key, because="Another day").content.decode()
    assert WaveRow.objects.get().state == WaveState.DROPPED
    assert "In no wave, and so not open: 2 bodies" in ewa.get("/rollout/").content.decode()


def test_the_first_wave_says_what_it_does_and_the_next_ones_do_not_ask(ewa):
    asked = ewa.get("/rollout/plan/").content.decode()
    assert "all of them wait, in every area, until a wave of theirs is open" in asked
    unsaid = {name: value for name, value in PLANNED.items() if name != "all_wait"}
    refused = press(ewa, "/rollout/plan/", form_key(asked), **unsaid).content.decode()
    assert "whoever is in no open wave waits. Say that this is meant." in refused
    assert not WaveRow.objects.exists()
    press(ewa, "/rollout/plan/", form_key(asked), **PLANNED)
    assert "all of them wait" not in ewa.get("/rollout/plan/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"), [("kind", "national"), ("name", "South"), ("planned_on-day", "2")]
)
def test_the_same_form_that_says_something_else_is_told_what_was_recorded(ewa, field, value):
    key = form_key(ewa.get("/rollout/plan/").content.decode())
    press(ewa, "/rollout/plan/", key, **PLANNED)
    second = press(ewa, "/rollout/plan/", key, **{**PLANNED, field: value})
    assert (second.status_code, "said something else then" in second.content.decode()) == (409, True)
    assert WaveRow.objects.count() == 1


def test_a_plan_without_its_day_says_what_to_enter(ewa):
    key = form_key(ewa.get("/rollout/plan/").content.decode())
    shown = press(
        ewa,
        "/rollout/plan/",
        key,
        **{**PLANNED, "planned_on-day": "", "planned_on-month": "", "planned_on-year": ""},
    )
    assert "Enter the day on which it is to open like 1 3 2027" in shown.content.decode()
    assert not WaveRow.objects.exists()
