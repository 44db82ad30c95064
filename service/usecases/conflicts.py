"""Record who must not meet whom, take the suggestions back at once, and refuse what would bring them together."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field
from sqlalchemy import delete, or_, select

from models import (
    Achievement,
    BlacklistEntry,
    Match,
    MatchState,
    Meeting,
    Need,
    Organization,
    OrganizationTie,
    TieKind,
)
from service.commands import Command, OptionalDate, OptionalInt, Version
from service.context import Context
from service.errors import Conflict, Invalid
from service.kinds import picked, words
from service.queries.conflicts import Finding, Ties, ties
from service.usecases.moving import note_end

_BATCH = 500


class AddTie(Command):
    """Input of a tie between two organizations; of a PARENT tie the other one is above."""

    other_id: Annotated[int, picked("与哪家机构", "从列表中选择", widget="organization")]
    kind: Annotated[TieKind, picked("关联类型", "选“母公司或上级单位”时，所选机构为上级", widget="select")]
    person_name: Annotated[str, words("任职人员", "人员交叉任职时填写", limit=50)] = ""
    note: Annotated[str, words("说明", "依据，例如工商登记、批复文号", limit=500, widget="textarea")] = ""


class AddBlacklistEntry(Command):
    """Input of an organization that is not to be met: by one other, or by anybody when ``other_id`` is empty."""

    other_id: Annotated[OptionalInt, picked("不与谁对接", "留空表示不与任何机构对接", widget="organization")] = None
    reason: Annotated[
        str, words("原因", "例如失信、未了结的纠纷；双方会看到", limit=500, widget="textarea"), Field(min_length=1)
    ]
    starts_on: Annotated[OptionalDate, picked("从哪天起", "留空为今天", widget="date")] = None
    ends_on: Annotated[OptionalDate, picked("到哪天止", "留空为直到解除", widget="date")] = None


class EndConflict(Command):
    """Input of removing a tie or lifting an entry."""

    version: Version
    reason: Annotated[str, words("原因", "写明为什么解除", limit=500), Field(min_length=1)]


def add_tie(ctx: Context, organization_id: int, command: AddTie) -> OrganizationTie:
    """Record that two organizations belong together; open suggestions between them go at once."""
    organization = ctx.require(Organization, organization_id, may="keep_conflicts")
    other = _other(ctx, organization, command.other_id)
    person = command.person_name if command.kind is TieKind.SHARED_PERSON else ""
    there = select(OrganizationTie.id).where(
        OrganizationTie.kind == command.kind,
        OrganizationTie.person_name == person,
        or_(
            (OrganizationTie.organization_id == organization.id) & (OrganizationTie.other_id == other.id),
            (OrganizationTie.organization_id == other.id) & (OrganizationTie.other_id == organization.id),
        ),
    )
    if ctx.session.scalar(there) is not None:
        raise Invalid({"other_id": f"与“{other.name}”的这一关联已经登记"})
    tie = ctx.add(
        OrganizationTie(
            organization_id=organization.id,
            other_id=other.id,
            kind=command.kind,
            person_name=person,
            note=command.note,
            is_demo=organization.is_demo or other.is_demo,
        )
    )
    ctx.audit("add_tie", tie, organization=organization.id, other=other.id, kind=command.kind.value, note=command.note)
    take_back_suggestions(ctx)
    return tie


def remove_tie(ctx: Context, tie_id: int, command: EndConflict) -> Organization:
    """Take a tie back with a reason; that it was there stays in the audit log. Answers whose page it stood on."""
    tie = ctx.require(OrganizationTie, tie_id, may="keep_conflicts")
    ctx.check_version(tie, command.version)
    organization = ctx.find(Organization, tie.organization_id)
    told = {"organization": tie.organization_id, "other": tie.other_id, "kind": tie.kind.value}
    note_end(ctx, tie, command.reason)
    ctx.audit("remove_tie", tie, **told, reason=command.reason)
    ctx.session.delete(tie)
    ctx.enqueue("refresh_matches", unique_key="refresh_matches")
    return organization


def add_blacklist_entry(ctx: Context, organization_id: int, command: AddBlacklistEntry) -> BlacklistEntry:
    """Enter an organization that is not to be met, with reason and term; open suggestions go at once."""
    organization = ctx.require(Organization, organization_id, may="keep_conflicts")
    other = None if command.other_id is None else _other(ctx, organization, command.other_id)
    starts_on = command.starts_on or ctx.today
    if command.ends_on is not None and command.ends_on < max(starts_on, ctx.today):
        raise Invalid({"ends_on": "截止日期不能早于开始日期或今天"})
    entry = ctx.add(
        BlacklistEntry(
            organization_id=organization.id,
            other_id=None if other is None else other.id,
            reason=command.reason,
            starts_on=starts_on,
            ends_on=command.ends_on,
            created_by_id=ctx.actor.account_id,
            is_demo=organization.is_demo,
        )
    )
    ctx.audit("add_blacklist_entry", entry, organization=organization.id, other=entry.other_id, reason=entry.reason)
    take_back_suggestions(ctx, starts_on)
    return entry


def lift_blacklist_entry(ctx: Context, entry_id: int, command: EndConflict) -> BlacklistEntry:
    """End an entry from now on, with a reason; what it said and for how long is kept."""
    entry = ctx.require(BlacklistEntry, entry_id, may="keep_conflicts")
    ctx.check_version(entry, command.version)
    if entry.lifted_at is not None or (entry.ends_on is not None and entry.ends_on < ctx.today):
        raise Conflict("这一条已经到期或解除，不用再解除。")
    entry.lifted_at = ctx.now
    note_end(ctx, entry, command.reason)
    ctx.touch(entry)
    ctx.audit("lift_blacklist_entry", entry, reason=command.reason)
    ctx.enqueue("refresh_matches", unique_key="refresh_matches")
    return entry


def refuse_conflict(ctx: Context, need: Need, achievement: Achievement) -> None:
    """Raises Conflict with the reason when the two sides of a pair must not be brought together today."""
    found = pair_conflict(ties(ctx), need, achievement)
    if found is not None:
        raise Conflict(found.sentence)


def pair_conflict(apart: Ties, need: Need, achievement: Achievement) -> Finding | None:
    """Why the pair must not meet; what is posted on behalf of others is spared the rule against one's own."""
    on_behalf = need.posted_on_behalf or achievement.posted_on_behalf
    return apart.between_postings(need.organization_id, achievement.organization_id, on_behalf=on_behalf)


