"""What the two documents of reference name, read from the code; ``python -m tests.house.reference`` rewrites them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from fastapi.routing import iter_route_contexts

from matching.signals import SIGNALS
from service.app import create_app
from service.config import Settings
from service.jobs.registry import JOBS
from tests.house.checkout import ROOT
from tests.parts import SECRET

DOCUMENTS = (ROOT / "docs" / "reference.md", ROOT / "docs" / "routes.md")
HEADS = {
    "路由": ("方法", "路径", "用途"),
    "设置": ("环境变量", "默认值", "说明"),
    "后台任务": ("名称", "说明"),
    "匹配因子": ("名称", "界面用词", "权重"),
}
"""Section → the columns of its table; the cells of the columns in WRITTEN are kept as somebody wrote them."""
WRITTEN = {"路由": 2, "后台任务": 1}

Rows = dict[tuple[str, ...], tuple[str, ...]]


def _quoted(text: str) -> str:
    return f"`{text}`"


def _default(value: object) -> str:
    if value == "":
        return "（空）"
    return _quoted(str(value).lower() if isinstance(value, bool) else str(value))


def live_routes() -> set[tuple[str, str]]:
    """(method, path) of every route the application answers; HEAD goes with GET."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), database_url="", worker=False, secret_key=SECRET))
        app.state.installation.engine.dispose()
        return {
            (method, route.path)
            for route in iter_route_contexts(app.routes)
            for method in getattr(route, "methods", None) or {"GET"}
            if method != "HEAD"
        }


def live() -> dict[str, list[tuple[str, ...]]]:
    """Section → rows as the code would have them, without the cells that somebody writes."""
    return {
        "路由": [
            (method, _quoted(path))
            for method, path in sorted(live_routes(), key=lambda row: (row[1].startswith("/api"), row[1], row[0]))
        ],
        "设置": [
            (_quoted(f"WOSHOU_{name.upper()}"), _default(field.get_default()), field.description or "")
            for name, field in Settings.model_fields.items()
        ],
        "后台任务": [(_quoted(name),) for name in JOBS],
        "匹配因子": [(_quoted(signal.name), signal.label, f"{signal.weight:.2f}") for signal in SIGNALS],
    }


def documented() -> dict[str, list[tuple[str, ...]]]:
    """Section → rows of the table that stands there."""
    return {
        title: [
            tuple(cell.strip() for cell in line.strip("|").split("|"))
            for line in [line for line in lines if line.startswith("|")][2:]
        ]
        for document in DOCUMENTS
        for title, lines in _sections(document.read_text(encoding="utf-8")).items()
    }


def rewritten(document: Path) -> str:
    """One document with its tables as the code would have them; what somebody wrote in them is kept."""
    sections, kept = _sections(document.read_text(encoding="utf-8")), documented()
    for title, rows in ((title, rows) for title, rows in live().items() if title in sections):
        keys = WRITTEN.get(title, len(HEADS[title]))
        said = {row[:keys]: row[keys:] for row in kept.get(title, [])}
        full = [(*row, *said.get(row, ("",) * (len(HEADS[title]) - keys)))[: len(HEADS[title])] for row in rows]
        lines = [HEADS[title], tuple("---" for _ in HEADS[title]), *full]
        table = [f"| {' | '.join(row)} |" for row in lines]
        sections[title] = [*(line for line in sections[title] if not line.startswith("|")), *table]
    return "\n".join(line for title, body in sections.items() for line in (*_head(title), *_spaced(body))) + "\n"


def _sections(text: str) -> dict[str, list[str]]:
    """Title → lines that are not blank; what stands before the first section has no title."""
    found: dict[str, list[str]] = {"": []}
    for line in text.splitlines():
        if line.startswith("## "):
            found[line.removeprefix("## ").strip()] = []
        elif line.strip():
            found[list(found)[-1]].append(line)
    return found


def _head(title: str) -> list[str]:
    return ["", f"## {title}", ""] if title else []


def _spaced(lines: list[str]) -> list[str]:
    """Paragraphs and tables with a blank line between them."""
    spaced: list[str] = []
    for line in lines:
        if spaced and not (line.startswith("|") and spaced[-1].startswith("|")):
            spaced.append("")
        spaced.append(line)
    return spaced


if __name__ == "__main__":
    for one in DOCUMENTS:
        one.write_text(rewritten(one), encoding="utf-8")
