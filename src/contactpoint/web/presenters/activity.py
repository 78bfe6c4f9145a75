"""The words of "My activity"."""

from dataclasses import dataclass
from uuid import UUID

from contactpoint.domain.disclosure.answers import ActivityEntry
from contactpoint.domain.here import HERE
from contactpoint.web.presenters.how_come import how_words
from contactpoint.web.presenters.messages import Link, MessagePage
from contactpoint.web.presenters.words import birth_date_words, moment_words, number_words

ACTION_WORDS = {
    "listed_handovers": "Looked at the checkpoints handed over",
    "asked_handover": "Asked for a checkpoint",
    "took_handover": "Took a checkpoint away",
    "asked_replay": "Asked what somebody could see at a moment",
    "replayed": "Looked at what somebody could see at a moment",
    "signed_in": "Signed in",
    "sign_in_refused": "A sign-in was refused",
    "bound_sign_in": "Signed in with the organisation for the first time",
    "signed_out": "Signed out",
    "enrolled_second_factor": "Set up a one-time code",
    "changed_password": "Changed the password",
    "added_passkey": "Added a passkey",
    "renamed_passkey": "Renamed a passkey",
    "removed_passkey": "Removed a passkey",
    "used_recovery_code": "Used a recovery code",
    "renewed_recovery_codes": "Got new recovery codes",
    "locked_session": "Locked the screen",
    "unlocked_session": "Unlocked the screen",
    "session_expired": "Was signed out after too long",
    "ended_session": "Signed out another browser",
    "ended_all_sessions": "Signed out everywhere",
    "named_manager": "Named a manager",
    "gave_password": "Gave somebody a password for one use",
    "listed_people": "Looked at people with accounts",
    "opened_person": "Opened somebody's account",
    "listed_organisations": "Looked at organisations",
    "created_account": "Made an account",
    "invited_again": "Had an invitation sent again",
    "took_people_file": "Invited people by file",
    "recorded_standing": "Recorded a check, training or agreement",
    "renewed_account": "Renewed somebody's account",
    "asked_role": "Asked for a role for somebody",
    "granted": "Gave a role, or accredited an organisation",
    "revoked": "Ended a role or an accreditation",
    "asked_for_recovery": "Asked the manager for a new one-time code",
    "listed_team": "Looked at the team",
    "allowed_recovery": "Let a colleague set up a new one-time code",
    "recovered_account": "Set up a new one-time code with a manager's link",
    "chose_role": "Chose what to act as",
    "searched": "Searched",
    "opened_record": "Opened a record",
    "printed_record": "Had a record laid out to print",
    "began_mediation": "Wrote down that somebody without an account asked me to look",
    "read_exercises": "Looked at the exercises",
    "took_assessment": "Took the assessment",
    "recorded_own_training": "Entered that the training is passed",
    "trusted_training": "Changed which training directory is believed",
    "agreed_to_stay": "Recorded that somebody agreed to stay until 25",
    "withdrew_staying": "Recorded that somebody takes back to stay until 25",
    "read_history": "Looked at how a record came to be",
    "refused": "Was refused",
    "recorded_involvement": "Said: I am working with this child",
    "read_own_word": "Looked at what I said of my work with a child",
    "confirmed_involvement": "Confirmed that a colleague is working with a child",
    "ended_involvement": "Ended an involvement",
    "viewed_own_activity": "Looked at My activity",
    "uploaded_file": "Uploaded a file of a feed",
    "paused_source": "Paused a feed",
    "resumed_source": "Resumed a feed",
    "released_delivery": "Let a held delivery go on",
    "refused_delivery": "Refused a held delivery",
    "took_rejects": "Took the rejected rows of a feed",
    "took_corrections": "Took the corrections of a feed",
    "reported_activity": "Reported: this wasn't me",
    "listed_own_children": "Looked at my children",
    "listed_notices": "Looked at my notices",
    "chose_notices": "Chose what to be told",
    "listed_contact_points": "Looked at how services are reached",
    "gave_feedback": "Said how the directory works",
    "listed_feedback": "Read what people say of the directory",
    "answered_feedback": "Answered what somebody said of the directory",
    "listed_known_pairs": "Looked at known pairs",
    "answered_known_pair": "Decided a known pair",
    "listed_waves": "Looked at the roll-out",
    "planned_wave": "Planned a wave of the roll-out",
    "stepped_wave": "Opened or shut a wave of the roll-out, or asked for it",
    "listed_reference": "Looked at the lists of authorities, schools, practices and wards",
    "asked_authority_change": "Planned that an authority is split or merged",
    "stepped_authority_change": "Answered a plan for an authority, or asked to take it back",
    "tried_reference": "Tried a new list of authorities, schools or practices",
    "stepped_reference": "Asked for a change of a list, or answered one",
    "listed_models": "Looked at the matching model",
    "proposed_model": "Proposed a matching model",
    "stepped_model": "Answered a proposal of a matching model, or dropped one",
    "listed_mappings": "Looked at how a feed is read",
    "tried_mapping": "Tried another way to read a feed",
    "stepped_mapping": "Asked that a feed is read in another way, or answered it",
    "checked_shields": "Said that existing protections were checked",
    "kept_contact_point": "Said how a service is reached",
    "confirmed_contact_point": "Said that a service is still reached so",
    "opened_own_child": "Looked at what I said of my work with a child",
    "said_still_involved": "Said: I am still involved",
    "corrected_involvement": "Corrected what I said of my work with a child",
    "took_lead": "Became the lead practitioner",
    "offered_handover": "Asked a colleague to take over",
    "accepted_handover": "Took over from a colleague",
    "declined_handover": "Did not take over from a colleague",
    "listed_correctable": "Looked at what could be wrong",
    "asked_correction": "Asked for a correction",
    "listed_corrections": "Looked at corrections",
    "answered_correction": "Answered for a source",
    "listed_askable": "Looked at who could be asked to get in touch",
    "asked_contact": "Asked to be contacted",
    "withdrew_contact": "Took back a request to be contacted",
    "noted_call": "Said how ringing somebody went",
    "listed_inbox": "Looked at the inbox",
    "took_contact": "Said: I will get in touch",
    "answered_contact": "Answered a request to get in touch",
    "handed_on_contact": "Handed on a request to get in touch",
    "listed_today": "Looked at what needs doing today",
    "opened_archived": "Read an archived record",
    "listed_desk": "Looked at messages at the desk",
    "opened_desk_message": "Opened a message at the desk",
    "dealt_with_desk_message": "Dealt with a message at the desk",
    "listed_incidents": "Looked at security incidents",
    "asked_to_shut": "Asked that everybody be shut out",
    "shut_access": "Shut access",
    "asked_to_open": "Asked that access open again",
    "opened_access": "Opened access again",
    "listed_settings": "Looked at settings",
    "proposed_setting": "Changed a setting, or proposed to",
    "answered_setting": "Answered a proposed setting",
    "listed_use": "Looked at use to review",
    "opened_use": "Looked at one look to review",
    "reviewed_audit": "Decided about a look",
    "suspended": "Suspended an account",
    "reinstated": "Lifted the suspension of an account",
    "signed_off_use": "Signed off a month of use",
    "listed_questions": "Looked at questions about the team",
    "answered_question": "Answered a question about the team",
    "listed_waiting": "Looked at what waits to be confirmed",
    "listed_cases": "Looked at records to check",
    "opened_case": "Compared records",
    "decided_link": "Said whether records are of one child",
    "undid_decision": "Took back what was decided about records",
    "joined_records": "Records were joined as I decided",
    "parted_records": "Records were parted as I decided",
    "shielded": "Had a record protected",
    "listed_shields": "Looked at what the shield desk has to do",
    "opened_shield": "Looked at the protection of a record",
    "confirmed_shield": "Confirmed that a record is protected",
    "extended_shield": "Reviewed the protection of a record",
    "asked_lifting": "Asked that a protection be lifted",
    "agreed_lifting": "Agreed that a protection be lifted",
    "stopped_lifting": "Stopped the lifting of a protection",
    "decided_near_shield": "Said whether somebody near a protected child must be protected too",
    "listed_looks": "Looked at who had seen a record before it was protected",
    "decided_breach": "Decided whether what was seen is a breach",
    "kept_from": "Kept a record from one person",
    "read_hidden": "Saw what a protection hides",
    "listed_attempts": "Looked at what a person tried whom a record is kept from",
    "decided_attempts": "Said what came of what a person tried whom a record is kept from",
    "listed_consents": "Looked at who agreed to sensitive services",
    "opened_consent": "Looked at who agreed to a sensitive service",
    "recorded_consent": "Recorded who agreed to a sensitive service",
    "withdrew_consent": "Recorded that nobody agrees to a sensitive service any more",
    "decided_not_to_share": "Recorded a decision not to share",
    "listed_not_shared": "Looked at decisions not to share",
    "overrode_shield": "Overrode the protection of a record",
    "listed_overrides": "Looked at overrides and who may override",
    "opened_override": "Looked into an override",
    "closed_override": "Said what came of looking into an override",
    "gave_override": "Gave somebody a right to override",
    "agreed_override": "Agreed that somebody may override",
    "ended_override": "Ended somebody's right to override",
    "listed_pairings": "Looked at shield desks that second each other",
    "asked_pairing": "Asked that two shield desks be paired, or no more",
    "answered_pairing": "Answered that two shield desks be paired, or no more",
    "listed_sealed": "Looked at what waits of sealed identities",
    "typed_pair": "Typed the numbers of a sealed identity",
    "typed_pair_again": "Typed the numbers of a sealed identity as the second person",
    "dropped_pair": "Dropped a sealed identity that waited",
    "listed_crossers": "Looked at who may cross between sealed identities",
    "named_crosser": "Named somebody who may cross between sealed identities",
    "agreed_crosser": "Agreed that somebody may cross between sealed identities",
    "ended_crosser": "Ended that somebody may cross between sealed identities",
    "asked_crossing": "Asked for the other number of a sealed identity",
    "agreed_crossing": "Agreed that the other of two sees a number of a sealed identity",
    "ended_crossing": "Ended a crossing between sealed identities",
    "crossed_identity": "Saw the other number of a sealed identity",
    "recorded_family_request": "Recorded that a family asks what is held",
    "listed_family_requests": "Looked at families who ask what is held",
    "opened_family_request": "Opened what a family asks",
    "moved_family_request": "Decided about what a family asks",
    "made_family_report": "Made a family's report",
    "made_record": "Made a record by hand",
    "opened_by_hand": "Looked at what was said by hand",
    "corrected_by_hand": "Corrected what was said by hand",
    "listed_moves": "Looked at children who move between authorities",
    "answered_move": "Answered for a child who moves between authorities",
    "listed_unplaced": "Looked at children for whom no authority is responsible",
    "gave_authority": "Gave a child to an authority",
    "noted_leaving": "Wrote down that a child left England",
    "withdrew_leaving": "Took back that a child left England",
    "noted_death": "Wrote down that a child died",
    "withdrew_death": "Took back that a child died",
    "listed_education": "Looked at children without an education setting",
    "decided_education": "Said what is known of a child without an education setting",
}
TERM_WORDS = {
    "forename": "first name",
    "surname": "last name",
    "date_of_birth": "date of birth",
    "age": "age",
    "carer_name": "carer",
    "phone": "telephone",
    "place": "place",
    "school": "school",
    "gp_practice": "GP practice",
    "authority": "authority",
    "number": "number",
}
_ABOUT_SIGN_IN = (
    "added_passkey",
    "removed_passkey",
    "used_recovery_code",
    "asked_for_recovery",
    "unlocked_session",
)
ABOUT = (
    "searched",
    "opened_record",
    "printed_record",
    "read_history",
    "recorded_involvement",
    "confirmed_involvement",
    "refused",
    "signed_in",
    "overrode_shield",
    *_ABOUT_SIGN_IN,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityView:
    """One line."""

    event_id: UUID
    when: str
    what: str
    typed: str
    about: str
    reason: str
    acting_for: str
    reported: bool
    can_report: bool


def activity_view(entry: ActivityEntry) -> ActivityView:
    """Choose the words for one event."""
    what = ACTION_WORDS.get(entry.action, entry.action.replace("_", " ").capitalize())
    if not entry.allowed and entry.action not in ("refused", "sign_in_refused"):
        what += " (refused)"
    if entry.ahead:
        what += " (fetched ahead, perhaps not read)"
    numbers = [number_words(number) for number in entry.subjects]
    shown = ", ".join(numbers[:3]) + (f" and {len(numbers) - 3} more" if len(numbers) > 3 else "")
    return ActivityView(
        event_id=entry.event_id,
        when=moment_words(entry.at.astimezone(HERE)),
        what=what,
        typed=", ".join(term_words(name, value) for name, value in entry.terms),
        about=shown,
        reason=". ".join(part for part in (entry.purpose, how_words(entry.how)) if part),
        acting_for=", for ".join(part for part in (entry.acting_for, entry.on_behalf_of) if part),
        reported=entry.reported,
        can_report=not entry.reported and entry.action in ABOUT,
    )


def term_words(name: str, value: str) -> str:
    """What was typed in one field."""
    shown = birth_date_words(value) if name == "date_of_birth" else value
    return f"{TERM_WORDS.get(name, name)}: {shown}"


def reported_page() -> MessagePage:
    """Reported."""
    return MessagePage(
        title="Reported",
        lines=(
            "Thank you. A person looks into it: who signed in then, from where, and what was opened.",
            "Change your password now, in case somebody else knows it.",
        ),
        links=(
            Link(text="Change your password", href="/account/password/"),
            Link(text="Go back to your activity", href="/activity/"),
        ),
    )
