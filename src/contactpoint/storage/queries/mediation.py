"""Who asked through whom, through the functions of storage/sql/mediation.sql."""

from datetime import date, datetime
from uuid import UUID

from contactpoint.domain.disclosure.mediation import Mediation, RequesterSaid
from contactpoint.domain.disclosure.purpose import Purpose, PurposeCode
from contactpoint.storage.asking import fetch


def requester_known(email: str, organisation: str, on: date) -> tuple[bool, bool]:
    """Say whether an organisation is accredited, and whether an address is of an account."""
    accredited, has_account = fetch("SELECT * FROM requester_known(%s, %s, %s)", email, organisation, on)[0]
    return bool(accredited), bool(has_account)


def begin_mediation(seeing: UUID, said: RequesterSaid, purpose: Purpose) -> int:
    """Write down who asks; return the number of the request."""
    rows = fetch(
        "SELECT begin_mediation(%s, %s, %s, %s, %s, %s, %s, %s)",
        seeing, said.name, said.title, said.email, said.organisation, said.checked.value,
        purpose.code.value, purpose.text or "",
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
