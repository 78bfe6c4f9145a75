"""A family asks what is held, through the pages: recorded, made, saved as a file, given, refused (R60)."""

import re

import pytest
from django.utils import timezone
from tests.factories.directory import amina_in_full, build_child
from tests.integration.web.test_finding import opened
from tests.integration.web.test_shields import sent

from contactpoint.actions.protect.place_shield import Ground, place_shields
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.storage.models import Organisation

TEAM, SHIELD_DESK = (("la-353", "authority_team"),), (("contactpoint", "shield_team"),)
SHOWN = {"asker": "parent", "identity": "document", "entitlement": "birth_certificate"}


@pytest.fixture
def number():
    return build_child(*amina_in_full())


@pytest.fixture
def council(account, sign_in):
    account("priya@example.org", name="Priya Nair", memberships=TEAM)
    return sign_in("priya@example.org")[0]


def record(client, number):
    return opened(client, number, purpose="family_asks").request["PATH_INFO"]


def ask(client, path, **said):
    today = timezone.localdate()
    day = {"day": today.day, "month": today.month, "year": today.year}
    typed = {**SHOWN, **{f"received_on-{box}": str(value) for box, value in day.items()}, **said}
    return client.post(f"{path}family/", sent(client, f"{path}family/", **typed)).content.decode()


def first(client):
    return re.search(r'href="(/family/[\w-]{16}/)"', client.get("/family/").content.decode())[1]


def test_only_who_answers_families_may_say_so_as_a_reason(account, sign_in, council):
    account()
    client, _ = sign_in()
    assert "A family asks what is held" not in client.get("/find/").content.decode()
    assert "A family asks what is held" in council.get("/find/").content.decode()


def test_from_the_record_to_the_report_and_its_file(number, council):
    path = record(council, number)
    missing = council.post(f"{path}family/", sent(council, f"{path}family/")).content.decode()
    assert "Choose who asks" in missing
    assert "Enter the day on which they asked" in missing
    assert "does not show that this person may ask" in ask(council, path, entitlement="understands")
    assert "It is answered by" in ask(council, path)
    assert "1 family to answer" in council.get("/today/").content.decode()
    where = first(council)
    page = council.get(where).content.decode()
    assert "About Amina Okafor" in page
    assert "Make the report" in page
    form = council.get(f"{where}tell/").content.decode()
    (home,) = re.findall(r'name="homes"[^>]*value="(\w+)"', form)
    assert (
        "Say whether anything in the answer could put somebody in danger"
        in council.post(f"{where}tell/", {}).content.decode()
    )
    report = council.post(f"{where}tell/", {"danger": "no", "homes": home}, follow=True).content.decode()
    assert "What ContactPoint holds about Amina Okafor" in report
    assert "14 Mill Lane" in report
    assert "07700" not in report
    assert "Since 3 February 2026" in report
    assert "Opened the record" in report
    assert "A family asks what is held" in report
    saved = council.get(f"{where}report/file/")
    assert saved["Content-Disposition"] == 'attachment; filename="what-is-held.html"'
    assert "14 Mill Lane" in saved.content.decode()
    assert "<link" not in saved.content.decode()
    given = council.post(f"{where}given/", sent(council, f"{where}given/"), follow=True).content.decode()
    assert "it was given to them" in given
    assert "Answered" in given


def test_where_it_may_endanger_somebody_the_national_shield_desk_answers(number, council, account, sign_in):
    ask(council, record(council, number))
    where = first(council)
    page = council.post(f"{where}tell/", {"danger": "may_be"}, follow=True)
    assert page.request["PATH_INFO"] == f"{where}pass-on/"
    passed = council.post(f"{where}pass-on/", sent(council, f"{where}pass-on/"), follow=True).content.decode()
    assert "Passed on" in passed
    assert council.get(where).status_code == 403
    Organisation.objects.filter(code="contactpoint").update(accredited_until="2099-01-01")
    account("imran@example.org", name="Imran Aziz", memberships=SHIELD_DESK)
    desk, _ = sign_in("imran@example.org")
    assert "Families who ask what is held" in desk.get("/shields/").content.decode()
    page = desk.get(f"{first(desk)}tell/", follow=True).content.decode()
    assert page.count("Nothing that can be given here.") == 4
    assert "14 Mill Lane" not in page


def test_what_is_said_of_a_protected_child_is_recorded_and_answered_elsewhere(number, council):
    place_shields(numbers=[number], ground=Ground.ADOPTION, by=system_viewer("test"), at=timezone.now())
    path = record(council, number)
    assert "A family asks what is held" in council.get(path).content.decode()
    assert "The national shield desk answers it." in ask(council, path)
    assert "The national shield desk answers it" in council.get("/family/").content.decode()
    assert "No families to answer" in council.get("/today/").content.decode()


def test_refused_and_extended_with_a_reason_alone(number, council):
    ask(council, record(council, number))
    where = first(council)
    assert "Choose why" in council.post(f"{where}extend/", sent(council, f"{where}extend/")).content.decode()
    longer = sent(council, f"{where}extend/", because="complex")
    assert "takes longer" in council.post(f"{where}extend/", longer, follow=True).content.decode()
    no = sent(council, f"{where}refuse/", because="child_objects")
    for _ in range(2):  # sent twice, done once
        page = council.post(f"{where}refuse/", no, follow=True).content.decode()
        assert "it was refused" in page
    assert council.get(f"{where}nothing/").status_code == 404
    assert council.get(f"{where}report/", follow=True).request["PATH_INFO"] == f"{where}tell/"
