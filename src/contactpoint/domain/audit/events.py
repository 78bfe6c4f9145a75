"""What an audit event is: who, acting as what, why, did or was refused what, about whom (R51)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from contactpoint.domain.errors import InvalidInput

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"

# Where a purge lists, in its details, the ids of the events whose bodies it deleted.
PURGED_EVENTS = "events"

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ORGANISATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
_CHILD_NUMBER = re.compile(r"[A-Z][0-9]{9}[A-Z]")
_REQUEST_ID = re.compile(r"[!-~]{1,64}")
_LARGEST_INTEGER = 2**53 - 1
_DEEPEST = 12
_LONGEST_TEXT = 4000


class Action(StrEnum):
    """What was done or asked for. A new action is a new word; an old word never changes its meaning."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    BOUND_SIGN_IN = "bound_sign_in"
    SIGNED_OUT = "signed_out"
    ENROLLED_SECOND_FACTOR = "enrolled_second_factor"
    CHANGED_PASSWORD = "changed_password"  # noqa: S105 - the name of an action, not a password
    GAVE_PASSWORD = "gave_password"  # noqa: S105 - the name of an action, not a password
    ADDED_PASSKEY = "added_passkey"
    RENAMED_PASSKEY = "renamed_passkey"
    REMOVED_PASSKEY = "removed_passkey"
    USED_RECOVERY_CODE = "used_recovery_code"
    RENEWED_RECOVERY_CODES = "renewed_recovery_codes"
    LOCKED_SESSION = "locked_session"
    UNLOCKED_SESSION = "unlocked_session"
    SESSION_EXPIRED = "session_expired"
    ENDED_SESSION = "ended_session"
    ENDED_ALL_SESSIONS = "ended_all_sessions"
    NAMED_MANAGER = "named_manager"
    ASKED_FOR_RECOVERY = "asked_for_recovery"
    LISTED_TEAM = "listed_team"
    ALLOWED_RECOVERY = "allowed_recovery"
    RECOVERED_ACCOUNT = "recovered_account"
    CHOSE_ROLE = "chose_role"
    SEARCHED = "searched"
    OPENED_RECORD = "opened_record"
    PRINTED_RECORD = "printed_record"
    BEGAN_MEDIATION = "began_mediation"
    READ_HISTORY = "read_history"
    READ_EXERCISES = "read_exercises"
    TOOK_ASSESSMENT = "took_assessment"
    RECORDED_OWN_TRAINING = "recorded_own_training"
    TRUSTED_TRAINING = "trusted_training"
    REFUSED = "refused"
    RECORDED_INVOLVEMENT = "recorded_involvement"
    READ_OWN_WORD = "read_own_word"
    LISTED_WAITING = "listed_waiting"
    CONFIRMED_INVOLVEMENT = "confirmed_involvement"
    ENDED_INVOLVEMENT = "ended_involvement"
    LISTED_OWN_CHILDREN = "listed_own_children"
    OPENED_OWN_CHILD = "opened_own_child"
    SAID_STILL_INVOLVED = "said_still_involved"
    CORRECTED_INVOLVEMENT = "corrected_involvement"
    TOOK_LEAD = "took_lead"
    OFFERED_HANDOVER = "offered_handover"
    ACCEPTED_HANDOVER = "accepted_handover"
    DECLINED_HANDOVER = "declined_handover"
    LISTED_CORRECTABLE = "listed_correctable"
    ASKED_CORRECTION = "asked_correction"
    LISTED_CORRECTIONS = "listed_corrections"
    ANSWERED_CORRECTION = "answered_correction"
    LISTED_ASKABLE = "listed_askable"
    ASKED_CONTACT = "asked_contact"
    WITHDREW_CONTACT = "withdrew_contact"
    NOTED_CALL = "noted_call"
    LISTED_INBOX = "listed_inbox"
    LISTED_NOTICES = "listed_notices"
    CHOSE_NOTICES = "chose_notices"
    TOLD_BY_DIGEST = "told_by_digest"
    TOOK_CONTACT = "took_contact"
    ANSWERED_CONTACT = "answered_contact"
    HANDED_ON_CONTACT = "handed_on_contact"
    TOLD_BY_EMAIL = "told_by_email"
    LISTED_CONTACT_POINTS = "listed_contact_points"
    KEPT_CONTACT_POINT = "kept_contact_point"
    ENDED_CONTACT_POINT = "ended_contact_point"
    LISTED_SERVICES = "listed_services"
    CONFIRMED_CONTACT_POINT = "confirmed_contact_point"
    LISTED_TODAY = "listed_today"
    GAVE_FEEDBACK = "gave_feedback"
    LISTED_FEEDBACK = "listed_feedback"
    ANSWERED_FEEDBACK = "answered_feedback"
    LISTED_KNOWN_PAIRS = "listed_known_pairs"
    ANSWERED_KNOWN_PAIR = "answered_known_pair"
    LISTED_WAVES = "listed_waves"
    PLANNED_WAVE = "planned_wave"
    STEPPED_WAVE = "stepped_wave"
    LISTED_REFERENCE = "listed_reference"
    TRIED_REFERENCE = "tried_reference"
    STEPPED_REFERENCE = "stepped_reference"
    CHANGED_REFERENCE = "changed_reference"
    LISTED_MODELS = "listed_models"
    PROPOSED_MODEL = "proposed_model"
    STEPPED_MODEL = "stepped_model"
    REPORTED_MODEL = "reported_model"
    RELINKED = "relinked"
    LISTED_MAPPINGS = "listed_mappings"
    TRIED_MAPPING = "tried_mapping"
    STEPPED_MAPPING = "stepped_mapping"
    CHECKED_SHIELDS = "checked_shields"
    LISTED_DESK = "listed_desk"
    OPENED_DESK_MESSAGE = "opened_desk_message"
    DEALT_WITH_DESK_MESSAGE = "dealt_with_desk_message"
    SHIELDED = "shielded"
    UNSHIELDED = "unshielded"
    LISTED_SHIELDS = "listed_shields"
    OPENED_SHIELD = "opened_shield"
    ESCALATED_SHIELD = "escalated_shield"
    CONFIRMED_SHIELD = "confirmed_shield"
    EXTENDED_SHIELD = "extended_shield"
    ASKED_LIFTING = "asked_lifting"
    AGREED_LIFTING = "agreed_lifting"
    STOPPED_LIFTING = "stopped_lifting"
    LOOKED_NEAR_SHIELD = "looked_near_shield"
    DECIDED_NEAR_SHIELD = "decided_near_shield"
    LISTED_LOOKS = "listed_looks"
    DECIDED_BREACH = "decided_breach"
    KEPT_FROM = "kept_from"
    NO_LONGER_KEPT = "no_longer_kept"
    NOTICED_ATTEMPT = "noticed_attempt"
    READ_HIDDEN = "read_hidden"
    LISTED_ATTEMPTS = "listed_attempts"
    DECIDED_ATTEMPTS = "decided_attempts"
    OVERRODE_SHIELD = "overrode_shield"
    LISTED_OVERRIDES = "listed_overrides"
    OPENED_OVERRIDE = "opened_override"
    CLOSED_OVERRIDE = "closed_override"
    GAVE_OVERRIDE = "gave_override"
    AGREED_OVERRIDE = "agreed_override"
    ENDED_OVERRIDE = "ended_override"
    LISTED_PAIRINGS = "listed_pairings"
    ASKED_PAIRING = "asked_pairing"
    ANSWERED_PAIRING = "answered_pairing"
    LISTED_SEALED = "listed_sealed"
    TYPED_PAIR = "typed_pair"
    TYPED_PAIR_AGAIN = "typed_pair_again"
    DROPPED_PAIR = "dropped_pair"
    LISTED_CROSSERS = "listed_crossers"
    NAMED_CROSSER = "named_crosser"
    AGREED_CROSSER = "agreed_crosser"
    ENDED_CROSSER = "ended_crosser"
    ASKED_CROSSING = "asked_crossing"
    AGREED_CROSSING = "agreed_crossing"
    ENDED_CROSSING = "ended_crossing"
    LOOKED_UP_CROSSING = "looked_up_crossing"
    CROSSED_IDENTITY = "crossed_identity"
    LISTED_CONSENTS = "listed_consents"
    OPENED_CONSENT = "opened_consent"
    RECORDED_FAMILY_REQUEST = "recorded_family_request"
    LISTED_FAMILY_REQUESTS = "listed_family_requests"
    OPENED_FAMILY_REQUEST = "opened_family_request"
    MOVED_FAMILY_REQUEST = "moved_family_request"
    MADE_FAMILY_REPORT = "made_family_report"
    MADE_RECORD = "made_record"
    OPENED_BY_HAND = "opened_by_hand"
    CORRECTED_BY_HAND = "corrected_by_hand"
    MADE_EDUCATION_LIST = "made_education_list"
    LISTED_EDUCATION = "listed_education"
    DECIDED_EDUCATION = "decided_education"
    ASKED_AUTHORITY_CHANGE = "asked_authority_change"
    CHANGED_AUTHORITY = "changed_authority"
    STEPPED_AUTHORITY_CHANGE = "stepped_authority_change"
    ASKED_AUTHORITY_UNDO = "asked_authority_undo"
    UNDID_AUTHORITY_CHANGE = "undid_authority_change"
    BEGAN_MOVES = "began_moves"
    LISTED_MOVES = "listed_moves"
    ANSWERED_MOVE = "answered_move"
    ESCALATED_MOVES = "escalated_moves"
    LISTED_UNPLACED = "listed_unplaced"
    GAVE_AUTHORITY = "gave_authority"
    NOTED_LEAVING = "noted_leaving"
    WITHDREW_LEAVING = "withdrew_leaving"
    NOTED_DEATH = "noted_death"
    WITHDREW_DEATH = "withdrew_death"
    RECORDED_CONSENT = "recorded_consent"
    WITHDREW_CONSENT = "withdrew_consent"
    DECIDED_NOT_TO_SHARE = "decided_not_to_share"
    LISTED_NOT_SHARED = "listed_not_shared"
    DELIVERED = "delivered"
    UPLOADED_FILE = "uploaded_file"
    PAUSED_SOURCE = "paused_source"
    RESUMED_SOURCE = "resumed_source"
    RELEASED_DELIVERY = "released_delivery"
    REFUSED_DELIVERY = "refused_delivery"
    TOOK_REJECTS = "took_rejects"
    TOOK_CORRECTIONS = "took_corrections"
    LINKED = "linked"
    DECIDED_LINK = "decided_link"
    LISTED_CASES = "listed_cases"
    OPENED_CASE = "opened_case"
    UNDID_DECISION = "undid_decision"
    JOINED_RECORDS = "joined_records"
    PARTED_RECORDS = "parted_records"
    PUBLISHED = "published"
    SEALED_PAIR = "sealed_pair"
    CREATED_ACCOUNT = "created_account"
    GRANTED = "granted"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    NAMED_PROVIDER = "named_provider"
    ASKED_REINSTATEMENT = "asked_reinstatement"
    CREATED_ORGANISATION = "created_organisation"
    LISTED_PEOPLE = "listed_people"
    OPENED_PERSON = "opened_person"
    LISTED_ORGANISATIONS = "listed_organisations"
    INVITED_AGAIN = "invited_again"
    TOOK_PEOPLE_FILE = "took_people_file"
    RECORDED_STANDING = "recorded_standing"
    RENEWED_ACCOUNT = "renewed_account"
    ASKED_ROLE = "asked_role"
    TOLD_OF_LAPSE = "told_of_lapse"
    INVITED_BY_EMAIL = "invited_by_email"
    VIEWED_OWN_ACTIVITY = "viewed_own_activity"
    REPORTED_ACTIVITY = "reported_activity"
    COUNTED_USE = "counted_use"
    COUNTED_QUALITY = "counted_quality"
    COUNTED_CHILDREN = "counted_children"
    READ_REPORT = "read_report"
    JUDGED_USE = "judged_use"
    LISTED_USE = "listed_use"
    OPENED_USE = "opened_use"
    REVIEWED_AUDIT = "reviewed_audit"
    SIGNED_OFF_USE = "signed_off_use"
    LISTED_QUESTIONS = "listed_questions"
    ANSWERED_QUESTION = "answered_question"
    NOTED_HOME = "noted_home"
    LISTED_INCIDENTS = "listed_incidents"
    ASKED_TO_SHUT = "asked_to_shut"
    SHUT_ACCESS = "shut_access"
    ASKED_TO_OPEN = "asked_to_open"
    OPENED_ACCESS = "opened_access"
    REPORTED_BREACH = "reported_breach"
    ROTATED_KEY = "rotated_key"
    ROTATED_SEAL_KEY = "rotated_seal_key"
    LISTED_HANDOVERS = "listed_handovers"
    ASKED_HANDOVER = "asked_handover"
    MADE_HANDOVER = "made_handover"
    TOOK_HANDOVER = "took_handover"
    LISTED_SETTINGS = "listed_settings"
    PROPOSED_SETTING = "proposed_setting"
    ANSWERED_SETTING = "answered_setting"
    ASKED_REPLAY = "asked_replay"
    REPLAYED = "replayed"
    EXPORTED = "exported"
    ARCHIVED = "archived"
    CAME_BACK = "came_back"
    OPENED_ARCHIVED = "opened_archived"
    RELEASED_ARCHIVED = "released_archived"
    AGREED_TO_STAY = "agreed_to_stay"
    WITHDREW_STAYING = "withdrew_staying"
    RAN_RETENTION = "ran_retention"
    KEPT_OF_PURGED = "kept_of_purged"
    PURGED = "purged"


