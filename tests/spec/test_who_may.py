"""Who may do what; each row names its rule. Roles, standing, reasons, numbers, archive, own services."""

from datetime import date

import pytest
from tests.factories.records import NOW
from tests.factories.viewers import KEISHA, OWEN, WORRIED, teacher, viewer

from contactpoint.domain.directory import PointInQuestion
from contactpoint.domain.disclosure.actors import Lapse, Role
from contactpoint.domain.disclosure.authorise import authorise
from contactpoint.domain.disclosure.permissions import CHILD_DATA, Permission
from contactpoint.domain.disclosure.policies import (
    AccessRequest,
    AskedCorrection,
    DeskMessageInQuestion,
    FeedInQuestion,
    MatchInQuestion,
    NewInvolvement,
    OwnInvolvement,
    RecordState,
    RequestInQuestion,
    UnconfirmedInvolvement,
    UseInQuestion,
)
from contactpoint.domain.involvement import ConsentBasis
from contactpoint.domain.matching_models import ModelInQuestion, ModelState
from contactpoint.domain.reference_lists import ListInQuestion, ListState
from contactpoint.domain.rollout import WaveInQuestion, WaveState, WaveStep
from contactpoint.domain.source_mappings import MappingInQuestion, MappingState
from contactpoint.domain.two_people import Step

SEARCH, OPEN, RECORD, CONFIRM = (
    Permission.SEARCH,
    Permission.OPEN_RECORD,
    Permission.RECORD_INVOLVEMENT,
    Permission.CONFIRM_INVOLVEMENT,
)

TEN = RecordState(number="C000000102M", shielded=False, born=date(2016, 5, 9))
NURSE, TEACHER = viewer(), teacher()
FEEDS = Permission.RUN_FEEDS
POINT = Permission.KEEP_CONTACT_POINT
ROLLOUT = Permission.PLAN_ROLLOUT
LISTS = Permission.KEEP_REFERENCE
MODEL = Permission.CHANGE_MODEL
NATION = viewer(role=Role.NATIONAL_TEAM)
ASKED = WaveState.ASKED
PARTNER = viewer(
    role=Role.PARTNER_TEAM,
    organisation_code="barnardos",
    organisation_kind="charity",
    authority=None,
    services=(),
)
SENDERS = viewer(role=Role.AUTHORITY_TEAM, organisation_code="la-353")
NATIONAL_SHIELDS = viewer(role=Role.SHIELD_TEAM, organisation_code="contactpoint", authority=None)
OLDHAMS = FeedInQuestion(organisation="la-353", authority="353")
ENGLANDS = FeedInQuestion(organisation="nhs-england", authority=None)
NHS, UPN, OURS = "9000000009", "F353573416001", "C000000102M"


def seventeen_or_eighteen(day: int) -> RecordState:
    return RecordState(number="C000000102M", shielded=False, born=date(2008, 11, day))


def died(on: date) -> RecordState:
    return RecordState(number="C000000102M", shielded=False, born=date(2016, 5, 9), died=on)


def own(service: str, consent: ConsentBasis | None = None) -> NewInvolvement:
    return NewInvolvement(service=service, consent=consent)


def reached(service: str, organisation: str = "bridgewater-nhs", **changed) -> PointInQuestion:
    said = {"organisation": organisation, "service": service, "authority": "353", **changed}
    return PointInQuestion(**said)


def wave(step: WaveStep, **changed) -> WaveInQuestion:
    said = {
        "state": WaveState.PLANNED,
        "asked_by_viewer": False,
        "lacking": 0,
        "first_stand": True,
        **changed,
    }
    return WaveInQuestion(step=step, **said)


def listed(state: ListState, step: Step, *, mine: bool) -> dict[str, ListInQuestion]:
    return {"reference": ListInQuestion(state=state, step=step, by_viewer=mine)}


def model(state: ModelState, step: Step, **changed) -> dict[str, ModelInQuestion]:
    """A proposal of a colleague's unless said otherwise."""
    mine = changed.pop("mine")
    return {"model": ModelInQuestion(state=state, step=step, by_viewer=mine, **changed)}


def mapped(state: MappingState, step: Step, *, mine: bool) -> dict[str, object]:
    return {"feed": OLDHAMS, "mapping": MappingInQuestion(state=state, step=step, by_viewer=mine)}


