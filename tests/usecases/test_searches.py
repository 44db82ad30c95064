"""Kept searches tell of what is new to their owner, and of nothing else."""

from __future__ import annotations

import pytest

from models import Confidentiality, Job, SavedSearch, SearchChange
from service.context import Context
from service.errors import Conflict, NotFound, NotSignedIn
from service.jobs import worker
from service.queries.saved_searches import kept_searches, searches_due
from service.queries.search import search_page
from service.queries.workbench import waiting_lists
from service.usecases import searches
from service.usecases.searches import (
    EditSearch,
    KeepSearch,
    MoveSearch,
    check_searches,
    edit_search,
    forget_search,
    keep_search,
    look_through,
)
from tests.factories import add_achievement, add_need, add_organization

WANTED = KeepSearch(q="钠离子电池")
TITLE = "钠离子电池正极材料"


def _fresh(ctx: Context) -> list[int]:
    return [one.fresh for one in kept_searches(ctx)]


def test_a_kept_search_tells_of_what_came_after_it_alone(ctx: Context, enterprise: Context) -> None:
    add_achievement(ctx, title=f"{TITLE}一")
    search = keep_search(enterprise, WANTED)
    assert check_searches(ctx) == 0

    new = add_achievement(ctx, title=f"{TITLE}二")
    add_achievement(ctx, title="锂离子电池回收")

    assert check_searches(ctx) == 1
    assert _fresh(enterprise) == [1]
    [waiting] = [one for one in waiting_lists(enterprise) if one.title == "保存的搜索有新结果"]
    assert [(item.text, item.badge) for item in waiting.items] == [("钠离子电池", "1 条新结果")]
    page = search_page(enterprise, {"q": search.query}, seen=search.seen)
    assert [one.key for one in page.results if one.fresh and one.complete] == [f"achievements:{new.id}"]


def test_what_was_looked_through_is_no_news_any_more(ctx: Context, enterprise: Context) -> None:
    search = keep_search(enterprise, WANTED)
    add_need(ctx, title=TITLE)
    check_searches(ctx)

    look_through(enterprise, search.id)
    check_searches(ctx)

    assert _fresh(enterprise) == [0]


def test_filters_of_a_kept_search_hold_for_its_news(ctx: Context, enterprise: Context) -> None:
    keep_search(enterprise, KeepSearch(q="钠离子电池", kind="achievements", region="150600"))
    add_need(ctx, title=TITLE)
    add_achievement(ctx, title=TITLE, region_code="150100")
    add_achievement(ctx, title=TITLE, region_code="150621")

    check_searches(ctx)

    assert _fresh(enterprise) == [1]
    assert list(kept_searches(enterprise)[0].conditions) == ["类别：科技成果", "地区：鄂尔多斯市"]


def test_the_owner_is_told_of_nothing_they_may_not_read(ctx: Context, enterprise: Context, broker: Context) -> None:
    for who in (enterprise, broker):
        keep_search(who, WANTED)
    add_need(ctx, title=TITLE, confidentiality=Confidentiality.ORGANIZERS)
    partly = add_need(ctx, title=TITLE, confidentiality=Confidentiality.COUNTERPARTS)

    check_searches(ctx)
    assert (_fresh(enterprise), _fresh(broker)) == ([0], [1])

    partly.confidentiality = Confidentiality.ORGANIZERS
    ctx.flush()
    assert _fresh(broker) == [0]


def test_a_paused_search_keeps_quiet_and_catches_up_when_taken_up_again(ctx: Context, enterprise: Context) -> None:
    search = keep_search(enterprise, WANTED)
    edit_search(enterprise, search.id, EditSearch(name="钠电", alerts=False, version=search.version))
    add_need(ctx, title=TITLE)
    assert (check_searches(ctx), _fresh(enterprise)) == (0, [0])

    edit_search(enterprise, search.id, EditSearch(name="钠电", alerts=True, version=search.version))

    assert (check_searches(ctx), _fresh(enterprise)) == (1, [1])


def test_looking_for_news_is_no_change_of_the_search(ctx: Context, enterprise: Context) -> None:
    search = keep_search(enterprise, WANTED)
    version, changed = search.version, search.updated_at
    add_need(ctx, title=TITLE)

    check_searches(ctx)

    assert (search.version, search.updated_at) == (version, changed)


def test_another_ones_search_is_as_if_it_were_not_there(enterprise: Context, institute: Context) -> None:
    search = keep_search(enterprise, WANTED)

    assert kept_searches(institute) == []
    with pytest.raises(NotFound):
        look_through(institute, search.id)
    with pytest.raises(NotFound):
        forget_search(institute, search.id, MoveSearch(version=1))
    with pytest.raises(NotFound):
        edit_search(institute, search.id, EditSearch(name="别人的", version=1))


def test_a_visitor_keeps_nothing(anonymous: Context) -> None:
    with pytest.raises(NotSignedIn):
        keep_search(anonymous, WANTED)


def test_a_stale_change_is_refused(enterprise: Context) -> None:
    search = keep_search(enterprise, WANTED)

    with pytest.raises(Conflict):
        forget_search(enterprise, search.id, MoveSearch(version=search.version + 1))

    forget_search(enterprise, search.id, MoveSearch(version=search.version))
    assert kept_searches(enterprise) == []


def test_the_same_search_too_many_and_too_broad_ones_are_refused(
    ctx: Context, enterprise: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_search(enterprise, WANTED)
    with pytest.raises(Conflict, match="已经保存过"):
        keep_search(enterprise, WANTED)

    monkeypatch.setattr(searches, "MOST_RESULTS", 0)
    add_organization(ctx, name="高塔风电有限公司")
    with pytest.raises(Conflict, match="太多"):
        keep_search(enterprise, KeepSearch(q="高塔风电"))

    monkeypatch.setattr(searches, "MOST_KEPT", 1)
    with pytest.raises(Conflict, match="最多 1 个"):
        keep_search(enterprise, KeepSearch(q="煤矸石"))


def test_the_worker_looks_once_changes_have_settled(ctx: Context, enterprise: Context) -> None:
    keep_search(enterprise, WANTED)
    ctx.commit()
    assert not searches_due(ctx)

    add_need(ctx, title=TITLE)
    ctx.commit()

    assert searches_due(ctx)
    worker._queue_regular(ctx)
    worker._queue_regular(ctx)
    [job] = [one for one in ctx.session.query(Job) if one.name == "check_searches" and "day" not in one.payload]
    assert job.run_at == ctx.now + worker.SETTLED


def test_old_numbered_changes_are_cleared_away(
    ctx: Context, enterprise: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searches, "KEPT_CHANGES", 2)
    keep_search(enterprise, WANTED)
    for at in range(6):
        add_need(ctx, title=f"{TITLE}{at}")

    check_searches(ctx)

    assert ctx.session.query(SearchChange).count() == 3
    assert search_page(enterprise, {"q": TITLE}).total == 6
    assert ctx.session.query(SavedSearch).one().checked_at == ctx.now
