"""From the form to the record through the pages, with what the session keeps and addresses do not."""

import re

from tests.factories.directory import AMINA, amina, amina_in_full, build_child
from tests.factories.opening import open_from

TYPED = {
    "purpose": "safeguarding",
    "forename": "Ameena",
    "surname": "Okafour",
    "date_of_birth-day": "5",
    "date_of_birth-month": "9",
    "date_of_birth-year": "2016",
}


def searched(client, **typed):
    return client.post("/find/", {**TYPED, **typed}, follow=True)


def opened(client, number, **typed):
    results = searched(client, **typed)
    return open_from(client, results.request["PATH_INFO"], number)


def test_a_child_is_found_and_the_record_says_whom_to_ring(account, sign_in):
    number = build_child(*amina_in_full())
    account()
    client, _ = sign_in()
    results = searched(client)
    assert "1 child may match" in results.content.decode()
    assert "day and month swapped" in results.content.decode()
    record = opened(client, number).content.decode()
    assert 'href="tel:01614960399"' in record
    assert (
        record.index("Who is in contact")
        < record.index("What we do not know")
        < record.index("Home and carers")
    )
    assert re.search(r"<title>Record - ContactPoint</title>", record)


def test_addresses_hold_nothing_and_work_in_one_session_only(account, sign_in):
    number = build_child(*amina_in_full())
    account()
    account("ben@example.org", name="Ben")
    client, _ = sign_in()
    response = opened(client, number)
    path = response.request["PATH_INFO"]
    assert number not in path
    other, _ = sign_in("ben@example.org")
    assert other.get(path).status_code == 404
    client.post("/account/logout/")
    client, _ = sign_in()
    assert client.get(path).status_code in (302, 404)


def test_a_record_opens_only_by_a_form(account, sign_in):
    number = build_child(*amina_in_full())
    account()
    client, _ = sign_in()
    results = searched(client)
    assert client.get(f"{results.request['PATH_INFO']}open/", {"number": number}).status_code == 405


def test_what_was_typed_is_kept_in_the_form_beside_the_results(account, sign_in):
    account()
    client, _ = sign_in()
    page = searched(client, surname="O'Brien <b>").content.decode()
    assert 'value="O&#39;Brien &lt;b&gt;"' in page
    assert "<b>" not in page


def test_nothing_there_and_a_record_kept_back_are_the_same_page(account, sign_in):
    """R10: whatever was kept back, the page is the same."""
    account()
    client, _ = sign_in()
    by_place = {"forename": "", "place": AMINA["postcode"], "surname": "Okafor"}
    by_place |= {f"date_of_birth-{box}": "" for box in ("day", "month", "year")}

    def page():
        text = searched(client, **by_place).content.decode()
        return re.sub(r'csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|/find/[^"]*/', "", text)

    nothing = page()
    build_child(amina(), shielded=True)
    assert page() == nothing
    assert "Some records can be found only by name, date of birth or number" in nothing


def test_a_protected_record_shows_four_facts_and_the_desk(account, sign_in):
    """R27."""
    number = build_child(amina(), shielded=True)
    account()
    client, _ = sign_in()
    page = opened(client, number, forename="Amina", surname="Okafor").content.decode()
    assert "This record is protected" in page
    for hidden in (AMINA["postcode"], AMINA["address"], AMINA["carer_forename"], AMINA["nhs_number"]):
        assert hidden not in page


def test_something_wrong_names_the_sources(account, sign_in):
    number = build_child(*amina_in_full())
    account()
    client, _ = sign_in()
    path = opened(client, number).request["PATH_INFO"]
    page = client.get(f"{path}wrong/", {"asked": "1", "field": "address"}).content.decode()
    assert "School census: 14 Mill Lane, Oldham, OL1 4AB" in page
