"""``woshou report``: every form of the report from the command line."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document

from service.cli.report import report
from service.config import Settings
from service.context import Context
from tests.parts import ONLY_SQLITE
from tests.queries.world import add_world

pytestmark = ONLY_SQLITE
SENTENCE = "2025年开展企业家与科学家“握手”行动 2 次，实施合作项目 2 项，项目投入总金额 140.00 万元"


@pytest.fixture
def run(ctx: Context, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the command on this test's database."""
    add_world(ctx)
    ctx.commit()
    monkeypatch.setenv("WOSHOU_DATABASE_URL", settings.database_url)
    return lambda *words: CliRunner().invoke(report, list(words))


def test_the_screen_shows_markdown_and_json(run: Callable[..., Result]) -> None:
    shown = run("--year", "2025")
    data = run("--year", "2025", "--format", "json")

    assert (shown.exit_code, data.exit_code) == (0, 0)
    assert SENTENCE in shown.stdout
    assert json.loads(data.stdout)["sentence"] == SENTENCE


def test_a_file_takes_its_form_from_its_name(run: Callable[..., Result], tmp_path: Path) -> None:
    out = tmp_path / "成效.docx"

    result = run("--year", "2025", "--out", str(out))

    assert result.exit_code == 0, result.output
    assert SENTENCE in result.stdout
    assert any(SENTENCE in one.text for one in Document(io.BytesIO(out.read_bytes())).paragraphs)


def test_demo_records_and_all_years_when_asked(run: Callable[..., Result]) -> None:
    assert "（含示例数据）" in run("--year", "2025", "--demo").stdout
    assert "历年累计开展" in run("--all-years").stdout


@pytest.mark.parametrize("words", [("--format", "docx"), ("--out", "x.exe"), ("--year", "999"), ("--region", "999999")])
def test_what_cannot_be_done_is_refused(run: Callable[..., Result], words: tuple[str, ...]) -> None:
    assert run(*words).exit_code != 0
