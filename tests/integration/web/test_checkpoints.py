"""Checkpoints on the pages: an auditor asks, the worker makes, the file holds; no one else can (R54)."""

import json
import re

import pytest
from django.utils import timezone
from tests.factories.audit_log import head, leaves, signer
from tests.factories.supply import rows

from contactpoint.domain.audit.checkpoint import sign_checkpoint
from contactpoint.domain.audit.handover import Bundle, check_bundle
from contactpoint.domain.audit.tree import CompactRange, leaf_hash
from contactpoint.domain.disclosure.actors import system_viewer
from contactpoint.pipelines.hand_over import hand_over
from contactpoint.storage import audit_log
from contactpoint.storage.models import Organisation


@pytest.fixture
def auditor(account, sign_in):
    Organisation.objects.update(accredited_until="2099-01-01")
    account("frank@example.org", memberships=(("la-353", "auditor"),))
    return sign_in("frank@example.org")[0]


def signed(size):
    """A signed head of that many entries, as the sealer leaves it."""
    for number, leaf in enumerate(leaves(size)):
        rows("INSERT INTO audit_event (id, commitment) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING 1",
             leaf_id(number), leaf[17:])  # fmt: skip
        rows("INSERT INTO audit_leaf (seq, event_id, leaf) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING "
             "RETURNING 1",
             number, leaf_id(number), leaf)  # fmt: skip
    grown = CompactRange().extended(leaf_hash(leaf) for leaf in leaves(size))
    note = sign_checkpoint(head(size), signer())
    audit_log.write_checkpoint(audit_log.Head(subtrees=grown, root=grown.root(), note=note))


def leaf_id(number):
    return f"00000000-0000-0000-0000-{number:012x}"


def press(client, name, **typed):
    page = client.get("/checkpoints/").content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', page)[1]
    return client.post(f"/checkpoints/{name}/", {"form_key": key, **typed}, follow=True)


def test_an_auditor_asks_waits_and_takes_it_away(auditor):
    assert "has not been handed one yet" in auditor.get("/checkpoints/").content.decode()
    signed(3)
    for size in (3, 5):
        assert "ready in a few seconds" in press(auditor, "ask").content.decode()
        assert "asked for already" in press(auditor, "ask").content.decode()
        if size == 5:
            signed(size)
        hand_over(by=system_viewer("worker"), at=timezone.now())
        page = auditor.get("/checkpoints/").content.decode()
        assert f"Checkpoint over {size} entries" in page
        number = re.search(r'name="handover" value="(\d+)"', page)[1]
        answer = auditor.post("/checkpoints/take/", {"handover": number})
        assert answer["Content-Disposition"].startswith("attachment")
        bundle = Bundle.from_json(answer.content.decode())
        assert check_bundle(bundle, key=signer().verifier())[0] == head(size)
    assert len(json.loads(answer.content)["consistency_proof"]) > 0
    assert "begins with the 3 entries of the one before" in page
    assert auditor.post("/checkpoints/take/", {"handover": "0"}).status_code == 403


def test_nobody_else_has_the_page(account, sign_in):
    account()
    client, _ = sign_in()
    assert client.get("/checkpoints/").status_code == 403
    assert client.post("/checkpoints/take/", {"handover": "1"}).status_code == 403
