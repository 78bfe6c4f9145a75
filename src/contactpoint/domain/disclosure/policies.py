"""The rules, one function each. A rule permits, forbids, or has nothing to say.

Every function takes the same request and returns a Verdict or None. The order of RULES is the order in which
sentences are preferred when several forbid; it changes nothing about what is allowed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contactpoint.domain.directory import PointInQuestion
from contactpoint.domain.disclosure.actors import Lapse, Role, Viewer
from contactpoint.domain.disclosure.consent_life import ConsentSaid, does_whoever_agreed_decide
from contactpoint.domain.disclosure.mediation import CheckedHow, RecordAskedFor, RequesterInQuestion
from contactpoint.domain.disclosure.override import OverrideInQuestion, OverrideUseInQuestion, RightInQuestion
from contactpoint.domain.disclosure.permissions import (
    CHILD_DATA,
    PERMISSION_WORDS,
    Permission,
    does_this_role_read_child_data,
    may_this_role_ask,
)
from contactpoint.domain.disclosure.purpose import Purpose
from contactpoint.domain.disclosure.sealed_identity import (
    CrosserInQuestion,
    CrossingInQuestion,
    PairInQuestion,
)
from contactpoint.domain.disclosure.shield_life import (
    FOR_A_SECOND,
    OF_THEMSELVES,
    HiddenInQuestion,
    ProtectingInQuestion,
    ShieldInQuestion,
    ShieldStep,
    does_knowing_where_add_risk,
    is_it_too_many,
    was_contact_safe,
    what_becomes_of_it,
)
from contactpoint.domain.disclosure.shielding import (
    NATIONAL_DESK,
    NATIONAL_DESK_PHONE,
    is_national_shield_desk,
)
from contactpoint.domain.errors import InvalidIdentifier
from contactpoint.domain.family.asking import FamilyInQuestion
from contactpoint.domain.family.asking import what_becomes_of_it as what_becomes_of_the_request
from contactpoint.domain.identifiers import nhs_number_is_valid, parse_child_number, upn_is_valid
from contactpoint.domain.involvement import SERVICES, ConsentBasis, ServiceKind
from contactpoint.domain.making import MakingInQuestion
from contactpoint.domain.matching_models import ModelInQuestion, what_becomes_of_the_model
from contactpoint.domain.moves import (
    NEEDS_REASON,
    MoveReason,
    MoveState,
    MoveStep,
    Side,
    what_becomes_of_the_move,
)
from contactpoint.domain.pairings import PairingInQuestion
from contactpoint.domain.reference_lists import ListInQuestion, what_becomes_of_the_list
from contactpoint.domain.retention import (
    ASKED_FROM,
    Leaving,
    Life,
    StayInQuestion,
    are_they_asked_yet,
    may_managers_still_read_it,
    when_is_it_archived,
)
from contactpoint.domain.review.reviewers import SMALL_TEAM, who_reviews_for
from contactpoint.domain.rollout import OPENING, WaveInQuestion, WaveStep, what_becomes_of_the_wave
from contactpoint.domain.setting_changes import SettingInQuestion
from contactpoint.domain.settings import is_it_within_bounds, setting_named
from contactpoint.domain.source_mappings import MappingInQuestion, what_becomes_of_the_mapping
from contactpoint.domain.staff import (
    BodyInQuestion,
    GrantInQuestion,
    PersonInQuestion,
    does_the_role_belong_there,
    may_it_ask_for,
)
from contactpoint.domain.team_words import WordInQuestion
from contactpoint.domain.two_people import Step, may_they_take_that_step

HEALTH_KINDS = frozenset({"gp", "nhs_trust", "national"})
EDUCATION_KINDS = frozenset({"school", "hospital_school", "authority", "national"})
_NEED_A_REASON = frozenset(
    {
        Permission.SEARCH,
        Permission.OPEN_RECORD,
        Permission.ASK_CORRECTION,
        Permission.ASK_CONTACT,
        Permission.WITHHOLD,
        Permission.MEDIATE,
        Permission.PROTECT_NOW,
        Permission.DECIDE_SHIELD,
        Permission.READ_HIDDEN,
        Permission.OVERRIDE_SHIELD,
        Permission.LOOK_INTO_OVERRIDE,
        Permission.OPEN_ARCHIVED,
    }
)
_OF_SEALED_IDENTITIES = frozenset({Permission.SEAL_IDENTITY, Permission.CROSS_IDENTITY})
_IN_AN_INCIDENT = frozenset({Permission.HANDLE_INCIDENT, Permission.REPORT_BREACH})
_URGENT = f"For an urgent concern ring the national desk on {NATIONAL_DESK_PHONE}."


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordState:
    """The facts about a record that decide whether it opens. Of a shielded record only `born` counts.

    `stays` where a consent to stay until 25 is in force; `in_archive` where it was archived already, and of
    what it said nothing can be read here.
    """

    number: str
    shielded: bool
    born: date | None
    died: date | None = None
    left: Leaving | None = None
    stays: bool = False
    in_archive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveInQuestion:
    """An archived record that a data manager asks for, as far as the rules ask about it.

    `since` is the day it was archived; `authority` was responsible for it then.
    """

    since: date
    authority: str
    shielded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvolvement:
    """What a practitioner asks to record, as far as the rules ask about it."""

    service: str
    consent: ConsentBasis | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnconfirmedInvolvement:
    """What a second person is asked to confirm, as far as the rules ask about it."""

    organisation_code: str
    recorded_by_viewer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnInvolvement:
    """What a practitioner keeps of their own, as far as the rules ask about it."""

    recorded_by_viewer: bool
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedCorrection:
    """A correction that waits for an answer, as far as the rules ask about it."""

    source_organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedInQuestion:
    """Whose feed it is, as far as the rules ask about it. `authority` is None where it covers England."""

    organisation: str
    authority: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchInQuestion:
    """Records to check, to join or to part, as far as the rules ask about them.

    `authorities` are responsible for their children; `restricted` where a shield or missing consent hides any
    of it; `asked` where a review case asks for just this.
    """

    authorities: frozenset[str]
    restricted: bool
    asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestInQuestion:
    """A request to get in touch, as far as the rules ask about it: which service is asked."""

    organisation: str
    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskMessageInQuestion:
    """A message at a desk, as far as the rules ask about it."""

    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentInQuestion:
    """Whose consent it is, as far as the rules ask about it: which service of which organisation, and where.

    `authority` is that of the organisation, or of the child where it works for many areas, None where neither
    is known; `discreet` where it is a place that is not named.
    """

    organisation: str
    service: str
    authority: str | None
    protected: bool
    discreet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UseInQuestion:
    """Whose use is to be reviewed, and by whom, as far as the rules ask about it.

    `reviewed_by` is whose reviewers it was given to (domain/review/reviewers.py); `protected` where the child
    is shielded, or the person works for a sensitive service.
    """

    account: UUID
    organisation: str
    team_size: int
    protected: bool
    reviewed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveInQuestion:
    """A child's move between authorities, as far as the rules ask about it; `side` is the viewer's."""

    protected: bool
    side: Side | None = None
    state: MoveState | None = None
    step: MoveStep | None = None
    reason: MoveReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequest:
    """Who asks to do what, to what, why and when."""

    viewer: Viewer
    permission: Permission
    at: datetime
    purpose: Purpose | None = None
    number_typed: str | None = None
    record: RecordState | None = None
    new_involvement: NewInvolvement | None = None
    unconfirmed: UnconfirmedInvolvement | None = None
    own: OwnInvolvement | None = None
    correction: AskedCorrection | None = None
    feed: FeedInQuestion | None = None
    match: MatchInQuestion | None = None
    contact: RequestInQuestion | None = None
    desk_message: DeskMessageInQuestion | None = None
    agreed: ConsentSaid | None = None
    consent: ConsentInQuestion | None = None
    requester: RequesterInQuestion | None = None
    record_asked_for: RecordAskedFor | None = None
    shield: ShieldInQuestion | None = None
    use: UseInQuestion | None = None
    override: OverrideInQuestion | None = None
    override_right: RightInQuestion | None = None
    override_use: OverrideUseInQuestion | None = None
    pair: PairInQuestion | None = None
    crosser: CrosserInQuestion | None = None
    crossing: CrossingInQuestion | None = None
    person: PersonInQuestion | None = None
    grant: GrantInQuestion | None = None
    body: BodyInQuestion | None = None
    hidden: HiddenInQuestion | None = None
    archive: ArchiveInQuestion | None = None
    protecting: ProtectingInQuestion | None = None
    family: FamilyInQuestion | None = None
    staying: StayInQuestion | None = None
    team_word: WordInQuestion | None = None
    making: MakingInQuestion | None = None
    move: MoveInQuestion | None = None
    point: PointInQuestion | None = None
    setting: SettingInQuestion | None = None
    wave: WaveInQuestion | None = None
    reference: ListInQuestion | None = None
    model: ModelInQuestion | None = None
    mapping: MappingInQuestion | None = None
    pairing: PairingInQuestion | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one rule says. A forbidding rule gives its reason and the way on; a permitting one neither."""

    permits: bool
    rule: str
    because: str = ""
    way_on: str = ""


