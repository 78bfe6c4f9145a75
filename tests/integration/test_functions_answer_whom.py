"""Whom each function answers that the pages' role may call: one table of all of them (ADR 9, R51).

Whoever runs statements as the web role calls them with whatever they like. A function that is told by which
event somebody was written down answers that event of that very transaction, of just that deed, of somebody
who is signed in and holds that role there now; and refuses everything else in the same words.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.factories.directory import acting_as_role, build_account, build_child, build_reference
from tests.factories.signed_in import as_the_owner, sign_in
from tests.factories.supply import rows
from tests.factories.viewers import viewer

from contactpoint.actions.recording import record
from contactpoint.domain.audit.events import Action, Outcome
from contactpoint.domain.disclosure.actors import Role
from contactpoint.storage.models import Account, Membership, SignInSession

pytestmark = pytest.mark.django_db
NOBODY = UUID(int=9)
NUMBER = "C000000102M"
FEED = "childrens-services-353"
DESKS = (Role.SHIELD_TEAM,)
TEAMS = (Role.AUTHORITY_TEAM, Role.NATIONAL_TEAM)
NATIONAL = (Role.NATIONAL_TEAM,)
MANAGERS = (*TEAMS, Role.PARTNER_TEAM)
AREA_TEAMS = (Role.AUTHORITY_TEAM, Role.PARTNER_TEAM)
KEEP_POINTS = (Role.PRACTITIONER, *AREA_TEAMS)
KEEPERS = (Role.PRACTITIONER, Role.AUTHORITY_TEAM, Role.CONSENT_TEAM)
FINDERS = (Role.PRACTITIONER, *TEAMS, Role.SHIELD_TEAM, Role.CONSENT_TEAM)
LOOKS = (Action.LISTED_LOOKS,)
ANY_ROLE = tuple(one for one in Role if one is not Role.SYSTEM)


@dataclass(frozen=True, slots=True)
class Answers:
    """A call, with `{e}` for the event; whom it answers, and for which deeds.

    `about` is whom an event names that opens it.
    """

    call: str
    deeds: tuple[Action, ...]
    roles: tuple[Role, ...]
    about: tuple[str, ...] = ()


def desk(call, *deeds, about=()):
    return Answers(call, deeds, DESKS, about)


def manager(call, *deeds):
    return Answers(call, deeds, MANAGERS)


def reviewer(call, *deeds):
    return Answers(call, deeds, (Role.AUDIT_REVIEWER,))


OPENING = (
    Action.OPENED_SHIELD, Action.DECIDED_NEAR_SHIELD, Action.LISTED_LOOKS, Action.DECIDED_BREACH,
    Action.LISTED_ATTEMPTS, Action.DECIDED_ATTEMPTS,
)  # fmt: skip
AT_A_DESK = (Action.LISTED_DESK, Action.LISTED_TODAY, Action.OPENED_DESK_MESSAGE)
DESK_ROLES = (*TEAMS, Role.CONSENT_TEAM)
CONSENT = (Action.OPENED_CONSENT, Action.RECORDED_CONSENT, Action.WITHDREW_CONSENT)
FAMILY_ROLES = (*TEAMS, Role.SHIELD_TEAM)
FAMILY = (Action.OPENED_FAMILY_REQUEST, Action.MOVED_FAMILY_REQUEST, Action.MADE_FAMILY_REPORT)
REPORTING = (Action.READ_REPORT, Action.EXPORTED)
MEDIATORS = (Role.PRACTITIONER, *TEAMS)
NEAR = (Action.LISTED_CASES, Action.OPENED_CASE, Action.DECIDED_LINK, Action.UNDID_DECISION)

# By an event. What makes a look or a deed known, and to whom it belongs, stands here once for each.
BY_EVENT = {
    # shield desk
    "shields_to_do": desk("{e}, current_date, 50", Action.LISTED_SHIELDS, Action.LISTED_TODAY),
    "shield_at_desk": desk("{e}, 1", *OPENING),
    "shield_steps": desk("{e}, 1", Action.OPENED_SHIELD),
    "take_shield_step": desk("{e}, 1, 'confirmed', '{{}}', current_date, NULL", Action.CONFIRMED_SHIELD),
    "near_children": desk("{e}, 1", Action.OPENED_SHIELD),
    "decide_near": desk("{e}, 1, 'apart'", Action.DECIDED_NEAR_SHIELD),
    "looks_before": desk("{e}, 1", *LOOKS),
    "versions_looked_at": desk("{e}, 1", *LOOKS),
    "services_looked_at": desk("{e}, 1", *LOOKS),
    "breach_question_of": desk("{e}, 1", *LOOKS),
    "decide_breach": desk("{e}, 1, 'no_breach'", Action.DECIDED_BREACH),
    "keep_from": desk(
        f"{{e}}, '{NUMBER}', gen_random_uuid(), 'adoption', now(), current_date",
        Action.KEPT_FROM,
        about=(NUMBER,),
    ),
    "attempts_of": desk("{e}, 1", Action.LISTED_ATTEMPTS),
    "decide_attempts": desk("{e}, 1, 'chance'", Action.DECIDED_ATTEMPTS),
    "read_hidden": desk("{e}, 1", Action.READ_HIDDEN),
    "override_rights": desk("{e}", Action.LISTED_OVERRIDES, Action.AGREED_OVERRIDE, Action.ENDED_OVERRIDE),
    "give_override": desk("{e}, 'nobody@example.org', current_date", Action.GAVE_OVERRIDE),
    "agree_override": desk("{e}, 1", Action.AGREED_OVERRIDE),
    "end_override": desk("{e}, 1", Action.ENDED_OVERRIDE),
    "overrides_open": desk("{e}", Action.LISTED_OVERRIDES, Action.LISTED_TODAY),
    "override_at_desk": desk("{e}, 1", Action.OPENED_OVERRIDE),
    "close_override": desk("{e}, 1, 'justified'", Action.CLOSED_OVERRIDE),
    "desks_paired": Answers("{e}", (Action.LISTED_PAIRINGS,), NATIONAL),
    "pairings_asked": Answers(
        "{e}", (Action.LISTED_PAIRINGS, Action.LISTED_TODAY, Action.ANSWERED_PAIRING), NATIONAL
    ),
    "ask_pairing": Answers("{e}, '353', '354', false, 'Few'", (Action.ASKED_PAIRING,), NATIONAL),
    "answer_pairing": Answers("{e}, 1, 'agree'", (Action.ANSWERED_PAIRING,), NATIONAL),
    "pairs_proposed": desk(
        "{e}", Action.LISTED_SEALED, Action.TYPED_PAIR_AGAIN, Action.DROPPED_PAIR, Action.LISTED_TODAY
    ),
    "type_pair": desk("{e}, '~sealed.1.AA==', 'adoption'", Action.TYPED_PAIR),
    "type_pair_again": desk("{e}, 1, '~sealed.1.AA=='", Action.TYPED_PAIR_AGAIN),
    "drop_pair": desk("{e}, 1", Action.DROPPED_PAIR),
    "crossers_named": Answers(
        "{e}",
        (
            Action.LISTED_CROSSERS,
            Action.AGREED_CROSSER,
            Action.ENDED_CROSSER,
            Action.LISTED_SEALED,
            Action.LISTED_TODAY,
        ),
        (Role.NATIONAL_TEAM, Role.SHIELD_TEAM),
    ),
    "name_crosser": Answers("{e}, 'nobody@example.org', current_date", (Action.NAMED_CROSSER,), NATIONAL),
    "agree_crosser": Answers("{e}, 1", (Action.AGREED_CROSSER,), NATIONAL),
    "end_crosser": Answers("{e}, 1", (Action.ENDED_CROSSER,), NATIONAL),
    "crossing_rights": desk("{e}", Action.LISTED_SEALED),
    "crossings": desk("{e}", Action.LISTED_SEALED, Action.LISTED_TODAY),
    "ask_crossing": desk("{e}, '~sealed.1.AA==', 'danger'", Action.ASKED_CROSSING),
    "agree_crossing": desk("{e}, 1", Action.AGREED_CROSSING),
    "end_crossing": desk("{e}, 1", Action.ENDED_CROSSING),
    "see_crossing": desk("{e}, 1", Action.CROSSED_IDENTITY),
    "protect_now": Answers(
        f"{{e}}, '{NUMBER}', 'adoption', now(), current_date", (Action.SHIELDED,), FINDERS, (NUMBER,)
    ),
    # desks that pass messages on
    "desk_messages": Answers("{e}, now()", AT_A_DESK, DESK_ROLES),
    "desk_contacts": Answers("1, {e}", AT_A_DESK, DESK_ROLES),
    "pass_on_contact": Answers("1, {e}, 'la-353', 'send', now()", AT_A_DESK, DESK_ROLES),
    "close_at_desk": Answers("1, {e}, 'told', now()", AT_A_DESK, DESK_ROLES),
    # consents
    "consents_to_do": Answers(
        "{e}, current_date, 50", (Action.LISTED_CONSENTS, Action.LISTED_TODAY), KEEPERS
    ),
    "consents_about": Answers(f"{{e}}, '{NUMBER}', current_date", (Action.LISTED_CONSENTS,), KEEPERS),
    "consent_at": Answers("{e}, 1, current_date", CONSENT, KEEPERS),
    "consent_steps": Answers("{e}, 1, current_date", (Action.LISTED_CONSENTS, *CONSENT), KEEPERS),
    "say_consent": Answers(
        "{e}, 1, current_date, 'given', 'child', 'listed', NULL, true, '', '', '', ''",
        (Action.RECORDED_CONSENT,),
        KEEPERS,
    ),
    "decide_not_to_share": Answers(
        f"{{e}}, '{NUMBER}', 'address', 'risk', 'Ruth Cole', 'Named doctor'",
        (Action.DECIDED_NOT_TO_SHARE,),
        FINDERS,
        (NUMBER,),
    ),
    "not_shared_by": Answers("{e}, 50", (Action.LISTED_NOT_SHARED,), FINDERS),
    # families, children without a school, the archive, who saw what
    "record_family_request": Answers(
        f"{{e}}, '{NUMBER}', 'parent', 'known', 'parent', current_date, current_date + 30",
        (Action.RECORDED_FAMILY_REQUEST,),
        FAMILY_ROLES,
        (NUMBER,),
    ),
    "family_requests": Answers(
        "{e}, now()", (Action.LISTED_FAMILY_REQUESTS, Action.LISTED_TODAY), FAMILY_ROLES
    ),
    "family_request_at": Answers("{e}, 1", FAMILY, FAMILY_ROLES),
    "move_family_request": Answers(
        "{e}, 1, 'open', 'answered', '', current_date, false", (Action.MOVED_FAMILY_REQUEST,), FAMILY_ROLES
    ),
    "family_sensitive": Answers("{e}", (Action.MADE_FAMILY_REPORT,), FAMILY_ROLES),
    "family_looks": Answers("{e}, 1, '{{searched}}'", (Action.MADE_FAMILY_REPORT,), FAMILY_ROLES),
    "education_list_of": Answers(
        "{e}", (Action.LISTED_EDUCATION, Action.LISTED_TODAY), (Role.AUTHORITY_TEAM,)
    ),
    "decide_education": Answers("{e}, 1, 'moved'", (Action.DECIDED_EDUCATION,), (Role.AUTHORITY_TEAM,)),
    "archived_record": Answers(f"{{e}}, '{NUMBER}'", (Action.OPENED_ARCHIVED,), TEAMS, (NUMBER,)),
    "breach_seen": Answers(f"{{e}}, '{NUMBER}', NULL, NULL, NULL", (Action.REPORTED_BREACH,), NATIONAL),
    # somebody without an account
    "begin_mediation": Answers(
        "{e}, 'Ann Other', 'Clerk', 'ann@example.org', 'la-353', 'rang_back', 'safeguarding', ''",
        (Action.BEGAN_MEDIATION,),
        MEDIATORS,
    ),
    "open_for_requester": Answers("{e}, 1", (Action.OPENED_RECORD,), MEDIATORS),
    # roll-out
    "plan_wave": Answers(
        "{e}, 'First', 'pathfinder', current_date, '{{}}'", (Action.PLANNED_WAVE,), NATIONAL
    ),
    "roll_out_stands": Answers("{e}", (Action.LISTED_WAVES,), NATIONAL),
    "bodies_to_plan": Answers("{e}, '{{}}'", (Action.PLANNED_WAVE,), NATIONAL),
    "step_wave": Answers("{e}, 1, 'ask', ''", (Action.STEPPED_WAVE,), NATIONAL),
    "keep_staying": Answers(
        "{e}, 'C', current_date, current_date", (Action.AGREED_TO_STAY,), (Role.AUTHORITY_TEAM,)
    ),
    "end_staying": Answers("{e}, 'C'", (Action.WITHDREW_STAYING,), (Role.AUTHORITY_TEAM,)),
    "give_feedback": Answers(
        "{e}, 'how', 'find', 'no', 'slow', '', '', ''", (Action.GAVE_FEEDBACK,), (*FINDERS, Role.PARTNER_TEAM)
    ),
    "feedback_to_read": Answers("{e}", (Action.LISTED_FEEDBACK,), NATIONAL),
    "feedback_of": Answers("{e}, 1", (Action.LISTED_FEEDBACK,), NATIONAL),
    "feedback_by_wave": Answers("{e}", (Action.LISTED_FEEDBACK, Action.LISTED_TODAY), NATIONAL),
    "answer_feedback": Answers("{e}, 1, 'seen', ''", (Action.ANSWERED_FEEDBACK,), NATIONAL),
    "note_shields": desk("{e}, 'none'", Action.CHECKED_SHIELDS),
    # corrections, to whoever runs a feed
    "feed_corrections": Answers(
        f"{{e}}, '{FEED}'", (Action.LISTED_CORRECTIONS, Action.TOOK_CORRECTIONS), TEAMS
    ),
    "corrections_overdue": Answers("{e}, now()", (Action.LISTED_TODAY,), NATIONAL),
    # corrections of somebody's own word, to whoever is asked about it
    "word_corrections": Answers(
        "{e}", (Action.LISTED_CORRECTIONS, Action.LISTED_OWN_CHILDREN, Action.LISTED_TODAY), MEDIATORS
    ),
    "word_in_question": Answers("{e}, 1", (Action.LISTED_CORRECTIONS,), MEDIATORS),
    "answer_word": Answers(
        "{e}, 1, 'stands', 'checked', '', '', NULL", (Action.ANSWERED_CORRECTION,), MEDIATORS
    ),
    "answer_feed_correction": Answers(f"{{e}}, 1, '{FEED}', 'stands'", (Action.ANSWERED_CORRECTION,), TEAMS),
    # how services are reached
    "keep_point": Answers(
        "{e}, 'P85001', 'gp', '0161', '', '', ''",
        (Action.KEPT_CONTACT_POINT,),
        KEEP_POINTS,
    ),
    "confirm_point": Answers("{e}, 'P85001', 'gp'", (Action.CONFIRMED_CONTACT_POINT,), KEEP_POINTS),
    "end_point": Answers("{e}, 'P85001', 'gp'", (Action.ENDED_CONTACT_POINT,), KEEP_POINTS),
    "doubt_point": Answers("{e}, 'P85001', 'gp'", (Action.NOTED_CALL,), FINDERS),
    "services_found": Answers(
        "{e}, '{{}}', '', '', 0, 26", (Action.LISTED_SERVICES,), (*FINDERS, Role.PARTNER_TEAM)
    ),
    "points_in": Answers("{e}", (Action.LISTED_CONTACT_POINTS, Action.LISTED_TODAY), AREA_TEAMS),
    # records to check
    "mixed_looks": Answers("{e}, 1, false", LOOKS, TEAMS),
    "mixed_versions": Answers("{e}, 1, false", LOOKS, TEAMS),
    "mixed_services": Answers("{e}, 1, false", LOOKS, TEAMS),
    "mixed_question_of": Answers("{e}, 1, true", LOOKS, DESKS),
    "decide_mixed": Answers("{e}, 1, true, 'no_breach'", (Action.DECIDED_BREACH,), DESKS),
    "mixed_due": Answers("{e}, false", (Action.LISTED_TODAY,), TEAMS),
    "sealed_side": Answers("1, 1, {e}", NEAR, DESKS),
    "cases_to_check": Answers("{e}, false, '{{}}', 10, 0", (*NEAR, Action.LISTED_TODAY), TEAMS),
    "case_to_check": Answers("1, {e}, false", (*NEAR, Action.LISTED_TODAY), TEAMS),
    "case_after": Answers("1, {e}, false, '{{}}'", (*NEAR, Action.LISTED_TODAY), TEAMS),
    "another_lives_there": Answers("1, {e}", (*NEAR, Action.LISTED_TODAY), TEAMS),
    "came_since": Answers("1, {e}, false", (*NEAR, Action.LISTED_TODAY), TEAMS),
    "say_known": Answers("{e}, '2026-4', 'baby', 'same'", (Action.ANSWERED_KNOWN_PAIR,), TEAMS),
    "known_words": Answers("{e}, '2026-4'", (Action.LISTED_KNOWN_PAIRS, Action.ANSWERED_KNOWN_PAIR), TEAMS),
    "cases_decided": Answers("{e}, false, 10", (*NEAR, Action.LISTED_TODAY), TEAMS),
    "decide_case": Answers("1, {e}, false, 'same', 'Alike', '{{}}'", (Action.DECIDED_LINK,), TEAMS),
    "undo_case_decision": Answers("1, {e}, false, 'Wrong'", (Action.UNDID_DECISION,), TEAMS),
    # children who move
    "moves_seen": Answers("{e}", (Action.LISTED_MOVES, Action.ANSWERED_MOVE, Action.LISTED_TODAY), TEAMS),
    "answer_move": Answers("{e}, 1, 'accept', ''", (Action.ANSWERED_MOVE,), TEAMS),
    "protected_moves": desk("{e}", Action.LISTED_MOVES, Action.ANSWERED_MOVE),
    "answer_protected_move": desk("{e}, 1, 'give'", Action.ANSWERED_MOVE),
    "unplaced_seen": Answers("{e}, 10", (Action.LISTED_UNPLACED, Action.LISTED_TODAY), NATIONAL),
    "give_authority": Answers("{e}, '353', 'last_known', '2026-12-31'", (Action.GAVE_AUTHORITY,), NATIONAL),
    "note_leaving": Answers("{e}, 'left_for_good', '2026-03-01'", (Action.NOTED_LEAVING,), NATIONAL),
    "write_team_word": Answers(
        "{e}, 'died', '2026-03-01', 'family', 'not_told'", (Action.NOTED_DEATH,), TEAMS
    ),
    "take_team_word_back": Answers("{e}, 'died', 'wrong_day'", (Action.WITHDREW_DEATH,), TEAMS),
    "moves_of_desk": desk("{e}", Action.LISTED_SHIELDS),
    # review of use
    "use_to_review": reviewer("{e}, '{{waiting}}', 10, 0", Action.LISTED_USE),
    "use_opened": reviewer("1, {e}", Action.OPENED_USE),
    "use_events": reviewer("1, {e}", Action.OPENED_USE),
    "use_steps": reviewer("1, {e}", Action.OPENED_USE),
    "use_manager": reviewer("1, {e}", Action.OPENED_USE),
    "decide_use": reviewer("1, {e}, 'waiting', 'justified', 'justified', '', now()", Action.OPENED_USE),
    "use_waiting": reviewer("{e}, now()", Action.LISTED_TODAY),
    "use_months_due": reviewer("{e}, current_date", Action.LISTED_TODAY),
    "use_month": reviewer("{e}, current_date", Action.LISTED_USE),
    "use_signed_off": reviewer("{e}", Action.LISTED_USE),
    "sign_off_use": reviewer("{e}, '2026-10-01', 'All well', now()", Action.LISTED_USE),
    "ask_replay": Answers(
        f"{{e}}, '{NUMBER}', gen_random_uuid(), now(), 'Asked'",
        (Action.ASKED_REPLAY,),
        (Role.AUDIT_REVIEWER, Role.SHIELD_TEAM),
    ),
    "replays_asked": Answers("{e}", (Action.REPLAYED,), (Role.AUDIT_REVIEWER, Role.SHIELD_TEAM)),
    # how work goes
    "work_cases": Answers("{e}, now(), now(), '{{}}', '{{}}'", REPORTING, TEAMS),
    "work_review": Answers("{e}, now(), now(), now()", REPORTING, MANAGERS),
    "work_looks": Answers("{e}, current_date, current_date", REPORTING, MANAGERS),
    "partner_children": Answers("{e}, current_date", REPORTING, (Role.PARTNER_TEAM,)),
    # lists
    "try_reference": Answers("{e}, 'school', '[]'", (Action.TRIED_REFERENCE,), NATIONAL),
    "propose_reference": Answers(
        """{e}, 'charity', '{{"code": "k", "name": "K", "authority": "", "phone": "", "hours": "",
        "cover": "", "address": "", "postcode": "", "closed": ""}}'""",
        (Action.TRIED_REFERENCE,),
        NATIONAL,
    ),
    "put_back_reference": Answers("{e}, 1", (Action.TRIED_REFERENCE,), NATIONAL),
    "step_reference": Answers("{e}, 1, 'ask', 'Asked'", (Action.STEPPED_REFERENCE,), NATIONAL),
    "reference_changes": Answers("{e}, NULL", (Action.LISTED_REFERENCE, Action.LISTED_TODAY), NATIONAL),
    "try_mapping": Answers(f"{{e}}, '{FEED}', '# new', '', ''", (Action.TRIED_MAPPING,), TEAMS),
    "put_back_mapping": Answers(f"{{e}}, '{FEED}', 1", (Action.TRIED_MAPPING,), TEAMS),
    "step_mapping": Answers(f"{{e}}, '{FEED}', 1, 'ask', 'Asked'", (Action.STEPPED_MAPPING,), TEAMS),
    "mapping_versions": Answers(f"{{e}}, '{FEED}', NULL", (Action.LISTED_MAPPINGS,), TEAMS),
    "authority_has": Answers("{e}, '353'", (Action.LISTED_REFERENCE,), NATIONAL),
    "plan_authority": Answers("{e}, '354', '{{}}', 'Asked'", (Action.ASKED_AUTHORITY_CHANGE,), NATIONAL),
    "step_authority_change": Answers("{e}, 1, 'agree'", (Action.STEPPED_AUTHORITY_CHANGE,), NATIONAL),
    "authority_changes": Answers("{e}", (Action.LISTED_REFERENCE, Action.LISTED_TODAY), NATIONAL),
    # settings
    "set_setting": Answers("{e}, 'searches_a_minute', 30, '', 'Asked'", (Action.PROPOSED_SETTING,), NATIONAL),
    "answer_setting": Answers("{e}, 1, true", (Action.ANSWERED_SETTING,), NATIONAL),
    "setting_versions": Answers("{e}", (Action.LISTED_SETTINGS,), NATIONAL),
    "setting_changes": Answers("{e}", (Action.LISTED_SETTINGS, Action.LISTED_TODAY), NATIONAL),
    "setting_reached": Answers("{e}, 'searches_a_minute', 30", (Action.LISTED_SETTINGS,), NATIONAL),
    # the matching model
    "propose_model": Answers(
        "{e}, '{{\"version\": \"m\"}}', 'Asked', false", (Action.PROPOSED_MODEL,), NATIONAL
    ),
    "step_model": Answers("{e}, 1, 'agree'", (Action.STEPPED_MODEL,), NATIONAL),
    "model_versions": Answers("{e}", (Action.LISTED_MODELS, Action.LISTED_TODAY), NATIONAL),
    "model_before": Answers("{e}", (Action.LISTED_MODELS,), NATIONAL),
    # checkpoints
    "handovers_of": Answers("{e}", (Action.LISTED_HANDOVERS,), (Role.AUDITOR,)),
    "ask_handover": Answers("{e}", (Action.ASKED_HANDOVER,), (Role.AUDITOR,)),
    "handovers_waiting": Answers("{e}", (Action.LISTED_TODAY,), (Role.AUDITOR,)),
    "handovers_elsewhere": Answers("{e}", (Action.LISTED_HANDOVERS, Action.LISTED_TODAY), (Role.AUDITOR,)),
    "handover_taken": Answers("1, {e}", (Action.TOOK_HANDOVER,), (Role.AUDITOR,)),
    # people and organisations
    "accredit_body": manager("{e}, 'P85001', current_date", Action.GRANTED, Action.REVOKED),
    "invite_person": manager(
        "{e}, gen_random_uuid(), 'a@example.org', 'A', 'B', '', NULL, '!', 'la-353', NULL, NULL, NULL",
        Action.CREATED_ACCOUNT,
    ),
    "invite_again": manager("{e}, gen_random_uuid()", Action.INVITED_AGAIN),
    "give_role": manager("{e}, gen_random_uuid(), 'nowhere', 'practitioner', '[]'", Action.GRANTED),
    "ask_role": manager("{e}, gen_random_uuid(), 'nowhere', 'shield_team', '[]'", Action.ASKED_ROLE),
    "agree_role": manager("{e}, 1", Action.GRANTED),
    "refuse_role": manager("{e}, 1", Action.REVOKED),
    "record_standing": manager("{e}, gen_random_uuid(), NULL, NULL, NULL, NULL", Action.RECORDED_STANDING),
    "suspend_person": manager("{e}, gen_random_uuid()", Action.SUSPENDED),
    "reinstate_person": manager("{e}, gen_random_uuid()", Action.REINSTATED),
    "renew_account": manager("{e}, gen_random_uuid(), 'la-353'", Action.RENEWED_ACCOUNT),
    "end_memberships": manager("{e}, gen_random_uuid(), 'la-353', NULL, false", Action.REVOKED),
    "may_give_password": manager("{e}, gen_random_uuid()", Action.GAVE_PASSWORD),
}
OWN = "what is one's own, of the account it is given (ADR 9)"
SIGNED_IN = "what is one's own, of an account that is signed in now"
OPEN = "what everybody may be shown, or nothing about anybody"
ITSELF = "writes the event itself, and refuses unless it says so"
OTHERWISE = {
    "audit_activity": SIGNED_IN, "own_protected_children": SIGNED_IN, "own_words_about": SIGNED_IN,
    "may_override": SIGNED_IN, "protected_lately": SIGNED_IN, "mediation_of": SIGNED_IN,
    "in_archive": SIGNED_IN, "own_opened_and_changed": SIGNED_IN, "old_authorities_of": OPEN,
    "given_authorities_of": OPEN, "noted_as_left": OPEN, "team_statements_shown": OPEN,
    "note_notice_look": OWN, "use_questions": SIGNED_IN, "answer_use_question": SIGNED_IN,
    "suspend_for_pace": "suspends whoever the event says was stopped, who is signed in",
    "read_overridden": ITSELF,
    "statements_shown": OPEN, "involvements_shown": OPEN, "statements_shown_before": OPEN,
    "involvements_shown_before": OPEN, "numbers_joined": OPEN, "records_parted": OPEN,
    "corrections_about": OPEN, "area_of": OPEN, "settings_then": OPEN, "gate_of": OPEN,
    "authorities_stand": OPEN,
    "model_in_force": OPEN,
    "own_feedback": OWN, "keep_training": SIGNED_IN, "requester_known": OPEN, "is_purging": OPEN,
    "key_to_write_with": OPEN,
    "involvements_waiting": OWN, "involvement_to_confirm": OWN, "involvement_typed_at": OWN,
    "confirm_own_word": OWN, "say_own_word": OWN, "own_involvements": OWN, "own_involvement": OWN,
    "end_own_involvement": OWN, "still_own_involvement": OWN, "correct_own_involvement": OWN,
    "hold_lead": OWN, "take_own_lead": OWN, "note_own_look": OWN, "handovers_offered": OWN,
    "offer_handover": OWN, "handovers_open": OWN, "lock_handover": OWN, "answer_handover": OWN,
    "corrections_asked": OWN, "corrections_waiting": OWN, "ask_correction": OWN,
    "answer_correction": OWN, "ask_contact": OWN, "ask_desk": OWN, "contacts_asked": OWN,
    "contacts_to_answer": OWN, "lock_contact": OWN, "move_contact": OWN, "withdraw_contact": OWN,
    "replies_through_desk": OWN, "contacts_answered": OWN, "contact_thread": OWN,
    "children_kept_from": OWN, "is_kept_from": OWN, "search_rows_kept_from": OWN, "child_for": OWN,
}  # fmt: skip
MAY_CALL = """
    SELECT DISTINCT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
      AND p.prosecdef AND p.prorettype <> 'trigger'::regtype
      AND has_function_privilege('contactpoint_web', p.oid, 'EXECUTE')
"""


