"""Every table, each record's states and invariants, and the migrations; knows no web."""

from models.account import Account, ApiToken, Role, SignInSession
from models.achievement import Achievement, AchievementCategory
from models.audit import AuditEntry
from models.base import Base, Labelled
from models.catalogue import CatalogueChange, CatalogueState, RankingStatistics
from models.category import Category, Taxonomy
from models.contract import Contract, ContractKind, PaymentMode
from models.handshake_event import HandshakeEvent, HandshakeEventState, Invitation, InvitationState
from models.job import Job, JobState
from models.ledger import EntryKind, FundSource, InvestmentEntry
from models.lifecycle import IllegalTransition, Lifecycle, StateChange, Stateful
from models.match import DismissalReason, Match, MatchRun, MatchState, Side
from models.meeting import Meeting, MeetingOutcome, MeetingState
from models.need import Need, NeedCategory
from models.organization import Organization, OrganizationKind, Scientist
from models.posting import Confidentiality, Posting, PostingState
from models.project import ConversionMode, PartyRole, Project, ProjectParty, ProjectState
from models.ranking_weights import RankingWeights, WeightsOrigin, WeightsState
from models.reference import Comparator, Indicator, KeyTechnology, Programme
from models.region import Region
from models.search import SavedSearch, SearchChange, SearchState, Synonym
from models.source import Citation, Source

__all__ = [
    "Account",
    "Achievement",
    "AchievementCategory",
    "ApiToken",
    "AuditEntry",
    "Base",
    "CatalogueChange",
    "CatalogueState",
    "Category",
    "Citation",
    "Comparator",
    "Confidentiality",
    "Contract",
    "ContractKind",
    "ConversionMode",
    "DismissalReason",
    "EntryKind",
    "FundSource",
    "HandshakeEvent",
    "HandshakeEventState",
    "IllegalTransition",
    "Indicator",
    "InvestmentEntry",
    "Invitation",
    "InvitationState",
    "Job",
    "JobState",
    "KeyTechnology",
    "Labelled",
    "Lifecycle",
    "Match",
    "MatchRun",
    "MatchState",
    "Meeting",
    "MeetingOutcome",
    "MeetingState",
    "Need",
    "NeedCategory",
    "Organization",
    "OrganizationKind",
    "PartyRole",
    "PaymentMode",
    "Posting",
    "PostingState",
    "Programme",
    "Project",
    "ProjectParty",
    "ProjectState",
    "RankingStatistics",
    "RankingWeights",
    "Region",
    "Role",
    "SavedSearch",
    "Scientist",
    "SearchChange",
    "SearchState",
    "Side",
    "SignInSession",
    "Source",
    "StateChange",
    "Stateful",
    "Synonym",
    "Taxonomy",
    "WeightsOrigin",
    "WeightsState",
]
