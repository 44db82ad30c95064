"""The search pages and the API: a box on every page, kept searches of one's own, synonyms for the administrator."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from models import Role, SavedSearch, Synonym
from service.context import Context
from service.usecases.searches import check_searches
from tests.doors.conftest import Browser
from tests.factories import add_account, add_achievement, add_need, add_organization

TITLE = "钠离子电池正极材料量产"


@pytest.mark.parametrize("path", ["/", "/needs", "/login", "/organizations"])
def test_every_page_has_a_search_box(browse: Callable[..., Browser], path: str) -> None:
    page = browse().get(path).text

    assert 'action="/search"' in page
    assert 'href="/search"' in page


def test_results_are_lit_counted_and_narrowed_by_the_address(ctx: Context, browse: Callable[..., Browser]) -> None:
    need = add_need(ctx, title=TITLE)
    add_achievement(ctx, title=f"{TITLE}成果")
    visitor = browse()

    page = html.unescape(visitor.get("/search?q=nalizidianchi").text)

    assert "<mark>钠离子电池</mark>正极材料量产" in page
    assert f'href="/needs/{need.id}"' in page
    assert "/search?q=nalizidianchi&kind=needs" in page
    assert f"/needs/{need.id}" not in visitor.get("/search?q=nalizidianchi&kind=achievements").text
    assert "保存并提醒我" not in page


def test_a_slip_is_said_with_the_way_back(ctx: Context, browse: Callable[..., Browser]) -> None:
    add_need(ctx, title="电解水制氢机组")
    visitor = browse()

    page = html.unescape(visitor.get("/search", params={"q": "电结水"}).text)

    assert "按“<strong>电解水</strong>”查找" in page
    assert "仍查“电结水”" in page
    assert "没有找到" in visitor.get("/search", params={"q": "电结水", "exact": "1"}).text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "怎么搜"),
        ("-电池", "只写了要排除的词"),
        ("火星探测器", "没有找到“火星探测器”"),
        ("<script>", "没有找到“&lt;script&gt;”"),
    ],
)
def test_a_search_without_results_says_what_to_do(browse: Callable[..., Browser], query: str, said: str) -> None:
    answer = browse().get("/search", params={"q": query})

    assert answer.status_code == 200
    assert said in answer.text


def test_suggestions_are_words_and_records(ctx: Context, browse: Callable[..., Browser]) -> None:
    need = add_need(ctx, title=TITLE)

    found = html.unescape(browse().get("/search/suggest?q=nali").text)

    assert "钠离子" in found
    assert f"/needs/{need.id}" in found
    assert browse().get("/search/suggest").status_code == 200


def test_a_search_is_kept_told_of_renamed_paused_and_deleted(ctx: Context, browse: Callable[..., Browser]) -> None:
    member = browse(role=Role.ENTERPRISE)
    kept = member.post("/searches", {"q": "钠离子电池", "kind": "needs", "name": ""})
    assert "已保存搜索" in kept.text
    search = ctx.session.query(SavedSearch).one()
    need = add_need(ctx, title=TITLE)
    check_searches(ctx)
    ctx.commit()

    assert "1 条新结果" in member.get("/searches").text
    assert "1 条新结果" in member.get("/workbench").text
    page = member.get(f"/search?q=钠离子电池&kind=needs&kept={search.id}").text
    assert "1 条是上次看过以后新出现的" in page
    assert f"/needs/{need.id}" in page
    assert "1 条新结果" not in member.post(f"/searches/{search.id}/seen").text
    renamed = member.post(f"/searches/{search.id}/edit", {"name": "钠电", "version": search.version})
    assert "钠电" in renamed.text
    assert "已暂停提醒" in renamed.text
    ctx.session.refresh(search)
    assert "还没有保存搜索" in member.post(f"/searches/{search.id}/delete", {"version": search.version}).text


def test_a_visitor_is_asked_to_sign_in_and_another_ones_search_is_not_there(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    owner, other, visitor = browse(role=Role.ENTERPRISE), browse(role=Role.INSTITUTE), browse()
    owner.post("/searches", {"q": "钠离子电池"})
    search = ctx.session.query(SavedSearch).one()

    assert visitor.post("/searches", {"q": "钠离子电池"}, follow_redirects=False).status_code in (303, 401)
    assert other.get(f"/searches/{search.id}/edit").status_code == 404
    assert other.post(f"/searches/{search.id}/delete", {"version": 1}).status_code == 404
    assert "钠离子电池" not in other.get("/searches").text


def test_the_administrator_keeps_the_synonyms(ctx: Context, browse: Callable[..., Browser]) -> None:
    admin, member = browse(role=Role.ADMIN), browse(role=Role.ENTERPRISE)

    wrong = admin.post("/admin/synonyms/new", {"words": "PEM"})
    made = admin.post("/admin/synonyms/new", {"words": "质子交换膜、PEM", "note": "氢能", "is_active": "true"})
    group = ctx.session.query(Synonym).one()
    off = admin.post(f"/admin/synonyms/{group.id}/edit", {"words": "质子交换膜、PEM", "version": group.version})

    assert (wrong.status_code, made.status_code) == (422, 200)
    assert "质子交换膜、PEM" in made.text
    assert "停用" in off.text
    assert admin.get(f"/admin/synonyms/{group.id}/edit").status_code == 200
    assert "质子交换膜" in admin.get("/admin/synonyms.csv").content.decode("utf-8-sig")
    assert member.get("/admin/synonyms").status_code == 403
    assert member.post("/admin/synonyms/new", {"words": "甲、乙"}).status_code == 403


def test_programs_search_and_keep_searches(ctx: Context, bearer: Callable[..., TestClient]) -> None:
    need = add_need(ctx, title=TITLE)
    program = bearer(add_account(ctx, Role.ENTERPRISE, organization=add_organization(ctx)))

    found = program.get("/api/v1/search", params={"q": "钠离子电迟"}).json()
    kept = program.post("/api/v1/searches", json={"q": "钠离子电池", "kind": "needs"})
    one = kept.json()

    assert (found["total"], found["items"][0]["key"]) == (1, f"needs:{need.id}")
    assert found["corrections"] == [{"typed": "钠离子电迟", "taken": "钠离子电池"}]
    assert "".join(piece["text"] for piece in found["items"][0]["title"]) == TITLE
    assert (kept.status_code, one["filters"], one["fresh"]) == (201, {"kind": "needs"}, 0)
    assert program.post("/api/v1/searches", json={"q": ""}).status_code == 422
    assert program.get("/api/v1/searches").json() == [one]
    changed = program.put(
        f"/api/v1/searches/{one['id']}", json={"name": "钠电", "alerts": False, "version": one["version"]}
    )
    assert (changed.json()["name"], changed.json()["alerts"]) == ("钠电", False)
    assert program.post(f"/api/v1/searches/{one['id']}/seen").status_code == 200
    version = program.get(f"/api/v1/searches/{one['id']}").json()["version"]
    assert program.delete(f"/api/v1/searches/{one['id']}", params={"version": version}).status_code == 204
    assert program.get(f"/api/v1/searches/{one['id']}").status_code == 404
