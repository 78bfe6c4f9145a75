"""What `contactpoint doctor` finds: one line a check, and what to type where something is wrong."""

from dataclasses import dataclass
from typing import Final, Literal

State = Literal["ok", "note", "wrong"]

LABELS: Final[dict[State, str]] = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found. Nothing in it is about a child or names a person.

    Args:
        check: what was looked at.
        state: `wrong` needs somebody to act; `note` is worth knowing.
        found: what is so, in a few words.
        do: exactly what to type, or what to do; empty where nothing is needed.
    """

    check: str
    state: State
    found: str
    do: str = ""

    def line(self) -> str:
        """One line for a person."""
        return f"{LABELS[self.state]} {self.check}: {self.found}" + (f" -> {self.do}" if self.do else "")


def judged(check: str, fine: bool, found: str, do: str) -> Finding:
    """A finding that is wrong unless it is fine; what to do is said only then."""
    return (
        Finding(check=check, state="ok", found=found)
        if fine
        else Finding(check=check, state="wrong", found=found, do=do)
    )
