"""Whole worlds with who is allowed and who is denied, in files that people who do not program can read."""

from pathlib import Path

import pytest
import yaml
from tests.factories.records import NOW, consent, involvement, statement
from tests.factories.viewers import WORRIED, viewer

from contactpoint.domain.disclosure.actors import Lapse, Role
from contactpoint.domain.disclosure.answers import ProtectedRecord
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.held import KnownRecord, ShieldedRecord
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest, RecordState
from contactpoint.domain.disclosure.redact import redact
from contactpoint.domain.involvement import ConsentBasis

WORLDS = {
    path.stem: yaml.safe_load(path.read_text()) for path in sorted(Path(__file__).parent.glob("*.yaml"))
}
NUMBER = "C000000102M"


def cases(kind):
    return [
        pytest.param(world["world"]["child"], case, id=f"{name}: {case['who']} {case['does']}")
        for name, world in WORLDS.items()
        for case in world[kind]
    ]


def ask(child, case):
    who = case["who"]
    by = viewer(
        role=Role(who["role"]),
        organisation_kind=who["kind"],
        lapses=(Lapse(who["lapse"]),) if "lapse" in who else (),
    )
    permission = Permission(case["does"])
    state = RecordState(number=NUMBER, shielded=child.get("shielded", False), born=child["born"])
    request = AccessRequest(
        viewer=by,
        permission=permission,
        at=NOW,
        purpose=None if case.get("purpose") == "none" else WORRIED,
        record=state if permission is Permission.OPEN_RECORD else None,
    )
    return by, authorise(request)


def held(child):
    (said,) = child["statements"]
    if child.get("shielded"):
        return ShieldedRecord(
            number=NUMBER,
            name=f"{said['forename']} {said['surname']}",
            date_of_birth=str(said["date_of_birth"]),
            sex=said["sex"],
        )
    involvements = []
    for one in child["involvements"]:
        terms = dict(one)
        if "consent" in terms:
            terms["consent"] = consent(ConsentBasis(terms["consent"]))
        involvements.append(involvement(terms.pop("service"), **terms))
    facts = {name: str(value) for name, value in said.items() if name != "source"}
    return KnownRecord(
        number=NUMBER, statements=(statement(said["source"], **facts),), involvements=tuple(involvements)
    )


def test_there_are_worlds():
    assert len(WORLDS) >= 3


@pytest.mark.parametrize(("child", "case"), cases("allow"))
def test_allowed(child, case):
    by, decision = ask(child, case)
    assert decision.allowed
    if case["does"] != "open_record":
        return
    record = redact(held(child), by, WORRIED, NOW)
    if case.get("protected"):
        assert isinstance(record, ProtectedRecord)
        return
    assert [one.id for one in (*record.contacts, *record.past_contacts)] == case["sees"]
    assert [scheme for scheme, _ in record.identifiers] == case["numbers"]


@pytest.mark.parametrize(("child", "case"), cases("deny"))
def test_denied(child, case):
    _, decision = ask(child, case)
    assert not decision.allowed
    assert case["rule"] in decision.rules
