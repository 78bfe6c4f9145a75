"""Security incident on the pages: two people, the next click, and the way back in (R55)."""

import re
from datetime import date

import pytest

from contactpoint.storage.models import Organisation, Source

DESK = (("contactpoint", "national_team"),)


@pytest.fixture
def desk(account, sign_in):
    """Two people of the national desk, signed in; nobody else can shut the country out."""
    Organisation.objects.filter(pk="contactpoint").update(accredited_until=date(2099, 1, 1))
    account("ewa@example.org", memberships=DESK)
    account("grace@example.org", memberships=(("contactpoint", "technical_administrator"),))
    return tuple(sign_in(f"{name}@example.org")[0] for name in ("ewa", "grace"))


def send(client, address, **typed):
    """Open the page of a form, and send it with its key."""
    page = client.get("/incident/shut/" if "shut" in address else "/incident/").content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', page)[1]
    return client.post(address, {"form_key": key, **typed}, follow=True)


def number(client):
    return re.search(r'name="incident" value="(\d+)"', client.get("/incident/").content.decode())[1]


def test_everybody_is_shut_out_from_the_next_click_and_the_desk_lets_them_in_again(account, sign_in, desk):
    account()
    ewa, grace = desk
    nurse, _ = sign_in()
    typed = {"scope": "national", "code": "", "because": "Stolen keys"}
    assert "a second person has to agree" in send(ewa, "/incident/shut/", **typed).content.decode()
    assert nurse.get("/find/").status_code == 200
    assert (
        "Shut, from the next click"
        in send(grace, "/incident/agree/", incident=number(grace)).content.decode()
    )
    shut_out = nurse.get("/find/")
    assert shut_out.status_code == 403
    assert "access is shut while a security incident is looked into" in shut_out.content.decode()
    assert "0808 157 0192" in shut_out.content.decode()
    assert ewa.get("/find/").status_code == 403, "the desk as well"
    assert "Still shut" in send(ewa, "/incident/open/", incident=number(ewa)).content.decode()
    assert "Open again." in send(grace, "/incident/agree/", incident=number(grace)).content.decode()
    assert nurse.get("/find/").status_code == 200


def test_a_feed_is_shut_and_the_page_says_where_it_opens(account, desk):
    account()
    ewa, _ = desk
    feed = Source.objects.order_by("code").values_list("code", flat=True)[0]
    done = send(ewa, "/incident/shut/", scope="feed", code=feed, because="Its key leaked").content.decode()
    assert f"contactpoint incident open --feed {feed}" in done
    assert 'action="/incident/open/"' not in done
    unknown = send(ewa, "/incident/shut/", scope="feed", code="no-such", because="Its key leaked")
    assert "There is no feed no-such" in unknown.content.decode()


def test_an_organisation_needs_its_code_and_nobody_else_has_the_page(account, sign_in, desk):
    account()
    ewa, _ = desk
    missing = send(ewa, "/incident/shut/", scope="organisation", code="", because="A lost telephone")
    assert "Enter the code of the organisation or feed" in missing.content.decode()
    done = send(ewa, "/incident/shut/", scope="organisation", code="la-353", because="A lost telephone")
    assert "The people of Oldham" in done.content.decode()
    nurse, refused = sign_in()
    assert refused.status_code == 403
    assert nurse.get("/incident/").status_code == 403
