"""Which role may do what at all (R1, R51, R57). What may be done to one record is in policies.py."""

from enum import StrEnum

from contactpoint.domain.disclosure.actors import Role
from contactpoint.domain.disclosure.purpose import LegalPurpose


class Permission(StrEnum):
    """Something a viewer asks to do."""

    SEARCH = "search"
    OPEN_RECORD = "open_record"
    OPEN_ARCHIVED = "open_archived"
    KEEP_UNTIL_25 = "keep_until_25"
    WRITE_TEAM_WORD = "write_team_word"
    RECORD_INVOLVEMENT = "record_involvement"
    CONFIRM_INVOLVEMENT = "confirm_involvement"
    KEEP_INVOLVEMENT = "keep_involvement"
    TAKE_LEAD = "take_lead"
    HAND_OVER = "hand_over"
    ASK_CORRECTION = "ask_correction"
    LIST_CORRECTIONS = "list_corrections"
    ANSWER_CORRECTION = "answer_correction"
    ANSWER_FOR_WORD = "answer_for_word"
    CORRECT_FEED = "correct_feed"
    ASK_CONTACT = "ask_contact"
    SEE_INBOX = "see_inbox"
    SEE_NOTICES = "see_notices"
    KEEP_CONTACT_POINT = "keep_contact_point"
    FIND_SERVICE = "find_service"
    PLAN_ROLLOUT = "plan_rollout"
    KEEP_REFERENCE = "keep_reference"
    GIVE_FEEDBACK = "give_feedback"
    CHECK_EXISTING_SHIELDS = "check_existing_shields"
    ANSWER_CONTACT = "answer_contact"
    RUN_DESK = "run_desk"
    KEEP_CONSENTS = "keep_consents"
    WITHHOLD = "withhold"
    MEDIATE = "mediate"
    SEE_TODAY = "see_today"
    SEE_REPORTS = "see_reports"
    SEE_QUALITY = "see_quality"
    RUN_FEEDS = "run_feeds"
    TAKE_REJECTS = "take_rejects"
    CHECK_RECORDS = "check_records"
    JOIN_OR_PART = "join_or_part"
    PLACE_SHIELD = "place_shield"
    PROTECT_NOW = "protect_now"
    SEE_SHIELDS = "see_shields"
    DECIDE_SHIELD = "decide_shield"
    READ_HIDDEN = "read_hidden"
    OVERRIDE_SHIELD = "override_shield"
    GIVE_OVERRIDE = "give_override"
    LOOK_INTO_OVERRIDE = "look_into_override"
    SEAL_IDENTITY = "seal_identity"
    NAME_CROSSERS = "name_crossers"
    CROSS_IDENTITY = "cross_identity"
    ANSWER_FAMILY = "answer_family"
    WORK_EDUCATION_LIST = "work_education_list"
    ANSWER_MOVE = "answer_move"
    GIVE_AUTHORITY = "give_authority"
    MAKE_RECORD = "make_record"
    CORRECT_BY_HAND = "correct_by_hand"
    SEE_OWN_ACTIVITY = "see_own_activity"
    READ_AUDIT = "read_audit"
    REVIEW_USE = "review_use"
    ASK_WHAT_WAS_SEEN = "ask_what_was_seen"
    ANSWER_FOR_TEAM = "answer_for_team"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_PEOPLE = "manage_people"
    GIVE_ROLE = "give_role"
    RENEW_ACCOUNT = "renew_account"
    ACCREDIT = "accredit"
    HANDLE_INCIDENT = "handle_incident"
    REPORT_BREACH = "report_breach"
    CHANGE_SETTINGS = "change_settings"
    CHANGE_MODEL = "change_model"
    RUN_PIPELINES = "run_pipelines"


