"""The directory as it stood at a moment, read by the worker from what is kept of it (ADR 4, ADR 26).

Rows that keep their own history (versions, deliveries, shields) are read by their times; the others by what
stood before each change (`past_row`). A moment before that was kept can not be answered.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any, Final
from uuid import UUID

from contactpoint.domain.disclosure.consent import UNREVEALING_CONTRACTS, does_consent_allow_showing
from contactpoint.domain.disclosure.held import Gazetteer
from contactpoint.domain.discreet import (
    DISCREET_KINDS,
    NOT_SHOWN,
    NOT_SHOWN_NAME,
    DiscreetPlace,
    DiscreetPlaces,
)
from contactpoint.domain.involvement import Involvement
from contactpoint.domain.people import Statement
from contactpoint.storage.asking import execute, fetch
from contactpoint.storage.models import InvolvementRow, Organisation, Source, SourceRecord
from contactpoint.storage.queries.coverage import Told
from contactpoint.storage.queries.involvements import involvement_of
from contactpoint.storage.queries.organisations import gazetteer_of
from contactpoint.storage.queries.seen import NOT_SHOWN_ORGANISATION
from contactpoint.storage.queries.statements import statement_from
from contactpoint.storage.sealed_facts import VERSIONS, open_facts
from contactpoint.storage.sealed_involvements import SAID, TAG, open_image

_RULES: Final = "contactpoint.domain"
Image = Mapping[str, Any]

_PAST: Final = """
    SELECT DISTINCT ON (row_key) row_key, image::text FROM past_row
    WHERE tab = %s AND (%s::varchar[] IS NULL OR row_key = ANY(%s::varchar[])) AND until > %s
    ORDER BY row_key, until, id
"""
_NOW: Final = {
    "child": "SELECT number, to_jsonb(t)::text FROM child t WHERE number = ANY(%s)",
    "source_record": "SELECT id::text, to_jsonb(t)::text FROM source_record t WHERE id = ANY(%s::bigint[])",
    "involvement": "SELECT id::text, to_jsonb(t)::text FROM involvement t WHERE id = ANY(%s::bigint[])",
    "source": "SELECT code, to_jsonb(t)::text FROM source t WHERE code = ANY(%s)",
    "organisation": "SELECT code, to_jsonb(t)::text FROM organisation t WHERE code = ANY(%s)",
    "membership": "SELECT id::text, to_jsonb(t)::text FROM membership t WHERE id = ANY(%s::bigint[])",
    "account": "SELECT id::text, to_jsonb(t)::text FROM account t WHERE id = ANY(%s::uuid[])",
}
_OF_CHILD: Final = """
    SELECT id FROM source_record WHERE child_id = %(child)s
    UNION SELECT row_key::bigint FROM past_row
    WHERE tab = 'source_record' AND image ->> 'child_id' = %(child)s
"""
_VERSIONS: Final = """
    SELECT record_id, as_at, recorded_at, (facts - 'involvements')::text FROM record_version
    WHERE record_id = ANY(%(records)s) AND recorded_at <= %(at)s
        AND (superseded_at IS NULL OR superseded_at > %(at)s)
    ORDER BY record_id
"""
_WRITTEN: Final = """
    SELECT record, source_id, source_name, contract, authority, local_id, as_at, recorded_at, facts
    FROM team_statements(%(number)s)
    WHERE held_from <= %(at)s AND (held_until IS NULL OR held_until > %(at)s)
"""
_INVOLVED: Final = "SELECT id FROM involvement WHERE record_id = ANY(%s) AND recorded_at <= %s ORDER BY id"
_KEPT_FROM: Final = """
    SELECT EXISTS (SELECT FROM shield WHERE child_id = %s AND kept_from_id = %s AND placed_at <= %s
        AND (lifted_at IS NULL OR lifted_at > %s))
"""
_TOLD: Final = """
    SELECT s.code, max(d.as_at) FROM source s
    LEFT JOIN delivery d ON d.source_id = s.code AND d.published_at <= %s
    GROUP BY s.code ORDER BY s.code
"""
_SHUT: Final = """
    SELECT EXISTS (SELECT FROM incident_shut
        WHERE shut_at <= %(at)s AND (opened_at IS NULL OR opened_at > %(at)s)
        AND (scope = 'national' OR organisation_id = %(organisation)s))
"""
_GATE: Final = "SELECT waits, opens_on FROM gate_then(%(over)s, %(deciding)s, %(at)s)"
_AUTHORITIES: Final = "SELECT code FROM organisation WHERE kind = 'authority' ORDER BY code"
_LAST_DONE: Final = "SELECT max(occurred_at) FROM audit_body WHERE account = %s AND occurred_at < %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildThen:
    """A child's number as it lived at the moment, and how it stood."""

    number: str
    shielded: bool
    archived: bool
    stays_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberThen:
    """Somebody as they were registered: account, membership and organisation, as rows."""

    account: Image
    membership: Image
    organisation: Image
    last_done: datetime | None
    shut: bool
    waits: bool
    opens_on: date | None


