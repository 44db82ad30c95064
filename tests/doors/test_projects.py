"""Projects, contracts and money through both doors: opened, signed, paid, reversed, and what is refused on the way."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from sqlalchemy import func, select

from models import (
    AuditEntry,
    Contract,
    InvestmentEntry,
    MeetingOutcome,
    MeetingState,
    OrganizationKind,
    Project,
    ProjectParty,
    ProjectState,
    Role,
)
from service.context import Context
from tests.doors.conftest import Browser
from tests.factories import add_contract, add_entry, add_meeting, add_organization, add_project
from tests.parts import ONLY_SQLITE

Browse = Callable[..., Browser]
Bearer = Callable[..., TestClient]


def _sides(ctx: Context, project_id: int) -> list[str]:
    rows = ctx.session.scalars(
        select(ProjectParty.organization_id).where(ProjectParty.project_id == project_id).order_by(ProjectParty.id)
    )
    return [str(one) for one in rows]


def _counts(ctx: Context) -> tuple[int, ...]:
    ctx.session.rollback()
    kinds = (Project, Contract, InvestmentEntry, AuditEntry)
    return tuple(ctx.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds)


def test_a_talk_becomes_a_project_with_money_by_forms_alone(ctx: Context, browse: Browse) -> None:
    meeting = add_meeting(ctx, state=MeetingState.HELD, outcome=MeetingOutcome.SIGNED)
    officer = browse(role=Role.ORGANIZER)

    form = officer.get(f"/projects/new?meeting={meeting.id}")
    assert "由洽谈建立合作项目" in form.text
    opened = officer.post("/projects/new", {"meeting_id": str(meeting.id), "title": "复合隔膜联合攻关"})
    project = ctx.session.scalars(select(Project)).one()
    here = f"/projects/{project.id}"
    assert opened.url.path == here
    assert "至少登记一份技术合同" in opened.text

    buyer, seller = _sides(ctx, project.id)[:2]
    contract = {
        "title": "技术开发合同",
        "kind": "DEVELOPMENT",
        "buyer_id": buyer,
        "seller_id": seller,
        "signed_on": "2025-06-10",
        "amount": "128万元",
        "technology_amount": "100万元",
        "payment_mode": "INSTALMENTS",
        "registration_number": "",
    }
    assert "128.00 万元" in officer.post(f"{here}/contracts/new", contract).text
    assert officer.post(f"{here}/contract", {"version": str(project.version)}).status_code == 200
    money = {"kind": "COMMITTED", "source": "ENTERPRISE", "amount": "128万元", "occurred_on": "2025-06-10"}
    money["evidence"] = "合同第五条"
    page = officer.post(f"{here}/entries/new", money)
    assert "1,280,000.00" in page.text
    again = officer.post(f"{here}/entries/new", money)
    assert again.status_code == 409
    assert "确认不是重复登记" in again.text

    ctx.session.expire_all()
    entry = ctx.session.scalars(select(InvestmentEntry)).one()
    assert "合同第五条" in officer.get(f"/ledger/{entry.id}/reverse").text
    undone = officer.post(f"/ledger/{entry.id}/reverse", {"reason": "金额记错"})
    assert "已冲销，原流水保留可查" in undone.text
    assert ctx.session.scalar(select(func.sum(InvestmentEntry.amount_fen))) == 0
    assert ctx.find(Project, project.id).state is ProjectState.CONTRACTED


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("path", "form", "sentence"),
    [
        ("/entries/new", {"kind": "RECEIVED", "amount": ""}, "请填写金额"),
        ("/entries/new", {"kind": "RECEIVED", "amount": "12.345"}, "最多精确到分"),
        ("/entries/new", {"kind": "SPENT", "amount": "1"}, "超过到位累计 0.00 元"),
        ("/entries/new", {"kind": "RECEIVED", "amount": "1", "occurred_on": "2099-01-01"}, "不能晚于今天"),
        ("/entries/new", {"kind": "RECEIVED", "amount": "1", "evidence": ""}, "没有凭证的金额不能入账"),
        ("/accept", {"acceptance_note": "好"}, "填写验收日期"),
        ("/terminate", {}, "填写终止原因"),
        ("/parties/new", {"organization_id": "", "role": "FUNDING"}, "请填写机构"),
        ("/edit", {"title": ""}, "请填写项目名称"),
    ],
)
def test_bad_forms_say_so_at_the_field_and_change_nothing(
    ctx: Context, browse: Browse, path: str, form: dict[str, str], sentence: str
) -> None:
    project = add_project(ctx, state=ProjectState.ACTIVE)
    officer = browse(role=Role.ORGANIZER)
    usual = (
        {"source": "FISCAL", "occurred_on": "2025-05-01", "evidence": "回单"}
        if "entries" in path
        else {"version": str(project.version)}
    )
    before = _counts(ctx)

    answer = officer.post(f"/projects/{project.id}{path}", {**usual, **form})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert _counts(ctx) == before


@ONLY_SQLITE
def test_a_stale_form_is_refused_with_what_to_do(ctx: Context, browse: Browse) -> None:
    project = add_project(ctx)
    officer = browse(role=Role.ORGANIZER)

    answer = officer.post(f"/projects/{project.id}/edit", {"title": "新名称", "version": "7"})

    assert answer.status_code == 409
    assert "请核对后再保存" in answer.text


@ONLY_SQLITE
def test_parties_read_their_project_and_nobody_else_does(ctx: Context, browse: Browse, bearer: Bearer) -> None:
    mine = add_organization(ctx)
    project = add_project(ctx, demand=mine, title="看得见的项目")
    entry = add_entry(ctx, project=project)
    other = add_project(ctx, title="看不见的项目")
    party, visitor = browse(role=Role.ENTERPRISE, organization=mine), browse()

    assert party.get(f"/projects/{project.id}").status_code == 200
    assert "登记到位" not in party.get(f"/projects/{project.id}").text
    assert party.get(f"/projects/{other.id}").status_code == 404
    listed = party.get("/projects").text
    assert "看得见的项目" in listed
    assert "看不见的项目" not in listed
    assert visitor.get(f"/projects/{project.id}").status_code == 401
    assert visitor.get("/projects").status_code == 401
    assert party.post(f"/ledger/{entry.id}/reverse", {"reason": "想改"}).status_code == 403
    program = bearer(role=Role.ENTERPRISE, organization=add_organization(ctx, kind=OrganizationKind.ENTERPRISE))
    assert program.get("/api/v1/projects").json()["total"] == 0
    assert program.get(f"/api/v1/entries/{entry.id}").status_code == 404


@ONLY_SQLITE
def test_lists_export_what_they_show(ctx: Context, browse: Browse) -> None:
    project = add_project(ctx, state=ProjectState.ACTIVE)
    add_contract(ctx, project=project)
    add_entry(ctx, project=project)
    leader = browse(role=Role.LEADER)

    for path, title in (("/projects", "合作项目"), ("/contracts", "技术合同"), ("/ledger", "资金流水")):
        assert leader.get(f"{path}?year=2025&demo=0").status_code == 200
        answer = leader.get(f"{path}.xlsx?year=2025&demo=0")
        assert "attachment" in answer.headers["content-disposition"]
        sheet = load_workbook(io.BytesIO(answer.content)).active
        assert (sheet.title, sheet.max_row) == (title, 2)
        assert leader.get(f"{path}.csv").content.startswith(b"\xef\xbb\xbf")


def test_a_project_through_the_api(ctx: Context, bearer: Bearer) -> None:
    demand, technology = add_organization(ctx), add_organization(ctx, kind=OrganizationKind.INSTITUTE)
    program = bearer(role=Role.ORGANIZER)

    made = program.post(
        "/api/v1/projects",
        json={
            "title": "矿井水处理",
            "direct_reason": "活动前达成",
            "demand_id": demand.id,
            "technology_id": technology.id,
        },
    )
    assert made.status_code == 201, made.text
    project = made.json()
    here = f"/api/v1/projects/{project['id']}"
    assert project["gates"] == [{"target": "CONTRACTED", "missing": {"contracts": "至少登记一份技术合同"}}]
    refused = program.post(f"{here}/contract", json={"version": project["version"]})
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["errors"] == [{"field": "contracts", "message": "至少登记一份技术合同"}]

    contract = program.post(
        f"{here}/contracts",
        json={
            "title": "合同",
            "kind": "SERVICE",
            "buyer_id": demand.id,
            "seller_id": technology.id,
            "signed_on": "2025-06-01",
            "amount": "1000000.50",
            "technology_amount": "900000",
            "payment_mode": "ONCE",
        },
    )
    assert contract.status_code == 201, contract.text
    assert contract.json()["amount"] == "1000000.50"
    edited = program.put(
        f"/api/v1/contracts/{contract.json()['id']}",
        json={
            **{name: contract.json()[name] for name in ("title", "kind", "buyer_id", "seller_id", "payment_mode")},
            "signed_on": "2025-06-02",
            "amount": "1000000.50",
            "technology_amount": "900000",
            "version": 1,
        },
    )
    assert (edited.status_code, edited.json()["version"]) == (200, 2)
    signed = program.post(f"{here}/contract", json={"version": project["version"]}).json()
    assert (signed["state"], signed["contracted_on"]) == ("CONTRACTED", "2025-06-02")

    entry = {
        "kind": "COMMITTED",
        "source": "ENTERPRISE",
        "amount": "5万",
        "occurred_on": "2025-06-03",
        "evidence": "合同",
    }
    line = program.post(f"{here}/entries", json=entry)
    assert (line.status_code, line.json()["amount"]) == (201, "50000.00")
    assert program.post(f"{here}/entries", json=entry).status_code == 409
    undone = program.post(f"/api/v1/entries/{line.json()['id']}/reverse", json={"reason": "记错"})
    assert (undone.status_code, undone.json()["amount"]) == (201, "-50000.00")
    assert program.get(here).json()["money"] == {"committed": "0.00", "received": "0.00", "spent": "0.00"}
    assert program.get("/api/v1/entries?kind=COMMITTED").json()["total"] == 2


@ONLY_SQLITE
def test_money_as_a_json_fraction_is_refused(ctx: Context, bearer: Bearer) -> None:
    project = add_project(ctx, state=ProjectState.ACTIVE)
    program = bearer(role=Role.ORGANIZER)

    answer = program.post(
        f"/api/v1/projects/{project.id}/entries",
        json={"kind": "RECEIVED", "source": "FISCAL", "amount": 0.1, "occurred_on": "2025-01-01", "evidence": "单"},
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "amount"
