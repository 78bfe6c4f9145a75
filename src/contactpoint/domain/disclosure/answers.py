"""What leaves: the only shapes that pages, JSON and FHIR are made from.

Every value here has been authorised and redacted for one viewer, purpose and time. Words and layout are the
presenters' business; nothing here may be widened by them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from contactpoint.domain.coverage import Coverage
from contactpoint.domain.directory import Reached
from contactpoint.domain.involvement import Closed
from contactpoint.domain.people import Address, Carer
from contactpoint.domain.retention import Leaving


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

    `less_likely_unlisted`: the likely are listed, but not all that fit less well.
    `used_hidden_field` asks the page for the line "Some records can be found only by name...", which stands
    whatever was found. `referral_phones` are (children's services name, number) pairs for the none-words.
    """

    cards: tuple[ResultCard, ...]
    too_many: bool
    less_likely_unlisted: bool
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
class Contact:
    """A service in contact as its source said it at some time."""

    service: str
    organisation: str
    team: str | None
    practitioner: str | None
    practitioner_role: str | None
    start: date | None
    end: date | None
    lead_practitioner: bool
    phone: str | None = None
    hours: str | None = None
    cover: str | None = None
    assessment_held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedContact:
    """A contact and who said so."""

    contact: Contact
    source_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownInvolvement:
    """One row of "who is in contact"; `reached` is how its service says that it is reached now.

    One that is `closed` is not reached at all any more.
    """

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
    reached: Reached | None = None
    closed: Closed | None = None


class BelongsBecause(StrEnum):
    """Why an authority is responsible for a child (R58, R59)."""

    PLACED = "placed"  # told to its own team alone
    KNOWN = "known"
    HOME = "home"
    NEAREST = "nearest"
    NOT_ACCEPTED = "not_accepted"
    GIVEN = "given"


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
    responsible_because: BelongsBecause | None = None
    left: Leaving | None = None


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


class ShownTo(StrEnum):
    """To whom it is shown that a practitioner works with a child, once somebody else has confirmed it."""

    WHOEVER_OPENS = "whoever_opens"
    WHILE_AGREED = "while_agreed"
    NOBODY_AGREES = "nobody_agrees"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadySaid:
    """What the viewer has said of their work with a child and not ended, and to whom it is shown.

    `confirming` is the organisation that is still to confirm it, None once it has. Of a protected child
    (`shown_to` is NOBODY) only the service is here; everything else is empty, whatever was said.
    """

    involvement_id: int
    service: str
    service_code: str
    shown_to: ShownTo
    confirming: str | None = None
    shown_until: date | None = None
    role: str = ""
    phone: str = ""
    start: date | None = None
    assessment_held: bool = False


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
class Change:
    """A service that came to a child or left it, since somebody last looked. `on` is the day to name."""

    service: str
    began: bool
    on: date


class NewsField(StrEnum):
    """What of a record, beside services that come and go, is news when it changes."""

    NAME = "name"
    KNOWN_AS = "known_as"
    ADDRESS = "address"
    CARER = "carer"
    SCHOOL = "school"
    GP = "gp"
    LEAD = "lead"
    NUMBER = "number"
    PARTED = "parted"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """Something that a record shows otherwise than when somebody last looked: what it shows now, since when.

    Of a number: the one that leads to this record from now on. Of a parting: nothing but the day.
    """

    field: NewsField
    now: tuple[str | Address | Carer | Contact, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChild:
    """A child the viewer works with, by their own word.

    `confirming` is the organisation that is still to confirm it, None once it has: until then there are no
    changes to tell. `offered_to` is the colleague who was asked to take over and has not answered.
    """

    involvement_id: int
    name: str
    date_of_birth: str | None
    service: str
    role: str
    phone: str
    start: date | None
    lead_practitioner: bool
    assessment_held: bool
    confirming: str | None
    last_confirmed: date | None
    ask_whether_still: bool
    offered_to: str | None
    changes: tuple[Change | FactChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverOffer:
    """A child that a colleague asks the viewer to take over."""

    handover_id: int
    child_name: str
    date_of_birth: str | None
    service: str
    offered_by: str
    lead_practitioner: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MyChildren:
    """The children the viewer works with, by name; of a protected one, what anybody may see of it.

    `to_answer` is how many corrections they are asked about what they or a colleague said.
    """

    children: tuple[OwnChild | ProtectedRecord, ...]
    offers: tuple[HandoverOffer, ...]
    to_answer: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody of the viewer's organisation who provides the same service."""

    account: UUID
    name: str
    job_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChildInFull:
    """One child the viewer works with, who leads now, and to whom it could be handed over."""

    child: OwnChild
    lead_now: ShownInvolvement | None
    colleagues: tuple[Colleague, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptInvolvement:
    """The answer to ending, correcting or handing over one's own involvement."""

    involvement_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectableItem:
    """Something one source says that a viewer may see, and may say is wrong.

    `contact` is which contact it is, where a practitioner said it of their own work.
    """

    record: int
    field: str
    source_name: str
    says: str
    contact: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestedItem:
    """A field for which one source has been asked to correct what it says, or one contact (R61)."""

    field: str
    source_name: str
    contact: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionSent:
    """The answer to asking for a correction: which source was asked, or that whoever said it was."""

    correction_id: int
    source_name: str
    of_person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCorrection:
    """A correction the viewer asked for, and what became of it."""

    child_name: str
    field: str
    source_name: str
    right: str
    asked_at: datetime
    fate: str
    of_person: bool = False
    because: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WordToAnswer:
    """A correction of what somebody said of their own work, which the viewer is asked; not by whom (R39)."""

    correction_id: int
    child_name: str
    says: str
    right: str
    basis: str
    asked_at: datetime
    answer_by: date
    asked_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordInFull:
    """One of them, with what may be answered and what the word says now, as far as it may be corrected."""

    asked: WordToAnswer
    answers: tuple[str, ...]
    role: str
    phone: str
    start: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WordAnswered:
    """The answer to answering one: what was said to it."""

    correction_id: int
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionToAnswer:
    """A correction that the viewer's organisation is asked for, by its own number for the child.

    It does not say who asked: that somebody works with a child may itself be sensitive (R39). `delivered_at`
    is when they delivered again, without correcting it, after they had agreed to. `by_hand` where they said
    it by hand, and correct it here.
    """

    correction_id: int
    child_name: str
    local_id: str
    source_name: str
    field: str
    says: str
    right: str
    basis: str
    asked_at: datetime
    delivered_at: datetime | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCorrection:
    """A correction that a feed's source is asked for, by its own number alone: not of whom, nor by whom."""

    correction_id: int
    local_id: str
    field: str
    says: str
    right: str
    basis: str
    asked_at: datetime
    answer_by: date
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCorrections:
    """What one source is asked, oldest first."""

    code: str
    name: str
    organisation: str
    waiting: tuple[FeedCorrection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionsOfFeed:
    """How many corrections wait at one source, how many too long, and by when the first is due."""

    code: str
    name: str
    organisation: str
    waiting: int
    late: int
    answer_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What the viewer asked for, newest first, and what their organisation is asked, oldest first."""

    asked: tuple[OwnCorrection, ...]
    to_answer: tuple[CorrectionToAnswer, ...]


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
    on_behalf_of: str = ""
    ahead: bool = False
    """Sent before it was asked for; it may not have been looked at."""

    how: str = ""
    """How they said they come to ask, by its code or in words."""
