"""Invite people by file, some rows at a time: each good row once, each bad one with its reasons (R1, R3)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.people.asking import ask_reach
from contactpoint.actions.people.roles import invite
from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.errors import Conflict, InvalidInput, NotFound
from contactpoint.domain.people_file import BadRow, Fault, KeptFile, Row, judge_rows, read_file
from contactpoint.domain.staff import NewPerson
from contactpoint.storage import people_files

AT_ONCE: Final = 100


@transaction.atomic
def begin_file(
    *, text: str, by: Viewer, at: datetime
) -> tuple[int, Mapping[int, NewPerson], Mapping[int, Row]] | Refusal:
    """Read a file and keep its bad rows; return its id, and its good rows by line.

    The same file of the same person is the same one: it goes on where it stopped.

    Raises:
        InvalidInput: it cannot be read at all.
    """
    reach = ask_reach(by=by, at=at)
    if isinstance(reach, Refusal):
        return reach
    rows = read_file(text)
    codes = sorted({row.cells.get("organisation", "") for row in rows})
    good, bad = judge_rows(rows, kinds=people_files.kinds_of(codes, reach.authority), on=at.date())
    file = people_files.begin(
        account=_account(by),
        organisation=by.organisation_code,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        rows=len(rows),
        bad=bad,
        at=at,
    )
    record(Action.TOOK_PEOPLE_FILE, by=by, at=at, details={"file": file, "rows": len(rows), "bad": len(bad)})
    return file, good, {row.line: row for row in rows}


@transaction.atomic
def take_rows(
    *, file: int, good: Mapping[int, NewPerson], rows: Mapping[int, Row], by: Viewer, at: datetime
) -> bool:
    """Take the next good rows, all or none of them, and note how far it went; False where none is left.

    Raises:
        NotFound: no such file of theirs is kept.
    """
    kept = people_files.hold(file, _account(by))
    if kept is None:
        raise NotFound("That file is not kept any more. Upload it again.")
    lines = sorted(line for line in good if line > kept.done_through)[:AT_ONCE]
    if not lines:
        people_files.end(file, at)
        return False
    bad: list[BadRow] = []
    known = 0
    for line in lines:
        reason = _take(good[line], by, at)
        if reason is None:
            known += 1
        elif reason:
            bad.append(BadRow(row=rows[line], faults=(Fault(field="email", reason=reason),)))
    people_files.note(kept, done_through=lines[-1], taken=len(lines) - known - len(bad), known=known, bad=bad)
    return True


@transaction.atomic
def kept_file(*, file: int, by: Viewer, at: datetime) -> KeptFile | Refusal:
    """One's own file, as it stands.

    Raises:
        NotFound: there is none.
    """
    reach = ask_reach(by=by, at=at)
    if isinstance(reach, Refusal):
        return reach
    found = people_files.kept_file(file, _account(by))
    if found is None:
        raise NotFound("That file is not kept any more. Upload it again.")
    record(Action.LISTED_PEOPLE, by=by, at=at, details={"file": file})
    return found


def _take(new: NewPerson, by: Viewer, at: datetime) -> str | None:
    """Take one row: an empty text where it became an account, None where it had before, else the reason."""
    try:
        with transaction.atomic():
            answer = invite(new=new, by=by, at=at)
    except Conflict:
        return None
    except (InvalidInput, NotFound) as fault:
        return str(fault).rstrip(".")
    return answer.sentence.rstrip(".") if isinstance(answer, Refusal) else ""


def _account(by: Viewer) -> UUID:
    if by.account_id is None:
        raise NotFound("Only a person invites people.")
    return by.account_id
