"""No name and no address reaches outside its folder: uploads, downloads, static files, exports."""

from __future__ import annotations

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from fastapi import FastAPI

from models import PostingState, Role
from service import clock
from service.app import create_app
from service.attachments.arrivals import receive
from service.attachments.names import LONGEST, clean_name
from service.attachments.store import FOLDER, NotKept, Store
from service.config import Settings
from service.context import Context
from service.usecases.attachments import AttachFiles, attach_files
from service.usecases.tokens import issue_token
from tests.attachments.wandering import wanderers
from tests.factories import actor_for, add_account, add_need
from tests.parts import ONLY_SQLITE

CANARY = b"this lies outside and belongs to nobody"
ADDRESSES = ("/static/{}", "/api/v1/attachments/{}/content")
"""Asked for every name."""
PAGES = ("/attachments/{}", "/needs.{}", "/report.{}", "/facts/sources/{}")
"""Asked in turn: they answer with whole pages."""
SIGNS = set('/\\:*?"<>|\x00\r\n\u202e\u200b\uff0f\uff3c\u2215\u2044')


def _outside(settings: Settings) -> dict[str, int]:
    """Every file of the test's own folder that is not ours to write, with its size."""
    root, ours = settings.data_dir.parent, settings.data_dir / FOLDER
    return {
        str(path): path.stat().st_size
        for path in root.rglob("*")
        if path.is_file() and not path.is_relative_to(ours) and not path.name.startswith("woshou.db")
    }


def test_no_name_of_an_upload_leaves_the_folder(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    settings.data_dir.mkdir()
    (tmp_path / "canary.txt").write_bytes(CANARY)
    before = _outside(settings)
    store = Store(settings.data_dir)
    names, wrong = wanderers(), []

    for number, name in enumerate(names):
        given = name if number % 2 else unquote_to_bytes(name).decode("utf-8", "replace")
        arrival = receive(settings, f"{given}x.txt", io.BytesIO(b"text %d" % number))
        assert arrival.refusal is None
        store.keep(arrival.path, arrival.sha256)
        inside = store.path_of(arrival.sha256).resolve().is_relative_to((settings.data_dir / FOLDER).resolve())
        if not inside or SIGNS & set(arrival.name) or arrival.name.startswith(".") or len(arrival.name) > LONGEST:
            wrong.append((name, arrival.name))

    print(f"names: {len(names)}, outside the folder: {len(wrong)}")
    assert wrong == []
    assert len(names) >= 200
    assert _outside(settings) == before
    assert (tmp_path / "canary.txt").read_bytes() == CANARY


def test_no_digest_is_a_way_out(tmp_path: Path) -> None:
    store = Store(tmp_path)

    for name in [*wanderers(), "../" + "a" * 61, "A" * 64, "g" * 64, "a" * 63, "a" * 64 + "\n", "\u0661" * 64]:
        with pytest.raises(NotKept):
            store.path_of(name)


def test_a_name_keeps_what_people_wrote_and_loses_what_hides() -> None:
    assert clean_name("2025年 技术方案（终稿）.docx") == "2025年 技术方案（终稿）.docx"
    assert clean_name("D:\\文档\\方案.pdf") == "方案.pdf"
    assert clean_name("a\u202efdp.exe") == "afdp.exe"
    assert clean_name("...隐藏.txt") == "隐藏.txt"
    assert clean_name("con.txt") == "_con.txt"
    assert clean_name("e\u0301.txt") == "\u00e9.txt"
    assert clean_name("\r\nSet-Cookie: a=b.txt") == "Set-Cookie a=b.txt"
    assert clean_name("长" * 300 + ".docx") == "长" * 195 + ".docx"
    assert clean_name(" . ") == "附件"


async def _ask(app: FastAPI, address: str, token: str) -> tuple[int, bytes]:
    """The answer to an address exactly as written: no client tidies it up."""
    raw = address.encode("utf-8")
    answer: list[dict[str, object]] = []

    async def nothing() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def note(message: dict[str, object]) -> None:
        answer.append(message)

    path, _, query = raw.partition(b"?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"), "raw_path": path, "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"testserver"), (b"authorization", b"Bearer " + token.encode())],
        "client": ("127.0.0.1", 50000), "server": ("testserver", 80), "state": {},
    }  # fmt: skip
    await app(scope, nothing, note)  # type: ignore[arg-type] # a bare server
    body = b"".join(message.get("body", b"") for message in answer[1:])  # type: ignore[misc] # bytes
    return int(str(answer[0]["status"])), body


@ONLY_SQLITE
def test_no_address_reads_what_lies_outside(ctx: Context, settings: Settings) -> None:
    account = add_account(ctx, Role.ORGANIZER, region_code="150600")
    add_need(ctx)
    token = issue_token(Context(ctx.session, clock.now(), ctx.actor, ctx.settings, ctx.demands), account)
    ctx.commit()
    secret = b"only-to-be-found-outside" * 2
    for place in (settings.data_dir, settings.data_dir.parent):
        (place / "canary.txt").write_bytes(CANARY)
        (place / "secret.key").write_bytes(secret)
    before = _outside(settings)
    limits = ("reads_per_minute", "writes_per_minute", "exports_per_minute")
    app = create_app(settings.model_copy(update=dict.fromkeys(limits, 0)))
    asked, leaks, odd = 0, [], []

    async def walk() -> None:
        nonlocal asked
        for number, name in enumerate(wanderers()):
            for address in (*ADDRESSES, PAGES[number % len(PAGES)]):
                status, body = await _ask(app, address.format(name), token)
                asked += 1
                if CANARY in body or secret in body or b"SQLite format" in body or b"root:x:" in body:
                    leaks.append((address, name))
                if status >= 500:
                    odd.append((address, name, status))

    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, walk()).result()
    app.state.installation.engine.dispose()
    print(f"addresses asked: {asked}, outside the folder: {len(leaks)}, errors: {len(odd)}")
    assert leaks == []
    assert odd == []
    assert asked >= 900
    assert _outside(settings) == before


@ONLY_SQLITE
def test_an_upload_under_a_wandering_name_is_handed_out_under_a_plain_one(ctx: Context, settings: Settings) -> None:
    account = add_account(ctx, Role.ENTERPRISE)
    need = add_need(ctx, state=PostingState.DRAFT, organization_id=account.organization_id)
    ctx.actor = actor_for(ctx, account)

    arrival = receive(settings, "../../../data/woshou.db\r\nX: y.txt", io.BytesIO(b"hello"))
    [added] = attach_files(ctx, "Need", need.id, AttachFiles(no_secret=True), [arrival])

    assert added.name == "woshou.dbX y.txt"
    assert Store(settings.data_dir).checked(added.sha256).read_bytes() == b"hello"
