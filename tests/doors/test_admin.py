"""The administrator's rooms through both doors: accounts, jobs, matching, 示例 data and the audit log."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, text

from models import Account, AuditEntry, Job, JobState, Organization, Role
from service.config import Settings
from service.context import Context
from service.jobs.registry import JOBS
from service.queries.audit import ACTIONS
from service.queries.jobs import JOB_LABELS
from service.seeding import load_demo, load_seeds
from tests.doors.conftest import Browser
from tests.factories import NOW, add_account, add_match, add_need, add_organization, add_run
from tests.house.checkout import modules
from tests.parts import ONLY_SQLITE

ROOMS = ("/admin", "/admin/accounts", "/admin/accounts/new", "/admin/jobs")


def _account(organization: Organization, **values: Any) -> dict[str, Any]:
    return {
        "email": "Wang@Example.cn",
        "name": "王工",
        "role": "ENTERPRISE",
        "organization_id": str(organization.id),
        "password": "新密码要记牢Aa1",
        **values,
    }


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_the_administrator_enters(browse: Callable[..., Browser], role: Role) -> None:
    browser = browse(role=role)

    expected = {**dict.fromkeys(ROOMS, 403), **({"/admin/accounts": 200} if role is Role.SECURITY else {})}
    assert {path: browser.get(path).status_code for path in ROOMS} == expected
    assert browser.get("/admin/audit").status_code == (200 if role is Role.AUDITOR else 403)
    assert browser.get("/admin/audit.csv").status_code == (200 if role is Role.AUDITOR else 403)
    assert browser.post("/admin/demo/remove").status_code == 403


def test_a_visitor_is_asked_to_sign_in(browse: Callable[..., Browser]) -> None:
    visitor = browse()

    assert {path: visitor.get(path).status_code for path in ROOMS} == dict.fromkeys(ROOMS, 401)


def test_an_account_is_opened_switched_off_and_on_again(ctx: Context, browse: Callable[..., Browser]) -> None:
    house = add_organization(ctx, name="晨光机械有限公司")
    keeper = browse(role=Role.ADMIN)

    made = keeper.post("/admin/accounts/new", _account(house))
    account = ctx.session.scalars(select(Account).where(Account.email == "wang@example.cn")).one()
    off = keeper.post(f"/accounts/{account.id}/switch", {"version": str(account.version), "is_active": ""})
    ctx.session.refresh(account)

    assert (made.status_code, off.status_code, account.is_active) == (200, 200, False)
    assert "晨光机械有限公司" in made.text
    keeper.post(f"/accounts/{account.id}/switch", {"version": str(account.version), "is_active": "true"})
    ctx.session.refresh(account)
    assert account.is_active


def test_a_wrong_account_is_shown_again_with_what_to_change(ctx: Context, browse: Callable[..., Browser]) -> None:
    house = add_organization(ctx)
    taken = add_account(ctx, email="taken@example.cn")
    keeper = browse(role=Role.ADMIN)
    before = ctx.session.scalar(select(func.count(Account.id)))

    answer = keeper.post(
        "/admin/accounts/new", _account(house, email=taken.email, role="ORGANIZER", region_code="", name="赵工")
    )

    assert answer.status_code == 422
    assert "这个邮箱已有账号" in answer.text
    assert "组织方须选择负责的地区" in answer.text
    assert 'value="赵工"' in answer.text
    assert "新密码要记牢Aa1" not in answer.text
    ctx.session.rollback()
    assert ctx.session.scalar(select(func.count(Account.id))) == before


def test_one_cannot_switch_oneself_off_and_the_page_says_so(browse: Callable[..., Browser]) -> None:
    keeper = browse(role=Role.ADMIN)
    assert keeper.account is not None

    answer = keeper.post(
        f"/accounts/{keeper.account.id}/switch", {"version": str(keeper.account.version), "is_active": ""}
    )

    assert answer.status_code == 409
    assert "不能停用自己的账号" in answer.text
    assert keeper.get("/admin").status_code == 200


def test_programs_list_open_and_switch_accounts_and_ask_who_they_are(
    ctx: Context, bearer: Callable[..., TestClient]
) -> None:
    house = add_organization(ctx)
    program, member = bearer(role=Role.ADMIN), bearer(role=Role.ENTERPRISE)

    made = program.post("/api/v1/accounts", json={**_account(house), "organization_id": house.id})
    one = made.json()
    off = program.post(f"/api/v1/accounts/{one['id']}/switch", json={"version": one["version"], "is_active": False})

    assert (made.status_code, off.json()["is_active"]) == (201, False)
    assert "password" not in "".join(one)
    assert one["email"] in {item["email"] for item in program.get("/api/v1/accounts").json()["items"]}
    assert member.get("/api/v1/accounts").status_code == 403
    assert member.get("/api/v1/session").json()["role"] == "ENTERPRISE"
    assert program.get("/api/v1/session").json()["role"] == "ADMIN"


def test_a_visitor_has_no_session_to_ask_about(browse: Callable[..., Browser]) -> None:
    assert browse().client.get("/api/v1/session").status_code == 401


def test_a_dead_job_shows_its_error_and_is_tried_again(ctx: Context, browse: Callable[..., Browser]) -> None:
    job = ctx.add(
        Job(
            name="refresh_matches",
            payload={},
            state=JobState.DEAD,
            attempts=5,
            run_at=NOW,
            created_at=NOW,
            last_error="OSError: 磁盘已满",
        )
    )
    keeper = browse(role=Role.ADMIN)

    shown = keeper.get("/admin/jobs?state=DEAD").text
    retried = keeper.post(f"/admin/jobs/{job.id}/retry")
    again = keeper.post(f"/admin/jobs/{job.id}/retry")
    ctx.session.refresh(job)

    assert "OSError: 磁盘已满" in shown
    assert f"/admin/jobs/{job.id}/retry" in shown
    assert (retried.status_code, again.status_code, job.state) == (200, 409, JobState.QUEUED)


def test_matching_can_be_asked_for(ctx: Context, browse: Callable[..., Browser]) -> None:
    keeper = browse(role=Role.ADMIN)

    answer = keeper.post("/admin/matching")

    assert "已排入后台任务" in answer.text
    assert ctx.session.scalars(select(Job.name)).all() == ["refresh_matches"]


def test_a_run_is_shown_while_it_goes_on_and_when_it_is_done(ctx: Context, browse: Callable[..., Browser]) -> None:
    add_match(ctx, first_run_id=add_run(ctx, trigger="refresh", finished_at=NOW - timedelta(days=1)).id)
    going_on = add_run(ctx, trigger="refresh", total=20, done=5, started_at=NOW)
    add_match(ctx, first_run_id=going_on.id)
    ctx.commit()
    keeper = browse(role=Role.ADMIN)

    assert "5 / 20" in keeper.get("/admin").text
    assert "正在重新匹配" in keeper.get("/matches").text
    assert "hx-get" in keeper.get("/matches/run").text

    going_on.done, going_on.new_pairs, going_on.finished_at = 20, 1, NOW
    number = going_on.id
    ctx.commit()

    assert "新出现 1 对" in keeper.get("/admin").text
    assert f'href="/matches?fresh={number}">新出现的 1 对' in keeper.get("/matches/run").text
    assert keeper.get(f"/matches?fresh={number}").text.count("data-row") == 1


def test_demo_data_is_counted_and_removed_with_the_rest_kept(ctx: Context, browse: Callable[..., Browser]) -> None:
    load_seeds(ctx)
    load_demo(ctx)
    real = add_need(ctx, title="真实的需求要留下")
    keeper = browse(role=Role.ADMIN)

    before = keeper.get("/admin").text
    answer = keeper.post("/admin/demo/remove")

    shown = re.search(r"将删除 (\d+) 条示例记录", before)
    assert shown is not None
    assert int(shown[1]) > 50
    assert answer.status_code == 200
    assert "没有示例数据" in answer.text
    ctx.session.expire_all()
    assert ctx.session.scalar(select(func.count()).select_from(Organization).where(Organization.is_demo)) == 0
    assert keeper.get(f"/needs/{real.id}").status_code == 200


def test_the_audit_log_is_searched_by_who_what_and_which_record(ctx: Context, browse: Callable[..., Browser]) -> None:
    need = add_need(ctx)
    account = add_account(ctx, Role.AUDITOR, name="严审计")
    ctx.audit("edit", need, changed=["title", "problem"])
    ctx.commit()
    reader = browse(account)

    by_record = reader.get(f"/admin/audit?record=Need&number={need.id}").text
    by_who = reader.get("/admin/audit?q=严审计").text
    by_what = reader.get("/admin/audit?action=edit").text

    assert "修改项：名称、卡点" in by_record
    assert f'href="/needs/{need.id}"' in by_record
    assert "登录" in by_who
    assert "修改项" not in by_who
    assert "共 <strong>1</strong> 条" in by_what
    assert "没有符合条件的记录" in reader.get("/admin/audit?since=2199-01-01").text
    assert reader.get("/admin/audit?since=gibberish&number=x").status_code == 200


@ONLY_SQLITE
def test_the_chain_check_says_where_the_log_was_touched(ctx: Context, browse: Callable[..., Browser]) -> None:
    ctx.audit("edit", add_need(ctx))
    reader = browse(role=Role.AUDITOR)

    assert "日志完整" in reader.get("/admin/audit?check=1").text

    first = ctx.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).first()
    assert first is not None
    ctx.session.execute(text("DROP TRIGGER audit_entries_refuse_update"))
    ctx.session.execute(text("UPDATE audit_entries SET actor_name = '别人' WHERE id = :id"), {"id": first.id})
    ctx.session.commit()
    page = reader.get("/admin/audit?check=1").text
    assert "日志被改动过" in page
    assert f"从第 {first.id} 条起" in page


def test_every_action_written_to_the_log_has_a_chinese_name() -> None:
    written = {
        action
        for module, tree in modules().items()
        if module.startswith("service")
        for action in re.findall(r"audit\('(\w+)'", ast.unparse(tree))
    }

    assert len(written) > 15
    assert written - set(ACTIONS) == set()


def test_every_job_has_a_chinese_name() -> None:
    assert set(JOBS) == set(JOB_LABELS)


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """The test's settings; in demo mode when the test is parametrized so."""
    return settings.model_copy(update={"demo": getattr(request, "param", False)})


@pytest.mark.parametrize("settings", [True], indirect=True)
def test_the_gallery_is_there_in_demo_mode(browse: Callable[..., Browser]) -> None:
    answer = browse().get("/gallery")

    assert answer.status_code == 200
    assert "界面样例" in answer.text


def test_the_gallery_is_not_there_otherwise(browse: Callable[..., Browser]) -> None:
    assert browse().get("/gallery").status_code == 404