def take_back_suggestions(ctx: Context, on: date | None = None) -> int:
    """Delete suggestions nobody has decided on whose sides must not meet; how many. Seated pairs stay, to be seen."""
    ctx.flush()
    apart = ties(ctx, on)
    seated = select(Meeting.id).where(Meeting.match_id == Match.id).exists()
    rows = ctx.session.execute(
        select(
            Match.id,
            Need.organization_id,
            Achievement.organization_id,
            or_(Need.posted_on_behalf, Achievement.posted_on_behalf),
        )
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .where(Match.state == MatchState.SUGGESTED, ~seated)
    )
    gone = []
    for number, one, other, on_behalf in rows:
        if apart.between_postings(one, other, on_behalf=on_behalf) is not None:
            gone.append(number)
    for start in range(0, len(gone), _BATCH):
        some = gone[start : start + _BATCH]
        ctx.session.execute(delete(Match).where(Match.id.in_(some)).execution_options(synchronize_session=False))
    if gone:
        ctx.session.expire_all()
        ctx.audit("take_back_suggestions", pairs=len(gone))
        ctx.enqueue("refresh_matches", unique_key="refresh_matches")
    return len(gone)


def follow_terms(ctx: Context) -> None:
    """Once a day: take back suggestions that an entry keeps apart from today on; look anew when one has run out."""
    take_back_suggestions(ctx)
    yesterday = date.fromordinal(ctx.today.toordinal() - 1)
    if ctx.session.scalar(select(BlacklistEntry.id).where(BlacklistEntry.ends_on == yesterday).limit(1)) is not None:
        ctx.enqueue("refresh_matches", unique_key="refresh_matches")


def _other(ctx: Context, organization: Organization, other_id: int) -> Organization:
    if other_id == organization.id:
        raise Invalid({"other_id": "请选择另一家机构"})
    other = ctx.session.get(Organization, other_id)
    if other is None:
        raise Invalid({"other_id": "没有这家机构，请从列表中选择"})
    return other