def _forbid(rule: str, because: str, way_on: str) -> Verdict:
    return Verdict(permits=False, rule=rule, because=because, way_on=way_on)


def may_the_role_do_this(request: AccessRequest) -> Verdict | None:
    """Only a role can permit, and each role only what is listed for it (R1)."""
    if may_this_role_ask(request.viewer.role, request.permission):
        return Verdict(permits=True, rule="R1")
    return None


def may_the_role_read_child_data(request: AccessRequest) -> Verdict | None:
    """Administrators, auditors and reviewers never read data about a child, whatever is granted (R57)."""
    if request.permission in CHILD_DATA and not does_this_role_read_child_data(request.viewer.role):
        return _forbid(
            "R57",
            "the role you are acting in does not read records of children",
            "If you also work with children, change role and try again.",
        )
    return None


_LAPSE_WORDS: dict[Lapse, tuple[str, str, str]] = {
    Lapse.SHUT: (
        "R55",
        "access is shut while a security incident is looked into",
        "Wait until it opens again.",
    ),
    Lapse.SUSPENDED: ("R52", "your account is suspended", "Ring your manager."),
    Lapse.ORGANISATION_NOT_ACCREDITED: (
        "R3",
        "your organisation is not accredited, or its accreditation has run out",
        "Ask your organisation's ContactPoint lead to renew it.",
    ),
    Lapse.CHECK_EXPIRED: (
        "R3",
        "your enhanced check is missing or more than three years old",
        "Ask your manager to renew it.",
    ),
    Lapse.TRAINING_EXPIRED: ("R3", "your training has run out", "Ask your manager to book your training."),
    Lapse.AGREEMENT_UNSIGNED: (
        "R3",
        "you have not signed the user agreement, or did so more than three years ago",
        "Ask your manager for the agreement and sign it.",
    ),
    Lapse.NOT_RENEWED: (
        "R56",
        "nobody has said this year that you still need your account",
        "Ask your manager to renew it.",
    ),
    Lapse.NO_SECOND_FACTOR: (
        "R4",
        "you have not set up a second step for signing in, or it is more than three years old",
        "Set up an authenticator app under Your account.",
    ),
    Lapse.IDLE: (
        "R56",
        "your account was not used for 90 days",
        "Ask your manager to reinstate it.",
    ),
    Lapse.NOT_OPEN_YET: (
        "R3",
        "your area is not open yet",
        "Go on as you do now until it is; your manager knows the day.",
    ),
}


def is_the_account_in_good_standing(request: AccessRequest) -> Verdict | None:
    """Nothing is done without accreditation, check, training, agreement and second step (R3, R4, R56).

    A person may still see what they themselves did; whoever handles incidents opens what is shut (R55).
    """
    lapses = what_keeps_them_out(request.viewer, handles_incident=request.permission in _IN_AN_INCIDENT)
    if request.permission is Permission.SEE_OWN_ACTIVITY or not lapses:
        return None
    rule, because, way_on = _LAPSE_WORDS[lapses[0]]
    return _forbid(rule, because, f"{way_on} {_URGENT}")


def what_keeps_them_out(viewer: Viewer, *, handles_incident: bool) -> tuple[Lapse, ...]:
    """Every lapse of a viewer, but that access is shut where it is theirs to open it again (R55)."""
    return tuple(lapse for lapse in viewer.lapses if lapse is not Lapse.SHUT or not handles_incident)


def does_the_national_desk_handle_it(request: AccessRequest) -> Verdict | None:
    """Access is shut, opened and reported on at the national desk, or by whoever runs the service (R55)."""
    viewer = request.viewer
    handles = request.permission in _IN_AN_INCIDENT
    if not handles or viewer.is_system or viewer.organisation_code == NATIONAL_DESK:
        return None
    return _forbid("R55", "only the national desk can", _URGENT)


def is_a_reason_stated(request: AccessRequest) -> Verdict | None:
    """A search is made and a record opens only after a reason is stated (R8)."""
    needs = request.permission in _NEED_A_REASON
    if needs and request.purpose is None:
        return _forbid("R8", "you have not said why you need to look", "Choose a reason and try again.")
    return None


