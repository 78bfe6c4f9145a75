"""What every pipeline shares: who may run it, whether there is room, and how it tells how far it is."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from django.conf import settings

from contactpoint.actions.failures import NO_ROOM
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.errors import Misconfigured, NoRoom
from contactpoint.storage.room import has_room

Progress: TypeAlias = Callable[[str, float], None]
"""Told the name of a step and the share of it that is done, 0..1."""


def tell_nobody(step: str, share: float) -> None:
    """Progress nobody waits for."""
    del step, share


def check_room(file: Path) -> None:
    """Refuse to begin with a file that would fill the disk of the data folder's PostgreSQL.

    Rows are staged, published and logged: ten times what they are in a file. What is begun all the same may
    meet a full disk, and is then undone; but PostgreSQL may stop, and everybody with it.

    Raises:
        NoRoom: there is not enough room.
    """
    home = Path(settings.HOME) if settings.HOME else None
    if home is None or not (home / "postgres").exists():
        return  # PostgreSQL keeps its data elsewhere
    if not has_room(home, 10 * file.stat().st_size):
        raise NoRoom(NO_ROOM)


def check_may_run(by: Viewer) -> None:
    """Deliveries are taken in by system processes only; a person's session cannot.

    Raises:
        Misconfigured: somebody else tries.
    """
    if Permission.RUN_PIPELINES not in PERMISSIONS[by.role]:
        raise Misconfigured(f"Deliveries are taken in by a system process, not by {by.role.value}.")
