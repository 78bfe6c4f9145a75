"""A thousand people by file, fifty rows of it bad; cut short and sent again; told by e-mail (R1, R3, R56)."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.factories.directory import acting_as_role
from tests.integration.web.test_people import dev, proved, text
from tests.unit.domain.test_people_file import text as file_of

from contactpoint.actions.people import by_file
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines import people_file
from contactpoint.pipelines.tell_staff import tell_invited, tell_lapses
from contactpoint.storage.models import Account, Invitation, LapseNotice, PeopleFile
from contactpoint.storage.tidying import clear_sign_in

__all__ = ["dev"]
WORKER = system_viewer("worker")


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.HOME = str(tmp_path)
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "inbox" / "uploaded")


def person(number, **changed):
    return {"name": f"Person {number}", "email": f"p{number}@example.org", "manager_email": "", **changed}


def upload(client, sent, *, follow=True):
    file = SimpleUploadedFile("people.csv", sent.encode())
    return client.post("/people/file/", {"file": file}, follow=follow)


def made():
    return Account.objects.filter(email__regex=r"^p\d+@").count()


def test_a_thousand_people_of_whom_fifty_are_bad(dev):
    rows = [person(place, **({"role": "=king()"} if place % 20 == 7 else {})) for place in range(1000)]
    done = upload(dev, file_of(*rows))
    assert "950 people were invited, 50 rows we could not take" in text(done)
    assert re.search(r"9 role It is not a role", text(done))
    assert made() == 950
    back = dev.post(f"{done.request['PATH_INFO']}rows/").content.decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(back)))) == 50
    assert "'=king()" in back
    mended = upload(dev, back.replace("'=king()", "practitioner"))
    assert "50 people were invited" in text(mended)
    assert made() == 1000


def test_the_same_file_again_invites_nobody_twice(dev):
    sent = file_of(*(person(place) for place in range(5)))
    upload(dev, sent)
    assert "5 people were invited" in text(upload(dev, sent))
    again = text(upload(dev, sent.replace("Person 0", "Person Nought")))
    assert "0 people were invited" in again
    assert "5 were invited before" in again
    assert (made(), Invitation.objects.count()) == (5, 5)


def test_cut_short_it_goes_on_where_it_stopped(dev, monkeypatch):
    monkeypatch.setattr(by_file, "AT_ONCE", 2)
    sent = file_of(*(person(place) for place in range(7)))
    real, calls = by_file.take_rows, []

    def killed_at_the_third(**said):
        calls.append(said)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(**said)

    monkeypatch.setattr(people_file, "take_rows", killed_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        upload(dev, sent)
    assert made() == 4
    number = PeopleFile.objects.get().pk
    assert "It was cut short" in text(dev.get(f"/people/file/{number}/"))
    done = text(upload(dev, sent))
    assert "7 people were invited" in done
    assert "cut short" not in done
    assert made() == 7


def test_what_cannot_be_read_is_said_and_another_s_file_is_not_shown(dev, account, sign_in):
    assert "Missing: name" in text(upload(dev, "a,b\n1,2\n"))
    assert "not in UTF-8" in text(
        dev.post("/people/file/", {"file": SimpleUploadedFile("people.csv", b"\xff\xfe")})
    )
    upload(dev, file_of(person(1)))
    number = PeopleFile.objects.get().pk
    account("eve@example.org", memberships=(("la-353", "authority_team"),))
    other = proved(sign_in("eve@example.org")[0])
    assert other.get(f"/people/file/{number}/").status_code == 404
    assert other.post(f"/people/file/{number}/rows/").status_code == 404


def test_a_row_that_fails_only_when_taken_comes_back_too(dev):
    said = text(upload(dev, file_of(person(1, manager_email="nobody@example.org"), person(2))))
    assert "1 person was invited, 1 row we could not take" in said
    assert "No account has the e-mail address of the manager" in said


def test_files_are_forgotten_after_a_month(dev):
    upload(dev, file_of(person(1, role="king")))
    later = timezone.now() + timedelta(days=31)
    with acting_as_role("worker"):
        clear_sign_in(sessions_before=later, drafts_before=later, traces_before=later)
    assert not PeopleFile.objects.exists()


def tell(at=None):
    with acting_as_role("worker"):
        return tell_invited(by=WORKER, at=at or timezone.now())


def test_whoever_was_invited_is_told_once_and_signs_in_with_it(dev, mailoutbox, sign_in):
    upload(dev, file_of(person(1)))
    assert tell() == 1
    assert tell() == 0
    (sent,) = mailoutbox
    assert sent.to == ["p1@example.org"]
    assert "http" not in sent.body
    password = re.search(r"for one use: (\S+)", sent.body)[1]
    _, inside = sign_in("p1@example.org", password=password)
    assert inside.redirect_chain[-1][0] == "/account/code/set-up/"


def test_an_invitation_is_good_for_fourteen_days(dev, mailoutbox, sign_in):
    upload(dev, file_of(person(1)))
    tell(timezone.now() - timedelta(days=15))
    password = re.search(r"for one use: (\S+)", mailoutbox[0].body)[1]
    _, refused = sign_in("p1@example.org", password=password)
    assert "Check your e-mail address and password" in text(refused)


def test_people_and_their_managers_are_told_before_something_ends_once(account, mailoutbox):
    boss = account("boss@example.org", name="Boss Lady")
    soon = timezone.localdate() + timedelta(days=20)
    account(trained_until=soon, manager=boss)
    account("idle@example.org", last_seen_at=timezone.now() - timedelta(days=70))
    with acting_as_role("worker"):
        assert tell_lapses(by=WORKER, at=timezone.now()) == 2
        assert tell_lapses(by=WORKER, at=timezone.now()) == 0
    told = {one.to[0]: one.body for one in mailoutbox}
    assert sorted(told) == ["amina@example.org", "boss@example.org", "idle@example.org"]
    assert "Your training is good until" in told["amina@example.org"]
    assert "Ask Boss Lady to renew it" in told["amina@example.org"]
    assert "1 person in your team" in told["boss@example.org"]
    assert "You have not signed in for long" in told["idle@example.org"]
    assert LapseNotice.objects.count() == 2
    assert all("http" not in body and "Amina" not in body for body in told.values())
