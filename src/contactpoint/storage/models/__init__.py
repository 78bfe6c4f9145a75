"""Tables, one file per aggregate. Fields and what they mean are in the files; guards are in storage/sql."""

from contactpoint.storage.models.accounts import Account, Membership, Organisation
from contactpoint.storage.models.audit import (
    AuditBody,
    AuditCheckpoint,
    AuditEvent,
    AuditHandover,
    AuditKey,
    AuditLeaf,
    AuditPending,
)
from contactpoint.storage.models.children_counts import ChildrenCount, PartnerCount
from contactpoint.storage.models.consenting import ConsentStep, NotShared
from contactpoint.storage.models.contacting import ContactRequest, ContactStep
from contactpoint.storage.models.directory import ServicePoint
from contactpoint.storage.models.education import EducationItem, EducationList
from contactpoint.storage.models.family import FamilyRequest
from contactpoint.storage.models.feedback import FeedbackRow
from contactpoint.storage.models.feeds import FeedDecision, FeedFile, RejectsFile
from contactpoint.storage.models.forms import AnsweredForm
from contactpoint.storage.models.incident import IncidentShut
from contactpoint.storage.models.indexes import IndexAside, MatchIdentity, SearchIdentity, SearchKey, Throttle
from contactpoint.storage.models.keeping import Correction, Handover, OwnLook, OwnWordVersion
from contactpoint.storage.models.known_pairs import KnownAnswerRow
from contactpoint.storage.models.mapping import SourceMapping
from contactpoint.storage.models.matching import (
    CaseDecision,
    CaseWord,
    IdentityChange,
    IdentityMove,
    KeptApart,
    MixedQuestion,
)
from contactpoint.storage.models.mediation import MediationRow
from contactpoint.storage.models.model_versions import ModelVersion
from contactpoint.storage.models.moves import AuthorityMove, LeftEngland, UnplacedChild
from contactpoint.storage.models.notices import Digest, DigestRun, NoticeChoice, NoticeLook
from contactpoint.storage.models.past import PastRow, ReplayRequest, Ruleset
from contactpoint.storage.models.protection import (
    BreachQuestion,
    KeptAttempt,
    NearChild,
    NearLook,
    OverrideRight,
    OverrideUse,
    PairedAuthority,
    PairingChange,
    SealKeyRow,
    Shield,
    ShieldStep,
)
from contactpoint.storage.models.quality import QualityCount
from contactpoint.storage.models.records import (
    Child,
    InvolvementRow,
    Link,
    RecordVersion,
    ReviewCase,
    SourceRecord,
)
from contactpoint.storage.models.reference import AreaRework, ReferenceChange, WardPostcode
from contactpoint.storage.models.reinstating import Reinstatement
from contactpoint.storage.models.reorganising import AuthorityChange, AuthorityChangeRow
from contactpoint.storage.models.reports import UseCount
from contactpoint.storage.models.retention import Archived, Purging, RetentionRun, StayConsent
from contactpoint.storage.models.review import StaffHome, UseDay, UseItem, UseSignOff, UseStep
from contactpoint.storage.models.rollout import ShieldsCheckedRow, WaveBody, WaveRow, WaveStepRow
from contactpoint.storage.models.sealed_identities import (
    CrosserRow,
    CrossingRow,
    PairProposal,
    SealedHalf,
    SealedPair,
)
from contactpoint.storage.models.sessions import FactorRecovery, KeptDraft, SignInSession
from contactpoint.storage.models.settings import SettingChange, SettingVersion
from contactpoint.storage.models.sign_in import SignInBinding, SignInProvider
from contactpoint.storage.models.staff import Invitation, LapseNotice, PeopleFile, RoleGrant
from contactpoint.storage.models.supply import (
    Delivery,
    Rejection,
    Source,
    StagedLink,
    StagedRecord,
    StagedReview,
)
from contactpoint.storage.models.team_words import TeamWordRow
from contactpoint.storage.models.training import TrainingKey, TrainingStatement

__all__ = [
    "Account",
    "AnsweredForm",
    "Archived",
    "AreaRework",
    "AuditBody",
    "AuditCheckpoint",
    "AuditEvent",
    "AuditHandover",
    "AuditKey",
    "AuditLeaf",
    "AuditPending",
    "AuthorityChange",
    "AuthorityChangeRow",
    "AuthorityMove",
    "BreachQuestion",
    "CaseDecision",
    "CaseWord",
    "Child",
    "ChildrenCount",
    "ConsentStep",
    "ContactRequest",
    "ContactStep",
    "Correction",
    "CrosserRow",
    "CrossingRow",
    "Delivery",
    "Digest",
    "DigestRun",
    "EducationItem",
    "EducationList",
    "FactorRecovery",
    "FamilyRequest",
    "FeedDecision",
    "FeedFile",
    "FeedbackRow",
    "Handover",
    "IdentityChange",
    "IdentityMove",
    "IncidentShut",
    "IndexAside",
    "Invitation",
    "InvolvementRow",
    "KeptApart",
    "KeptAttempt",
    "KeptDraft",
    "KnownAnswerRow",
    "LapseNotice",
    "LeftEngland",
    "Link",
    "MatchIdentity",
    "MediationRow",
    "Membership",
    "MixedQuestion",
    "ModelVersion",
    "NearChild",
    "NearLook",
    "NotShared",
    "NoticeChoice",
    "NoticeLook",
    "Organisation",
    "OverrideRight",
    "OverrideUse",
    "OwnLook",
    "OwnWordVersion",
    "PairProposal",
    "PairedAuthority",
    "PairingChange",
    "PartnerCount",
    "PastRow",
    "PeopleFile",
    "Purging",
    "QualityCount",
    "RecordVersion",
    "ReferenceChange",
    "Reinstatement",
    "Rejection",
    "RejectsFile",
    "ReplayRequest",
    "RetentionRun",
    "ReviewCase",
    "RoleGrant",
    "Ruleset",
    "SealKeyRow",
    "SealedHalf",
    "SealedPair",
    "SearchIdentity",
    "SearchKey",
    "ServicePoint",
    "SettingChange",
    "SettingVersion",
    "Shield",
    "ShieldStep",
    "ShieldsCheckedRow",
    "SignInBinding",
    "SignInProvider",
    "SignInSession",
    "Source",
    "SourceMapping",
    "SourceRecord",
    "StaffHome",
    "StagedLink",
    "StagedRecord",
    "StagedReview",
    "StayConsent",
    "TeamWordRow",
    "Throttle",
    "TrainingKey",
    "TrainingStatement",
    "UnplacedChild",
    "UseCount",
    "UseDay",
    "UseItem",
    "UseSignOff",
    "UseStep",
    "WardPostcode",
    "WaveBody",
    "WaveRow",
    "WaveStepRow",
]
