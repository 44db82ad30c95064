"""The tables of docs/personal-data.md as the registry has them; ``python -m tests.house.personal_data`` writes them."""

from __future__ import annotations

from service.personal_data.registry import fields, free_of_personal_data, titles
from tests.house.checkout import ROOT

DOCUMENT = ROOT / "docs" / "personal-data.md"
TABLES = "## 登记表\n\n"
"""What stands before it is written by hand."""
_FREE = """
## 不含个人信息的列

| 记录 | 列 | 为什么 |
|---|---|---|
"""


def written() -> str:
    """The whole document."""
    rows = [
        f"| {one.record} | `{one.table}.{one.column}` {one.label} | {one.purpose} | {one.basis} | {one.term} | "
        f"{one.at_end} | {one.seen_by} |"
        for one in fields()
    ]
    by_table: dict[tuple[str, str], list[str]] = {}
    for (table, column), because in free_of_personal_data().items():
        by_table.setdefault((table, because), []).append(f"`{column}`")
    free = [f"| {titles()[table]} | {' '.join(names)} | {because} |" for (table, because), names in by_table.items()]
    before = DOCUMENT.read_text(encoding="utf-8").partition(TABLES)[0] + TABLES
    head = "| 记录 | 列 | 目的 | 依据 | 期限 | 到期或注销后 | 谁能看到 |\n|---|---|---|---|---|---|---|\n"
    return before + head + "\n".join(rows) + "\n" + _FREE + "\n".join(free) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(written(), encoding="utf-8")
