"""Takes the pictures of docs/pictures anew: ``python -m tests.browser.pictures``, with the seeds and the 示例 set."""

from __future__ import annotations

import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from models.migrations.commands import upgrade
from service.app import create_app
from service.config import Settings
from service.context import SYSTEM
from service.seeding import load_demo, load_seeds
from service.usecases.ranking import rank_everything
from service.web.installation import Installation, open_installation
from tests.browser.conftest import FLAGS
from tests.parts import CHROMIUM

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
WIDTHS = (1440, 390)
PAGES = {
    "overview": "/",
    "list": "/needs?q=制氢",
    "match": "/matches?state=MUTUAL&demo=1",
    "event": "/events?state=HELD",
    "project": "/projects?state=ACTIVE",
    "report": "/report?year=2025&demo=include",
}
OPENED = {"match": ".match-title a", "event": "tbody a", "project": "tbody a"}
"""Pages that are reached by opening the first row of a list."""


def main() -> None:
    """Take every picture at both widths."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for width in WIDTHS:
            _take(browser, address, width)
        browser.close()


def _take(browser: Browser, address: str, width: int) -> None:
    page = browser.new_context(base_url=address, viewport={"width": width, "height": 900}, locale="zh-CN").new_page()
    page.goto("/login")
    page.locator(".doors li", has_text="组织方").get_by_role("button", name="进入").first.click()
    page.wait_for_url("**/workbench")
    for name, path in PAGES.items():
        page.goto(path)
        if name in OPENED:
            page.locator(OPENED[name]).first.click()
        page.wait_for_load_state("networkidle")
        spill = page.evaluate("document.documentElement.scrollWidth") - width
        assert spill <= 0, f"{path} spills {spill} px at {width} px"
        page.screenshot(path=FOLDER / f"{name}-{width}.png", full_page=True)


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    settings = Settings(data_dir=folder, database_url="", demo=True, worker=False)
    opened = open_installation(settings)
    _fill(opened)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()
    opened.engine.dispose()


def _fill(opened: Installation) -> None:
    with opened.engine.begin() as connection:
        upgrade(connection)
    for step in (load_seeds, load_demo, rank_everything):
        with opened.session() as session:
            ctx = opened.context(session, SYSTEM)
            step(ctx)
            ctx.commit()


if __name__ == "__main__":
    main()
