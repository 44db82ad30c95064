"""Whose word is taken on where a request comes from: trusted proxies', and only for the hop they saw themselves."""

from __future__ import annotations

from typing import Any

import pytest
import uvicorn
from click.testing import CliRunner
from fastapi import Request

import service.cli.serving as serving
from service.web.origin import address_of

PROXY, STRANGER, ASKER = "172.30.255.1", "203.0.113.9", "198.51.100.7"


def _request(peer: str, forwarded: list[str]) -> Request:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return Request({"type": "http", "client": (peer, 50000), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "told"),
    [
        (PROXY, [ASKER], ASKER),
        (PROXY, [f"{STRANGER}, {ASKER}"], ASKER),
        (PROXY, [f"127.0.0.1, {STRANGER}, {ASKER}"], ASKER),
        (PROXY, [f"{ASKER}, {PROXY}"], ASKER),
        (PROXY, [STRANGER, ASKER], ASKER),
        (PROXY, [], PROXY),
        (PROXY, [""], PROXY),
        (STRANGER, [ASKER], STRANGER),
        (STRANGER, [f"{ASKER}, {PROXY}"], STRANGER),
    ],
)
def test_only_what_a_trusted_proxy_saw_is_believed(peer: str, forwarded: list[str], told: str) -> None:
    assert address_of(_request(peer, forwarded), PROXY) == told
    assert address_of(_request(peer, forwarded), "") == peer


def test_the_server_itself_believes_no_forwarded_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setenv("WOSHOU_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(serving, "check_revision", lambda installation: installation)
    monkeypatch.setattr(serving, "warm_up_beside", lambda installation: installation)
    monkeypatch.setattr(uvicorn, "run", lambda *_args, **options: asked.update(options))

    assert CliRunner().invoke(serving.serve, []).exit_code == 0

    assert asked["proxy_headers"] is False
