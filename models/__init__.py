"""Every table, each record's states and invariants, and the migrations; knows no web."""

from models.account import Account, Role
from models.achievement import Achievement, AchievementCategory
from models.attachment import Attachment
from models.attendee import Attendee, AttendeeState, AttendeeTopic, Wish, WishLevel
from models.audit import AuditEntry, AuditHead, AuditOutcome
from models.base import Base, Labelled
from models.catalogue import CatalogueChange, CatalogueState, RankingStatistics
from models.category import Category, Taxonomy
from models.conflict import BlacklistEntry, OrganizationTie, TieKind
from models.contract import Contract, ContractKind, PaymentMode
from models.door_mark import DoorMark, DoorMarkKind
from models.follow_up import EventLetter, FollowUp, FollowUpKind, FollowUpState, LetterKind, MeetingOpinion
from models.handshake_event import HandshakeEvent, HandshakeEventState, Invitation, InvitationState
from models.idempotent_request import IdempotentRequest
from models.introduction import Introduction
from models.job import Job, JobState
from models.ledger import EntryKind, FundSource, InvestmentEntry
from models.lifecycle import IllegalTransition, Lifecycle, StateChange, Stateful
from models.match import DismissalReason, Match, MatchRun, MatchState, Side
from models.meeting import Meeting, MeetingOutcome, MeetingState
from models.need import Need, NeedCategory
from models.organization import Organization, OrganizationKind, Scientist
from models.personal import (
    Consent,
    ConsentKind,
    DataIncident,
    PersonalDataRequest,
    PrivacyNotice,
    RequestKind,
    RequestState,
)
from models.posting import Confidentiality, Posting, PostingState
from models.project import ConversionMode, PartyRole, Project, ProjectParty, ProjectState
from models.ranking_weights import RankingWeights, WeightsOrigin, WeightsState
from models.reference import Comparator, Indicator, KeyTechnology, Programme
from models.region import Region
from models.search import SavedSearch, SearchChange, SearchState, Synonym
from models.seating_plan import EventTable, SeatingPlan, SeatingStatus
from models.sensitive_word import SensitiveLevel, SensitiveWord
from models.signing_in import (
    AccountInvitation,
    ApiToken,
    CodePurpose,
    KnownDevice,
    RecoveryCode,
    SignInFailure,
    SignInMethod,
    SignInSession,
    SingleSignOnAttempt,
    UsedPassword,
    VerificationCode,
)
from models.source import Citation, Source

__all__ = [
    "Account",
    "AccountInvitation",
    "Achievement",
    "AchievementCategory",
    "ApiToken",
    "Attachment",
    "Attendee",
    "AttendeeState",
    "AttendeeTopic",
    "AuditEntry",
    "AuditHead",
    "AuditOutcome",
    "Base",
    "BlacklistEntry",
    "CatalogueChange",
    "CatalogueState",
    "Category",
    "Citation",
    "CodePurpose",
    "Comparator",
    "Confidentiality",
    "Consent",
    "ConsentKind",
    "Contract",
    "ContractKind",
    "ConversionMode",
    "DataIncident",
    "DismissalReason",
    "DoorMark",
    "DoorMarkKind",
    "EntryKind",
    "EventLetter",
    "EventTable",
    "FollowUp",
    "FollowUpKind",
    "FollowUpState",
    "FundSource",
    "HandshakeEvent",
    "HandshakeEventState",
    "IdempotentRequest",
    "IllegalTransition",
    "Indicator",
    "Introduction",
    "InvestmentEntry",
    "Invitation",
    "InvitationState",
    "Job",
    "JobState",
    "KeyTechnology",
    "KnownDevice",
    "Labelled",
    "LetterKind",
    "Lifecycle",
    "Match",
    "MatchRun",
    "MatchState",
    "Meeting",
    "MeetingOpinion",
    "MeetingOutcome",
    "MeetingState",
    "Need",
    "NeedCategory",
    "Organization",
    "OrganizationKind",
    "OrganizationTie",
    "PartyRole",
    "PaymentMode",
    "PersonalDataRequest",
    "Posting",
    "PostingState",
    "PrivacyNotice",
    "Programme",
    "Project",
    "ProjectParty",
    "ProjectState",
    "RankingStatistics",
    "RankingWeights",
    "RecoveryCode",
    "Region",
    "RequestKind",
    "RequestState",
    "Role",
    "SavedSearch",
    "Scientist",
    "SearchChange",
    "SearchState",
    "SeatingPlan",
    "SeatingStatus",
    "SensitiveLevel",
    "SensitiveWord",
    "Side",
    "SignInFailure",
    "SignInMethod",
    "SignInSession",
    "SingleSignOnAttempt",
    "Source",
    "StateChange",
    "Stateful",
    "Synonym",
    "Taxonomy",
    "TieKind",
    "UsedPassword",
    "VerificationCode",
    "WeightsOrigin",
    "WeightsState",
    "Wish",
    "WishLevel",
]
