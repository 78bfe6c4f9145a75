"""`contactpoint match propose`, `versions`, `agree`, `refuse` and `put-back`: two people are named (R20)."""

from dataclasses import replace
from unittest import mock
from uuid import UUID

import pytest
from tests.factories.directory import acting_as_role, build_account, build_reference
from typer.testing import CliRunner

from contactpoint.cli import modelling
from contactpoint.cli.main import app
from contactpoint.domain.errors import Conflict, InvalidInput, NotFound
from contactpoint.linking.model.weights import default_model
from contactpoint.storage.models import Membership, ModelVersion
from contactpoint.worker.works import WORKS

pytestmark = pytest.mark.django_db
EWA, LENA = UUID(int=8400), UUID(int=8401)
MODEL = default_model()
EAGER = replace(MODEL, version="eager", thresholds=replace(MODEL.thresholds, link=2.0, tie=0.5))


@pytest.fixture(autouse=True)
def people(db):
    build_reference()
    for who, name in ((EWA, "Ewa Nowak"), (LENA, "Lena Fox")):
        build_account(who, name)
        Membership.objects.create(account_id=who, organisation_id="contactpoint", role="national_team")


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.json"
    path.write_text(EAGER.to_json(), encoding="utf-8")
    return str(path)


def typed(*words):
    """What a command prints; what it raises is raised here."""
    with (
        mock.patch.object(modelling, "acting_as", acting_as_role),
        mock.patch.object(modelling, "say") as said,
    ):
        result = CliRunner().invoke(app, ["match", *words], standalone_mode=False)
    if result.exception:
        raise result.exception
    return "\n".join(call.args[0] for call in said.call_args_list)


def by(who):
    return ("--by", f"{who}@example.org")


def work():
    with acting_as_role("worker"):
        WORKS["models"].do()


def test_a_model_is_proposed_agreed_to_and_put_back(model):
    assert typed("versions").startswith(f"In force: {MODEL.version}, which comes with the project.")
    said = typed("propose", model, "--because", "Learnt", *by(EWA))
    number = str(ModelVersion.objects.get().pk)
    assert said == f"Version {number}: the worker reports what it would change; then a second person agrees."
    work()
    report = typed("versions", number)
    assert f"{number}  eager  Ewa Nowak: Learnt  a second person has to agree." in report
    assert f"Compared with {MODEL.version}, fewer than 100 children whom nothing hides:" in report
    assert "possible same child: fewer than 100 and fewer than 100" in report
    with pytest.raises(Conflict, match="you proposed it yourself"):
        typed("agree", number, *by(EWA))
    assert typed("agree", number, *by(LENA)) == f"Version {number}: in force."
    assert "In force: eager. SHA-256" in typed("versions")
    typed("put-back", "--because", "Sisters", *by(LENA))
    work()
    back = str(int(number) + 1)
    assert typed("agree", back, *by(EWA)) == f"Version {back}: in force."
    history = typed("versions")
    assert f"{back}  {MODEL.version}  Lena Fox, Ewa Nowak: Sisters  in force. From" in history
    assert "was in force. From" in history
    assert " until " in history


def test_a_proposal_is_dropped_or_refused(model):
    typed("propose", model, "--because", "Learnt", *by(EWA))
    number = str(ModelVersion.objects.get().pk)
    assert typed("refuse", number, "--own", *by(EWA)) == f"Version {number}: dropped."
    typed("propose", model, "--because", "Learnt", *by(EWA))
    number = str(int(number) + 1)
    assert typed("refuse", number, *by(LENA)) == f"Version {number}: refused."
    with pytest.raises(Conflict):
        typed("agree", number, *by(LENA))


def test_what_cannot_be_used_says_why(tmp_path, model):
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{", encoding="utf-8")
    for path, said in ((wrong, "is not JSON"), (tmp_path / "none.json", "cannot be read")):
        with pytest.raises(InvalidInput, match=said):
            typed("propose", str(path), "--because", "Learnt", *by(EWA))
    with pytest.raises(NotFound):
        typed("propose", model, "--because", "Learnt", "--by", "nobody@example.org")
    with pytest.raises(InvalidInput):
        typed("versions", "9")
    assert not ModelVersion.objects.exists()
