"""Who may read what of a record they may see: (kind, field) → rule. A field that is not here is for whoever sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import and_, or_, select

from models import (
    Account,
    Achievement,
    Consent,
    ConsentKind,
    Introduction,
    Match,
    MatchState,
    Meeting,
    Need,
    Posting,
    Role,
)
from service.context import Context
from service.policy.actions import allows
from service.policy.stakes import stakes

Rule = Callable[[Context, Any], bool]

NAMES_LIFTED = frozenset({Role.ORGANIZER, Role.BROKER, Role.LEADER})
"""Those who bring sides together, and their leaders: no mask hides a name from them."""
WORKERS = frozenset({Role.ORGANIZER, Role.BROKER, Role.LEADER, Role.AUDITOR, Role.ADMIN})


def lifts_masks(ctx: Context) -> bool:
    """Whether masks are lifted for the actor wherever they are."""
    return ctx.actor.is_system or ctx.actor.role in NAMES_LIFTED


def owns(ctx: Context, record: Any) -> bool:
    """Whether the actor's organization has a stake in the record."""
    return ctx.actor.organization_id is not None and ctx.actor.organization_id in stakes(record, ctx).organizations


def acquainted(ctx: Context, posting: Posting) -> bool:
    """Whether the actor's side and the posting's know each other: both want to talk, or somebody introduced them."""
    own = ctx.actor.organization_id
    if own is None:
        return False
    mine, theirs, key = (Achievement, Match.need_id, Match.achievement_id)
    if isinstance(posting, Achievement):
        mine, theirs, key = (Need, Match.achievement_id, Match.need_id)  # type: ignore[assignment] # the other side
    pairs = (
        select(Match.id)
        .join(mine, mine.id == key)
        .outerjoin(Introduction, Introduction.match_id == Match.id)
        .where(theirs == posting.id, mine.organization_id == own)
        .where((Match.state == MatchState.MUTUAL) | Introduction.id.is_not(None))
    )
    return ctx.session.scalar(select(pairs.exists())) or False


def _contact(ctx: Context, posting: Posting) -> bool:
    if owns(ctx, posting) or ctx.actor.is_system:
        return True
    if _withdrawn(ctx, posting):
        return False
    return allows(ctx, "see_contact", posting) or acquainted(ctx, posting)


def _withdrawn(ctx: Context, posting: Posting) -> bool:
    """Whether whoever wrote the posting took back a consent their data is handed on by, and gave none since.

    A consent to one posting's contact counts for that posting alone; where none was ever asked for, none is missing.
    """
    rows = ctx.session.execute(
        select(Consent.kind, Consent.withdrawn_at).where(
            Consent.account_id == (posting.created_by_id or 0),
            Consent.kind.in_([ConsentKind.PRIVACY, ConsentKind.CONTACT]),
            or_(
                Consent.record_id.is_(None),
                and_(Consent.record_type == type(posting).__name__, Consent.record_id == posting.id),
            ),
        )
    ).all()
    taken_back = {kind for kind, withdrawn_at in rows if withdrawn_at is not None}
    standing = {kind for kind, withdrawn_at in rows if withdrawn_at is None}
    return bool(taken_back - standing)


def _organization(ctx: Context, posting: Posting) -> bool:
    return not posting.masked_name or lifts_masks(ctx) or owns(ctx, posting) or acquainted(ctx, posting)


def _attachments(ctx: Context, record: Any) -> bool:
    """Names inside a file cannot be masked, so files are for those alone who may read the names beside them."""
    if ctx.actor.role is None and not ctx.actor.is_system:
        return False
    if isinstance(record, Posting):
        return _organization(ctx, record)
    if isinstance(record, Meeting):
        match = ctx.find(Match, record.match_id)
        sides = (ctx.find(Need, match.need_id), ctx.find(Achievement, match.achievement_id))
        return all(_organization(ctx, side) for side in sides)
    return True


def _owner_or_worker(ctx: Context, record: Any) -> bool:
    return ctx.actor.is_system or ctx.actor.role in WORKERS or owns(ctx, record)


def _account(ctx: Context, account: Account) -> bool:
    mine = account.id == ctx.actor.account_id
    return mine or allows(ctx, "see_accounts") or allows(ctx, "keep_colleagues", account)


FIELDS: Mapping[tuple[str, str], Rule] = {
    ("", "attachments"): _attachments,
    ("", "contact"): _contact,
    ("", "organization"): _organization,
    ("", "review_remark"): _owner_or_worker,
    ("", "flagged_words"): _owner_or_worker,
    ("", "who_changed_it"): _owner_or_worker,
    ("Match", "remark"): _owner_or_worker,
    ("Account", "email"): _account,
}
"""A kind "" is any kind of record that has the field. Lists keep masked organizations out by ``queries/naming.py``."""


def may_read(ctx: Context, kind: str, field: str, record: Any) -> bool:
    """Whether the actor may read the field of a record they may see. Raises KeyError for a field without a rule."""
    return FIELDS.get((kind, field), FIELDS["", field])(ctx, record)
