"""Hand in a file of a feed: it is put into the inbox and written down; the worker takes it in."""

import contextlib
import os
import secrets
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from contactpoint.actions.recording import record
from contactpoint.actions.run.feeds import ask
from contactpoint.domain.audit.events import Action
from contactpoint.domain.disclosure.actors import Viewer
from contactpoint.domain.disclosure.answers import Refusal
from contactpoint.domain.disclosure.permissions import Permission
from contactpoint.domain.errors import NotFound
from contactpoint.domain.feeds import Done
from contactpoint.storage.queries import feeds


def may_upload(*, code: str, by: Viewer, at: datetime) -> Refusal | None:
    """Say why a viewer may not hand in files of a feed; None where they may.

    Raises:
        NotFound: there is none of that code.
    """
    with transaction.atomic():
        return ask(Permission.RUN_FEEDS, code=code, by=by, at=at)[0]


def upload_feed(
    *,
    code: str,
    received: Path,
    inbox: Path,
    file_name: str,
    as_at: date | None,
    kind: str | None,
    by: Viewer,
    at: datetime,
) -> Done | Refusal:
    """Put a received file where the worker finds it, and write it down. It is neither read nor run here.

    Args:
        code: the source.
        received: where the file lies now, on the same disk as `inbox`.
        inbox: the folder in which files on their way in lie.
        file_name: its name, made safe.
        as_at: the day it speaks for, where its name does not say so.
        kind: "full" or "delta", likewise.
        by: the viewer.
        at: now.

    Raises:
        NotFound: there is no such feed, or the file has gone.
    """
    refusal = may_upload(code=code, by=by, at=at)
    if refusal:
        return refusal
    folder = inbox / secrets.token_hex(16)
    folder.mkdir(mode=0o700)
    try:
        os.link(received, folder / file_name)
        with transaction.atomic():
            size = (folder / file_name).stat().st_size
            feeds.put_file(
                source=code,
                file_name=file_name,
                folder=folder.name,
                size=size,
                account=by.account_id,
                at=at,
                as_at=as_at,
                kind=kind,
            )
            record(
                Action.UPLOADED_FILE, by=by, at=at, details={"source": code, "file": file_name, "bytes": size}
            )
    except BaseException as error:
        with contextlib.suppress(OSError):
            (folder / file_name).unlink(missing_ok=True)
            folder.rmdir()
        if isinstance(error, FileNotFoundError):
            raise NotFound("The file did not arrive. Send it again.") from None
        raise
    return Done(what="uploaded")
