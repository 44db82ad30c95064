"""Whose word is taken on where a request comes from: trusted proxies', and only for the hop they saw themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn
from click.testing import CliRunner
from fastapi import Request

import service.cli.serving as serving
from service.policy import ROUTES
from service.web.dependencies import STAFF_ROLES
from service.web.origin import address_of
from tests.doors.conftest import Browser
from tests.parts import ONLY_SQLITE

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


@ONLY_SQLITE
def test_staff_from_outside_their_networks_are_refused_at_every_address(browse: Callable[..., Browser]) -> None:
    clients = [browse(role=role).client for role in sorted(STAFF_ROLES, key=lambda one: one.value)]
    for client in clients:
        client.app.state.installation.settings.staff_networks = "10.0.0.0/8"  # type: ignore[attr-defined] # the app under test
    gates = [gate for gate in ROUTES.values() if not gate.is_public]
    let_in = []
    for number, gate in enumerate(gates):
        path = re.sub(r"\{form\}", "csv", re.sub(r"\{(?!form)[^}]+\}", "1", gate.path))
        answer = clients[number % len(clients)].request(gate.method, path, follow_redirects=False)
        if answer.status_code != 403 or "规定的网络" not in answer.text:
            let_in.append((gate.method, path, answer.status_code))

    print(f"addresses asked from outside: {len(gates)}, let in: {len(let_in)}")
    assert let_in == []
    assert len(gates) > 250
