"""What people typed about a child, encrypted by whoever writes it, of every child alike (ADR 28).

`~sealed.KEY.BASE64` stands in the column instead of the text, padded so that its length tells little, and
bound to the column and to the moment of its row, which a copy of the row keeps. The database passes it on
like any text; whoever reads it opens it here, with the key. It is not asked whether the child is protected:
nothing tells the rows of one from those of another, and of a child who is shielded tomorrow nothing of this
stands in the clear today.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db import connections

from contactpoint.storage.seal_key import KeyRing, SealKey, key_ring

MARK: Final = "~sealed."
_SEALED: Final = re.compile(re.escape(MARK) + r"([1-9][0-9]{0,3}\.[A-Za-z0-9+/=]+)")
_SHORT, _NAME, _LONG = 64, 128, 256
TAG_LENGTH: Final = 44


@dataclass(frozen=True, slots=True)
class Tagged:
    """A column that holds a tag, by which the database tells two equal texts of the same row's matter."""

    column: str
    text: str
    about: str  # what the row is about, as SQL


@dataclass(frozen=True, slots=True)
class TypedTable:
    """A table with columns of typed text, and to how many bytes each is padded.

    storage/sql/typed.sql names them too, and a test compares the two.
    """

    name: str
    moment: str
    columns: Mapping[str, int]
    tagged: Tagged | None = None

    def seal(self, at: datetime, key: SealKey | None = None, **texts: str) -> tuple[str, ...]:
        """Return what stands for the texts of a row of that moment, in the order given; nothing for nothing.

        Without a key, that in force is asked for, and stays in force until the transaction ends.
        """
        if not any(texts.values()):
            return tuple(texts.values())
        key = key or key_to_write_with()
        return tuple(self._seal(name, text, at, key) if text else "" for name, text in texts.items())

    def open(self, at: datetime, ring: KeyRing | None = None, **texts: str) -> tuple[str, ...]:
        """Return the texts of a row, in the order given, whether they are sealed or not.

        Raises:
            Misconfigured: the key is not there, or is another one than they were sealed with; or somebody put
                them into a row they are not of.
        """
        return tuple(self._open(name, text, at, ring) for name, text in texts.items())

    def tag(self, key: SealKey, about: str, text: str) -> str:
        """Return what stands for a text in the column of tags; nothing for nothing."""
        return key.tag(self.name, f"{about}\0{text}", TAG_LENGTH) if text else ""

    def _seal(self, column: str, text: str, at: datetime, key: SealKey) -> str:
        plain, block = text.encode(), self.columns[column]
        return MARK + key.seal(plain, bound_to=self._place(column, at), block=block, fill=b"\0")

    def _open(self, column: str, text: str, at: datetime, ring: KeyRing | None) -> str:
        found = _SEALED.fullmatch(text)
        if found is None:
            return text
        padded = (ring or key_ring()).opened(found[1], bound_to=self._place(column, at))
        return padded.rstrip(b"\0").decode()

    def _place(self, column: str, at: datetime) -> str:
        moment = at.astimezone(UTC).isoformat(timespec="microseconds")
        return f"contactpoint typed 1\0{self.name}.{column}\0{moment}"


CORRECTION: Final = TypedTable(
    "correction",
    "asked_at",
    {"said": _LONG, "right": _LONG},
    Tagged("said_tag", "said", "record_id || '.' || field"),
)
CONTACT: Final = TypedTable("contact_request", "asked_at", {"phone": _SHORT})
MEDIATION: Final = TypedTable(
    "mediation", "asked_at", {"name": _NAME, "title": _NAME, "email": _NAME, "purpose_text": _LONG}
)
CONSENT: Final = TypedTable("consent_step", "at", {"decided_by": _NAME, "decided_by_title": _NAME})
NOT_SHARED: Final = TypedTable("not_shared", "at", {"decided_by": _NAME, "decided_by_title": _NAME})
CASE: Final = TypedTable("case_decision", "decided_at", {"because": _LONG})
CHANGE: Final = TypedTable("identity_change", "made_at", {"because": _LONG})
USE: Final = TypedTable("use_step", "at", {"because": _LONG})
REPLAY: Final = TypedTable("replay_request", "asked_at", {"because": _LONG})
PAIR: Final = TypedTable("pair_proposal", "asked_at", {"typed": _SHORT, "typed_again": _SHORT})
CROSSING: Final = TypedTable("crossing", "asked_at", {"number": _SHORT, "answer": _LONG})
TABLES: Final = (
    CORRECTION, CONTACT, MEDIATION, CONSENT, NOT_SHARED, CASE, CHANGE, USE, REPLAY, PAIR, CROSSING,
)  # fmt: skip


def key_to_write_with(*, using: str = "default") -> SealKey:
    """Return the key in force, as whoever writes; it is retired only when this transaction has ended.

    Raises:
        Misconfigured: there is no file, it lacks the key in force, or has another one under its number.
    """
    ring = key_ring()
    query = "SELECT number, fingerprint FROM key_to_write_with(%s, %s)"
    with connections[using].cursor() as cursor:
        cursor.execute(query, [ring.newest.number, ring.newest.fingerprint])
        ((number, fingerprint),) = cursor.fetchall()
    return ring.known(number, fingerprint)