DISCLOSING: frozenset[Action] = frozenset(
    {
        Action.SEARCHED,
        Action.OPENED_RECORD,
        Action.PRINTED_RECORD,
        Action.READ_HISTORY,
        Action.READ_EXERCISES,
        Action.READ_OWN_WORD,
        Action.LISTED_WAITING,
        Action.LISTED_OWN_CHILDREN,
        Action.OPENED_OWN_CHILD,
        Action.LISTED_CORRECTABLE,
        Action.LISTED_CORRECTIONS,
        Action.OPENED_BY_HAND,
        Action.LISTED_ASKABLE,
        Action.LISTED_INBOX,
        Action.LISTED_NOTICES,
        Action.LISTED_DESK,
        Action.OPENED_DESK_MESSAGE,
        Action.LISTED_SHIELDS,
        Action.OPENED_SHIELD,
        Action.LOOKED_NEAR_SHIELD,
        Action.LISTED_LOOKS,
        Action.READ_HIDDEN,
        Action.LISTED_ATTEMPTS,
        Action.OVERRODE_SHIELD,
        Action.LISTED_OVERRIDES,
        Action.OPENED_OVERRIDE,
        Action.CROSSED_IDENTITY,
        Action.LISTED_CONSENTS,
        Action.OPENED_CONSENT,
        Action.LISTED_NOT_SHARED,
        Action.LISTED_FAMILY_REQUESTS,
        Action.OPENED_FAMILY_REQUEST,
        Action.MADE_FAMILY_REPORT,
        Action.MADE_EDUCATION_LIST,
        Action.LISTED_EDUCATION,
        Action.LISTED_MOVES,
        Action.LISTED_UNPLACED,
        Action.TOOK_REJECTS,
        Action.TOOK_CORRECTIONS,
        Action.LISTED_CASES,
        Action.OPENED_CASE,
        Action.LISTED_USE,
        Action.OPENED_USE,
        Action.LISTED_QUESTIONS,
        Action.REPLAYED,
        Action.EXPORTED,
        Action.OPENED_ARCHIVED,
        Action.RELEASED_ARCHIVED,
    }
)
"""What shows somebody something about a child: a report of a breach is of these (R55)."""


