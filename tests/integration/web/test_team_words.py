"""A team writes down in its pages that a child died, once however often it presses, and takes it back."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.factories.directory import amina_in_full, build_child
from tests.integration.web.test_finding import opened
from tests.integration.web.test_moves import page, signed_in
from tests.integration.web.test_shields import sent

from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.storage.models import TeamWordRow

__all__ = ["signed_in"]


@pytest.fixture
def number():
    return build_child(*amina_in_full())


@pytest.fixture
def council(signed_in):
    return signed_in("la-353", "authority_team")


def died_page(client, number):
    return f"{opened(client, number).request['PATH_INFO']}died/"


def day(ago):
    on = timezone.localdate() - timedelta(days=ago)
    return {"died_on-day": str(on.day), "died_on-month": str(on.month), "died_on-year": str(on.year)}


def test_it_is_written_down_once_stands_on_the_record_and_is_taken_back(council, number):
    path = died_page(council, number)
    record = path.removesuffix("died/")
    assert f'href="{path}"' in page(council, record)
    wrong = council.post(path, sent(council, path)).content.decode()
    for words in ("Enter the day the child died", "Choose how you know", "Choose why you write it down"):
        assert words in wrong
    why = {"known_from": "hospital", "because": "not_told"}
    early = council.post(path, sent(council, path, **why, **day(20 * 365))).content.decode()
    assert "The day must not lie before the date of birth" in early
    late = council.post(path, sent(council, path, **why, **day(400))).content.decode()
    assert "a record closes a year after a death" in late
    form = sent(council, path, **why, **day(25))
    done = council.post(path, form, follow=True).content.decode()
    assert "The record says that the child died" in done
    council.post(path, form, follow=True)
    assert TeamWordRow.objects.count() == 1
    assert "Died on" in page(council, path)
    back = f"{path}back/"
    assert "Choose why you take it back" in council.post(back, sent(council, path)).content.decode()
    form = sent(council, path, because="wrong_child")
    for _ in range(2):
        assert "counts no longer" in council.post(back, form, follow=True).content.decode()
    assert TeamWordRow.objects.get().taken_back_because == "wrong_child"
    assert "Died on" not in page(council, record)
    assert "When did the child die?" in council.get(back, follow=True).content.decode()


def test_nobody_else_is_offered_it_and_of_a_protected_child_it_is_refused(council, number, signed_in):
    nurse = signed_in("bridgewater-nhs", "practitioner")
    path = died_page(nurse, number)
    assert "This child has died" not in page(nurse, path.removesuffix("died/"))
    assert nurse.get(path).status_code == 403
    path = died_page(council, number)
    place_shields(numbers=[number], ground=Ground.ADOPTION, by=system_viewer("test"), at=timezone.now())
    assert "This child has died" not in page(council, path.removesuffix("died/"))
    refused = council.get(path)
    assert (refused.status_code, "this record is protected" in refused.content.decode()) == (403, True)