def may_they_use_this_number(request: AccessRequest) -> Verdict | None:
    """A search by another body's number is for those who may read it (R12; Schedule 1, paragraph 18)."""
    typed = request.number_typed
    if typed is None or _is_child_number(typed):
        return None
    viewer = request.viewer
    if nhs_number_is_valid(typed) and not may_they_read_this_number("nhs_number", viewer):
        return _forbid(
            "R12",
            "only health services may search by NHS number",
            "Search by name and date of birth instead.",
        )
    if upn_is_valid(typed) and not may_they_read_this_number("upn", viewer):
        return _forbid(
            "R12",
            "only schools and local authorities may search by unique pupil number",
            "Search by name and date of birth instead.",
        )
    return None


def may_they_read_this_number(scheme: str, viewer: Viewer) -> bool:
    """Whoever looks for somebody else reads only the numbers that both of them may (R6)."""
    asks = viewer.mediates_for
    both = [viewer.organisation_kind, *([asks.organisation_kind] if asks else [])]
    return all(may_this_organisation_read(scheme, kind) for kind in both)


def may_this_organisation_read(scheme: str, organisation_kind: str | None) -> bool:
    """Another body's number is for that body's relevant staff (Schedule 1, paragraph 18).

    NHS numbers are for health, unique pupil numbers for schools and local authorities.
    """
    readers = {"nhs_number": HEALTH_KINDS, "upn": EDUCATION_KINDS}
    return organisation_kind in readers.get(scheme, frozenset())


def is_the_record_still_open(request: AccessRequest) -> Verdict | None:
    """Ordinary users cannot read an archived record (R11, R47, R49, R50)."""
    record = request.record
    if record is None or not (record.in_archive or is_its_time_up(record, request.at.date())):
        return None
    return _forbid(
        "R11", "it has been archived", f"Ask the national desk on {NATIONAL_DESK_PHONE} what can be released."
    )


def is_its_time_up(record: RecordState, on: date) -> bool:
    """Whether a record is to be archived by its own facts, though no job has come yet (R16, R47-R50)."""
    life = Life(
        known_since=on,
        born=record.born,
        died=record.died,
        left=record.left,
        stays=record.stays,
        shielded=record.shielded,
    )
    return when_is_it_archived(life).since <= on


def is_it_archived(born: date | None, died: date | None, on: date) -> bool:
    """A record is archived on the eighteenth birthday (R47) and one year after death (R49)."""
    return when_is_it_archived(Life(known_since=on, born=born, died=died)).since <= on


def do_data_managers_still_read_it(request: AccessRequest) -> Verdict | None:
    """In its first year data managers read an archived record; later it is only released (R48)."""
    archive = request.archive
    if archive is None or may_managers_still_read_it(archive.since, request.at.date()):
        return None
    return _forbid(
        "R48",
        "it was archived more than a year ago",
        "It can be released for a section 47 enquiry, a case review or the review of a child's death: ask "
        "whoever runs the service.",
    )


def is_it_in_the_archive_of_their_authority(request: AccessRequest) -> Verdict | None:
    """An authority's team reads what it was responsible for, and the national team the rest (R48)."""
    archive, viewer = request.archive, request.viewer
    if archive is None or viewer.role is Role.NATIONAL_TEAM or archive.authority == viewer.authority:
        return None
    return _forbid("R48", "another authority was responsible for it", "Ask the national desk about it.")


def is_what_was_archived_open(request: AccessRequest) -> Verdict | None:
    """A shield hides in the archive too, from data managers as from everybody (R27, R48)."""
    if request.archive is None or not request.archive.shielded:
        return None
    return _forbid("R27", "it is protected", f"Ask the national desk on {NATIONAL_DESK_PHONE}.")


def is_the_service_their_own(request: AccessRequest) -> Verdict | None:
    """A practitioner records only what their own organisation does (R44)."""
    new = request.new_involvement
    if new is None or (new.service in SERVICES and new.service in request.viewer.services):
        return None
    return _forbid(
        "R44",
        "that service is not one that you provide for your organisation",
        "Choose one of your own services, or ask your manager to add it to your account.",
    )


def is_there_a_basis_for_a_sensitive_service(request: AccessRequest) -> Verdict | None:
    """A sensitive service is recorded only with consent, or on suspicion of significant harm (R37, R38)."""
    new = request.new_involvement
    service = SERVICES.get(new.service) if new else None
    if new is None or service is None or service.kind is not ServiceKind.SENSITIVE or new.consent:
        return None
    return _forbid(
        "R37",
        "a sensitive service is recorded only with consent, or where significant harm is suspected",
        "Say who consented: the child if they understand, otherwise a parent or carer.",
    )


def is_whoever_asks_as_well_known(request: AccessRequest) -> Verdict | None:
    """Somebody without an account is checked as strictly as whoever looks for them (R6, R3)."""
    who = request.requester
    if who is None:
        return None
    if who.has_account:
        return _forbid("R6", "they have an account of their own", "Ask them to sign in and look themselves.")
    if not who.accredited:
        return _forbid(
            "R6",
            "their organisation is not accredited, or its accreditation has run out",
            _URGENT,
        )
    if who.waits:
        return _forbid("R3", "their area is not open yet", _URGENT)
    if who.checked is CheckedHow.TAKEN_AT_WORD:
        return _forbid(
            "R6",
            "you have not made sure who asks",
            "Ring back on the number that is registered for their organisation, and ask for them.",
        )
    if not who.vouched:
        return _forbid(
            "R6",
            "their organisation has not confirmed their enhanced check and training",
            "Ask their manager to confirm both when you ring back.",
        )
    return None


def is_it_the_one_record_asked_for(request: AccessRequest) -> Verdict | None:
    """For whoever asks through somebody else one record is opened, and no second one (R6)."""
    asked = request.record_asked_for
    if asked is None or asked.opened_before in {None, asked.now}:
        return None
    return _forbid(
        "R6",
        "another record was opened for them already",
        "If they need to know about another child, write down that they ask again.",
    )


def does_whoever_says_so_decide(request: AccessRequest) -> Verdict | None:
    """A child who understands decides for themselves; a parent or carer only for one who does not (R38)."""
    said = request.agreed
    if said is None or does_whoever_agreed_decide(said.basis, understands=said.understands):
        return None
    return _forbid(
        "R38",
        "a child who understands decides for themselves, and a parent or carer only for one who does not",
        "Say whether the child understands what it means, and then who agreed.",
    )


