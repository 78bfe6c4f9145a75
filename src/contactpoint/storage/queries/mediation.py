"""Who asked through whom, through the functions of storage/sql/mediation.sql."""

from datetime import date, datetime
from uuid import UUID

from contactpoint.domain.disclosure.mediation import Mediation, RequesterSaid
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.storage.asking import fetch
from contactpoint.storage.typed_texts import MEDIATION


def requester_known(email: str, organisation: str, on: date) -> tuple[bool, bool, bool]:
    """Whether an organisation is accredited, an address has an account, and its people wait for a wave."""
    (found,) = fetch("SELECT * FROM requester_known(%s, %s, %s)", email, organisation, on)
    accredited, has_account, waits = found
    return bool(accredited), bool(has_account), bool(waits)


def begin_mediation(seeing: UUID, said: RequesterSaid, purpose: Purpose, *, at: datetime) -> int:
    """Write down who asks, at the moment of the event; return the number of the request."""
    name, title, email, text = MEDIATION.seal(
        at, name=said.name, title=said.title, email=said.email, purpose_text=purpose.text or ""
    )
    rows = fetch(
        "SELECT begin_mediation(%s, %s, %s, %s, %s, %s, %s, %s)",
        seeing, name, title, email, said.organisation, said.checked.value, purpose.code.value, text,
    )  # fmt: skip
    return int(rows[0][0])


def mediation_of(which: int, account: UUID, organisation: str, *, not_before: datetime) -> Mediation | None:
    """Return one that this account wrote down since, locked; None if it is none of those."""
    rows = fetch(
        "SELECT name, title, organisation, organisation_name, organisation_kind, purpose, purpose_text, "
        "asked_at, opened FROM mediation_of(%s, %s, %s, %s)",
        which, account, organisation, not_before,
    )  # fmt: skip
    if not rows:
        return None
    name, title, code, organisation_name, kind, why, why_text, asked_at, opened = rows[0]
    name, title, why_text = MEDIATION.open(asked_at, name=name, title=title, purpose_text=why_text)
    return Mediation(
        mediation=which,
        name=name,
        title=title,
        organisation=code,
        organisation_name=organisation_name,
        organisation_kind=kind,
        purpose=Purpose(code=PurposeCode(why), text=why_text or None),
        asked_at=asked_at,
        opened=opened,
    )


def open_for_requester(seeing: UUID, which: int) -> bool:
    """Note that the record of that event was opened for whoever asks; False where another was before."""
    return bool(fetch("SELECT open_for_requester(%s, %s)", seeing, which)[0][0])
