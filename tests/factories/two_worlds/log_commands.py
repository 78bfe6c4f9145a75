"""The commands `audit checkpoint` and `hand-over`: what the log gives away when it is signed and taken.

A leaf holds a commitment to an event, which a salt of 32 random bytes keeps from saying anything. Here it is
taken for what it is to whoever holds no salt, a number without a meaning: whatever still differs, differs by
something else.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from django.db import transaction
from django.test import override_settings
from tests.factories.directory import acting_as_role
from tests.factories.supply import rows
from tests.factories.two_worlds.looking import World

from contactpoint.cli import log_commands
from contactpoint.domain.audit.checkpoint import Signer
from contactpoint.pipelines.seal import write_key
from contactpoint.storage import audit_log


def sign(world: World, folder: Path, key: Signer) -> None:
    """Sign a checkpoint, on the screen and into a file."""
    with _sealing(_new_folder(folder), key) as place:
        log_commands.checkpoint(out=None)
        log_commands.checkpoint(out=place / "today.note")
        print((place / "today.note").read_text(encoding="utf-8"))


def hand_over(world: World, folder: Path, key: Signer) -> None:
    """Hand it to an organisation's auditor twice: the second time with a proof from the first."""
    with _sealing(folder / "sealed", key) as place:
        for number in (1, 2):
            out = place / f"{number}.json"
            log_commands.hand_over("la-353", out=out)
            print(out.read_text(encoding="utf-8"))


def _new_folder(folder: Path) -> Path:
    place = folder / "sealed"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    return place


@contextmanager
def _sealing(place: Path, key: Signer) -> Iterator[Path]:
    """Let the sealer at events of a transaction that never ends: these worlds are taken back."""
    path, atomic = place / "audit.key", transaction.atomic
    if not path.exists():
        write_key(path, key)

    def nested(*given: Any, durable: bool = False, **how: Any) -> Any:
        return atomic(*given, **how)

    with ExitStack() as held:
        held.enter_context(mock.patch.object(log_commands, "acting_as", acting_as_role))
        held.enter_context(mock.patch.object(transaction, "atomic", nested))
        held.enter_context(mock.patch.object(audit_log, "ready_to_seal", _ready))
        held.enter_context(override_settings(AUDIT_KEY=str(path), AUDIT_DIR=str(place / "log")))
        (place / "log").mkdir(exist_ok=True)
        yield place


def _ready(limit: int, *, using: str = "default") -> list[audit_log.Ready]:
    waiting = rows("SELECT event_id FROM audit_pending ORDER BY event_id LIMIT %s", limit)
    return [audit_log.Ready(event_id=event, commitment=bytes(32)) for (event,) in waiting]