def said_by(organisation: str, *, self_said: bool = False) -> UnconfirmedInvolvement:
    return UnconfirmedInvolvement(organisation_code=organisation, recorded_by_viewer=self_said)


def kept(*, mine: bool = True, confirmed: bool = True) -> OwnInvolvement:
    return OwnInvolvement(recorded_by_viewer=mine, confirmed=confirmed)


REVIEWER = viewer(role=Role.AUDIT_REVIEWER, organisation_code="la-353", organisation_kind="authority")
DESK_REVIEWER = viewer(
    role=Role.AUDIT_REVIEWER, organisation_code="contactpoint", organisation_kind="national", authority=None
)
PARTNERS_REVIEWER = viewer(
    role=Role.AUDIT_REVIEWER, organisation_code="kids", organisation_kind="charity", authority=None
)
REVIEW, INCIDENT, OUT = Permission.REVIEW_USE, Permission.HANDLE_INCIDENT, (Lapse.SHUT,)


def use(account=OWEN, *, organisation="105734", team=60, protected=False, reviewed_by="353"):
    """Somebody else's use, of a large team, given to Oldham, unless said otherwise."""
    return UseInQuestion(
        account=account,
        organisation=organisation,
        team_size=team,
        protected=protected,
        reviewed_by=reviewed_by,
    )


TEAM = viewer(role=Role.AUTHORITY_TEAM)
KEEP, LEAD, HAND, ASK, ANSWER = (
    Permission.KEEP_INVOLVEMENT,
    Permission.TAKE_LEAD,
    Permission.HAND_OVER,
    Permission.ASK_CORRECTION,
    Permission.ANSWER_CORRECTION,
)

CHECK, JOIN = Permission.CHECK_RECORDS, Permission.JOIN_OR_PART


def match(*authorities, restricted=False, asked=False):
    """Two records to check, of Oldham unless said otherwise."""
    return MatchInQuestion(authorities=frozenset(authorities or ("353",)), restricted=restricted, asked=asked)


def asked_of(service, organisation="bridgewater-nhs"):
    """A request to a service to get in touch."""
    return RequestInQuestion(organisation=organisation, service=service)


