"""How a feed's files are read: bring a mapping, see what a file comes to by it, ask, agree, put back (R19).

Nothing is read by it before a second person agreed; it holds from that moment (ADR 40). The worker tries it
over its file (pipelines/try_mappings.py).
"""

import contextlib
import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import transaction

from contactpoint.actions.recording import record, record_refusal
from contactpoint.domain.audit.events import Action, Json
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.disclosure.policies import AccessRequest
from contactpoint.domain.errors import NotFound
from contactpoint.domain.source_mappings import (
    MappingAnswer,
    MappingFault,
    MappingInQuestion,
    MappingState,
    MappingVersion,
)
from contactpoint.domain.two_people import Step, check_reason
from contactpoint.storage import source_mappings as stored
from contactpoint.storage.queries import feeds
from contactpoint.supply.contracts import Contract, contract_named
from contactpoint.supply.mapping_file import read_mapping, text_of

_ASKED: Final = Permission.RUN_FEEDS
NO_FEED: Final = "There is no such feed. Go back to the list of feeds."
NO_VERSION: Final = "There is no such version. Go back to how this feed is read."
SAME: Final = MappingAnswer(version=0, state="same")
NOT_NOW: Final = Refusal(
    sentence="That cannot be done with this version now.",
    rules=("R19",),
    way_on="Another came into force meanwhile, or another waits. Open how this feed is read again.",
)


@transaction.atomic
def mapping_versions(*, code: str, by: Viewer, at: datetime) -> tuple[MappingVersion, ...] | Refusal:
    """Every version of how a feed is read, and one's own that nobody was asked about; audited.

    Raises:
        NotFound: there is no such feed.
    """
    seeing = _begin(Action.LISTED_MAPPINGS, {"source": code[:48]}, code=code, by=by, at=at)
    return seeing if isinstance(seeing, Refusal) else stored.versions(seeing, code)


@transaction.atomic
def mapping_version(*, code: str, version: int, by: Viewer, at: datetime) -> MappingVersion | Refusal:
    """One version, with its text and what the file came to; audited.

    Raises:
        NotFound: there is no such feed, none of that number, or it is of somebody else and was not asked for.
    """
    details: dict[str, Json] = {"source": code[:48], "version": version}
    seeing = _begin(Action.LISTED_MAPPINGS, details, code=code, by=by, at=at)
    return seeing if isinstance(seeing, Refusal) else _find(seeing, code, version)


def contract_of_feed(*, code: str) -> Contract:
    """The contract of a feed, which is published to everybody.

    Raises:
        NotFound: there is no such feed.
    """
    if feeds.feed_in_question(code) is None:
        raise NotFound(NO_FEED)
    return contract_named(feeds.contract_of(code))


def judge_mapping(*, code: str, data: bytes) -> str | tuple[MappingFault, ...]:
    """The text of a mapping file, or everything that is wrong with it for this feed's contract.

    Raises:
        NotFound: there is no such feed.
    """
    text = text_of(data)
    if isinstance(text, MappingFault):
        return (text,)
    found = read_mapping(text, contract_of_feed(code=code))
    return found if isinstance(found, tuple) else text


def try_mapping(
    *,
    code: str,
    data: bytes,
    received: Path | None,
    inbox: Path,
    file_name: str,
    by: Viewer,
    at: datetime,
) -> MappingAnswer | Refusal:
    """Keep a mapping, and a file that the worker tries it over. Nothing is read by it yet.

    Args:
        code: the feed.
        data: the mapping file; `judge_mapping` found nothing wrong with it.
        received: where a delivery file lies, on the same disk as `inbox`; None for the last one kept here.
        inbox: the folder in which files on their way in lie.
        file_name: the delivery file's name, made safe.
        by: the viewer.
        at: now.

    Raises:
        NotFound: there is no such feed, the mapping is not right, or the file has gone.
    """
    text = judge_mapping(code=code, data=data)
    if not isinstance(text, str):
        raise NotFound("The mapping is not right. Go back, and send it again.")
    folder = inbox / secrets.token_hex(16) if received else None
    kept = False
    try:
        if received and folder:
            folder.mkdir(mode=0o700, parents=True)
            os.link(received, folder / file_name)
        answer = _keep(code, text, file_name, folder.name if folder else "", by=by, at=at)
        kept = isinstance(answer, MappingAnswer) and answer is not SAME
    except FileNotFoundError:
        raise NotFound("The file did not arrive. Send it again.") from None
    finally:
        if folder and not kept:
            with contextlib.suppress(OSError):
                (folder / file_name).unlink(missing_ok=True)
                folder.rmdir()
    return answer