def is_the_consent_theirs_to_keep(request: AccessRequest) -> Verdict | None:
    """Who agreed is for whoever provides the service, and for the consent desk of its area (R39).

    Of a protected child, and of a place that is not named, the desk is the national one (R32).
    """
    consent, viewer = request.consent, request.viewer
    if consent is None:
        return None
    if viewer.role is not Role.CONSENT_TEAM:
        provides = consent.organisation == viewer.organisation_code and consent.service in viewer.services
        theirs = provides and not consent.protected
    elif viewer.organisation_code == NATIONAL_DESK:
        theirs = consent.protected or consent.discreet or consent.authority is None
    else:
        own_area = viewer.authority is not None and consent.authority == viewer.authority
        theirs = own_area and not consent.protected and not consent.discreet
    return None if theirs else _forbid("R39", "it is kept by others", "It waits for whoever provides it.")


def is_it_confirmed_by_a_second_person(request: AccessRequest) -> Verdict | None:
    """An involvement is confirmed by somebody else of the same organisation, never by oneself (R45)."""
    unconfirmed = request.unconfirmed
    if unconfirmed is None:
        return None
    if unconfirmed.recorded_by_viewer:
        return _forbid("R45", "you recorded it yourself", "Ask a colleague to confirm it.")
    if unconfirmed.organisation_code != request.viewer.organisation_code:
        return _forbid(
            "R45", "it belongs to another organisation", "It waits for somebody of that organisation."
        )
    return None


def is_the_involvement_their_own(request: AccessRequest) -> Verdict | None:
    """A practitioner ends, corrects and hands over only what they themselves recorded (R44)."""
    if request.own is None or request.own.recorded_by_viewer:
        return None
    return _forbid("R44", "it is not yours", "Whoever recorded it can change it.")


def does_a_second_person_vouch_for_it(request: AccessRequest) -> Verdict | None:
    """One person's word makes nobody the lead practitioner and hands nothing over (R43, R45)."""
    needs = request.permission in {Permission.TAKE_LEAD, Permission.HAND_OVER}
    if not needs or request.own is None or request.own.confirmed:
        return None
    return _forbid(
        "R45",
        "nobody has confirmed yet that you work with this child",
        "Ask a colleague to open “To confirm”, then try again.",
    )


def is_the_source_theirs_to_correct(request: AccessRequest) -> Verdict | None:
    """Whoever runs a source says whether it is right; nobody answers for another's (R25)."""
    asked = request.correction
    if asked is None or asked.source_organisation == request.viewer.organisation_code:
        return None
    return _forbid(
        "R25", "another organisation runs that source", "It waits for the team of that organisation."
    )


def is_the_feed_of_their_authority(request: AccessRequest) -> Verdict | None:
    """An authority's team runs the feeds of its own authority; the national team runs all (R19, R25)."""
    feed = request.feed
    if feed is None or request.viewer.role is Role.NATIONAL_TEAM or runs_feed(request.viewer, feed):
        return None
    return _forbid("R25", "it is not a feed of your authority", "Ask the national desk about it.")


def are_the_rows_their_own(request: AccessRequest) -> Verdict | None:
    """Rejected rows go back to the organisation that sent them, and to nobody else (R17, R25)."""
    feed = request.feed
    if request.permission is not Permission.TAKE_REJECTS or feed is None:
        return None
    if feed.organisation == request.viewer.organisation_code:
        return None
    return _forbid("R25", "another organisation sent them", "The team of that organisation can have them.")


def are_the_records_of_their_authority(request: AccessRequest) -> Verdict | None:
    """Unsure records go to the team of an authority responsible for one of them (R20, R58)."""
    match, viewer = request.match, request.viewer
    if match is None or viewer.role in {Role.NATIONAL_TEAM, Role.SHIELD_TEAM}:
        return None
    if viewer.authority in match.authorities:
        return None
    return _forbid("R20", "another authority is responsible for them", "It waits for the team there.")


def are_the_records_for_shield_staff(request: AccessRequest) -> Verdict | None:
    """What touches a shielded child is checked at the national shield desk, and nothing else is (R21, R34).

    A case that was near a shield stays theirs when the shield is lifted: they asked, so they may finish.
    """
    match, viewer = request.match, request.viewer
    if request.permission not in {Permission.CHECK_RECORDS, Permission.JOIN_OR_PART}:
        return None
    if viewer.role is not Role.SHIELD_TEAM:
        is_theirs = match is None or not match.restricted
        return None if is_theirs else _forbid("R34", "only the national shield desk can", _URGENT)
    if is_national_shield_desk(viewer) and match is not None and (match.restricted or match.asked):
        return None
    return _forbid(
        "R21",
        "a shield desk checks no others",
        "They wait for the team of the authority, and for the national team.",
    )


def does_a_case_ask_for_it(request: AccessRequest) -> Verdict | None:
    """An authority's team joins or parts only what a review case asks it about (R20, R35).

    Otherwise whoever tried all numbers could tell from a refusal which two are kept apart.
    """
    match = request.match
    if request.permission is not Permission.JOIN_OR_PART or match is None or match.asked:
        return None
    if request.viewer.role in {Role.NATIONAL_TEAM, Role.SHIELD_TEAM}:
        return None
    return _forbid("R20", "no case asks about them", "Ask the national desk to look at them.")


def is_their_service_asked(request: AccessRequest) -> Verdict | None:
    """Whoever provides the service that is asked to get in touch answers for it, and nobody else (R44)."""
    asked, viewer = request.contact, request.viewer
    if asked is None or (asked.organisation == viewer.organisation_code and asked.service in viewer.services):
        return None
    return _forbid("R44", "another service is asked", "It waits in the inbox of that service.")


def is_the_contact_point_theirs_to_keep(request: AccessRequest) -> Verdict | None:
    """Whoever provides a service says how it is reached; else its authority's or partner's team (R25, R44).

    How a place is reached that is named on no record, only its own people say.
    """
    point, viewer = request.point, request.viewer
    if point is None:
        return None
    provides = point.organisation == viewer.organisation_code and point.service in viewer.services
    own_area = viewer.authority is not None and point.authority == viewer.authority
    team = (viewer.role is Role.AUTHORITY_TEAM and own_area) or (
        viewer.role is Role.PARTNER_TEAM and point.organisation == viewer.organisation_code
    )
    if provides or (team and not point.discreet):
        return None
    return _forbid("R44", "you do not provide it", "Whoever provides it, or the team of its authority, can.")


def is_it_for_the_national_desk(request: AccessRequest) -> Verdict | None:
    """Contact with a shielded child is brokered at the national desk, never at an authority's (R32)."""
    message = request.desk_message
    national = request.viewer.role is Role.NATIONAL_TEAM or request.viewer.organisation_code == NATIONAL_DESK
    if message is None or not message.protected or national:
        return None
    return _forbid("R32", "only the national desk can", _URGENT)