def test_every_function_that_pages_may_call_is_in_the_table():
    assert {name for (name,) in rows(MAY_CALL)} == {*BY_EVENT, *OTHERWISE}
    assert BY_EVENT.keys() & OTHERWISE.keys() == set()


HOME = {
    Role.PRACTITIONER: "bridgewater-nhs",
    Role.PARTNER_TEAM: "harbour-recovery",
    Role.NATIONAL_TEAM: "contactpoint",
    Role.TECHNICAL_ADMINISTRATOR: "contactpoint",
}
WHO = {role: UUID(int=100 + place) for place, role in enumerate(ANY_ROLE)}


@pytest.fixture(autouse=True)
def people(db):
    """One person in each role, signed in; and somebody signed in without any."""
    build_reference()
    for role, account in [*WHO.items(), (None, NOBODY)]:
        build_account(account, f"Somebody {account.int}")
        if role:
            Membership.objects.create(account_id=account, organisation_id=home(role), role=role.value)
        sign_in(account)


def home(role):
    return HOME.get(role, "la-353")


def acting(role, account=None):
    kind = {"la-353": "authority", "contactpoint": "national"}.get(home(role), "nhs_trust")
    return viewer(
        account_id=account or WHO[role], role=role, organisation_code=home(role), organisation_kind=kind
    )