def child_then(number: str, whose: UUID | None, at: datetime) -> ChildThen | None:
    """Follow a number to the child that lived under it then; None where there was none for that account.

    Without `whose` it is not asked from whom the child was kept.
    """
    seen: set[str] = set()
    while number not in seen:
        seen.add(number)
        row = _rows_at("child", [number], at).get(number)
        if row is None or _time(row["created_at"]) > at:
            return None
        if row["retired_into_id"] is None:
            if whose is not None and fetch(_KEPT_FROM, number, whose, at, at)[0][0]:
                return None
            return ChildThen(
                number=number,
                shielded=row["shielded"],
                archived=row["archived"],
                stays_until=_day(row["stays_until"]),
            )
        number = row["retired_into_id"]
    return None


class PlacesThen:
    """Every organisation as it stood, and which of them are named on no record (domain/discreet.py)."""

    def __init__(self, at: datetime) -> None:
        codes = [row[0] for row in fetch("SELECT code FROM organisation ORDER BY code")]
        self.rows = _rows_at("organisation", codes, at, every=True)
        discreet = [row for row in self.rows.values() if row["kind"] in DISCREET_KINDS]
        self._codes = {row["code"] for row in discreet}
        self._places = DiscreetPlaces(
            DiscreetPlace(row["address"], row["postcode"], row["phone"]) for row in discreet
        )

    def is_discreet(self, code: str) -> bool:
        """Whether that organisation is one."""
        return code in self._codes

    def told(self, facts: Mapping[str, str]) -> Mapping[str, str]:
        """What a source says, without address and telephone of such a place."""
        return self._places.what_may_be_told(facts) if self._codes else facts

    def source_told(self, source: Image) -> Image:
        """A source, unless such a place is one."""
        if not self.is_discreet(source["organisation_id"]):
            return source
        return {**source, "code": NOT_SHOWN, "name": NOT_SHOWN_NAME, "authority": ""}

    def gazetteer(self) -> Gazetteer:
        """Where postcodes lay then."""
        return gazetteer_of(list(self.rows.values()))


def statements_then(
    number: str, at: datetime, places: PlacesThen | None = None, *, vouched: bool = True
) -> tuple[Statement, ...]:
    """Return what sources said of a child then, oldest record first.

    With `places`, what pages are told of it; `vouched` counts a full delivery as the source's word on every
    record it holds, as pages do.
    """
    records = _records_then(number, at)
    sources = _rows_at("source", sorted({row["source_id"] for row in records.values()}), at)
    found = []
    for record, as_at, recorded_at, said in fetch(_VERSIONS, records=list(records), at=at):
        row, source = records[record], sources[records[record]["source_id"]]
        clear = open_facts(json.loads(said), column=VERSIONS, record=record)
        last = _day(row["last_vouched"]) or max(as_at, _day(source["vouched_at"]) or as_at)
        told = source if places is None else places.source_told(source)
        found.append(
            statement_from(
                record,
                told["code"],
                told["name"],
                told["contract"],
                told["authority"],
                row["local_id"],
                last if vouched else as_at,
                recorded_at,
                json.dumps(clear if places is None else places.told(clear)),
            )
        )
    written = fetch(_WRITTEN, number=number, at=at)
    return tuple(found) + tuple(statement_from(*row) for row in written)


def involvements_then(number: str, at: datetime, places: PlacesThen) -> tuple[Involvement, ...]:
    """Return every involvement of a child then, in the order recorded, whatever consent allowed."""
    records = _records_then(number, at)
    ids = [str(row[0]) for row in fetch(_INVOLVED, list(records), at)]
    rows = {key: open_image(row) for key, row in _rows_at("involvement", ids, at).items()}
    sources = _rows_at("source", sorted({row["source_id"] for row in records.values()}), at)
    return tuple(
        _involvement(rows[key], records[rows[key]["record_id"]], sources, places)
        for key in ids
        if rows[key]["record_id"] in records
    )


def may_be_read(
    statements: Iterable[Statement], involvements: Sequence[Involvement], on: date
) -> tuple[tuple[Statement, ...], tuple[Involvement, ...]]:
    """What the database itself would have given to pages then, before any rule (ADR 8, ADR 9)."""
    shown = tuple(one for one in involvements if does_consent_allow_showing(one, on))
    spoken = {one.record for one in shown}
    return tuple(
        one for one in statements if one.contract in UNREVEALING_CONTRACTS or one.record in spoken
    ), shown


def told_then(authority: str | None, at: datetime) -> list[Told]:
    """When each source of an authority had last told us."""
    newest = dict(fetch(_TOLD, at))
    sources = _rows_at("source", list(newest), at)
    return [
        (row["contract"], row["promised_days"], newest[code])
        for code, row in sources.items()
        if row["authority"] in ("", authority or "")
    ]