def is_it_their_shield_desk(request: AccessRequest) -> Verdict | None:
    """An authority's shield desk sees the shields of its authority, the national desk all (R26, R32).

    Where a desk has fewer than two people, that of the paired authority takes the second decision (R31).
    """
    shield, viewer = request.shield, request.viewer
    if shield is None or viewer.organisation_code == NATIONAL_DESK:
        return None
    if shield.authority is not None and shield.authority == viewer.authority:
        return None
    if shield.paired and (shield.step is None or shield.step in FOR_A_SECOND):
        return None
    return _forbid("R26", "it waits at another desk", _URGENT)


def do_they_have_too_many_protected(request: AccessRequest) -> Verdict | None:
    """A temporary shield can be abused to hide children from help: one person places so many a week (R26)."""
    if request.protecting is None or not is_it_too_many(request.protecting):
        return None
    return _forbid(
        "R26",
        "you have had very many children protected this week",
        f"Ring the national desk on {NATIONAL_DESK_PHONE}: it protects a child at once.",
    )


def is_that_what_comes_next(request: AccessRequest) -> Verdict | None:
    """A shield moves as its table says, and what time alone does no person does (R26, R31)."""
    shield = request.shield
    if shield is None or shield.step is None:
        return None
    if shield.step not in OF_THEMSELVES and what_becomes_of_it(shield.state, shield.step):
        return None
    return _forbid("R26", "it does not come next", "Open it anew and look at where it stands now.")


def does_somebody_else_decide_about_it(request: AccessRequest) -> Verdict | None:
    """Nobody confirms or reviews a shield that they placed: a shield can hide a child from help too (R31)."""
    shield = request.shield
    if shield is None or not shield.placed_by_viewer:
        return None
    if shield.step not in {ShieldStep.CONFIRMED, ShieldStep.EXTENDED}:
        return None
    return _forbid(
        "R31", "you placed it yourself", "Ask a colleague; where there is none, the national desk decides."
    )


def was_the_danger_weighed(request: AccessRequest) -> Verdict | None:
    """Protection stands on a danger that was weighed with everybody's views (R28-R30)."""
    shield = request.shield
    if shield is None or shield.step not in {ShieldStep.CONFIRMED, ShieldStep.EXTENDED}:
        return None
    if shield.weighing is not None and does_knowing_where_add_risk(shield.weighing):
        return None
    return _forbid(
        "R28",
        "nothing weighed says that knowing where the child is adds danger",
        "Neither adoption nor a parent's job protects by itself. Ask for it to be lifted, or say what the "
        "danger is.",
    )


def do_two_people_lift_it(request: AccessRequest) -> Verdict | None:
    """Whoever asks that a shield be lifted does not agree to it as well (R31)."""
    shield = request.shield
    if shield is None or shield.step is not ShieldStep.LIFT_AGREED or not shield.lift_asked_by_viewer:
        return None
    return _forbid(
        "R31",
        "you asked for it yourself",
        "A second person has to agree; where there is none, the national desk.",
    )


def was_the_protected_person_asked(request: AccessRequest) -> Verdict | None:
    """A shield is lifted only after safe contact with whom it protects (R30)."""
    shield = request.shield
    if shield is None or shield.step is not ShieldStep.LIFT_ASKED:
        return None
    if shield.safe_contact is not None and was_contact_safe(shield.safe_contact):
        return None
    return _forbid(
        "R30",
        "nobody protected by it was reached safely and agrees",
        "Reach them alone, in a way that nobody else could answer, and ask them.",
    )


def is_it_their_own_use(request: AccessRequest) -> Verdict | None:
    """Nobody reviews what they themselves looked at (R52)."""
    if request.use is None or request.use.account != request.viewer.account_id:
        return None
    return _forbid("R52", "it is your own", "Another reviewer looks at it.")


def is_it_the_use_of_a_small_team_of_theirs(request: AccessRequest) -> Verdict | None:
    """People who know each other do not review each other: a team under twenty goes elsewhere (R52)."""
    use = request.use
    if use is None or use.organisation != request.viewer.organisation_code or use.team_size >= SMALL_TEAM:
        return None
    return _forbid("R52", "you belong to that team and it is small", "Other reviewers look at it.")


def is_it_theirs_to_review(request: AccessRequest) -> Verdict | None:
    """Reviewers of an authority or a partner have what was given to them, national ones the rest (R52)."""
    use, viewer = request.use, request.viewer
    if use is None or use.protected:
        return None
    if use.reviewed_by == who_reviews_for(
        viewer.organisation_kind, viewer.authority, viewer.organisation_code
    ):
        return None
    return _forbid("R52", "it was given to other reviewers", "They look at it.")


def is_it_for_national_reviewers(request: AccessRequest) -> Verdict | None:
    """Looks at shielded children, and by sensitive services, are for national reviewers alone (R34, R39)."""
    use = request.use
    if use is None or not use.protected or is_national(request.viewer):
        return None
    return _forbid("R34", "only national reviewers can", _URGENT)


def is_national(viewer: Viewer) -> bool:
    """Whether somebody acts for a national body, which works for no one authority."""
    return viewer.organisation_kind == "national" and viewer.authority is None


def did_two_people_give_them_the_right(request: AccessRequest) -> Verdict | None:
    """Overriding is a right of its own, which two other people give (R33)."""
    if request.override is None or request.override.holds_right:
        return None
    return _forbid("R33", "two people would have to give you that right first", _URGENT)


def is_it_said_why_it_must_be_now(request: AccessRequest) -> Verdict | None:
    """An override needs a second reason beside that for looking (R33)."""
    if request.override is None or request.override.reason is not None:
        return None
    return _forbid("R33", "you have not said why it must be now", "Choose the second reason and try again.")


def did_they_prove_themselves_just_now(request: AccessRequest) -> Verdict | None:
    """An override needs the second factor at that very moment (R33)."""
    if request.override is None or request.override.proved:
        return None
    return _forbid("R33", "your second step was not entered just now", "Enter it and try again.")


def is_the_right_given_by_two_others(request: AccessRequest) -> Verdict | None:
    """Nobody gives a right to override to themselves, and the second who gives it is another person (R33)."""
    right = request.override_right
    if right is None:
        return None
    if right.for_viewer:
        return _forbid("R33", "it is for yourself", "Two other people of a shield desk have to give it.")
    if right.first_given_by_viewer:
        return _forbid("R33", "you gave it first", "A second person of a shield desk has to agree.")
    return None


def does_somebody_else_look_into_it(request: AccessRequest) -> Verdict | None:
    """Whoever overrode a shield does not say whether it was right (R33)."""
    use = request.override_use
    if use is None or not use.made_by_viewer:
        return None
    return _forbid("R33", "it was you who overrode it", "Somebody else of a shield desk looks into it.")


def is_it_the_national_shield_desk_that_seals(request: AccessRequest) -> Verdict | None:
    """Sealed identities are the national shield desk's alone: an authority's desk knows the area (R35)."""
    if request.permission not in _OF_SEALED_IDENTITIES or is_national_shield_desk(request.viewer):
        return None
    return _forbid("R35", "only the national shield desk can", _URGENT)


