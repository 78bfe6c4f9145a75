"""Sessions in the database, of which two requests at once lose nothing of each other's.

Django writes a session back as one value. A page that is fetched while another is being made, from a second
tab or by a script, would take away the addresses that the other has just given out (`web.handles`).
"""

from typing import Any

from django.db import transaction

from contactpoint.access.session_cipher import EncryptedStore


class SessionStore(EncryptedStore):
    """Before it is written, what other requests added since this one read it is taken over."""

    _read: str = ""

    def load(self) -> dict[str, Any]:
        """Read the session, and keep what was read to compare with."""
        row = self._get_session_from_db()  # type: ignore[attr-defined]  # the stubs lack it
        if row is None:
            return {}
        self._read = row.session_data
        return dict(self.decode(self._read))

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's own signature
        """Write it back under a lock of its row; raises Django's UpdateError where it was ended meanwhile."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        with transaction.atomic():
            row = self.model.objects.select_for_update().filter(session_key=self.session_key).first()
            if row is not None and self._read and row.session_data != self._read:
                was, theirs = self.decode(self._read), self.decode(row.session_data)
                self.update(added_by_others(was, theirs, dict(self.items())))
            super().save()


def added_by_others(was: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]) -> dict[str, Any]:
    """Return what others put into a session since it `was` read, to be put into `mine` as well.

    Of a value that both hold as a dict, the entries that are theirs alone are taken over, before mine, as if
    they had come first; any other value that both changed stays as mine. Nothing that was taken out comes
    back.
    """
    new = {name: value for name, value in theirs.items() if name not in was and name not in mine}
    for name, value in mine.items():
        other, before = theirs.get(name), was.get(name, {})
        if isinstance(value, dict) and isinstance(other, dict) and isinstance(before, dict):
            entries = {key: entry for key, entry in other.items() if key not in before}
            if not entries.keys() <= value.keys():
                new[name] = {**entries, **value}
    return new
