"""In a real browser: nothing of a file runs in our name, even one that slipped past every look; sending works."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from models import Account, Attachment, PostingState, Role
from service import clock
from service.context import Context
from service.usecases.sessions import open_session
from service.web.identity import SESSION_COOKIE
from tests.attachments.filing import add_file
from tests.attachments.making import docx
from tests.factories import add_account, add_need
from tests.parts import ONLY_SQLITE

SCRIPT = "fetch('/hit');document.title='hit';window.__hit=1"
PAGE = f'<!DOCTYPE html><html><body><script>{SCRIPT}</script><img src=x onerror="{SCRIPT}"></body></html>'
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{SCRIPT}"><script>{SCRIPT}</script></svg>'
SLIPPED = (
    ("a page as text", "text/plain; charset=utf-8", PAGE),
    ("a page as itself", "text/html", PAGE),
    ("a page as a PDF", "application/pdf", PAGE),
    ("a page as a picture", "image/png", PAGE),
    ("a picture that runs", "image/svg+xml", SVG),
    ("a picture that runs, as XML", "application/xml", SVG),
    ("a page in XHTML", "application/xhtml+xml", f'<html xmlns="http://www.w3.org/1999/xhtml"><script>{SCRIPT}</script></html>'),
    ("a script", "text/plain", SCRIPT),
    ("a script as CSV", "text/csv", f"a=1;{SCRIPT}"),
    ("a table that is a page", "text/csv", PAGE),
    ("a page of an unknown kind", "application/octet-stream", PAGE),
    ("a page without a kind", "x/x", PAGE),
)  # fmt: skip


@pytest.fixture
def account(ctx: Context) -> Account:
    return add_account(ctx, Role.ENTERPRISE)


@pytest.fixture
def signed_in(ctx: Context, chromium: Browser, address: str, account: Account) -> Iterator[BrowserContext]:
    """A browser of theirs in which even our own policy of contents holds nothing back."""
    token = open_session(replace(ctx, now=clock.now()), account)
    ctx.commit()
    context = chromium.new_context(base_url=address, bypass_csp=True, viewport={"width": 390, "height": 800})
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
    yield context
    context.close()


def _slip_in(ctx: Context, account: Account) -> dict[str, int]:
    """Files no look would let pass, as if each had been let pass under its most dangerous type."""
    need = add_need(ctx, organization_id=account.organization_id)
    numbers = {}
    for number, (what, kind, content) in enumerate(SLIPPED):
        one = add_file(ctx, need, name=f"{number}.txt", content=b"stand-in %d" % number)
        stand_in = Path(ctx.settings.data_dir) / "attachments" / one.sha256[:2] / one.sha256
        stand_in.unlink()
        _put(ctx, one, kind, content)
        numbers[what] = one.id
    ctx.commit()
    return numbers


def _put(ctx: Context, one: Attachment, kind: str, content: str) -> None:
    one.sha256, one.media_type = hashlib.sha256(content.encode() + kind.encode()).hexdigest(), kind
    path = Path(ctx.settings.data_dir) / "attachments" / one.sha256[:2] / one.sha256
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() + kind.encode())


def _open(page: Page, path: str) -> bool:
    """Go there; whether the browser saved a file instead of showing a page."""
    with page.expect_event("download", timeout=10_000) as saved:
        try:
            page.goto(path)
        except Error as error:  # what a browser says of an address that is a download
            if "Download is starting" not in str(error) and "ERR_ABORTED" not in str(error):
                raise
    saved.value.cancel()
    return True


@ONLY_SQLITE
def test_nothing_in_a_file_runs_in_our_name(ctx: Context, signed_in: BrowserContext, account: Account) -> None:
    numbers = _slip_in(ctx, account)
    page = signed_in.new_page()
    hits: list[str] = []
    page.on("request", lambda request: hits.append(request.url) if request.url.endswith("/hit") else None)
    saved = sum(_open(page, f"/attachments/{number}") for number in numbers.values())

    page.goto("/needs")
    ran = {}
    for what, number in numbers.items():
        ran[what] = page.evaluate(
            """async (path) => {
                const wait = (ms) => new Promise((done) => setTimeout(done, ms));
                for (const tag of ["iframe", "script", "img", "object", "embed", "video"]) {
                    const made = document.createElement(tag);
                    made[tag === "object" ? "data" : "src"] = path;
                    document.body.append(made);
                }
                const style = document.createElement("link");
                style.rel = "stylesheet"; style.href = path; document.head.append(style);
                await wait(150);
                const frames = [...document.querySelectorAll("iframe")];
                const reach = (one) => { try { return one.contentWindow.__hit; } catch { return false; } };
                const inside = frames.some(reach);
                const ran = Boolean(window.__hit) || inside || document.title === "hit";
                document.querySelectorAll("iframe,object,embed,video").forEach((one) => one.remove());
                return ran;
            }""",
            f"/attachments/{number}",
        )

    print(f"files: {len(numbers)}, saved instead of shown: {saved}, ran: {sum(ran.values())}, hits: {len(hits)}")
    assert saved == len(numbers)
    assert ran == dict.fromkeys(numbers, False)
    assert hits == []


@ONLY_SQLITE
def test_the_same_files_would_run_if_they_were_shown(signed_in: BrowserContext) -> None:
    """What the test above looks for is seen where a page does run."""
    page = signed_in.new_page()
    hits: list[str] = []
    page.on("request", lambda request: hits.append(request.url) if request.url.endswith("/hit") else None)
    page.route("**/shown", lambda route: route.fulfill(content_type="text/html", body=PAGE))

    page.goto("/shown")
    page.wait_for_function("window.__hit === 1")

    assert hits
    assert page.title() == "hit"


@ONLY_SQLITE
def test_a_file_is_sent_and_removed_on_a_telephone_without_script(
    ctx: Context, open_page: Callable[..., Page], address: str, account: Account
) -> None:
    number = add_need(ctx, state=PostingState.DRAFT, organization_id=account.organization_id).id
    token = open_session(replace(ctx, now=clock.now()), account)
    ctx.commit()
    page = open_page(390, javascript=False)
    page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
    page.goto(f"/needs/{number}")

    page.get_by_text("上传附件", exact=True).click()
    page.get_by_label("选择文件").set_input_files({"name": "技术要求.docx", "mimeType": "text/html", "buffer": docx()})
    page.get_by_label("我承诺文件内容不涉及国家秘密").check()
    page.get_by_role("button", name="上传", exact=True).click()

    assert page.get_by_role("link", name="技术要求.docx").count() == 1
    assert "Word 文档" in page.content()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_text("移除", exact=True).click()
    page.get_by_role("button", name="移除这个附件").click()
    assert "还没有附件" in page.content()