def does_a_second_person_type_it_too(request: AccessRequest) -> Verdict | None:
    """Two people record a pair, each by typing both numbers: no page shows either to anybody (R35)."""
    if request.pair is None or not request.pair.typed_by_viewer:
        return None
    return _forbid("R35", "you typed it first", "A second person of the national shield desk has to.")


def is_the_crosser_named_by_two_others(request: AccessRequest) -> Verdict | None:
    """Who may cross is named by two others of the national team: nobody by themselves (R35)."""
    asked = request.crosser
    if asked is None:
        return None
    if asked.for_viewer:
        return _forbid("R35", "it is for yourself", "Two other people of the national team have to name you.")
    if asked.first_named_by_viewer:
        return _forbid("R35", "you named them first", "A second person of the national team has to agree.")
    return None


def may_they_cross(request: AccessRequest) -> Verdict | None:
    """Two named people alone cross between the halves, and each only with the other (R35)."""
    crossing = request.crossing
    if crossing is None:
        return None
    if not crossing.named:
        return _forbid("R35", "you are not one of the two who are named", "Ask one of the two.")
    if not crossing.with_another:
        return _forbid(
            "R35", "nobody else is named who could agree", "The national team has to name a second person."
        )
    if crossing.asked_by_viewer:
        return _forbid("R35", "you asked for it yourself", "The other of the two has to agree.")
    return None


def is_the_account_theirs_to_manage(request: AccessRequest) -> Verdict | None:
    """Whoever gave an account manages it; the manager it names may renew it or end it (R1)."""
    person = request.person
    if person is None or person.in_reach:
        return None
    if request.permission is Permission.RENEW_ACCOUNT and person.managed_by_viewer:
        return None
    return _forbid("R1", "another organisation gave it", "Ask the account manager of that organisation.")


def do_they_manage_themselves(request: AccessRequest) -> Verdict | None:
    """Nobody changes their own standing, renews themselves or lets themselves go (R1)."""
    if request.person is None or request.person.account != request.viewer.account_id:
        return None
    return _forbid("R1", "it is your own", "Ask a colleague who manages accounts.")


def does_the_person_stand_above_them(request: AccessRequest) -> Verdict | None:
    """Nobody changes the account of somebody who holds a role that they could not give (R1)."""
    if request.person is None or not request.person.above_viewer:
        return None
    return _forbid("R1", "that person holds a role above yours", "The national team manages that account.")


def may_they_give_this_role(request: AccessRequest) -> Verdict | None:
    """Nobody gives a role to themselves, above their own, or outside the bodies they answer for (R1)."""
    grant = request.grant
    if grant is None:
        return None
    if grant.for_viewer:
        return _forbid("R1", "it is for yourself", "Somebody else has to ask for it.")
    if not grant.in_reach:
        return _forbid("R1", "you do not answer for that organisation", "Its own account manager can.")
    if not does_the_role_belong_there(grant.role, grant.organisation_kind):
        return _forbid("R1", "no organisation of that kind has such a role", "Choose another role.")
    if not may_it_ask_for(request.viewer.role, grant.role):
        return _forbid("R1", "it is above your own role", "The national team can ask for it.")
    return None


def does_a_second_person_agree_to_the_role(request: AccessRequest) -> Verdict | None:
    """Roles that see or decide more take two people, the second of the national team (R1)."""
    grant = request.grant
    if grant is None or not grant.agreeing:
        return None
    if grant.asked_by_viewer:
        return _forbid("R1", "you asked for it yourself", "A second person has to agree.")
    if request.viewer.role is not Role.NATIONAL_TEAM:
        return _forbid("R1", "only the national team agrees to it", "It waits there.")
    return None


def may_they_accredit_it(request: AccessRequest) -> Verdict | None:
    """Nobody accredits the body they act for, or one that is not theirs to answer for (R3)."""
    body = request.body
    if body is None:
        return None
    if body.own:
        return _forbid("R3", "it is your own", "The national team accredits it.")
    if not body.in_reach:
        return _forbid("R3", "it is not of your authority", "The team of its authority accredits it.")
    return None


def is_the_setting_within_its_bounds(request: AccessRequest) -> Verdict | None:
    """A limit is made stricter or looser only within what its rule allows, and only one there is (R53)."""
    asked = request.setting
    if asked is None:
        return None
    setting = setting_named(asked.key)
    if setting is None:
        return _forbid("R53", "there is no such setting", "Go back to the settings and choose one.")
    if not is_it_within_bounds(setting, asked.becomes):
        return _forbid(
            setting.rule,
            "the rules do not allow it to go so far",
            f"Choose a number from {setting.least} to {setting.most}.",
        )
    return None


def does_a_second_person_agree_to_the_setting(request: AccessRequest) -> Verdict | None:
    """What protects less takes two people: whoever proposed it does not agree as well (R52, R53)."""
    asked = request.setting
    if asked is None or not asked.agreeing or not asked.asked_by_viewer:
        return None
    return _forbid("R52", "you proposed it yourself", "Somebody else of the national team has to agree.")


def is_it_said_why_what_is_hidden_is_read(request: AccessRequest) -> Verdict | None:
    """Somebody of the shield's desk may see what it hides, each time for a reason of its own (R32)."""
    if request.hidden is None or request.hidden.reason is not None:
        return None
    return _forbid("R32", "you have not said what for", "Say what you need it for and try again.")


def is_it_the_national_shield_desk_that_answers(request: AccessRequest) -> Verdict | None:
    """A family that asks about a protected child is answered by the national shield desk alone (R32, R60).

    The parent who asks may be the one from whom the child is hidden.
    """
    family, viewer = request.family, request.viewer
    shields = viewer.role is Role.SHIELD_TEAM
    desk = is_national_shield_desk(viewer)
    of_another_desk = request.permission is Permission.ANSWER_FAMILY and shields and not desk
    if of_another_desk or (family is not None and family.protected and not desk):
        return _forbid("R60", "the national shield desk answers it", _URGENT)
    if family is not None and not family.protected and shields:
        return _forbid("R60", "the authority's team answers it", "Tell the family whom to ask.")
    return None


def is_it_their_authority_that_answers(request: AccessRequest) -> Verdict | None:
    """A family is answered by the authority that is responsible for the child (R58, R60)."""
    family, viewer = request.family, request.viewer
    if family is None or family.protected or viewer.authority is None or family.authority is None:
        return None
    if family.authority == viewer.authority:
        return None
    return _forbid(
        "R60",
        "another authority is responsible for this child",
        "Tell the family to ask that one: the record says which it is.",
    )


