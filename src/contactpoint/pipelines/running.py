"""What every pipeline shares: who may run it, how it tells how far it is, and its line in the audit."""

from collections.abc import Callable
from typing import TypeAlias

from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.permissions import PERMISSIONS, Permission
from contactpoint.domain.errors import Misconfigured

Progress: TypeAlias = Callable[[str, float], None]
"""Told the name of a step and the share of it that is done, 0..1."""


def tell_nobody(step: str, share: float) -> None:
    """Progress nobody waits for."""
    del step, share


def check_may_run(by: Viewer) -> None:
    """Deliveries are taken in by system processes only; a person's session cannot.

    Raises:
        Misconfigured: somebody else tries.
    """
    if Permission.RUN_PIPELINES not in PERMISSIONS[by.role]:
        raise Misconfigured(f"Deliveries are taken in by a system process, not by {by.role.value}.")
