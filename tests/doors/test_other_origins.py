"""What pages of other origins and curious visitors get: no permission, no list of files."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from models import Role
from tests.doors.conftest import Browser

FOREIGN = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/login", "/needs", "/api/v1/needs", "/api/v1/session", "/api/openapi.json"])
def test_no_answer_allows_another_origin(browse: Callable[..., Browser], method: str, path: str) -> None:
    answer = browse(role=Role.ORGANIZER).client.request(method, path, headers=FOREIGN)

    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize(
    "path", ["/static", "/static/", "/static/vendor/", "/static/../app.py", "/static/%2e%2e/app.py"]
)
def test_a_folder_is_not_listed(app_client: Callable[[], TestClient], path: str) -> None:
    answer = app_client().get(path)

    assert answer.status_code == 404
    assert "README.md" not in answer.text
    assert "create_app" not in answer.text