def may_their_consent_be_recorded_here(request: AccessRequest) -> Verdict | None:
    """That somebody stays until 25 is recorded where they are looked after, never of who hides (R16, R58).

    Whoever stays was in care or has a learning disability: it would be said of a protected child (ADR 22).
    """
    staying = request.staying
    if staying is None:
        return None
    if staying.protected:
        return _forbid("R16", "this record is protected", "Keep the consent, and record it once it is not.")
    if staying.authority != request.viewer.authority:
        return _forbid(
            "R58",
            "your authority is not responsible for this child",
            "The team of the authority that the record names records it.",
        )
    if not are_they_asked_yet(staying.born, request.at.date()):
        return _forbid(
            "R16", f"they are not known to be {ASKED_FROM} yet", f"Ask them once they are {ASKED_FROM}."
        )
    return None


def do_they_answer_for_this_child(request: AccessRequest) -> Verdict | None:
    """Who answers for a child writes down a death or a leaving, never of one who hides (R27, R49, R50).

    Where no authority is responsible, that is the national team (R58).
    """
    word, viewer = request.team_word, request.viewer
    if word is None:
        return None
    if word.protected:
        return _forbid("R27", "this record is protected", "Ring the shield desk: it decides what comes next.")
    if viewer.role is Role.NATIONAL_TEAM:
        if word.authority is None:
            return None
        return _forbid(
            "R58",
            "an authority is responsible for this child",
            "The team of the authority that the record names writes it down.",
        )
    if word.authority is None or word.authority != viewer.authority:
        return _forbid(
            "R58",
            "your authority is not responsible for this child",
            "The team of the authority that the record names writes it down, or else the national team.",
        )
    return None


def was_it_shown_that_they_may_ask(request: AccessRequest) -> Verdict | None:
    """Nobody is told anything before they have shown who they are and that they may ask (R60)."""
    if request.family is None or request.family.shown is not False:
        return None
    return _forbid(
        "R60",
        "it was not shown who asks, or that they may",
        "Once they have shown it, record it as a new request, with the day on which they did.",
    )


def may_the_request_be_moved_so(request: AccessRequest) -> Verdict | None:
    """A family's request is extended once, refused with a reason, answered or passed on, and ends (R60)."""
    family = request.family
    if family is None or family.step is None:
        return None
    if what_becomes_of_the_request(family.state, family.step, family.because) is not None:
        return None
    return _forbid("R60", "that does not come next", "Choose a reason, or look at where it stands now.")


def was_it_searched_for_first(request: AccessRequest) -> Verdict | None:
    """A record is made by hand only after a search that would have found the child (R23)."""
    if request.making is None or request.making.searched:
        return None
    return _forbid(
        "R23",
        "you have not searched by the whole name and the date of birth alone",
        "Search by them, and by nothing else: then everybody who could be the child is found.",
    )


def was_everybody_found_looked_at(request: AccessRequest) -> Verdict | None:
    """Whoever makes a record has looked at each child that the search finds (R23)."""
    if request.making is None or request.making.looked_at:
        return None
    return _forbid("R23", "you have not looked at everybody who may be this child", "Search again.")


def is_the_move_for_the_national_shield_desk(request: AccessRequest) -> Verdict | None:
    """A protected child's move goes through the national shield desk alone, and no other move does (R32)."""
    move, viewer = request.move, request.viewer
    if move is None:
        return None
    desk = is_national_shield_desk(viewer)
    if move.protected and not desk:
        return _forbid("R32", "only the national shield desk can", _URGENT)
    if not move.protected and viewer.role is Role.SHIELD_TEAM:
        return _forbid("R58", "the authorities' teams answer it", "It waits there.")
    return None


def may_this_be_said_of_the_move(request: AccessRequest) -> Verdict | None:
    """The new authority accepts or declines, the old one may object, the national team decides (R58, R59).

    Until then the old authority stays responsible.
    """
    move = request.move
    if move is None or move.step is None:
        return None
    if move.side is None or move.state is None:
        return _forbid("R58", "it does not wait for you", "Go back to the list.")
    if what_becomes_of_the_move(move.side, move.state, move.step) is None:
        return _forbid("R58", "that is not yours to say of it now", "Go back to the list to see where it is.")
    return None


def is_it_said_why_a_move_is_refused(request: AccessRequest) -> Verdict | None:
    """Whoever does not take a child, or does not let it go, says why (R58)."""
    move = request.move
    if move is None or move.step not in NEEDS_REASON or move.reason is not None:
        return None
    return _forbid("R58", "you have not said why", "Choose a reason and try again.")


def runs_feed(viewer: Viewer, feed: FeedInQuestion) -> bool:
    """Whether a team of an authority runs a feed."""
    own_authority = feed.authority is not None and feed.authority == viewer.authority
    return own_authority or feed.organisation == viewer.organisation_code


def _is_child_number(text: str) -> bool:
    try:
        parse_child_number(text)
    except InvalidIdentifier:
        return False
    return True


Rule = Callable[[AccessRequest], Verdict | None]


def may_this_be_done_with_the_wave(request: AccessRequest) -> Verdict | None:
    """A wave is planned, asked for, opened by a second person, and shut again, in that order (R3)."""
    wave = request.wave
    if wave is None or what_becomes_of_the_wave(wave.state, wave.step) is not None:
        return None
    return _forbid("R3", "its state does not allow it", "Open the wave again and see what has become of it.")


def does_a_second_person_open_it(request: AccessRequest) -> Verdict | None:
    """Whoever asks that a wave be opened does not open it: two people let an area in (R3)."""
    wave = request.wave
    if wave is None or wave.step is not WaveStep.AGREE or not wave.asked_by_viewer:
        return None
    return _forbid("R3", "you asked for it yourself", "A colleague of the national team has to agree.")


def is_all_there_before_it_opens(request: AccessRequest) -> Verdict | None:
    """Nobody is let in before all bodies are accredited and trained, and protections loaded (R3, R26)."""
    wave = request.wave
    if wave is None or wave.step not in OPENING or not wave.lacking:
        return None
    return _forbid("R3", "not every body has all it needs", "The list says what is missing, and whose it is.")


def do_pathfinders_come_first(request: AccessRequest) -> Verdict | None:
    """The nation follows once a pathfinder area is open (R3)."""
    wave = request.wave
    if wave is None or wave.step not in OPENING or wave.first_stand:
        return None
    return _forbid("R3", "no pathfinder area is open yet", "Open a pathfinder wave first.")


def may_this_be_done_with_the_list(request: AccessRequest) -> Verdict | None:
    """A change of a list is tried, asked for, and agreed to or refused, in that order (R58)."""
    asked = request.reference
    if asked is None or what_becomes_of_the_list(asked.state, asked.step) is not None:
        return None
    return _forbid("R58", "its state does not allow it", "Open it again and see what has become of it.")


