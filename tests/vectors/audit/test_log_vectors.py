"""Whole small logs in logs/*.json: one that is sound, and one file for each way of being wrong (R54).

Each file says what was done to the sound log, and every sentence the verifier says about it: no fault goes
unnamed, and nothing that was left alone is blamed. Bytes are in hexadecimal.
"""

import json
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from contactpoint.domain.audit.checkpoint import VerifierKey
from contactpoint.domain.audit.evidence import (
    Entry,
    SearchColumns,
    StoredCheckpoint,
    StoredEvent,
    UnsealedEvent,
)
from contactpoint.domain.audit.verify import verify_log

LOGS = sorted((Path(__file__).parent / "logs").glob("*.json"))


def read_event(raw):
    if raw is None:
        return None
    columns = raw.get("columns")
    return StoredEvent(
        event_id=UUID(raw["event_id"]),
        commitment=bytes.fromhex(raw["commitment"]),
        body=None if raw.get("body") is None else bytes.fromhex(raw["body"]),
        salt=None if raw.get("salt") is None else bytes.fromhex(raw["salt"]),
        columns=None
        if columns is None
        else SearchColumns(
            occurred_at=datetime.fromisoformat(columns["occurred_at"]),
            action=columns["action"],
            outcome=columns["outcome"],
            account=None if columns["account"] is None else UUID(columns["account"]),
            organisation=columns["organisation"],
            subjects=tuple(columns["subjects"]),
        ),
    )


def unhex(value):
    return None if value is None else bytes.fromhex(value)


def verify(raw):
    return verify_log(
        entries=[
            Entry(
                seq=entry["seq"],
                leaf=bytes.fromhex(entry["leaf"]),
                event=read_event(entry.get("event")),
                recorded_hash=unhex(entry.get("recorded_hash")),
            )
            for entry in raw["entries"]
        ],
        checkpoints=[
            StoredCheckpoint(
                size=head["size"],
                note=head["note"],
                root=unhex(head.get("root")),
                subtrees=unhex(head.get("subtrees")),
            )
            for head in raw["checkpoints"]
        ],
        unsealed=[
            UnsealedEvent(
                event=read_event(waiting["event"]),
                waiting_since=None
                if waiting["waiting_since"] is None
                else datetime.fromisoformat(waiting["waiting_since"]),
            )
            for waiting in raw["unsealed"]
        ],
        key=VerifierKey.parse(raw["key"]),
        now=datetime.fromisoformat(raw["now"]),
        since=raw["since"],
        published=raw["published"],
    )


@pytest.mark.parametrize("path", LOGS, ids=[path.stem for path in LOGS])
def test_log(path):
    raw = json.loads(path.read_text(encoding="utf-8"))

    report = verify(raw)

    assert [str(fault) for fault in report.faults] == raw["faults"]
    assert report.fault_count == len(raw["faults"])
    assert report.is_sound == (not raw["faults"])


def test_there_is_a_sound_log_of_each_kind_and_every_other_is_faulty():
    sound = {path.stem for path in LOGS if not json.loads(path.read_text(encoding="utf-8"))["faults"]}

    assert sound == {"sound-stored", "sound-published", "sound-purged", "sound-since", "sound-unsigned-tail"}
    assert len(LOGS) - len(sound) >= 25
