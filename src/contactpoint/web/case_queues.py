"""The two lists of records to check, each with handles and pages of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.http import HttpRequest

from contactpoint.web.handles import case_of, keep_case

DONE: Final = "cp_case_done"
"""Where a session keeps what the next page says first: what became of a decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One of the two lists: the ordinary one, or that of shield staff, with the names of its pages."""

    near_shield: bool
    cases: str
    case: str
    after: str
    decided: str
    undo: str
    seen: str

    def keep(self, request: HttpRequest, what: str) -> Callable[[int], str]:
        """Keep a case or a decision of this list; the handles of one list open nothing in the other."""
        return partial(keep_case, request.session, f"{self.cases} {what}")

    def find(self, request: HttpRequest, what: str, handle: str) -> int:
        """What is behind a handle of this list."""
        return case_of(request.session, f"{self.cases} {what}", handle)


ORDINARY: Final = Queue(
    near_shield=False,
    cases="cases",
    case="case",
    after="case_after",
    decided="cases_decided",
    undo="undo_decision",
    seen="mixed_seen",
)
PROTECTED: Final = Queue(
    near_shield=True,
    cases="protected_cases",
    case="protected_case",
    after="protected_case_after",
    decided="protected_cases_decided",
    undo="undo_protected_decision",
    seen="protected_mixed_seen",
)
