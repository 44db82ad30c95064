"""The JSON door holds what its contract says: types, methods, and texts no database can keep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from models import Role
from tests.doors.conftest import Browser

Bearer = Callable[..., TestClient]
Browse = Callable[..., Browser]

EVENT: dict[str, Any] = {
    "title": "企业家与科学家“握手”氢能专场",
    "region_code": "150600",
    "venue": "科技馆一楼",
    "starts_at": "2026-12-18T09:00",
    "slots": 6,
    "slot_minutes": 25,
    "break_minutes": 5,
    "tables": 8,
}


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"slots": "6"}, "slots", "场次请填写整数"),
        ({"slots": True}, "slots", "场次请填写整数"),
        ({"slots": 6.5}, "slots", "场次请填写整数"),
        ({"starts_at": 1766000000}, "starts_at", "请填写日期和时间，例如 2026-03-31 09:00"),
        ({"starts_at": "1766000000"}, "starts_at", "请填写日期和时间，例如 2026-03-31 09:00"),
        ({"venue": "科技\x00馆"}, "venue", "文字中有看不见的空字符，请删除后重试"),
        ({"title": " \t "}, "title", "请填写活动名称"),
    ],
)
def test_json_of_another_type_is_refused_at_its_field(
    bearer: Bearer, wrong: dict[str, Any], field: str, sentence: str
) -> None:
    answer = bearer(role=Role.ORGANIZER).post("/api/v1/events", json={**EVENT, **wrong})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": field, "message": sentence}]


def test_a_whole_number_may_be_written_as_json_schema_has_it(bearer: Bearer) -> None:
    answer = bearer(role=Role.ORGANIZER).post(
        "/api/v1/events", content='{"title":"专场","region_code":"150600","venue":"馆","starts_at":"2026-12-18T09:00",'
        '"slots":6.0,"slot_minutes":25,"break_minutes":5,"tables":8}', headers={"Content-Type": "application/json"},
    )  # fmt: skip

    assert (answer.status_code, answer.json().get("slots")) == (201, 6)


def test_a_refused_method_names_every_method_of_the_address(bearer: Bearer) -> None:
    program = bearer()

    answers = {path: program.request("TRACE", f"/api/v1{path}") for path in ("/needs", "/needs/1", "/needs/assist")}

    assert {path: (one.status_code, one.headers["allow"]) for path, one in answers.items()} == {
        "/needs": (405, "GET, POST"),
        "/needs/1": (405, "GET, PUT"),
        "/needs/assist": (405, "POST"),
    }


def test_a_body_that_is_no_text_is_refused_with_a_sentence(bearer: Bearer) -> None:
    answer = bearer().post("/api/v1/events", content=b"\xff\xfe{", headers={"Content-Type": "application/json"})

    assert answer.status_code == 400
    assert answer.json()["detail"] == "请求内容读不出来：接口应传 UTF-8 编码的 JSON，表单请从页面重新提交。"


@pytest.mark.parametrize(
    "path", ["/api/v1/needs?q=%00", "/api/v1/search?q=a%00b", "/api/v1/report?region=%00", "/needs?q=%00"]
)
def test_an_address_with_a_nul_names_nothing(browse: Browse, path: str) -> None:
    answer = browse(role=Role.ORGANIZER).get(path)

    assert answer.status_code == 404
    assert "网址里有看不见的空字符，请重新输入。" in answer.text


def test_a_wrong_version_in_the_address_is_a_complaint(bearer: Bearer) -> None:
    program = bearer()
    kept = program.post("/api/v1/searches", json={"q": "制氢"}).json()

    answer = program.delete(f"/api/v1/searches/{kept['id']}?version=0")

    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["version"]


def test_the_document_lists_what_a_list_is_narrowed_by(bearer: Bearer) -> None:
    paths = bearer().get("/api/openapi.json").json()["paths"]

    named = {one["name"] for one in paths["/api/v1/needs"]["get"]["parameters"]}

    assert named >= {"q", "page", "size", "sort", "state", "region"}


@pytest.mark.parametrize("number", ["%0A2", "%202", "+2", "2.0", "2_0"])
def test_a_number_written_another_way_names_nothing(bearer: Bearer, number: str) -> None:
    assert bearer().get(f"/api/v1/events/{number}").status_code in (404, 422)
    assert bearer().get(f"/api/v1/searches/{number}").json()["detail"] == "网址里的编号写法不对，请重新输入。"
