"""Who may do what to whose: action × role × ownership and region. Deny by default."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from models import Role
from models.region import covers
from service.context import Context
from service.errors import Forbidden, NotSignedIn
from service.policy.stakes import stakes


class Scope(Enum):
    """To which records a role's permission reaches."""

    ANY = "any"
    REGION = "region"
    OWN = "own"
    AUTHOR = "author"
    """One's own organization's, and what one has written on behalf of another."""


ANYONE_SIGNED_IN = dict.fromkeys(Role, Scope.ANY)
OWNER = {Role.ENTERPRISE: Scope.OWN, Role.INSTITUTE: Scope.OWN}
STAFF = {Role.ORGANIZER: Scope.REGION, Role.BROKER: Scope.ANY}
WRITERS = {**OWNER, Role.ORGANIZER: Scope.AUTHOR, Role.BROKER: Scope.AUTHOR}
COLLEAGUES = {Role.ENTERPRISE: Scope.OWN, Role.INSTITUTE: Scope.OWN, Role.BROKER: Scope.OWN}
READERS = {**STAFF, Role.LEADER: Scope.ANY, Role.AUDITOR: Scope.ANY, Role.ADMIN: Scope.ANY}

POLICY: Mapping[str, Mapping[Role, Scope]] = {
    # postings
    "create_need": {Role.ENTERPRISE: Scope.ANY, **STAFF},
    "create_achievement": {Role.INSTITUTE: Scope.ANY, Role.ENTERPRISE: Scope.ANY, **STAFF},
    "edit_posting": WRITERS,
    "submit_posting": WRITERS,
    "withdraw_posting": WRITERS,
    "review_posting": {Role.ORGANIZER: Scope.REGION},
    "close_posting": {**OWNER, Role.ORGANIZER: Scope.REGION},
    "take_down_posting": {Role.ORGANIZER: Scope.REGION},
    "see_contact": {**OWNER, **STAFF},
    # matches
    "shortlist_match": STAFF,
    "dismiss_match": {**OWNER, **STAFF},
    "answer_match": OWNER,
    "introduce_match": STAFF,
    # events and meetings
    "plan_event": {Role.ORGANIZER: Scope.REGION},
    "invite": {Role.ORGANIZER: Scope.REGION},
    "see_attendees": {**STAFF, Role.LEADER: Scope.ANY},
    "keep_scientists": {Role.INSTITUTE: Scope.OWN, Role.ORGANIZER: Scope.ANY},
    "answer_invitation": {**OWNER, Role.BROKER: Scope.OWN, Role.ORGANIZER: Scope.REGION},
    "seat_meeting": {Role.ORGANIZER: Scope.REGION},
    "check_in": {Role.ORGANIZER: Scope.REGION},
    "record_outcome": {**OWNER, **STAFF},
    "follow_up": {**OWNER, **STAFF},
    # projects and money
    "open_project": STAFF,
    "edit_project": STAFF,
    "add_contract": STAFF,
    "add_entry": STAFF,
    "reverse_entry": STAFF,
    "remove_attachment": {**OWNER, **STAFF},
    # reading across organizations
    "read_figures": ANYONE_SIGNED_IN,
    "read_feedback": {**OWNER, **STAFF, Role.LEADER: Scope.ANY},
    "keep_search": ANYONE_SIGNED_IN,
    "read_report": READERS,
    "read_audit": {Role.AUDITOR: Scope.ANY, Role.ADMIN: Scope.ANY},
    # running the house
    "keep_own_account": ANYONE_SIGNED_IN,
    "see_accounts": {Role.ADMIN: Scope.ANY, Role.SECURITY: Scope.ANY},
    "manage_accounts": {Role.ADMIN: Scope.ANY},
    "keep_accounts": {Role.ADMIN: Scope.ANY, Role.SECURITY: Scope.ANY},
    "approve_accounts": {Role.SECURITY: Scope.ANY},
    "reset_second_factor": {Role.SECURITY: Scope.ANY},
    "invite_colleagues": COLLEAGUES,
    "keep_colleagues": COLLEAGUES,
    "manage_organizations": {Role.ADMIN: Scope.ANY, Role.ORGANIZER: Scope.ANY},
    "keep_conflicts": {Role.SECURITY: Scope.ANY, Role.ORGANIZER: Scope.ANY},
    "publish_notice": {Role.ADMIN: Scope.ANY, Role.SECURITY: Scope.ANY},
    "answer_data_requests": {Role.SECURITY: Scope.ANY},
    "keep_incidents": {Role.SECURITY: Scope.ANY},
    "keep_sensitive_words": {Role.SECURITY: Scope.ANY},
    "run_matching": {Role.ORGANIZER: Scope.ANY, Role.BROKER: Scope.ANY, Role.ADMIN: Scope.ANY},
    "manage_synonyms": {Role.ADMIN: Scope.ANY},
    "keep_jobs": {Role.ADMIN: Scope.ANY},
    "read_quality": {Role.ORGANIZER: Scope.ANY, Role.LEADER: Scope.ANY, Role.ADMIN: Scope.ANY},
    "set_weights": {Role.ADMIN: Scope.ANY},
    "remove_demo": {Role.ADMIN: Scope.ANY},
    "read_admin": {Role.ADMIN: Scope.ANY},
}


def allows(ctx: Context, action: str, record: Any = None) -> bool:
    """Whether the actor may do ``action``, to ``record`` if one is given. An unknown action is an error."""
    scopes = POLICY[action]
    if ctx.actor.is_system:
        return True
    if ctx.actor.role is None or ctx.actor.role not in scopes:
        return False
    if scopes is COLLEAGUES and not ctx.actor.is_organization_admin:
        return False
    scope = scopes[ctx.actor.role]
    if record is None or scope is Scope.ANY:
        return True
    stake = stakes(record, ctx)
    if ctx.actor.organization_id in stake.organizations:
        return True
    if scope is Scope.AUTHOR:
        return ctx.actor.account_id is not None and record.created_by_id == ctx.actor.account_id
    return scope is Scope.REGION and (stake.region is None or covers(ctx.actor.region_code, stake.region))


def demand(ctx: Context, action: str, record: Any = None) -> None:
    """Raises NotSignedIn or Forbidden unless ``allows``."""
    if allows(ctx, action, record):
        return
    if ctx.actor.role is None:
        raise NotSignedIn("请先登录，再进行此操作。")
    raise Forbidden(f"您的账号（{ctx.actor.role_label}）不能进行此操作；如确有需要，请联系本地区科技主管部门。")


def posts_on_behalf(ctx: Context) -> bool:
    """Whether the actor may write postings in another organization's name."""
    return ctx.actor.role in STAFF