# What a person is asked to finish: "You cannot ... because ...".
PERMISSION_WORDS: dict[Permission, str] = {
    Permission.SEARCH: "search for a child",
    Permission.OPEN_RECORD: "open this record",
    Permission.OPEN_ARCHIVED: "read this archived record",
    Permission.KEEP_UNTIL_25: "record a consent to stay until 25",
    Permission.WRITE_TEAM_WORD: "write down that this child died or left England",
    Permission.RECORD_INVOLVEMENT: "record that you are working with this child",
    Permission.CONFIRM_INVOLVEMENT: "confirm this",
    Permission.KEEP_INVOLVEMENT: "see or change what you said about your work with children",
    Permission.TAKE_LEAD: "become the lead practitioner",
    Permission.HAND_OVER: "hand this over",
    Permission.ASK_CORRECTION: "ask for a correction",
    Permission.LIST_CORRECTIONS: "see corrections that were asked for",
    Permission.ANSWER_CORRECTION: "answer this",
    Permission.ANSWER_FOR_WORD: "answer for what a practitioner said",
    Permission.CORRECT_FEED: "see or answer corrections of this feed",
    Permission.ASK_CONTACT: "ask to be contacted about this child",
    Permission.SEE_INBOX: "see your inbox",
    Permission.SEE_NOTICES: "see what you are told",
    Permission.KEEP_CONTACT_POINT: "change how this service is reached",
    Permission.FIND_SERVICE: "look for a service",
    Permission.PLAN_ROLLOUT: "see or change the roll-out",
    Permission.KEEP_REFERENCE: "see or change the lists of authorities, schools, practices and wards",
    Permission.GIVE_FEEDBACK: "say how the directory works",
    Permission.CHECK_EXISTING_SHIELDS: "say that existing protections were checked",
    Permission.ANSWER_CONTACT: "answer this",
    Permission.RUN_DESK: "see messages at a desk",
    Permission.KEEP_CONSENTS: "see or change who agreed to this",
    Permission.WITHHOLD: "record a decision not to share",
    Permission.MEDIATE: "look for somebody who has no account",
    Permission.SEE_TODAY: "see what a team has to do",
    Permission.SEE_REPORTS: "see how the directory is used",
    Permission.SEE_QUALITY: "see how good the data is",
    Permission.RUN_FEEDS: "see or run this feed",
    Permission.TAKE_REJECTS: "have these rows back",
    Permission.CHECK_RECORDS: "check these records",
    Permission.JOIN_OR_PART: "join or part these records",
    Permission.PLACE_SHIELD: "change how this record is protected",
    Permission.PROTECT_NOW: "have this record protected",
    Permission.SEE_SHIELDS: "see what the shield desk has to do",
    Permission.DECIDE_SHIELD: "decide this about the protection",
    Permission.READ_HIDDEN: "see what this protection hides",
    Permission.OVERRIDE_SHIELD: "override the protection of this record",
    Permission.GIVE_OVERRIDE: "give or end a right to override",
    Permission.LOOK_INTO_OVERRIDE: "look into this override",
    Permission.SEAL_IDENTITY: "record a sealed identity",
    Permission.NAME_CROSSERS: "see or change who may cross between sealed identities",
    Permission.CROSS_IDENTITY: "cross between sealed identities",
    Permission.ANSWER_FAMILY: "answer a family about this child",
    Permission.WORK_EDUCATION_LIST: "work on children without an education setting",
    Permission.ANSWER_MOVE: "answer for a child who moves to another authority",
    Permission.GIVE_AUTHORITY: "give a child to an authority",
    Permission.MAKE_RECORD: "make a record by hand",
    Permission.CORRECT_BY_HAND: "correct a record that was made by hand",
    Permission.SEE_OWN_ACTIVITY: "see your activity",
    Permission.READ_AUDIT: "read the audit",
    Permission.REVIEW_USE: "review this use",
    Permission.ASK_WHAT_WAS_SEEN: "ask what somebody could see",
    Permission.ANSWER_FOR_TEAM: "answer for this team",
    Permission.MANAGE_ACCOUNTS: "change accounts",
    Permission.MANAGE_PEOPLE: "manage this account",
    Permission.GIVE_ROLE: "give this role",
    Permission.RENEW_ACCOUNT: "renew or end this account",
    Permission.ACCREDIT: "accredit this organisation",
    Permission.HANDLE_INCIDENT: "shut or open access",
    Permission.REPORT_BREACH: "see who saw what",
    Permission.CHANGE_SETTINGS: "see or change settings",
    Permission.CHANGE_MODEL: "see or change the matching model",
    Permission.RUN_PIPELINES: "run this",
}

