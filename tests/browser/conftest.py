"""A real Chromium to visit the running service."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from service.context import Context
from service.seeding import load_seeds
from service.usecases.ranking import rank_everything
from tests.parts import CHROMIUM, need_part

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; started once for all tests of a process."""
    need_part("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def seeded(ctx: Context) -> Context:
    """A database with the real seeds, ranked."""
    load_seeds(ctx)
    rank_everything(ctx)
    ctx.commit()
    return ctx


def _note(errors: list[str], message: ConsoleMessage) -> None:
    """Whatever a page complains about counts, but for the browser's remark that an answer was no success."""
    if message.type == "error" and not message.text.startswith("Failed to load resource"):
        errors.append(message.text)


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """``open_page(width=1440)``: a fresh person's browser. An error in its console fails the test."""
    errors: list[str] = []
    contexts = []

    def open_one(width: int = 1440, *, javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=address, viewport={"width": width, "height": 900}, locale="zh-CN", java_script_enabled=javascript
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: _note(errors, message))
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert errors == []