def memberships_then(account: UUID, at: datetime) -> tuple[MemberThen, ...]:
    """As what somebody could act then."""
    ids = [
        str(row[0]) for row in fetch("SELECT id FROM membership WHERE account_id = %s ORDER BY id", account)
    ]
    who = _rows_at("account", [str(account)], at).get(str(account))
    members = [_rows_at("membership", [key], at).get(key) for key in ids]
    last = fetch(_LAST_DONE, account, at)[0][0]
    found = []
    for row in members:
        if row is None or who is None or (row["ended_at"] and _time(row["ended_at"]) <= at):
            continue
        code = row["organisation_id"]
        organisation = _rows_at("organisation", [code], at)[code]
        shut = bool(fetch(_SHUT, at=at, organisation=code)[0][0])
        waits, opens_on = _gate_then(organisation, at)
        found.append(
            MemberThen(
                account=who,
                membership=row,
                organisation=organisation,
                last_done=last,
                shut=shut,
                waits=waits,
                opens_on=opens_on,
            )
        )
    return tuple(found)


def _gate_then(organisation: Image, at: datetime) -> tuple[bool, date | None]:
    """Whether practitioners of an organisation waited for their wave, and until when (ADR 33)."""
    deciding = [organisation["code"]]
    if organisation["authority"]:
        known = _rows_at("organisation", [row[0] for row in fetch(_AUTHORITIES)], at)
        deciding = [code for code, row in known.items() if row["authority"] == organisation["authority"]]
    over = sorted({organisation["code"], *deciding})
    waits, opens_on = fetch(_GATE, over=over, deciding=deciding, at=at)[0]
    return bool(waits), opens_on


@cache
def rules_now() -> str:
    """The digest of the text of every rule: two releases with the same one decide the same."""
    digest, places = hashlib.sha256(), [resources.files(_RULES)]
    while places:
        place = places.pop()
        for one in sorted(place.iterdir(), key=lambda item: item.name):
            if one.is_dir() and one.name != "__pycache__":
                places.append(one)
            elif one.name.endswith(".py"):
                digest.update(one.name.encode() + b"\0" + one.read_bytes() + b"\0")
    return digest.hexdigest()


def note_rules(at: datetime) -> None:
    """Write down which rules are in force, unless they are the ones that were."""
    execute(
        "INSERT INTO ruleset (version, since) SELECT %s, %s "
        "WHERE %s IS DISTINCT FROM (SELECT version FROM ruleset ORDER BY id DESC LIMIT 1)",
        rules_now(), at, rules_now(),
    )  # fmt: skip


def rules_then(at: datetime) -> tuple[str, datetime] | None:
    """The rules in force then and since when; None before any were written down."""
    rows = fetch("SELECT version, since FROM ruleset WHERE since <= %s ORDER BY id DESC LIMIT 1", at)
    return (rows[0][0], rows[0][1]) if rows else None


def _records_then(number: str, at: datetime) -> dict[int, Image]:
    """The records that were about a child, and not withdrawn, by number."""
    ids = sorted(row[0] for row in fetch(_OF_CHILD, child=number))
    rows = _rows_at("source_record", [str(one) for one in ids], at)
    return {
        int(key): row
        for key, row in sorted(rows.items(), key=lambda item: int(item[0]))
        if row["child_id"] == number and row["withdrawn_at"] is None
    }


def _rows_at(table: str, keys: Sequence[str], at: datetime, *, every: bool = False) -> dict[str, Image]:
    """The rows of those keys as they stood, leaving out those that were not there yet."""
    if not keys:
        return {}
    found = {key: json.loads(image) for key, image in fetch(_NOW[table], list(keys))}
    asked = None if every else list(keys)
    for key, image in fetch(_PAST, table, asked, asked, at):
        found[key] = json.loads(image) if image is not None else None
    return {key: row for key, row in found.items() if row is not None}


_OF_THE_SEAL: Final = ("sealed", "sealed_with", SAID, TAG)
_TIMES: Final = ("consent_withdrawn_at", "confirmed_at", "recorded_at", "changed_at", "end_recorded_at")
_DAYS: Final = ("start_date", "end_date", "last_confirmed", "lead_since", "consent_until")
_UUIDS: Final = ("typed_by_id", "confirmed_by_id")
_NOT_TOLD: Final = (
    "team", "practitioner", "practitioner_role", "contact_phone", "contact_hours", "contact_cover",
)  # fmt: skip


def _involvement(row: Image, record: Image, sources: Mapping[str, Image], places: PlacesThen) -> Involvement:
    values = dict(row)
    values |= {name: _time(values[name]) for name in _TIMES if values[name]}
    values |= {name: _day(values[name]) for name in _DAYS}
    values |= {name: UUID(values[name]) for name in _UUIDS if values[name]}
    made = InvolvementRow(**{name: value for name, value in values.items() if name not in _OF_THE_SEAL})
    if places.is_discreet(row["organisation_id"]):
        for name in _NOT_TOLD:
            setattr(made, name, "")
        made.organisation = NOT_SHOWN_ORGANISATION
    else:
        made.organisation = Organisation(**places.rows[row["organisation_id"]])
    source = places.source_told(sources[record["source_id"]])
    made.record = SourceRecord(
        id=record["id"], source=Source(code=source["code"], name=source["name"]), child_id=record["child_id"]
    )
    return involvement_of(made)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