_FOR_CHILDREN = frozenset({LegalPurpose.CO_OPERATE, LegalPurpose.SAFEGUARD, LegalPurpose.MISSING_EDUCATION})
_EDUCATION = frozenset({LegalPurpose.MISSING_EDUCATION})
_KEEPS_RIGHT = frozenset({LegalPurpose.KEEP_RIGHT})
_PROTECTS = frozenset({LegalPurpose.SAFEGUARD})
# What each permission may be granted for (R2); one that serves nothing here is nobody's.
SERVES: dict[Permission, frozenset[LegalPurpose]] = {
    Permission.SEARCH: _FOR_CHILDREN,
    Permission.OPEN_RECORD: _FOR_CHILDREN,
    Permission.OPEN_ARCHIVED: _KEEPS_RIGHT,
    Permission.KEEP_UNTIL_25: _FOR_CHILDREN,
    Permission.WRITE_TEAM_WORD: _FOR_CHILDREN,
    Permission.RECORD_INVOLVEMENT: _FOR_CHILDREN,
    Permission.CONFIRM_INVOLVEMENT: _FOR_CHILDREN,
    Permission.KEEP_INVOLVEMENT: _FOR_CHILDREN,
    Permission.TAKE_LEAD: _FOR_CHILDREN,
    Permission.HAND_OVER: _FOR_CHILDREN,
    Permission.ASK_CORRECTION: _KEEPS_RIGHT,
    Permission.LIST_CORRECTIONS: _KEEPS_RIGHT,
    Permission.ANSWER_CORRECTION: _KEEPS_RIGHT,
    Permission.ANSWER_FOR_WORD: _KEEPS_RIGHT,
    Permission.CORRECT_FEED: _KEEPS_RIGHT,
    Permission.ASK_CONTACT: _FOR_CHILDREN,
    Permission.SEE_INBOX: _FOR_CHILDREN,
    Permission.SEE_NOTICES: _FOR_CHILDREN,
    Permission.KEEP_CONTACT_POINT: _KEEPS_RIGHT,
    Permission.FIND_SERVICE: _FOR_CHILDREN,
    Permission.PLAN_ROLLOUT: _KEEPS_RIGHT,
    Permission.KEEP_REFERENCE: _KEEPS_RIGHT,
    Permission.GIVE_FEEDBACK: _KEEPS_RIGHT,
    Permission.CHECK_EXISTING_SHIELDS: _PROTECTS,
    Permission.ANSWER_CONTACT: _FOR_CHILDREN,
    Permission.RUN_DESK: _FOR_CHILDREN,
    Permission.KEEP_CONSENTS: _KEEPS_RIGHT,
    Permission.WITHHOLD: _KEEPS_RIGHT,
    Permission.MEDIATE: _FOR_CHILDREN,
    Permission.SEE_TODAY: _KEEPS_RIGHT,
    Permission.SEE_REPORTS: _KEEPS_RIGHT,
    Permission.SEE_QUALITY: _KEEPS_RIGHT,
    Permission.RUN_FEEDS: _KEEPS_RIGHT,
    Permission.TAKE_REJECTS: _KEEPS_RIGHT,
    Permission.CHECK_RECORDS: _KEEPS_RIGHT,
    Permission.JOIN_OR_PART: _KEEPS_RIGHT,
    Permission.PLACE_SHIELD: _PROTECTS,
    Permission.PROTECT_NOW: _PROTECTS,
    Permission.SEE_SHIELDS: _PROTECTS,
    Permission.DECIDE_SHIELD: _PROTECTS,
    Permission.READ_HIDDEN: _PROTECTS,
    Permission.OVERRIDE_SHIELD: _PROTECTS,
    Permission.GIVE_OVERRIDE: _PROTECTS,
    Permission.LOOK_INTO_OVERRIDE: _PROTECTS,
    Permission.SEAL_IDENTITY: _PROTECTS,
    Permission.NAME_CROSSERS: _PROTECTS,
    Permission.CROSS_IDENTITY: _PROTECTS,
    Permission.ANSWER_FAMILY: _KEEPS_RIGHT,
    Permission.WORK_EDUCATION_LIST: _EDUCATION,
    Permission.ANSWER_MOVE: _KEEPS_RIGHT,
    Permission.GIVE_AUTHORITY: _KEEPS_RIGHT,
    Permission.MAKE_RECORD: _KEEPS_RIGHT,
    Permission.CORRECT_BY_HAND: _KEEPS_RIGHT,
    Permission.SEE_OWN_ACTIVITY: _KEEPS_RIGHT,
    Permission.READ_AUDIT: _KEEPS_RIGHT,
    Permission.REVIEW_USE: _KEEPS_RIGHT,
    Permission.ASK_WHAT_WAS_SEEN: _KEEPS_RIGHT,
    Permission.ANSWER_FOR_TEAM: _KEEPS_RIGHT,
    Permission.MANAGE_ACCOUNTS: _KEEPS_RIGHT,
    Permission.MANAGE_PEOPLE: _KEEPS_RIGHT,
    Permission.GIVE_ROLE: _KEEPS_RIGHT,
    Permission.RENEW_ACCOUNT: _KEEPS_RIGHT,
    Permission.ACCREDIT: _KEEPS_RIGHT,
    Permission.HANDLE_INCIDENT: _KEEPS_RIGHT,
    Permission.REPORT_BREACH: _KEEPS_RIGHT,
    Permission.CHANGE_SETTINGS: _KEEPS_RIGHT,
    Permission.CHANGE_MODEL: _KEEPS_RIGHT,
    Permission.RUN_PIPELINES: _KEEPS_RIGHT,
}