@transaction.atomic
def put_back_mapping(*, code: str, version: int, by: Viewer, at: datetime) -> MappingAnswer | Refusal:
    """Draw up what was in force before this version, to the letter; a second person agrees to it as well.

    Raises:
        NotFound: there is no such feed.
    """
    details: dict[str, Json] = {"source": code[:48], "puts_back": version}
    seeing = _begin(Action.TRIED_MAPPING, details, code=code, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    made = stored.put_back(seeing, code, version)
    if made is None:
        return record_refusal(NOT_NOW, _ASKED, by=by, at=at, details=details)
    return MappingAnswer(version=made, state=MappingState.TRIED.value)


@transaction.atomic
def step_mapping(
    *, code: str, version: int, step: Step, because: str, by: Viewer, at: datetime
) -> MappingAnswer | Refusal:
    """Ask that a feed is read by a version, agree to it as a second person, refuse it, or drop one's own.

    Raises:
        NotFound: there is no such feed, or none of that number.
        InvalidInput: whoever asks gives no reason, or a long one.
    """
    why = check_reason(because) if step is Step.ASK else ""
    details: dict[str, Json] = {
        "source": code[:48],
        "version": version,
        "step": step.value,
        "because": why,
    }
    seeing = _begin(Action.LISTED_MAPPINGS, details, code=code, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    found = _find(seeing, code, version)
    asked = MappingInQuestion(state=found.state, step=step, by_viewer=found.mine)
    with transaction.atomic():
        event = _begin(Action.STEPPED_MAPPING, details, code=code, by=by, at=at, asked=asked)
        if isinstance(event, Refusal):
            return event
        became = stored.step(event, code, version, step.value, why)
        transaction.set_rollback(became is None)
    if became is None:
        return record_refusal(NOT_NOW, _ASKED, by=by, at=at, details=details)
    return MappingAnswer(version=version, state=became.value)


@transaction.atomic
def _keep(
    code: str, text: str, file_name: str, folder: str, *, by: Viewer, at: datetime
) -> MappingAnswer | Refusal:
    details: dict[str, Json] = {"source": code[:48], "file": file_name, "bytes": len(text.encode())}
    seeing = _begin(Action.TRIED_MAPPING, details, code=code, by=by, at=at)
    if isinstance(seeing, Refusal):
        return seeing
    made = stored.try_mapping(seeing, source=code, text=text, file_name=file_name, folder=folder)
    return SAME if made is None else MappingAnswer(version=made, state=MappingState.TRYING.value)


def _begin(
    action: Action,
    details: Mapping[str, Json],
    *,
    code: str,
    by: Viewer,
    at: datetime,
    asked: MappingInQuestion | None = None,
) -> UUID | Refusal:
    whose = feeds.feed_in_question(code)
    if whose is None:
        raise NotFound(NO_FEED)
    request = AccessRequest(viewer=by, permission=_ASKED, at=at, feed=whose, mapping=asked)
    decision = authorise(request)
    if decision.refusal:
        return record_refusal(decision.refusal, _ASKED, by=by, at=at, details=details)
    return record(action, by=by, at=at, details={**details, "rules": list(decision.rules)})


def _find(seeing: UUID, code: str, version: int) -> MappingVersion:
    found = stored.version(seeing, code, version)
    if found is None:
        raise NotFound(NO_VERSION)
    return found
