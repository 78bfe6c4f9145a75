"""What a verification says."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong, and where: an entry by number and event id, or a head by its size."""

    what: str
    seq: int | None = None
    event_id: UUID | None = None
    checkpoint: int | None = None

    def __str__(self) -> str:
        """One line for a person."""
        where = []
        if self.seq is not None:
            where.append(f"entry {self.seq}")
        if self.event_id is not None:
            where.append(f"event {self.event_id}")
        if self.checkpoint is not None:
            where.append(f"checkpoint at {self.checkpoint}")
        return f"{', '.join(where) or 'the log'}: {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was verified and what is wrong. `faults` holds the first 1,000 of `fault_count`."""

    size: int
    root: bytes
    checkpoints: int
    signed_size: int
    bodies_gone: int
    unsealed: int
    oldest_unsealed: timedelta | None
    faults: tuple[Fault, ...]
    fault_count: int

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault_count == 0