def written(deed, role, one, *, outcome=Outcome.ALLOWED, account=None):
    return record(deed, by=acting(role, account), at=timezone.now(), outcome=outcome, subjects=one.about)


def refused(name, one, event):
    """What the database says to it; empty where it answers."""
    call = one.call.format(e="NULL" if event is None else f"'{event}'")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {name}({call})")
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return ""


def as_the_web(make):
    """The functions that did not refuse what `make` returns for each: events, as if each were tried alone."""
    answered = {}
    with acting_as_role("web"):
        for name, one in BY_EVENT.items():
            for what, event in make(one):
                if "written down as doing it" not in (said := refused(name, one, event)):
                    answered[name, what] = said
    return answered


def right(one):
    for deed in one.deeds:
        for role in one.roles:
            yield f"{role} {deed}", written(deed, role, one)


def test_whoever_is_written_down_as_doing_it_is_answered():
    """What comes of an answer is tried elsewhere: here that it is not refused to whom it belongs."""
    wanted = {
        (name, f"{role} {deed}") for name, one in BY_EVENT.items() for deed in one.deeds for role in one.roles
    }
    answered = as_the_web(right)
    assert answered.keys() == wanted
    assert [one for one in answered.items() if "does not match function result type" in one[1]] == []


def no_event(_):
    yield "none", None
    yield "one that is not there", uuid4()