# Whatever reads or writes something about a named child.
CHILD_DATA: frozenset[Permission] = frozenset(
    {
        Permission.SEARCH,
        Permission.OPEN_RECORD,
        Permission.OPEN_ARCHIVED,
        Permission.KEEP_UNTIL_25,
        Permission.WRITE_TEAM_WORD,
        Permission.RECORD_INVOLVEMENT,
        Permission.CONFIRM_INVOLVEMENT,
        Permission.KEEP_INVOLVEMENT,
        Permission.TAKE_LEAD,
        Permission.HAND_OVER,
        Permission.ASK_CORRECTION,
        Permission.LIST_CORRECTIONS,
        Permission.ANSWER_CORRECTION,
        Permission.ANSWER_FOR_WORD,
        Permission.CORRECT_FEED,
        Permission.ASK_CONTACT,
        Permission.SEE_INBOX,
        Permission.SEE_NOTICES,
        Permission.ANSWER_CONTACT,
        Permission.RUN_DESK,
        Permission.KEEP_CONSENTS,
        Permission.WITHHOLD,
        Permission.MEDIATE,
        Permission.PLACE_SHIELD,
        Permission.PROTECT_NOW,
        Permission.SEE_SHIELDS,
        Permission.DECIDE_SHIELD,
        Permission.READ_HIDDEN,
        Permission.OVERRIDE_SHIELD,
        Permission.LOOK_INTO_OVERRIDE,
        Permission.SEAL_IDENTITY,
        Permission.CROSS_IDENTITY,
        Permission.TAKE_REJECTS,
        Permission.CHECK_RECORDS,
        Permission.JOIN_OR_PART,
        Permission.ANSWER_FAMILY,
        Permission.WORK_EDUCATION_LIST,
        Permission.ANSWER_MOVE,
        Permission.GIVE_AUTHORITY,
        Permission.MAKE_RECORD,
        Permission.CORRECT_BY_HAND,
        Permission.REPORT_BREACH,
    }
)

