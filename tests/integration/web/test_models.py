"""The matching model on its pages: proposed once, answered by another, put back, after proving who one is."""

import re
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.factories.directory import acting_as_role
from tests.integration.web.conftest import typed_now

from contactpoint.linking.model.weights import default_model
from contactpoint.storage.models import ModelVersion, Organisation
from contactpoint.worker.works import WORKS

MODEL = default_model()
EAGER = replace(MODEL, version="eager", thresholds=replace(MODEL.thresholds, link=2.0, tie=0.5))


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.HOME = str(tmp_path)
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "inbox" / "uploaded")


@pytest.fixture
def national(account, sign_in):
    """Signs somebody of the national team in, who has proved once more who they are."""
    Organisation.objects.filter(pk="contactpoint").update(accredited_until=date(2099, 1, 1))

    def enter(name):
        account(f"{name}@example.org", memberships=(("contactpoint", "national_team"),), name=name.title())
        return proved(sign_in(f"{name}@example.org")[0])

    return enter


def proved(client):
    """Prove once more who one is; in the same half minute, with the same code."""
    cache.clear()
    Authenticator.objects.update(last_used_at=None)
    client.post("/account/code/again/", typed_now())
    return client


def text(answer):
    return answer.content.decode()


def key(answer):
    return re.search(r'name="form_key" value="([^"]+)"', text(answer))[1]


def propose(client, data, because="Learnt from October", form_key=None):
    file = SimpleUploadedFile("model.json", data, "application/json")
    form_key = form_key or key(client.get("/model/propose/"))
    said = {"file": file, "because": because, "form_key": form_key}
    return client.post("/model/propose/", said, follow=True)


def answer(client, number, step):
    address = f"/model/{number}/answer/"
    return client.post(address, {"step": step, "form_key": key(client.get(address))}, follow=True)


def work():
    with acting_as_role("worker"):
        WORKS["models"].do()


def test_a_model_is_proposed_once_agreed_to_by_another_and_put_back(national):
    ewa, lena = national("ewa"), national("lena")
    shown = text(ewa.get("/model/"))
    assert MODEL.version in shown
    assert "It comes with ContactPoint" in shown
    assert "Put the model before it back" not in shown
    form_key = key(ewa.get("/model/propose/"))
    for _ in range(2):
        assert "Proposed. The report is ready" in text(
            propose(ewa, EAGER.to_json().encode(), form_key=form_key)
        )
    (version,) = ModelVersion.objects.all()
    page = f"/model/{version.pk}/"
    assert "The report is being made" in text(lena.get(page))
    assert "Agree, and put it into force" not in text(lena.get(f"{page}answer/"))
    assert "No matching models for a second person" in text(lena.get("/today/"))
    work()
    assert "1 matching model for a second person" in text(lena.get("/today/"))
    shown = text(lena.get(page))
    assert "fewer than 100" in shown
    assert "Two records, perhaps one child" in shown
    assert "Agree, and put it into force" not in text(ewa.get(f"{page}answer/"))
    assert "This model is in force now." in text(answer(lena, version.pk, "agree"))
    shown = text(ewa.get("/model/"))
    assert "Ewa, agreed by Lena" in shown
    address = "/model/back/"
    assert "Say why" in text(lena.post(address, {"because": "", "form_key": key(lena.get(address))}))
    said = {"because": "It joins sisters", "form_key": key(lena.get(address))}
    assert "The model that was in force before" in text(lena.post(address, said, follow=True))
    work()
    assert "This model is in force now." in text(answer(ewa, version.pk + 1, "agree"))
    assert "Was in force" in text(ewa.get("/model/"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "is not JSON"),
        (EAGER.to_json().replace('"sex"', '"shoes"').encode(), "“shoes” that this release does not know"),
        (EAGER.to_json().encode() + b" " * (4 * 1024 * 1024), "The file is larger than 4 MB"),
        (b"", "The file is empty"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_keeps_nothing(national, data, said):
    shown = text(propose(national("ewa"), data))
    assert said in shown
    assert "govuk-error-summary" in shown
    assert not ModelVersion.objects.exists()


def test_a_proposal_is_dropped_by_whoever_made_it_and_a_late_one_says_so(national):
    ewa, lena = national("ewa"), national("lena")
    propose(ewa, EAGER.to_json().encode())
    propose(lena, replace(EAGER, version="eager-2").to_json().encode())
    work()
    first, second = ModelVersion.objects.order_by("id").values_list("pk", flat=True)
    answer(lena, first, "agree")
    assert "Another model came into force meanwhile" in text(ewa.get(f"/model/{second}/"))
    assert "Agree, and put it into force" not in text(ewa.get(f"/model/{second}/answer/"))
    assert "Nothing was changed." in text(answer(lena, second, "drop"))
    assert "Nothing can be done with this version" in text(ewa.get(f"/model/{second}/answer/"))
    assert ewa.post(f"/model/{first}/answer/", {"step": "burn", "form_key": "x"}).status_code == 404
    assert ewa.get("/model/999/").status_code == 404


def test_whoever_did_not_prove_themselves_lately_proves_it_before_anything_changes(account, sign_in):
    Organisation.objects.filter(pk="contactpoint").update(accredited_until=date(2099, 1, 1))
    account("ewa@example.org", memberships=(("contactpoint", "national_team"),))
    ewa = sign_in("ewa@example.org", fresh=False)[0]
    for address in ("/model/propose/", "/model/back/", "/model/1/answer/"):
        assert "/again/" in ewa.get(address)["Location"]
        assert "/again/" in ewa.post(address, {"step": "agree", "because": "x"})["Location"]
    assert ewa.get("/model/").status_code == 200


def test_others_do_not_reach_any_of_it(account, sign_in):
    account("amina@example.org")
    amina = proved(sign_in("amina@example.org")[0])
    for address in ("/model/", "/model/propose/", "/model/back/", "/model/1/", "/model/1/answer/"):
        assert amina.get(address).status_code == 403
    assert amina.post("/model/1/answer/", {"step": "agree", "form_key": str(UUID(int=1))}).status_code == 403