# (rule, who, asks to do, with what else, allowed)
TABLE = [
    ("R1", NURSE, SEARCH, {}, True),
    ("R1", NURSE, OPEN, {"record": TEN}, True),
    ("R1", viewer(role=Role.AUTHORITY_TEAM), OPEN, {"record": TEN}, True),
    ("R1", viewer(role=Role.NATIONAL_TEAM), OPEN, {"record": TEN}, True),
    ("R1", viewer(role=Role.NATIONAL_TEAM), RECORD, {}, False),
    ("R1", viewer(role=Role.SYSTEM), SEARCH, {}, False),
    ("R1", NURSE, Permission.READ_AUDIT, {}, False),
    ("R1", NURSE, Permission.MANAGE_ACCOUNTS, {}, False),
    ("R1", NURSE, Permission.PLACE_SHIELD, {}, False),
    ("R26", viewer(role=Role.AUTHORITY_TEAM), Permission.PLACE_SHIELD, {}, True),
    ("R51", viewer(role=Role.AUDITOR), Permission.READ_AUDIT, {}, True),
    ("R57", viewer(role=Role.AUDITOR), OPEN, {"record": TEN}, False),
    ("R57", viewer(role=Role.TECHNICAL_ADMINISTRATOR), SEARCH, {}, False),
    ("R57", viewer(role=Role.TECHNICAL_ADMINISTRATOR), Permission.MANAGE_ACCOUNTS, {}, True),
    ("R52", viewer(lapses=(Lapse.SUSPENDED,)), SEARCH, {}, False),
    ("R3", viewer(lapses=(Lapse.ORGANISATION_NOT_ACCREDITED,)), SEARCH, {}, False),
    ("R3", viewer(lapses=(Lapse.CHECK_EXPIRED,)), SEARCH, {}, False),
    ("R3", viewer(lapses=(Lapse.TRAINING_EXPIRED,)), OPEN, {"record": TEN}, False),
    ("R3", viewer(lapses=(Lapse.AGREEMENT_UNSIGNED,)), SEARCH, {}, False),
    ("R4", viewer(lapses=(Lapse.NO_SECOND_FACTOR,)), SEARCH, {}, False),
    ("R56", viewer(lapses=(Lapse.IDLE,)), SEARCH, {}, False),
    ("R51", viewer(lapses=(Lapse.IDLE,)), Permission.SEE_OWN_ACTIVITY, {}, True),
    ("R8", NURSE, SEARCH, {"purpose": None}, False),
    ("R8", NURSE, OPEN, {"purpose": None, "record": TEN}, False),
    ("R12", NURSE, SEARCH, {"number_typed": NHS}, True),
    ("R12", NURSE, SEARCH, {"number_typed": UPN}, False),
    ("R12", TEACHER, SEARCH, {"number_typed": UPN}, True),
    ("R12", TEACHER, SEARCH, {"number_typed": "900 000 0009"}, False),
    ("R12", TEACHER, SEARCH, {"number_typed": OURS}, True),
    ("R12", viewer(organisation_kind=None), SEARCH, {"number_typed": NHS}, False),
    ("R1", NURSE, FEEDS, {"feed": OLDHAMS}, False),
    ("R25", SENDERS, FEEDS, {"feed": OLDHAMS}, True),
    ("R25", SENDERS, FEEDS, {"feed": ENGLANDS}, False),
    ("R25", viewer(role=Role.AUTHORITY_TEAM, authority="354"), FEEDS, {"feed": OLDHAMS}, False),
    ("R25", viewer(role=Role.AUTHORITY_TEAM, authority=None), FEEDS, {"feed": ENGLANDS}, False),
    ("R25", viewer(role=Role.NATIONAL_TEAM), FEEDS, {"feed": OLDHAMS}, True),
    ("R57", viewer(role=Role.TECHNICAL_ADMINISTRATOR), Permission.TAKE_REJECTS, {"feed": OLDHAMS}, False),
    ("R25", SENDERS, Permission.TAKE_REJECTS, {"feed": OLDHAMS}, True),
    ("R25", viewer(role=Role.AUTHORITY_TEAM), Permission.TAKE_REJECTS, {"feed": OLDHAMS}, False),
    ("R25", viewer(role=Role.NATIONAL_TEAM), Permission.TAKE_REJECTS, {"feed": OLDHAMS}, False),
    ("R1", NURSE, Permission.CORRECT_FEED, {"feed": OLDHAMS}, False),
    ("R57", PARTNER, Permission.CORRECT_FEED, {"feed": OLDHAMS}, False),
    ("R25", SENDERS, Permission.CORRECT_FEED, {"feed": OLDHAMS}, True),
    ("R25", SENDERS, Permission.CORRECT_FEED, {"feed": ENGLANDS}, False),
    ("R25", viewer(role=Role.AUTHORITY_TEAM), Permission.CORRECT_FEED, {"feed": OLDHAMS}, True),
    ("R25", NATION, Permission.CORRECT_FEED, {"feed": ENGLANDS}, True),
    ("R1", NURSE, Permission.CORRECT_BY_HAND, {}, False),
    ("R1", NATION, Permission.CORRECT_BY_HAND, {}, False),
    (
        "R25",
        SENDERS,
        Permission.CORRECT_BY_HAND,
        {"correction": AskedCorrection(source_organisation="la-353")},
        True,
    ),
    (
        "R25",
        SENDERS,
        Permission.CORRECT_BY_HAND,
        {"correction": AskedCorrection(source_organisation="la-354")},
        False,
    ),
    ("R1", NURSE, Permission.ANSWER_FOR_WORD, {}, True),
    ("R1", NATION, Permission.ANSWER_FOR_WORD, {}, True),
    ("R57", PARTNER, Permission.ANSWER_FOR_WORD, {}, False),
    ("R1", viewer(role=Role.SHIELD_TEAM), Permission.ANSWER_FOR_WORD, {}, False),
    ("R1", NURSE, Permission.ASK_CONTACT, {"record": TEN}, True),
    ("R8", NURSE, Permission.ASK_CONTACT, {"record": TEN, "purpose": None}, False),
    ("R11", NURSE, Permission.ASK_CONTACT, {"record": seventeen_or_eighteen(22)}, False),
    ("R57", viewer(role=Role.AUDITOR), Permission.ASK_CONTACT, {"record": TEN}, False),
    ("R57", viewer(role=Role.TECHNICAL_ADMINISTRATOR), Permission.SEE_INBOX, {}, False),
    ("R1", viewer(role=Role.NATIONAL_TEAM), Permission.ANSWER_CONTACT, {}, False),
    ("R44", NURSE, Permission.ANSWER_CONTACT, {"contact": asked_of("school_nurse")}, True),
    ("R44", NURSE, Permission.ANSWER_CONTACT, {"contact": asked_of("mental_health")}, False),
    ("R44", NURSE, Permission.ANSWER_CONTACT, {"contact": asked_of("school_nurse", "la-353")}, False),
    ("R25", NURSE, POINT, {"point": reached("school_nurse")}, True),
    ("R44", NURSE, POINT, {"point": reached("mental_health")}, False),
    ("R44", NURSE, POINT, {"point": reached("school_nurse", "la-353")}, False),
    ("R44", TEAM, POINT, {"point": reached("family_support")}, True),
    ("R44", TEAM, POINT, {"point": reached("family_support", authority="354")}, False),
    ("R44", TEAM, POINT, {"point": reached("family_support", authority=None)}, False),
    ("R44", TEAM, POINT, {"point": reached("family_support", "refuge-1", discreet=True)}, False),
    (
        "R44",
        viewer(services=("family_support",), organisation_code="refuge-1"),
        POINT,
        {"point": reached("family_support", "refuge-1", discreet=True)},
        True,
    ),
    ("R1", viewer(role=Role.NATIONAL_TEAM), POINT, {"point": reached("school_nurse")}, False),
    ("R1", viewer(role=Role.TECHNICAL_ADMINISTRATOR), POINT, {"point": reached("school_nurse")}, False),
    ("R1", NURSE, Permission.GIVE_FEEDBACK, {}, True),
    ("R1", viewer(role=Role.AUDITOR), Permission.GIVE_FEEDBACK, {}, False),
    ("R44", PARTNER, POINT, {"point": reached("family_support", "barnardos", authority="")}, True),
    ("R44", PARTNER, POINT, {"point": reached("family_support", "kids", authority="")}, False),
    (
        "R44",
        PARTNER,
        POINT,
        {"point": reached("family_support", "barnardos", authority="", discreet=True)},
        False,
    ),
    ("R1", PARTNER, Permission.MANAGE_PEOPLE, {}, True),
    ("R1", PARTNER, Permission.GIVE_FEEDBACK, {}, True),
    ("R1", PARTNER, Permission.SEE_REPORTS, {}, True),
    ("R1", PARTNER, Permission.SEE_QUALITY, {}, False),
    ("R1", PARTNER, Permission.ACCREDIT, {}, False),
    ("R1", PARTNER, Permission.REVIEW_USE, {}, False),
    ("R57", PARTNER, SEARCH, {}, False),
    ("R57", PARTNER, OPEN, {}, False),
    ("R57", PARTNER, Permission.SEE_SHIELDS, {}, False),
    ("R57", PARTNER, Permission.PLACE_SHIELD, {}, False),
    ("R1", PARTNER, Permission.CHECK_EXISTING_SHIELDS, {}, False),
    ("R57", PARTNER, Permission.CHECK_RECORDS, {}, False),
    ("R57", PARTNER, Permission.JOIN_OR_PART, {}, False),
    ("R1", PARTNER, ROLLOUT, {}, False),
    ("R1", NURSE, ROLLOUT, {}, False),
    ("R1", TEAM, ROLLOUT, {}, False),
    ("R1", viewer(role=Role.TECHNICAL_ADMINISTRATOR), ROLLOUT, {}, False),
    ("R3", NATION, ROLLOUT, {"wave": wave(WaveStep.ASK)}, True),
    ("R3", NATION, ROLLOUT, {"wave": wave(WaveStep.ASK, lacking=1)}, False),
    ("R3", NATION, ROLLOUT, {"wave": wave(WaveStep.ASK, first_stand=False)}, False),
    ("R3", NATION, ROLLOUT, {"wave": wave(WaveStep.AGREE)}, False),
    ("R3", NATION, ROLLOUT, {"wave": wave(WaveStep.AGREE, state=WaveState.ASKED)}, True),
    (
        "R3",
        NATION,
        ROLLOUT,
        {"wave": wave(WaveStep.AGREE, state=WaveState.ASKED, asked_by_viewer=True)},
        False,
    ),
    ("R3", NATION, ROLLOUT, {"wave": wave(WaveStep.CLOSE, state=WaveState.OPEN, lacking=3)}, True),
    ("R1", NURSE, LISTS, {}, False),
    ("R1", TEAM, LISTS, {}, False),
    ("R58", NATION, LISTS, {}, True),
    ("R58", NATION, LISTS, listed(ListState.DRAFT, Step.ASK, mine=True), True),
    ("R58", NATION, LISTS, listed(ListState.DRAFT, Step.ASK, mine=False), False),
    ("R58", NATION, LISTS, listed(ListState.DRAFT, Step.AGREE, mine=False), False),
    ("R58", NATION, LISTS, listed(ListState.ASKED, Step.AGREE, mine=True), False),
    ("R58", NATION, LISTS, listed(ListState.ASKED, Step.AGREE, mine=False), True),
    ("R58", NATION, LISTS, listed(ListState.ASKED, Step.REFUSE, mine=False), True),
    ("R58", NATION, LISTS, listed(ListState.ASKED, Step.DROP, mine=True), True),
    ("R58", NATION, LISTS, listed(ListState.ASKED, Step.DROP, mine=False), False),
    ("R58", NATION, LISTS, listed(ListState.DONE, Step.AGREE, mine=False), False),
    ("R1", NURSE, MODEL, {}, False),
    ("R1", TEAM, MODEL, {}, False),
    ("R20", NATION, MODEL, {}, True),
    ("R20", NATION, MODEL, model(ModelState.ASKED, Step.AGREE, mine=False), False),
    ("R20", NATION, MODEL, model(ModelState.REPORTED, Step.AGREE, mine=True), False),
    ("R20", NATION, MODEL, model(ModelState.REPORTED, Step.AGREE, mine=False), True),
    ("R20", NATION, MODEL, model(ModelState.REPORTED, Step.AGREE, mine=False, stands=False), False),
    ("R20", NATION, MODEL, model(ModelState.REPORTED, Step.REFUSE, mine=False, stands=False), True),
    ("R20", NATION, MODEL, model(ModelState.REPORTED, Step.REFUSE, mine=True), False),
    ("R20", NATION, MODEL, model(ModelState.REPORTED, Step.DROP, mine=True), True),
    ("R20", NATION, MODEL, model(ModelState.REPORTED, Step.DROP, mine=False), False),
    ("R20", NATION, MODEL, model(ModelState.FAILED, Step.AGREE, mine=False), False),
    ("R20", NATION, MODEL, model(ModelState.REPLACED, Step.AGREE, mine=False), False),
    ("R19", SENDERS, FEEDS, mapped(MappingState.TRIED, Step.ASK, mine=True), True),
    ("R19", SENDERS, FEEDS, mapped(MappingState.TRIED, Step.ASK, mine=False), False),
    ("R19", SENDERS, FEEDS, mapped(MappingState.TRYING, Step.ASK, mine=True), False),
    ("R19", SENDERS, FEEDS, mapped(MappingState.TRIED, Step.AGREE, mine=False), False),
    ("R19", SENDERS, FEEDS, mapped(MappingState.ASKED, Step.AGREE, mine=True), False),
    ("R19", SENDERS, FEEDS, mapped(MappingState.ASKED, Step.AGREE, mine=False), True),
    ("R19", NATION, FEEDS, mapped(MappingState.ASKED, Step.AGREE, mine=False), True),
    ("R19", SENDERS, FEEDS, mapped(MappingState.ASKED, Step.REFUSE, mine=False), True),
    ("R19", SENDERS, FEEDS, mapped(MappingState.ASKED, Step.DROP, mine=True), True),
    ("R19", SENDERS, FEEDS, mapped(MappingState.ASKED, Step.DROP, mine=False), False),
    ("R19", SENDERS, FEEDS, mapped(MappingState.IN_FORCE, Step.REFUSE, mine=False), False),
    (
        "R25",
        SENDERS,
        FEEDS,
        {**mapped(MappingState.ASKED, Step.AGREE, mine=False), "feed": ENGLANDS},
        False,
    ),
    ("R3", viewer(lapses=(Lapse.NOT_OPEN_YET,)), SEARCH, {}, False),
    ("R26", viewer(role=Role.SHIELD_TEAM), Permission.CHECK_EXISTING_SHIELDS, {}, True),
    ("R1", TEAM, Permission.CHECK_EXISTING_SHIELDS, {}, False),
    ("R1", NURSE, Permission.SEE_NOTICES, {}, True),
    ("R57", viewer(role=Role.AUDITOR), Permission.SEE_NOTICES, {}, False),
    ("R1", NURSE, Permission.RUN_DESK, {}, False),
    ("R1", NURSE, Permission.SEE_TODAY, {}, False),
    ("R1", TEAM, Permission.SEE_TODAY, {}, True),
    ("R26", viewer(role=Role.SHIELD_TEAM), Permission.SEE_TODAY, {}, True),
    ("R52", REVIEWER, Permission.SEE_TODAY, {}, True),
    ("R54", viewer(role=Role.AUDITOR), Permission.SEE_TODAY, {}, True),
    ("R55", viewer(role=Role.TECHNICAL_ADMINISTRATOR), Permission.SEE_TODAY, {}, True),
    ("R1", NURSE, Permission.SEE_REPORTS, {}, False),
    ("R1", TEAM, Permission.SEE_REPORTS, {}, True),
    ("R1", viewer(role=Role.TECHNICAL_ADMINISTRATOR), Permission.SEE_REPORTS, {}, False),
    ("R32", TEAM, Permission.RUN_DESK, {"desk_message": DeskMessageInQuestion(protected=False)}, True),
    ("R32", TEAM, Permission.RUN_DESK, {"desk_message": DeskMessageInQuestion(protected=True)}, False),
    (
        "R32",
        viewer(role=Role.NATIONAL_TEAM),
        Permission.RUN_DESK,
        {"desk_message": DeskMessageInQuestion(protected=True)},
        True,
    ),
    ("R1", NURSE, CHECK, {}, False),
    ("R1", viewer(role=Role.SYSTEM), JOIN, {"match": match(asked=True)}, False),
    ("R57", viewer(role=Role.TECHNICAL_ADMINISTRATOR), CHECK, {"match": match()}, False),
    ("R20", SENDERS, CHECK, {"match": match()}, True),
    ("R20", SENDERS, CHECK, {"match": match("354")}, False),
    ("R20", SENDERS, CHECK, {"match": match("353", "354")}, True),
    ("R20", viewer(role=Role.AUTHORITY_TEAM, authority=None), CHECK, {"match": match()}, False),
    ("R20", viewer(role=Role.NATIONAL_TEAM, authority=None), CHECK, {"match": match("354")}, True),
    ("R34", SENDERS, CHECK, {"match": match(restricted=True)}, False),
    ("R34", viewer(role=Role.NATIONAL_TEAM), CHECK, {"match": match(restricted=True)}, False),
    ("R21", NATIONAL_SHIELDS, CHECK, {"match": match(restricted=True)}, True),
    ("R21", viewer(role=Role.SHIELD_TEAM), CHECK, {"match": match(restricted=True)}, False),
    ("R21", NATIONAL_SHIELDS, CHECK, {}, False),
    ("R21", NATIONAL_SHIELDS, CHECK, {"match": match()}, False),
    ("R21", NATIONAL_SHIELDS, JOIN, {"match": match(restricted=True)}, True),
    ("R21", NATIONAL_SHIELDS, JOIN, {"match": match(asked=True)}, True),
    ("R21", NATIONAL_SHIELDS, JOIN, {"match": match()}, False),
    ("R21", viewer(role=Role.SHIELD_TEAM), JOIN, {"match": match(restricted=True, asked=True)}, False),
    ("R34", viewer(role=Role.NATIONAL_TEAM), JOIN, {"match": match(restricted=True, asked=True)}, False),
    ("R20", SENDERS, JOIN, {"match": match(asked=True)}, True),
    ("R20", SENDERS, JOIN, {"match": match()}, False),
    ("R20", viewer(role=Role.NATIONAL_TEAM), JOIN, {"match": match()}, True),
    ("R34", SENDERS, JOIN, {"match": match(restricted=True, asked=True)}, False),
    ("R20", SENDERS, JOIN, {"match": match("354", asked=True)}, False),
    ("R1", NURSE, REVIEW, {}, False),
    ("R1", viewer(role=Role.AUDITOR), REVIEW, {"use": use()}, False),
    ("R57", REVIEWER, OPEN, {"record": TEN}, False),
    ("R1", REVIEWER, Permission.ASK_WHAT_WAS_SEEN, {}, True),
    ("R1", viewer(role=Role.SHIELD_TEAM), Permission.ASK_WHAT_WAS_SEEN, {}, True),
    ("R1", viewer(role=Role.TECHNICAL_ADMINISTRATOR), Permission.ASK_WHAT_WAS_SEEN, {}, False),
    ("R1", TEAM, Permission.ASK_WHAT_WAS_SEEN, {}, False),
    ("R1", NURSE, Permission.ASK_WHAT_WAS_SEEN, {}, False),
    ("R52", REVIEWER, REVIEW, {"use": use()}, True),
    ("R52", REVIEWER, REVIEW, {"use": use(KEISHA)}, False),
    ("R52", REVIEWER, REVIEW, {"use": use(organisation="la-353", team=20)}, True),
    ("R52", REVIEWER, REVIEW, {"use": use(organisation="la-353", team=19)}, False),
    ("R52", REVIEWER, REVIEW, {"use": use(reviewed_by="354")}, False),
    ("R52", REVIEWER, REVIEW, {"use": use(reviewed_by="")}, False),
    ("R52", DESK_REVIEWER, REVIEW, {"use": use(reviewed_by="")}, True),
    ("R52", DESK_REVIEWER, REVIEW, {"use": use()}, False),
    ("R52", PARTNERS_REVIEWER, REVIEW, {"use": use(organisation="kids", reviewed_by="at:kids")}, True),
    (
        "R52",
        PARTNERS_REVIEWER,
        REVIEW,
        {"use": use(organisation="kids", team=19, reviewed_by="at:kids")},
        False,
    ),
    ("R52", PARTNERS_REVIEWER, REVIEW, {"use": use(reviewed_by="at:barnardos")}, False),
    ("R52", PARTNERS_REVIEWER, REVIEW, {"use": use(reviewed_by="353")}, False),
    ("R52", PARTNERS_REVIEWER, REVIEW, {"use": use(reviewed_by="")}, False),
    (
        "R52",
        PARTNERS_REVIEWER,
        REVIEW,
        {"use": use(KEISHA, organisation="kids", reviewed_by="at:kids")},
        False,
    ),
    ("R34", PARTNERS_REVIEWER, REVIEW, {"use": use(protected=True, reviewed_by="at:kids")}, False),
    ("R57", PARTNERS_REVIEWER, SEARCH, {}, False),
    ("R57", PARTNERS_REVIEWER, OPEN, {}, False),
    ("R52", REVIEWER, REVIEW, {"use": use(reviewed_by="at:kids")}, False),
    ("R52", DESK_REVIEWER, REVIEW, {"use": use(reviewed_by="at:kids")}, False),
    ("R34", REVIEWER, REVIEW, {"use": use(protected=True)}, False),
    ("R34", DESK_REVIEWER, REVIEW, {"use": use(protected=True)}, True),
    ("R52", DESK_REVIEWER, REVIEW, {"use": use(KEISHA, protected=True)}, False),
    ("R52", viewer(role=Role.TECHNICAL_ADMINISTRATOR), Permission.ANSWER_FOR_TEAM, {}, True),
    ("R55", viewer(role=Role.NATIONAL_TEAM, organisation_code="contactpoint"), INCIDENT, {}, True),
    (
        "R55",
        viewer(role=Role.NATIONAL_TEAM, organisation_code="contactpoint", lapses=OUT),
        INCIDENT,
        {},
        True,
    ),
    ("R55", viewer(role=Role.NATIONAL_TEAM, organisation_code="contactpoint", lapses=OUT), SEARCH, {}, False),
    ("R55", viewer(role=Role.NATIONAL_TEAM), INCIDENT, {}, False),
    ("R55", viewer(lapses=OUT), SEARCH, {}, False),
    ("R51", viewer(lapses=OUT), Permission.SEE_OWN_ACTIVITY, {}, True),
    ("R55", NURSE, INCIDENT, {}, False),
    ("R11", NURSE, OPEN, {"record": seventeen_or_eighteen(23)}, True),
    ("R11", NURSE, OPEN, {"record": seventeen_or_eighteen(22)}, False),
    ("R11", viewer(role=Role.NATIONAL_TEAM), OPEN, {"record": seventeen_or_eighteen(22)}, False),
    ("R11", NURSE, OPEN, {"record": died(date(2025, 11, 23))}, True),
    ("R11", NURSE, OPEN, {"record": died(date(2025, 11, 22))}, False),
    ("R44", NURSE, RECORD, {"record": TEN, "new_involvement": own("school_nurse")}, True),
    ("R44", NURSE, RECORD, {"record": TEN, "new_involvement": own("youth_justice")}, False),
    ("R44", NURSE, RECORD, {"record": TEN, "new_involvement": own("no such service")}, False),
    ("R37", viewer(services=("mental_health",)), RECORD, {"new_involvement": own("mental_health")}, False),
    *(
        (
            "R37",
            viewer(services=("mental_health",)),
            RECORD,
            {"new_involvement": own("mental_health", basis)},
            True,
        )
        for basis in ConsentBasis
    ),
    ("R45", NURSE, CONFIRM, {"unconfirmed": said_by("bridgewater-nhs")}, True),
    ("R45", NURSE, CONFIRM, {"unconfirmed": said_by("bridgewater-nhs", self_said=True)}, False),
    ("R45", NURSE, CONFIRM, {"unconfirmed": said_by("105734")}, False),
    ("R44", NURSE, KEEP, {"own": kept()}, True),
    ("R44", NURSE, KEEP, {"own": kept(confirmed=False)}, True),
    ("R44", NURSE, KEEP, {"own": kept(mine=False)}, False),
    ("R1", viewer(role=Role.NATIONAL_TEAM), KEEP, {}, False),
    ("R43", NURSE, LEAD, {"own": kept()}, True),
    ("R45", NURSE, LEAD, {"own": kept(confirmed=False)}, False),
    ("R44", NURSE, HAND, {"own": kept()}, True),
    ("R45", NURSE, HAND, {"own": kept(confirmed=False)}, False),
    ("R8", NURSE, ASK, {"record": TEN}, True),
    ("R8", NURSE, ASK, {"record": TEN, "purpose": None}, False),
    ("R11", NURSE, ASK, {"record": seventeen_or_eighteen(22)}, False),
    ("R25", TEAM, ANSWER, {"correction": AskedCorrection(source_organisation="bridgewater-nhs")}, True),
    ("R25", TEAM, ANSWER, {"correction": AskedCorrection(source_organisation="la-353")}, False),
    ("R1", NURSE, ANSWER, {"correction": AskedCorrection(source_organisation="bridgewater-nhs")}, False),
]


