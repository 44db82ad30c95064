"""One row or more in every table, for tests that go through all of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from models import (
    ApiToken,
    Citation,
    Comparator,
    Indicator,
    Job,
    KeyTechnology,
    MeetingState,
    PostingState,
    Programme,
    ProjectState,
    RankingStatistics,
    RankingWeights,
    SavedSearch,
    SignInSession,
    Source,
    Synonym,
    WeightsOrigin,
    WeightsState,
)
from service.context import Context
from tests.factories import (
    add_account,
    add_achievement,
    add_category,
    add_contract,
    add_entry,
    add_event,
    add_invitation,
    add_match,
    add_meeting,
    add_need,
    add_project,
    add_scientist,
)


def write_everything(ctx: Context) -> None:
    """Fill every table and commit."""
    root = add_category(ctx, "01")
    leaf = add_category(ctx, "0101", parent=root)
    account = add_account(ctx)
    ctx.add(
        SignInSession(
            token_digest="a" * 64,
            account_id=account.id,
            csrf_token="b",
            created_at=ctx.now,
            last_seen_at=ctx.now,
            expires_at=ctx.now + timedelta(hours=12),
        )
    )
    ctx.add(ApiToken(token_digest="c" * 64, account_id=account.id, name="脚本", created_at=ctx.now))
    ctx.add(Source(key="S1", title="实施方案"))
    need = add_need(ctx, categories=[leaf], state=PostingState.SUBMITTED, created_by_id=account.id)
    achievement = add_achievement(ctx, categories=[root])
    ctx.add(Citation(source_key="S1", record_type="Need", record_id=need.id, origin_key="N1", evidence="原文"))
    ctx.add(KeyTechnology(number="1", industry="氢能", name="电解水制氢"))
    ctx.add(Programme(subtype="plan", name="科技“突围”工程"))
    ctx.add(
        Indicator(
            name="握手行动",
            value_text="百余次",
            value=Decimal("100.5"),
            comparator=Comparator.MORE_THAN,
            kind="result",
            region_code="150600",
        )
    )
    add_scientist(ctx)
    event = add_event(ctx, point_id=root.id)
    add_invitation(ctx, event=event)
    meeting = add_meeting(ctx, event=event, match=add_match(ctx, need=need, achievement=achievement))
    held = add_meeting(ctx, state=MeetingState.HELD)
    project = add_project(ctx, state=ProjectState.ACTIVE, meeting=held)
    line = add_entry(ctx, project=project, contract_id=add_contract(ctx, project=project).id)
    add_entry(ctx, reverses=line)
    ctx.log(need.move_to(PostingState.PUBLISHED, "材料齐全"))
    ctx.log(meeting.move_to(MeetingState.CONFIRMED))
    ctx.add(RankingStatistics(seq=1, texts=2, digest="d" * 64, data=b"statistics", created_at=ctx.now))
    ctx.add(
        RankingWeights(
            origin=WeightsOrigin.HAND,
            state=WeightsState.ACTIVE,
            weights={"title": 0.5},
            metrics={},
            created_by_id=account.id,
            created_at=ctx.now,
            activated_at=ctx.now,
        )
    )
    ctx.add(SavedSearch(account_id=account.id, name="制氢", query="电解水", filters={}, seen=["needs:1"], fresh=[]))
    ctx.add(Synonym(words=["质子交换膜", "PEM"], seed_key="Y1"))
    ctx.add(Job(name="rank", payload={"need_id": need.id}, unique_key="rank", run_at=ctx.now, created_at=ctx.now))
    ctx.commit()