def does_a_second_person_agree_to_the_list(request: AccessRequest) -> Verdict | None:
    """Whose area a school is in is said by two people: nobody answers what they asked for (R58)."""
    asked = request.reference
    if asked is None or may_they_take_that_step(asked.step, by_viewer=asked.by_viewer):
        return None
    if asked.by_viewer:
        return _forbid("R58", "you asked for it yourself", "A colleague of the national team has to agree.")
    return _forbid("R58", "a colleague brought it", "They ask for it, or drop it.")


def may_this_be_done_with_the_model(request: AccessRequest) -> Verdict | None:
    """A model is proposed, reported on, then agreed to or refused: never before its report (R20)."""
    asked = request.model
    if asked is None or what_becomes_of_the_model(asked.state, asked.step) is not None:
        return None
    return _forbid(
        "R20", "its state does not allow it", "Nobody agrees before the report is there. Look again."
    )


def does_a_second_person_agree_to_the_model(request: AccessRequest) -> Verdict | None:
    """Which records are one child is decided by a model of two people: nobody answers their own (R20)."""
    asked = request.model
    if asked is None or may_they_take_that_step(asked.step, by_viewer=asked.by_viewer):
        return None
    if asked.by_viewer:
        return _forbid("R20", "you proposed it yourself", "A colleague of the national team has to agree.")
    return _forbid("R20", "a colleague proposed it", "They drop it; you may refuse it.")


def is_the_report_about_the_model_in_force(request: AccessRequest) -> Verdict | None:
    """A report compares with one model: where another is in force by now, it says nothing (R20)."""
    asked = request.model
    if asked is None or asked.step is not Step.AGREE or asked.stands:
        return None
    return _forbid(
        "R20", "its report compares it with a model that is no longer in force", "Propose it again."
    )


def may_this_be_done_with_the_mapping(request: AccessRequest) -> Verdict | None:
    """How a feed is read is tried, asked for, and agreed to or refused, in that order (R19)."""
    asked = request.mapping
    if asked is None or what_becomes_of_the_mapping(asked.state, asked.step) is not None:
        return None
    return _forbid("R19", "its state does not allow it", "Open it again and see what has become of it.")


def does_a_second_person_agree_to_the_mapping(request: AccessRequest) -> Verdict | None:
    """How a feed is read is said by two people: nobody answers what they asked for (R19)."""
    asked = request.mapping
    if asked is None or may_they_take_that_step(asked.step, by_viewer=asked.by_viewer):
        return None
    if asked.by_viewer:
        return _forbid("R19", "you asked for it yourself", "A second person who runs this feed has to agree.")
    return _forbid("R19", "a colleague brought it", "They ask for it, or drop it.")


def does_a_second_person_agree_to_the_pairing(request: AccessRequest) -> Verdict | None:
    """Whose shield desk is whose second is said by two people of the national team (R31)."""
    asked = request.pairing
    if asked is None or may_they_take_that_step(asked.step, by_viewer=asked.by_viewer):
        return None
    if asked.by_viewer:
        return _forbid("R31", "you asked for it yourself", "A colleague of the national team has to agree.")
    return _forbid("R31", "a colleague asked for it", "They drop it; you may refuse it.")


RULES: tuple[Rule, ...] = (
    may_the_role_do_this,
    may_the_role_read_child_data,
    is_the_account_in_good_standing,
    is_a_reason_stated,
    may_they_use_this_number,
    is_the_record_still_open,
    is_it_in_the_archive_of_their_authority,
    is_what_was_archived_open,
    do_data_managers_still_read_it,
    is_the_service_their_own,
    is_there_a_basis_for_a_sensitive_service,
    is_whoever_asks_as_well_known,
    is_it_the_one_record_asked_for,
    does_whoever_says_so_decide,
    is_the_consent_theirs_to_keep,
    is_it_confirmed_by_a_second_person,
    is_the_involvement_their_own,
    does_a_second_person_vouch_for_it,
    is_the_source_theirs_to_correct,
    is_the_feed_of_their_authority,
    are_the_rows_their_own,
    are_the_records_for_shield_staff,
    are_the_records_of_their_authority,
    does_a_case_ask_for_it,
    is_their_service_asked,
    is_the_contact_point_theirs_to_keep,
    is_it_for_the_national_desk,
    is_it_their_shield_desk,
    do_they_have_too_many_protected,
    is_that_what_comes_next,
    does_somebody_else_decide_about_it,
    was_the_danger_weighed,
    do_two_people_lift_it,
    was_the_protected_person_asked,
    is_it_their_own_use,
    is_it_the_use_of_a_small_team_of_theirs,
    is_it_for_national_reviewers,
    is_it_theirs_to_review,
    did_two_people_give_them_the_right,
    is_it_said_why_it_must_be_now,
    did_they_prove_themselves_just_now,
    is_the_right_given_by_two_others,
    does_somebody_else_look_into_it,
    is_it_the_national_shield_desk_that_seals,
    does_a_second_person_type_it_too,
    is_the_crosser_named_by_two_others,
    may_they_cross,
    do_they_manage_themselves,
    does_the_person_stand_above_them,
    is_the_account_theirs_to_manage,
    may_they_give_this_role,
    does_a_second_person_agree_to_the_role,
    may_they_accredit_it,
    is_it_said_why_what_is_hidden_is_read,
    does_the_national_desk_handle_it,
    is_it_the_national_shield_desk_that_answers,
    is_it_their_authority_that_answers,
    may_their_consent_be_recorded_here,
    do_they_answer_for_this_child,
    was_it_shown_that_they_may_ask,
    may_the_request_be_moved_so,
    was_it_searched_for_first,
    was_everybody_found_looked_at,
    is_the_move_for_the_national_shield_desk,
    may_this_be_said_of_the_move,
    is_it_said_why_a_move_is_refused,
    is_the_setting_within_its_bounds,
    does_a_second_person_agree_to_the_setting,
    may_this_be_done_with_the_wave,
    does_a_second_person_open_it,
    is_all_there_before_it_opens,
    do_pathfinders_come_first,
    may_this_be_done_with_the_list,
    does_a_second_person_agree_to_the_list,
    may_this_be_done_with_the_model,
    does_a_second_person_agree_to_the_model,
    is_the_report_about_the_model_in_force,
    may_this_be_done_with_the_mapping,
    does_a_second_person_agree_to_the_mapping,
    does_a_second_person_agree_to_the_pairing,
)


def sentence(request: AccessRequest, verdict: Verdict) -> str:
    """The refusal as a person reads it."""
    return f"You cannot {PERMISSION_WORDS[request.permission]} because {verdict.because}."
