"""Runs over everything: step by step, the same however they are cut, and honest about what they brought."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from models import Job, JobState, Match, MatchRun, MatchState, Need, PostingState, RankingStatistics
from service.config import Settings
from service.context import Context
from service.jobs.registry import refresh_matches
from service.jobs.worker import run_one
from service.kinds import KINDS
from service.queries.runs import run_shown
from service.ranking import catalogue
from service.usecases import ranking
from service.usecases.matches import MoveMatch, shortlist_match
from service.usecases.postings import MovePosting, publish_posting
from service.usecases.ranking import advance_run, begin_run, needs_run, rank_everything
from service.web.installation import Installation
from tests.conftest import OpenContext
from tests.factories import NOW, actor_for, add_account, add_achievement, add_need

TOPICS = ("碱性电解水制氢隔膜", "粉煤灰提取氧化铝", "羊绒分梳设备", "煤制烯烃催化剂", "矿井水深度处理", "光伏组件回收")


def _fill(ctx: Context) -> None:
    for topic in TOPICS:
        add_need(ctx, title=f"{topic}寿命短", problem=f"{topic}在现场运行不稳", keywords=[topic], deadline=None)
        add_achievement(ctx, title=f"长寿命{topic}", abstract=f"{topic}的成套技术", keywords=[topic])


def _pairs(ctx: Context) -> list[tuple[Any, ...]]:
    columns = (Match.need_id, Match.achievement_id, Match.score, Match.need_rank, Match.offer_rank, Match.reason)
    return [tuple(row) for row in ctx.session.execute(select(*columns).order_by(Match.need_id, Match.achievement_id))]


def test_a_run_keeps_each_postings_place_in_the_others_list(ctx: Context) -> None:
    _fill(ctx)

    run = rank_everything(ctx)

    assert (run.done, run.total, run.finished_at) == (12, 12, NOW)
    assert run.pairs_kept == len(_pairs(ctx)) > 6
    room = catalogue(ctx)
    for need_id, achievement_id, score, need_rank, offer_rank, _ in _pairs(ctx):
        there = {one.id: one for one in room.indexes["achievements"].top(room.profiles["needs"][str(need_id)], 20)}
        back = {
            one.id: one for one in room.indexes["needs"].top(room.profiles["achievements"][str(achievement_id)], 20)
        }
        assert (there[str(achievement_id)].rank, back[str(need_id)].rank) == (need_rank, offer_rank)
        assert round(there[str(achievement_id)].score * 10_000) == score


def test_a_run_broken_off_goes_on_where_it_stopped(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(ctx)
    whole = rank_everything(ctx)
    expected = _pairs(ctx)
    monkeypatch.setattr(ranking, "STEP", 5)
    run = begin_run(ctx)
    assert run.id != whole.id
    assert advance_run(ctx, run) is False
    ctx.commit()
    broken_off = run.id
    ctx.session.expunge_all()

    again = begin_run(ctx)
    assert (again.id, again.done, again.finished_at) == (broken_off, 5, None)
    steps = 1
    while not advance_run(ctx, again):
        ctx.commit()
        steps += 1

    assert steps == 3, "six needs and six achievements in steps of five: 5, 1, 5, 1"
    assert (again.done, again.total, again.new_pairs, again.gone_pairs) == (12, 12, 0, 0)
    assert _pairs(ctx) == expected


def test_a_run_says_how_many_pairs_are_new_and_how_many_went(ctx: Context) -> None:
    _fill(ctx)
    rank_everything(ctx)
    first = run_shown(ctx)
    assert first is not None
    assert (first.is_first, first.fresh) == (True, len(_pairs(ctx)))
    known = {pair[:2] for pair in _pairs(ctx)}
    closed = ctx.session.scalars(select(Need).order_by(Need.id)).first()
    assert closed is not None
    closed.move_to(PostingState.CLOSED, "已自行解决")
    arrived = add_achievement(ctx, title="电解水制氢隔膜在线监测", abstract="电解槽隔膜寿命预测", keywords=["隔膜"])

    run = rank_everything(ctx)

    now = {pair[:2] for pair in _pairs(ctx)}
    assert {need for need, _ in now} == {need for need, _ in known} - {closed.id}
    assert run.gone_pairs == len(known - now)
    assert run.new_pairs == len(now - known) > 0
    assert {achievement for _, achievement in now - known} == {arrived.id}
    shown = run_shown(ctx)
    assert shown is not None
    assert (shown.is_first, shown.fresh) == (False, len(now - known))


def test_what_somebody_decided_stays_and_no_open_page_goes_stale(organizer: Context, ctx: Context) -> None:
    _fill(ctx)
    rank_everything(ctx)
    chosen = ctx.session.scalars(select(Match).order_by(Match.score)).first()
    assert chosen is not None
    seen = chosen.version
    need = ctx.find(Need, chosen.need_id)
    need.problem = "换了说法：" + need.problem
    ctx.touch(need)
    rank_everything(ctx)

    shortlist_match(organizer, chosen.id, MoveMatch(version=seen))
    need.move_to(PostingState.CLOSED, "不再需要")
    rank_everything(ctx)

    kept = ctx.session.scalars(select(Match).where(Match.need_id == need.id)).all()
    assert [(match.id, match.state) for match in kept] == [(chosen.id, MatchState.SHORTLISTED)]


def test_a_posting_is_ranked_in_the_breath_that_publishes_it(organizer: Context, ctx: Context) -> None:
    _fill(ctx)
    rank_everything(ctx)
    need = add_need(ctx, title="电解水制氢隔膜寿命短", problem="隔膜易穿孔", state=PostingState.SUBMITTED)

    publish_posting(organizer, KINDS["needs"], need.id, MovePosting(version=need.version))

    ranks = ctx.session.scalars(select(Match.need_rank).where(Match.need_id == need.id).order_by(Match.need_rank)).all()
    assert ranks == list(range(1, len(ranks) + 1))
    assert ranks
    run = ctx.session.scalars(select(MatchRun).order_by(MatchRun.id.desc())).first()
    assert run is not None
    assert (run.trigger, run.new_pairs, run.finished_at) == ("publish_need", len(ranks), NOW)
    waiting = ctx.session.scalars(select(Job).where(Job.name == "refresh_matches")).one()
    assert waiting.run_at == NOW


def test_words_are_counted_anew_only_when_something_changed(ctx: Context) -> None:
    _fill(ctx)
    rank_everything(ctx)
    rank_everything(ctx)
    assert len(ctx.session.scalars(select(RankingStatistics.id)).all()) == 1

    add_need(ctx)
    rank_everything(ctx)

    assert len(ctx.session.scalars(select(RankingStatistics.id)).all()) == 2


def test_the_nightly_run_rests_when_nothing_changed(ctx: Context) -> None:
    _fill(ctx)
    assert needs_run(ctx)
    rank_everything(ctx)
    assert not needs_run(ctx)

    refresh_matches(ctx, {"day": "2025-06-15"})
    assert len(ctx.session.scalars(select(MatchRun.id)).all()) == 1
    refresh_matches(ctx, {})
    assert len(ctx.session.scalars(select(MatchRun.id)).all()) == 2


def test_a_large_catalogue_waits_for_the_night(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "_SMALL", 1)
    _fill(ctx)
    need = add_need(ctx)

    ranking.rank_posting(ctx, KINDS["needs"], need)
    ctx.flush()

    waiting = ctx.session.scalars(select(Job).where(Job.name == "refresh_matches")).one()
    assert waiting.run_at - NOW == timedelta(hours=16), "NOW is ten in the morning in China; the night begins at two"


def test_the_worker_runs_step_after_step_until_all_is_ranked(
    ctx: Context, engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "STEP", 4)
    _fill(ctx)
    ctx.enqueue("refresh_matches", unique_key="refresh_matches")
    ctx.commit()
    ctx.session.close()
    installation = Installation(settings, engine)

    for _ in range(20):
        if not run_one(installation):
            break

    run = ctx.session.scalars(select(MatchRun).where(MatchRun.trigger == "refresh")).one()
    assert (run.done, run.total) == (12, 12)
    assert run.finished_at is not None
    states = ctx.session.scalars(select(Job.state).where(Job.name == "refresh_matches")).all()
    assert set(states) == {JobState.DONE}
    assert len(states) >= 4


def test_the_pairs_counted_as_new_are_those_the_actor_may_see(ctx: Context, open_ctx: OpenContext) -> None:
    _fill(ctx)
    rank_everything(ctx)
    stranger = open_ctx(actor_for(ctx, add_account(ctx)))

    shown = run_shown(stranger)

    assert shown is not None
    assert shown.fresh == 0
