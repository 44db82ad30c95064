"""The database itself numbers every change of an open posting, whoever writes it."""

from __future__ import annotations

import threading

from sqlalchemy import Engine, select, text

from models import CatalogueChange, CatalogueState, PostingState
from service.context import Context
from tests.conftest import OpenContext
from tests.factories import add_achievement, add_category, add_need, add_organization
from tests.parts import ONLY_POSTGRESQL


def _changes(ctx: Context) -> list[tuple[str, int]]:
    rows = ctx.session.execute(select(CatalogueChange.kind, CatalogueChange.posting_id).order_by(CatalogueChange.seq))
    return [(kind, posting_id) for kind, posting_id in rows]


def _number(ctx: Context) -> int:
    return int(ctx.session.scalar(select(CatalogueState.seq)) or 0)


def test_a_draft_is_no_change_of_the_catalogue(ctx: Context) -> None:
    need = add_need(ctx, state=PostingState.DRAFT)
    need.title = "另一个标题"
    ctx.flush()

    assert _changes(ctx) == []
    assert _number(ctx) == 0


def test_a_posting_that_opens_changes_and_closes_is_noted_each_time(ctx: Context) -> None:
    need = add_need(ctx, state=PostingState.SUBMITTED)
    need.move_to(PostingState.PUBLISHED)
    ctx.flush()
    need.problem = "膜电极寿命不足"
    ctx.flush()
    need.move_to(PostingState.CLOSED, "不再需要")
    ctx.flush()
    need.problem = "关闭之后的话"
    ctx.flush()

    assert _changes(ctx) == [("needs", need.id)] * 3
    assert _number(ctx) == 3


def test_what_the_ranking_never_reads_is_no_change(ctx: Context) -> None:
    achievement = add_achievement(ctx)
    before = _number(ctx)
    achievement.contact_phone = "0477-0000000"
    achievement.review_remark = "已核"
    ctx.touch(achievement)
    ctx.flush()

    assert _number(ctx) == before


def test_categories_and_removal_are_changes(ctx: Context) -> None:
    leaf = add_category(ctx, "0101")
    achievement = add_achievement(ctx, categories=[leaf])
    before = _number(ctx)
    ctx.session.execute(text("DELETE FROM achievement_categories"))
    ctx.session.execute(text("DELETE FROM achievements"))

    assert _number(ctx) == before + 2
    assert _changes(ctx)[-2:] == [("achievements", achievement.id)] * 2


def test_a_change_taken_back_leaves_no_number(ctx: Context) -> None:
    ctx.commit()
    add_need(ctx)
    assert _number(ctx) > 0
    ctx.discard()

    assert _number(ctx) == 0
    assert _changes(ctx) == []


@ONLY_POSTGRESQL
def test_numbers_follow_the_order_of_commits(ctx: Context, engine: Engine, open_ctx: OpenContext) -> None:
    organization = add_organization(ctx)
    ctx.commit()
    first, second, reader = (open_ctx(own_session=True) for _ in range(3))
    add_need(first, organization=organization)
    done: list[int] = []

    def write_later() -> None:
        add_need(second, organization=organization)
        second.commit()
        done.append(_number(second))

    waiting = threading.Thread(target=write_later)
    waiting.start()
    waiting.join(0.3)
    assert done == [], "the second writer waits for the first one's number"
    assert _changes(reader) == []
    first.commit()
    waiting.join(10)

    with engine.connect() as connection:
        numbers = connection.execute(text("SELECT seq FROM catalogue_changes ORDER BY seq")).scalars().all()
    assert numbers == list(range(1, len(numbers) + 1))
    assert done == [len(numbers)]
