"""The whole main job through /api/v1 alone: from a posted need to money in the ledger and in the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openapi_spec_validator import validate

from models import OrganizationKind, Role
from service.context import Context
from tests.factories import add_organization

NEED = {
    "title": "千标方级碱性电解槽宽功率波动适应性提升",
    "problem": "风电直供时电解槽在 30 %–110 % 负荷间快速波动，氢气纯度下降，隔膜寿命缩短。",
    "keywords": ["电解水制氢", "宽功率波动"],
    "no_secret": True,
}
ACHIEVEMENT = {
    "title": "宽功率波动碱性电解水制氢系统",
    "abstract": "面向风电直供的碱性电解水制氢系统，负荷范围 20 %–120 %。",
    "keywords": ["电解水制氢", "宽功率波动"],
    "trl": 7,
    "no_secret": True,
}


def _done(answer: Any) -> Any:
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def _moved(client: TestClient, path: str, move: str) -> dict[str, Any]:
    one = _done(client.get(path))
    moved: dict[str, Any] = _done(client.post(f"{path}/{move}", json={"version": one["version"]}))
    return moved


def _published(owner: TestClient, officer: TestClient, path: str, posting: dict[str, Any]) -> dict[str, Any]:
    one = _done(owner.post(path, json=posting))
    one = _done(owner.post(f"{path}/{one['id']}/submit", json={"version": one["version"]}))
    published: dict[str, Any] = _done(officer.post(f"{path}/{one['id']}/publish", json={"version": one["version"]}))
    return published


def test_chain_from_need_to_ledger_and_report(ctx: Context, bearer: Callable[..., TestClient]) -> None:
    firm, lab = add_organization(ctx), add_organization(ctx, OrganizationKind.INSTITUTE)
    engineer = bearer(role=Role.ENTERPRISE, organization=firm)
    office = bearer(role=Role.INSTITUTE, organization=lab)
    officer, leader = bearer(role=Role.ORGANIZER), bearer(role=Role.LEADER)
    before = _done(leader.get("/api/v1/report", params={"year": 2025}))

    achievement = _published(office, officer, "/api/v1/achievements", ACHIEVEMENT)
    need = _published(engineer, officer, "/api/v1/needs", NEED)
    match = _done(engineer.get("/api/v1/matches"))["items"][0]
    assert (match["need_id"], match["achievement_id"]) == (need["id"], achievement["id"])
    match = _done(officer.get(f"/api/v1/matches/{match['id']}"))
    match = _done(officer.post(f"/api/v1/matches/{match['id']}/shortlist", json={"version": match["version"]}))
    event = _done(
        officer.post(
            "/api/v1/events",
            json={
                "title": "氢能专场握手活动",
                "region_code": "150600",
                "venue": "科技大厦",
                "starts_at": "2025-06-18T09:00",
                "slots": 4,
                "slot_minutes": 25,
                "break_minutes": 5,
                "tables": 4,
            },
        )
    )
    event = _done(officer.post(f"/api/v1/events/{event['id']}/open", json={"version": event["version"]}))
    meeting = _done(
        officer.post(
            f"/api/v1/events/{event['id']}/meetings",
            json={"match_id": match["id"], "slot": 0, "table_number": 1, "invite_missing": True},
        )
    )
    for client in (engineer, office):
        invitation = _done(client.get("/api/v1/invitations"))["items"][0]
        invitation = _done(client.get(f"/api/v1/invitations/{invitation['id']}"))
        _done(
            client.post(
                f"/api/v1/invitations/{invitation['id']}/answer",
                json={"version": invitation["version"], "accept": True, "attendee": "示例参会人"},
            )
        )
    event = _moved(officer, f"/api/v1/events/{event['id']}", "schedule")
    for invitation in _done(officer.get("/api/v1/invitations"))["items"]:
        _moved(officer, f"/api/v1/invitations/{invitation['id']}", "check-in")
    _moved(officer, f"/api/v1/events/{event['id']}", "hold")
    meeting = _done(engineer.get(f"/api/v1/meetings/{meeting['id']}"))
    meeting = _done(
        engineer.post(
            f"/api/v1/meetings/{meeting['id']}/outcome",
            json={"version": meeting["version"], "outcome": "SIGNED", "next_step": "签技术开发合同"},
        )
    )
    project = _done(officer.post("/api/v1/projects", json={"meeting_id": meeting["id"]}))
    _done(
        officer.post(
            f"/api/v1/projects/{project['id']}/contracts",
            json={
                "title": "宽功率波动制氢系统开发合同",
                "kind": "DEVELOPMENT",
                "buyer_id": firm.id,
                "seller_id": lab.id,
                "signed_on": "2025-07-01",
                "amount": "3000000",
                "technology_amount": "2400000.50",
                "payment_mode": "INSTALMENTS",
            },
        )
    )
    project = _done(officer.get(f"/api/v1/projects/{project['id']}"))
    _done(officer.post(f"/api/v1/projects/{project['id']}/contract", json={"version": project["version"]}))
    for kind, amount in (("COMMITTED", "3000000"), ("RECEIVED", "1000000"), ("SPENT", "250000.25")):
        _done(
            officer.post(
                f"/api/v1/projects/{project['id']}/entries",
                json={
                    "kind": kind,
                    "source": "ENTERPRISE",
                    "amount": amount,
                    "occurred_on": "2025-08-01",
                    "evidence": "银行回单",
                },
            )
        )

    after = _done(leader.get("/api/v1/report", params={"year": 2025}))

    changed = {
        key: (figure["value"], new["value"])
        for key, figure in _figures(before).items()
        if (new := _figures(after)[key])["value"] != figure["value"]
    }
    assert changed == {
        "events_held": (0, 1),
        "meetings_held": (0, 1),
        "meetings_agreed": (0, 1),
        "projects_implemented": (0, 1),
        "money_committed": ("0.00", "3000000.00"),
        "money_received": ("0.00", "1000000.00"),
        "money_spent": ("0.00", "250000.25"),
        "contracts_signed": (0, 1),
        "contracts_amount": ("0.00", "3000000.00"),
        "contracts_technology_amount": ("0.00", "2400000.50"),
    }
    assert "开展企业家与科学家“握手”行动 1 次，实施合作项目 1 项，项目投入总金额 300.00 万元" in after["sentence"]


def _figures(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {figure["key"]: figure for figure in report["figures"]}


def test_openapi_document_is_valid_and_names_every_problem(bearer: Callable[..., TestClient]) -> None:
    document = bearer().get("/api/openapi.json").json()

    validate(document)
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert {"401", "403", "404", "409", "422"} <= set(operation["responses"]), path
            assert operation["summary"], path


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/api/v1/needs/999999", None, 404),
        ("GET", "/api/v1/needs/abc", None, 404),
        ("GET", "/api/v1/events/abc", None, 404),
        ("GET", "/api/v1/nothing-here", None, 404),
        ("DELETE", "/api/v1/needs", None, 405),
        ("POST", "/api/v1/needs", {"title": "缺承诺"}, 422),
        ("POST", "/api/v1/needs", "不是对象", 422),
        ("POST", "/api/v1/events", {"title": "企业不能办活动"}, 403),
        ("POST", "/api/v1/matches/1/shortlist", {"version": 1}, 403),
        ("POST", "/api/v1/matches/1/answer", {"version": 1}, 404),
    ],
)
def test_every_error_is_a_problem_in_chinese(
    bearer: Callable[..., TestClient], method: str, path: str, body: Any, status: int
) -> None:
    answer = bearer(role=Role.ENTERPRISE).request(method, path, json=body)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "detail", "instance"} <= set(problem)
    assert problem["status"] == status
    assert any("\u4e00" <= letter <= "\u9fff" for letter in problem["detail"])