_FINDING = frozenset(
    {
        Permission.SEARCH,
        Permission.OPEN_RECORD,
        Permission.ASK_CORRECTION,
        Permission.LIST_CORRECTIONS,
        Permission.ASK_CONTACT,
        Permission.SEE_INBOX,
        Permission.SEE_NOTICES,
        Permission.WITHHOLD,
        Permission.SEE_OWN_ACTIVITY,
        Permission.ANSWER_FOR_TEAM,
        Permission.RENEW_ACCOUNT,
        Permission.GIVE_FEEDBACK,
        Permission.FIND_SERVICE,
    }
)
_ACCOUNT = frozenset({Permission.SEE_OWN_ACTIVITY, Permission.ANSWER_FOR_TEAM, Permission.RENEW_ACCOUNT})
_PEOPLE = frozenset({Permission.MANAGE_PEOPLE, Permission.GIVE_ROLE, Permission.ACCREDIT})
_WORKING_WITH = frozenset(
    {
        Permission.RECORD_INVOLVEMENT,
        Permission.CONFIRM_INVOLVEMENT,
        Permission.KEEP_INVOLVEMENT,
        Permission.TAKE_LEAD,
        Permission.HAND_OVER,
        Permission.ANSWER_FOR_WORD,
        Permission.ANSWER_CONTACT,
        Permission.KEEP_CONTACT_POINT,
        Permission.KEEP_CONSENTS,
        Permission.MEDIATE,
    }
)
_PROTECTING = frozenset({Permission.PROTECT_NOW, Permission.OVERRIDE_SHIELD})
_SHIELDS = frozenset(
    {
        Permission.SEE_SHIELDS,
        Permission.CHECK_EXISTING_SHIELDS,
        Permission.DECIDE_SHIELD,
        Permission.READ_HIDDEN,
        Permission.PROTECT_NOW,
        Permission.GIVE_OVERRIDE,
        Permission.LOOK_INTO_OVERRIDE,
        Permission.SEAL_IDENTITY,
        Permission.CROSS_IDENTITY,
        Permission.ASK_WHAT_WAS_SEEN,
    }
)
_FEEDS = frozenset({Permission.RUN_FEEDS, Permission.TAKE_REJECTS, Permission.CORRECT_FEED})
_MATCHING = frozenset({Permission.CHECK_RECORDS, Permission.JOIN_OR_PART})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.PRACTITIONER: _FINDING | _WORKING_WITH | _PROTECTING,
    Role.AUTHORITY_TEAM: _FINDING
    | _WORKING_WITH
    | _FEEDS
    | _MATCHING
    | _PEOPLE
    | {
        Permission.PLACE_SHIELD,
        Permission.PROTECT_NOW,
        Permission.OVERRIDE_SHIELD,
        Permission.ANSWER_CORRECTION,
        Permission.RUN_DESK,
        Permission.SEE_TODAY,
        Permission.SEE_REPORTS,
        Permission.SEE_QUALITY,
        Permission.OPEN_ARCHIVED,
        Permission.ANSWER_FAMILY,
        Permission.WORK_EDUCATION_LIST,
        Permission.ANSWER_MOVE,
        Permission.MAKE_RECORD,
        Permission.CORRECT_BY_HAND,
        Permission.KEEP_UNTIL_25,
        Permission.WRITE_TEAM_WORD,
    },
    Role.PARTNER_TEAM: _ACCOUNT
    | {
        Permission.GIVE_FEEDBACK,
        Permission.FIND_SERVICE,
        Permission.MANAGE_PEOPLE,
        Permission.GIVE_ROLE,
        Permission.KEEP_CONTACT_POINT,
        Permission.SEE_TODAY,
        Permission.SEE_REPORTS,
    },
    Role.NATIONAL_TEAM: _FINDING
    | _FEEDS
    | _MATCHING
    | _PEOPLE
    | {
        Permission.ANSWER_FOR_WORD,
        Permission.PLACE_SHIELD,
        Permission.PROTECT_NOW,
        Permission.RUN_DESK,
        Permission.MEDIATE,
        Permission.SEE_TODAY,
        Permission.SEE_REPORTS,
        Permission.SEE_QUALITY,
        Permission.HANDLE_INCIDENT,
        Permission.PLAN_ROLLOUT,
        Permission.KEEP_REFERENCE,
        Permission.OPEN_ARCHIVED,
        Permission.ANSWER_FAMILY,
        Permission.ANSWER_MOVE,
        Permission.GIVE_AUTHORITY,
        Permission.WRITE_TEAM_WORD,
        Permission.REPORT_BREACH,
        Permission.CHANGE_SETTINGS,
        Permission.CHANGE_MODEL,
        Permission.NAME_CROSSERS,
    },
    Role.SHIELD_TEAM: _FINDING
    | _SHIELDS
    | _MATCHING
    | {Permission.ANSWER_FAMILY, Permission.ANSWER_MOVE, Permission.SEE_TODAY},
    Role.CONSENT_TEAM: _FINDING
    | {
        Permission.KEEP_CONSENTS,
        Permission.RUN_DESK,
        Permission.SEE_TODAY,
        Permission.PROTECT_NOW,
    },
    Role.AUDITOR: _ACCOUNT | {Permission.READ_AUDIT, Permission.SEE_TODAY},
    Role.AUDIT_REVIEWER: _ACCOUNT
    | {Permission.REVIEW_USE, Permission.ASK_WHAT_WAS_SEEN, Permission.SEE_TODAY},
    Role.TECHNICAL_ADMINISTRATOR: _ACCOUNT
    | {Permission.MANAGE_ACCOUNTS, Permission.HANDLE_INCIDENT, Permission.SEE_TODAY},
    Role.SYSTEM: frozenset(
        {
            Permission.RUN_PIPELINES,
            Permission.CHANGE_SETTINGS,
            Permission.CHANGE_MODEL,
            Permission.MANAGE_ACCOUNTS,
            Permission.PLACE_SHIELD,
            Permission.HANDLE_INCIDENT,
            Permission.KEEP_UNTIL_25,
            Permission.REPORT_BREACH,
        }
    ),
}

# Roles that read no child data, whatever else is ever granted to them (R57; an auditor reads the audit). The
# team of a partner keeps accounts and contact points, and protects and matches nobody.
NO_CHILD_DATA: frozenset[Role] = frozenset(
    {Role.AUDITOR, Role.AUDIT_REVIEWER, Role.TECHNICAL_ADMINISTRATOR, Role.PARTNER_TEAM}
)


def may_this_role_ask(role: Role, permission: Permission) -> bool:
    """Access comes only with a role, and a role carries only what is listed for it (R1)."""
    return permission in PERMISSIONS[role] and does_it_serve_a_legal_purpose(permission)


def does_it_serve_a_legal_purpose(permission: Permission) -> bool:
    """Every grant of access serves a purpose for which the law opened the directory (R2)."""
    return bool(SERVES.get(permission))


def does_this_role_read_child_data(role: Role) -> bool:
    """Technical administrators, auditors, reviewers and partner teams never read data about a child (R57)."""
    return role not in NO_CHILD_DATA
