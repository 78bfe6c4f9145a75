"""Addresses that say nothing: a search or an opened record is a random handle, known to one session only.

The session (server-side, ended at sign-out) keeps what was typed and the reason that was stated.
"""

import secrets
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.domain.disclosure.relationship import Came, HowCome
from contactpoint.domain.errors import NotFound

_SEARCHES, _RECORDS, _OWN, _CASES = "cp_searches", "cp_records", "cp_own", "cp_cases"
_AGAIN = "cp_again"
KEPT = 20
KEPT_OWN = 500
GONE = (
    "This address works only in the session that made it. Search again and state your reason: "
    "what you recorded is kept."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedRecord:
    """A record opened in this session: its number, the reason stated, and the search it came from.

    `how` is how they said they come to ask; empty where they were not asked yet. `opened` once it was shown.
    """

    number: str
    purpose_code: str
    purpose_text: str | None
    search: str | None
    name: str = ""
    how: str = ""
    how_text: str | None = None
    opened: bool = False

    @property
    def how_come(self) -> HowCome | None:
        """How they come to ask, as the actions want it."""
        return HowCome(code=Came(self.how), text=self.how_text) if self.how else None

    @property
    def purpose(self) -> Purpose:
        """The reason, as the actions want it."""
        return Purpose(code=PurposeCode(self.purpose_code), text=self.purpose_text)


def keep_search(session: SessionBase, typed: dict[str, str]) -> str:
    """Keep what was typed and return the handle of the search."""
    return _keep(session, _SEARCHES, typed)


def search_of(session: SessionBase, handle: str) -> dict[str, str]:
    """What was typed in that search; NotFound in any other session."""
    return _find(session, _SEARCHES, handle)


def keep_record(session: SessionBase, opened: OpenedRecord) -> str:
    """Keep a record that is about to be opened and return its handle; the same record keeps its handle.

    What was said of it in this session stays said, also where it is opened from another search.
    """
    entry = asdict(opened)
    for handle, known in reversed(session.get(_RECORDS, {}).items()):
        if not opened.how and known["number"] == opened.number and known.get("how"):
            entry |= {"how": known["how"], "how_text": known["how_text"]}
        if {**known, "opened": False} == entry:
            return str(handle)
    return _keep(session, _RECORDS, entry)


def record_to_open(session: SessionBase, handle: str) -> OpenedRecord:
    """The record behind a handle, opened or not yet; NotFound in any other session."""
    return OpenedRecord(**_find(session, _RECORDS, handle))


def record_of(session: SessionBase, handle: str) -> OpenedRecord:
    """The record behind a handle, once it was opened; NotFound before, and in any other session."""
    opened = record_to_open(session, handle)
    if not opened.opened:
        raise NotFound(GONE)
    return opened


def note_opened(session: SessionBase, handle: str) -> None:
    """Note that the record behind a handle was opened: what leads on from it is open from now on."""
    if not record_to_open(session, handle).opened:
        _change_record(session, handle, {"opened": True})


def keep_how_come(session: SessionBase, handle: str, said: HowCome) -> None:
    """Keep how they come to ask about the record behind a handle.

    Raises:
        NotFound: the handle is another session's.
    """
    _change_record(session, handle, {"how": said.code.value, "how_text": said.text})


def keep_said_again(session: SessionBase, handle: str, need: str) -> None:
    """Keep, for the next look at that record alone, why it is needed."""
    session[_AGAIN] = {handle: need}


def said_again_for(session: SessionBase, handle: str) -> str | None:
    """Why the record behind a handle is needed, if that was just said; it counts once."""
    said: dict[str, str] = session.pop(_AGAIN, {})
    return said.get(handle)


def keep_own(session: SessionBase, involvement_id: int) -> str:
    """Keep one of one's own involvements and return its handle; the same one keeps its handle."""
    entry = {"involvement": involvement_id}
    for handle, known in session.get(_OWN, {}).items():
        if known == entry:
            return str(handle)
    return _keep(session, _OWN, entry, kept=KEPT_OWN)


def own_of(session: SessionBase, handle: str) -> int:
    """The involvement behind a handle; NotFound in any other session."""
    return int(_find(session, _OWN, handle)["involvement"])


def keep_case(session: SessionBase, what: str, number: int) -> str:
    """Keep a case ("case") or a decision ("decision") and return its handle; the same one keeps its handle.

    Their numbers run on, and a gap would tell that there is one which is not shown.
    """
    entry = {what: number}
    for handle, known in session.get(_CASES, {}).items():
        if known == entry:
            return str(handle)
    return _keep(session, _CASES, entry, kept=KEPT_OWN)


def case_of(session: SessionBase, what: str, handle: str) -> int:
    """The case or the decision behind a handle; NotFound in any other session."""
    found = _find(session, _CASES, handle)
    if what not in found:
        raise NotFound(GONE)
    return int(found[what])


def _change_record(session: SessionBase, handle: str, changed: dict[str, Any]) -> None:
    entry = {**_find(session, _RECORDS, handle), **changed}
    session[_RECORDS] = {**session[_RECORDS], handle: entry}


def _keep(session: SessionBase, shelf: str, entry: dict[str, Any], *, kept: int = KEPT) -> str:
    handle = secrets.token_urlsafe(12)
    entries = {**session.get(shelf, {}), handle: entry}
    session[shelf] = dict(list(entries.items())[-kept:])
    return handle


def _find(session: SessionBase, shelf: str, handle: str) -> dict[str, Any]:
    found = session.get(shelf, {}).get(handle)
    if found is None:
        raise NotFound(GONE)
    return dict(found)