def another_deed(one):
    """Every other deed there is, by whoever may do this one: none is so like it that it would do."""
    others = (Action.VIEWED_OWN_ACTIVITY, Action.SIGNED_OUT, Action.LISTED_PEOPLE, Action.NOTED_CALL)
    for deed in [other for other in others if other not in one.deeds]:
        yield deed.value, written(deed, one.roles[0], one)


def another_role(one):
    for role in set(ANY_ROLE) - set(one.roles):
        yield role.value, written(one.deeds[0], role, one)


def a_role_they_do_not_hold(one):
    for role in one.roles:
        yield role.value, written(one.deeds[0], role, one, account=NOBODY)


def what_was_refused(one):
    yield "refused", written(one.deeds[0], one.roles[0], one, outcome=Outcome.REFUSED)


@pytest.mark.parametrize(
    "make", [no_event, another_deed, another_role, a_role_they_do_not_hold, what_was_refused]
)
def test_nobody_else_is_answered(make):
    assert as_the_web(make) == {}


def long_ago(one):
    """An event of an earlier transaction of the same person: what they did then opens nothing now."""
    event = written(one.deeds[0], one.roles[0], one)
    with as_the_owner():
        with acting_as_role("worker"):
            rows("DELETE FROM audit_pending WHERE event_id = %s RETURNING 1", event)
        rows("INSERT INTO audit_pending (event_id, txid) VALUES (%s, '3') RETURNING 1", event)
    yield "earlier", event


def test_nobody_is_answered_by_an_event_of_another_transaction():
    assert as_the_web(long_ago) == {}


def right_once(one):
    yield "", written(one.deeds[0], one.roles[0], one)


@pytest.mark.parametrize(
    "undo",
    [
        lambda: SignInSession.objects.update(ended_at=timezone.now()),
        lambda: Account.objects.update(suspended_at=timezone.now()),
        lambda: Account.objects.update(is_active=False),
        lambda: Membership.objects.update(ended_at=timezone.now() - timedelta(hours=1)),
    ],
    ids=["signed out", "suspended", "closed", "left"],
)
def test_whoever_may_not_act_any_more_is_not_answered(undo):
    undo()
    assert as_the_web(right_once) == {}


def test_an_event_of_another_child_opens_no_child():
    """R51: whom it is about stands in the event."""
    build_child({"source": "births", "forename": "Zoe", "surname": "Quist", "date_of_birth": "2016-05-09"})
    named = {name: one for name, one in BY_EVENT.items() if one.about}
    assert len(named) > 4
    with acting_as_role("web"):
        for name, one in named.items():
            other = replace(one, about=("C000000203K",))
            assert refused(name, one, written(one.deeds[0], one.roles[0], other)) != "", name
