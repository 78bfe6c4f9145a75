"""Another matching model in a browser: refused as a bad file, proposed, agreed to by two, put back (R20)."""

import time
from dataclasses import replace

import pytest

from contactpoint.linking.model.weights import default_model
from tests.system.conftest import PHONE, WIDE
from tests.system.pages import follow

pytestmark = pytest.mark.system
PATIENCE = 240  # seconds for the worker to weigh all of this England with both models
MODEL = default_model()


def model_file(version):
    eager = replace(MODEL, version=version, thresholds=replace(MODEL.thresholds, link=4.5))
    return eager.to_json().encode()


def prove(window, people, kept, who):
    """Prove once more who one is, where a page asks for it; the session has another key then."""
    if "/again/" in window.page.url:
        window.page.get_by_label("One-time code").fill(people[who].code())
        follow(window.page.locator("main").get_by_role("button").first)
        kept[who] = window.page.context.storage_state()
    return window


def send(window, data, because):
    file = {"name": "model.json", "mimeType": "application/json", "buffer": data}
    window.page.locator('[name="file"]').set_input_files(file)
    return window.fill(because=because).press("Propose it")


def wait_for(window, words):
    deadline = time.monotonic() + PATIENCE
    while words not in window.text():
        assert time.monotonic() < deadline, "the worker reported nothing"
        time.sleep(1)
        window.page.reload()
    return window


def agreed_by(window, people, kept, who, name):
    """Read the report in a colleague's window, and agree."""
    follow(window.go("/today/").page.get_by_role("link", name="1 matching model for a second person"))
    follow(window.page.get_by_role("link", name=name).first)
    window.judge("17-model-report")
    follow(window.page.get_by_role("link", name="Agree to it, or refuse it"))
    prove(window, people, kept, who).judge("17-model-answer").press("Agree, and put it into force")
    assert "This model is in force now." in window.judge("17-model-done").text()


@pytest.mark.parametrize(("size", "version"), [(WIDE, "wide-1"), (PHONE, "phone-1")], ids=["wide", "phone"])
def test_a_model_from_its_file_to_putting_it_back(visit, people, kept, photograph, size, version):
    """Given a model in force, when two people agree to another, then it decides until it is put back."""
    ewa, lena = visit("ewa", size=size), visit("lena", size=size)
    follow(ewa.go("/today/").page.get_by_role("link", name="Matching model", exact=True))
    assert MODEL.version in ewa.judge("17-model-before").text()
    follow(ewa.page.get_by_role("link", name="Propose another model"))
    prove(ewa, people, kept, "ewa").judge("17-model-propose").press("Propose it")
    assert ewa.judge("17-model-errors").follow_errors() == ["file", "because"]
    send(ewa, b"{}", "Learnt from October").judge("17-model-bad-file")
    assert "This release reads models of format 1" in ewa.text()

    send(ewa, model_file(version), "Learnt from October")
    assert "Proposed. The report is ready in a few minutes" in ewa.judge("17-model-proposed").text()
    wait_for(ewa, "What it would change")
    assert ewa.page.get_by_role("link", name="Agree to it, or refuse it").count() == 0
    if size is WIDE:
        photograph(ewa, "model", whole=True)
    agreed_by(lena, people, kept, "lena", version)
    assert version in ewa.go("/model/").judge("17-model-in-force").text()

    follow(lena.go("/model/").page.get_by_role("link", name="Put the model before it back"))
    prove(lena, people, kept, "lena").judge("17-model-back")
    lena.fill(because="Sisters are joined").press("Propose it")
    wait_for(lena, "What it would change")
    agreed_by(ewa, people, kept, "ewa", MODEL.version)
    assert "Was in force" in ewa.go("/model/").judge("17-model-history").text()