@pytest.mark.parametrize(("rule", "who", "permission", "what", "allowed"), TABLE)
def test_who_may(rule, who, permission, what, allowed):
    request = AccessRequest(
        **{"viewer": who, "permission": permission, "at": NOW, "purpose": WORRIED, **what}
    )

    decision = authorise(request)

    assert decision.allowed is allowed
    if not allowed:
        assert rule in decision.rules
        assert decision.refusal.sentence.startswith("You cannot ")
        assert decision.refusal.sentence.endswith(".")
        assert decision.refusal.way_on


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.AUDIT_REVIEWER, Role.TECHNICAL_ADMINISTRATOR])
@pytest.mark.parametrize("permission", sorted(CHILD_DATA))
def test_these_roles_do_nothing_with_child_data(role, permission):
    request = AccessRequest(viewer=viewer(role=role), permission=permission, at=NOW, purpose=WORRIED)
    assert "R57" in authorise(request).rules


def test_a_refusal_names_the_reason_and_the_way_on():
    request = AccessRequest(
        viewer=viewer(lapses=(Lapse.TRAINING_EXPIRED,)), permission=OPEN, at=NOW, purpose=WORRIED
    )
    refusal = authorise(request).refusal
    assert refusal.sentence == "You cannot open this record because your training has run out."
    assert refusal.way_on == (
        "Ask your manager to book your training. "
        "For an urgent concern ring the national desk on 0808 157 0192."
    )
