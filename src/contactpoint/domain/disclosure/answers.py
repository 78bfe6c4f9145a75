"""What leaves: the only shapes that pages, JSON and FHIR are made from.

Every value here has been authorised and redacted for one viewer, purpose and time. Words and layout are the
presenters' business; nothing here may be widened by them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from contactpoint.domain.coverage import Coverage
from contactpoint.domain.people import Address, Carer


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A decision not to show: the sentence a person reads, the rules that decided, and the way on."""

    sentence: str
    rules: tuple[str, ...]
    way_on: str


class Closeness(StrEnum):
    """How sure a search result is."""

    LIKELY = "likely"
    LESS_LIKELY = "less_likely"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultCard:
    """One child in a list of results; no contacts (R13), no town when shielded (R27).

    `why` gives reasons in words from displayed values only. `similar_group` is the same whole number for
    near-identical children (twins), None otherwise.
    """

    number: str
    name: str
    known_as: str | None
    date_of_birth: str | None
    sex: str | None
    town: str | None
    why: tuple[str, ...]
    closeness: Closeness
    similar_group: int | None
    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """The answer to one search: at most 20 cards; or too many, with the fields that would narrow most (R13).

    `used_hidden_field` asks the page for the line "Some records can be found only by name...", which stands
    whatever was found. `referral_phones` are (children's services name, number) pairs for the none-words.
    """

    cards: tuple[ResultCard, ...]
    too_many: bool
    narrow_by: tuple[str, ...]
    used_hidden_field: bool
    desk_phone: str
    referral: tuple[tuple[str, str], ...]


class Because(StrEnum):
    """Why this value was chosen and not the next best: the first criterion by which they differ."""

    ALONE = "alone"
    CHECKED = "checked"
    FRESH = "fresh"
    MAIN_HOME = "main_home"
    AGREED = "agreed"
    NEARER = "nearer"
    NEWER = "newer"
    TIED = "tied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a shown value comes from. `because` is None for what was not chosen among others."""

    source_name: str
    as_at: date
    agreeing: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    because: Because | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedText:
    """A value with its provenance."""

    value: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedAddress:
    """An address with its provenance; `main` marks the one to try first."""

    address: Address
    provenance: Provenance
    main: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedCarer:
    """A carer with provenance."""

    carer: Carer
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownInvolvement:
    """One row of "who is in contact"."""

    id: int
    service: str
    service_code: str
    kind: str
    organisation: str
    team: str | None
    practitioner: str | None
    practitioner_role: str | None
    phone: str | None
    hours: str | None
    cover: str | None
    start: date | None
    end: date | None
    last_confirmed: date | None
    lead_practitioner: bool
    assessment_held: bool
    source_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRecord:
    """A record as one viewer may see it.

    `responsible_authority` and everything below it are None or empty for a protected record, whoever holds
    what about the child, so that nothing varies with what is hidden (R27). `chosen` says where the known-as
    name, birth date, sex and date of death come from, and why they were believed.
    """

    number: str
    name: str
    known_as: str | None
    date_of_birth: str | None
    sex: str | None
    responsible_authority: str | None
    contacts: tuple[ShownInvolvement, ...]
    past_contacts: tuple[ShownInvolvement, ...]
    coverage: tuple[Coverage, ...]
    addresses: tuple[SourcedAddress, ...]
    past_addresses: tuple[SourcedAddress, ...]
    carers: tuple[SourcedCarer, ...]
    school: ShownInvolvement | None
    gp: ShownInvolvement | None
    names: tuple[SourcedText, ...]
    former_names: tuple[SourcedText, ...]
    identifiers: tuple[tuple[str, SourcedText], ...]
    date_of_death: SourcedText | None
    sources: tuple[Provenance, ...]
    chosen: tuple[tuple[str, SourcedText], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedRecord:
    """A shielded child: four facts and constants, the same for every shielded child in England."""

    number: str
    name: str
    date_of_birth: str | None
    sex: str | None
    desk_phone: str


Record = OpenRecord | ProtectedRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedInvolvement:
    """The answer to "I am working with this child": who is asked to confirm it."""

    involvement_id: int
    confirming: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingInvolvement:
    """An unconfirmed involvement that a second person of the same organisation may confirm."""

    involvement_id: int
    child_name: str
    service: str
    practitioner: str
    practitioner_role: str | None
    start: date | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityEntry:
    """One line of "my activity": what a person did, as the audit holds it."""

    event_id: UUID
    at: datetime
    action: str
    allowed: bool
    purpose: str | None
    subjects: tuple[str, ...]
    terms: tuple[tuple[str, str], ...]
    acting_for: str
    reported: bool