class Outcome(StrEnum):
    """Whether it was done."""

    ALLOWED = "allowed"
    REFUSED = "refused"


class ActorKind(StrEnum):
    """What sort of actor: a signed-in person, a program of ours or of a partner, or somebody unknown."""

    PERSON = "person"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """The person on whose behalf a mediated access was made; the audit names both (R6)."""

    name: str
    organisation: str
    role: str

    def __post_init__(self) -> None:
        """Refuse a requester nobody could find again."""
        # Long enough for either to be encrypted (storage/audit_texts.py).
        _require_text("The requester's name", self.name, longest=400)
        _require(_ORGANISATION, "The requester's organisation code", self.organisation)
        _require_text("The requester's role", self.role, longest=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acted, for which organisation and in which role. Names are looked up by account, not repeated here.

    A person has an account, an organisation and a role once they act; signing in happens before a role is
    chosen, so the last two may be None. An anonymous actor has none of the three.
    """

    kind: ActorKind
    account: UUID | None = None
    organisation: str | None = None
    role: str | None = None
    mediated_for: Requester | None = None

    def __post_init__(self) -> None:
        """Refuse an actor that is neither somebody nor nobody."""
        _require_instance("The kind of actor", self.kind, ActorKind)
        if self.kind is ActorKind.PERSON and not isinstance(self.account, UUID):
            raise InvalidInput("A person who acts has an account.")
        if self.kind is ActorKind.SYSTEM and self.role is None:
            raise InvalidInput("A system that acts says which one it is, as its role.")
        nobody = self.account is None and self.organisation is None and self.role is None
        if self.kind is ActorKind.ANONYMOUS and not nobody:
            raise InvalidInput("An anonymous actor has no account, organisation or role.")
        if self.account is not None:
            _require_instance("An account id", self.account, UUID)
        if self.organisation is not None:
            _require(_ORGANISATION, "An organisation code", self.organisation)
        if self.role is not None:
            _require(_CODE, "A role", self.role)
        if self.mediated_for is not None:
            _require_instance("A requester", self.mediated_for, Requester)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPurpose:
    """The coded reason stated before a search or a view, and its free text if any (R8, R9)."""

    code: str
    text: str = ""

    def __post_init__(self) -> None:
        """Refuse a purpose without a code."""
        _require(_CODE, "A purpose code", self.code)
        _check_string("The text of a purpose", self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One line of the account we give.

    `subjects` are stored child numbers (`C482915307K`), each once, in the order they were shown. `details`
    holds what was searched for, how many came back, which fields were disclosed, which rules determined it:
    text, whole numbers within +-(2**53 - 1), true, false, none, lists and mappings of these; never fractions
    (ADR 0001).

    Raises:
        InvalidInput: any part is malformed. An event that exists can be written, sealed and read back.
    """

    event_id: UUID
    occurred_at: datetime
    action: Action
    outcome: Outcome
    actor: Actor
    purpose: StatedPurpose | None = None
    subjects: tuple[str, ...] = ()
    details: Mapping[str, Json] = field(default_factory=dict)
    request_id: str | None = None

    def __post_init__(self) -> None:
        """Check every part and make the details unchangeable."""
        _require_instance("An event id", self.event_id, UUID)
        _require_instance("The time of an event", self.occurred_at, datetime)
        if self.occurred_at.utcoffset() != timedelta(0):
            raise InvalidInput("The time of an event is given in UTC.")
        _require_instance("An action", self.action, Action)
        _require_instance("An outcome", self.outcome, Outcome)
        _require_instance("An actor", self.actor, Actor)
        if self.purpose is not None:
            _require_instance("A purpose", self.purpose, StatedPurpose)
        _require_instance("The subjects of an event", self.subjects, tuple)
        for number in self.subjects:
            _require(_CHILD_NUMBER, "A subject's number", number)
        if len(set(self.subjects)) != len(self.subjects):
            raise InvalidInput("An event names each child once.")
        _require_instance("The details of an event", self.details, Mapping)
        if self.request_id is not None:
            _require(_REQUEST_ID, "A request id", self.request_id)
        object.__setattr__(self, "details", _frozen(self.details, depth=0))


def _frozen(value: object, *, depth: int) -> Json:
    """Copy a JSON value into one that cannot be changed, refusing what cannot be written in one way only."""
    if depth > _DEEPEST:
        raise InvalidInput(f"The details of an event nest more than {_DEEPEST} deep.")
    match value:
        case None | bool():
            return value
        case str():
            return _check_string("A text in the details", value)
        case int():
            if abs(value) > _LARGEST_INTEGER:
                raise InvalidInput("A number in the details is larger than 2**53 - 1; give it as text.")
            return int(value)
        case Mapping():
            members = {_check_string("A name in the details", key): part for key, part in value.items()}
            return MappingProxyType({name: _frozen(part, depth=depth + 1) for name, part in members.items()})
        case list() | tuple():
            return tuple(_frozen(part, depth=depth + 1) for part in value)
        case _:
            raise InvalidInput(
                f"The details of an event cannot hold a {type(value).__name__}: use text, whole numbers, "
                "true, false, none, lists and mappings."
            )


def _check_string(what: str, value: object) -> str:
    """Return `value` as plain text that UTF-8 can hold, or refuse it."""
    if not isinstance(value, str):
        raise InvalidInput(f"{what} is not text.")
    if len(value) > _LONGEST_TEXT:
        raise InvalidInput(f"{what} is longer than {_LONGEST_TEXT} characters.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidInput(f"{what} holds half a character.") from None
    return str.__str__(value)


def _require_text(what: str, value: object, *, longest: int) -> None:
    text = _check_string(what, value)
    if not text.strip() or len(text) > longest:
        raise InvalidInput(f"{what} is missing or longer than {longest} characters.")


def _require(pattern: re.Pattern[str], what: str, value: object) -> None:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise InvalidInput(f"{what} is malformed.")


def _require_instance(what: str, value: object, kind: type[object]) -> None:
    if not isinstance(value, kind):
        raise InvalidInput(f"{what} is missing or of the wrong kind.")
