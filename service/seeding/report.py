"""What a load of the seeds did, table by table."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class TableCount:
    """Rows of one table: ``left_alone`` stand in the database but no longer in the files."""

    label: str
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    left_alone: int = 0


@dataclass
class SeedReport:
    """Counts by table name, in the order of loading."""

    tables: dict[str, TableCount] = field(default_factory=dict)

    def count(self, table: str, label: str) -> TableCount:
        """The counts of ``table``, to be counted up."""
        return self.tables.setdefault(table, TableCount(label))

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return any(count.added or count.updated for count in self.tables.values())

    def as_text(self) -> str:
        """One line a table, in Chinese."""
        lines = []
        for count in self.tables.values():
            line = f"{count.label}：新增 {count.added}，更新 {count.updated}，未变 {count.unchanged}"
            lines.append(line + (f"，文件中已无 {count.left_alone}（保留）" if count.left_alone else ""))
        return "\n".join(lines)

    def as_dict(self) -> dict[str, dict[str, int]]:
        """The same for programs."""
        return {
            table: {
                "added": count.added,
                "updated": count.updated,
                "unchanged": count.unchanged,
                "left_alone": count.left_alone,
            }
            for table, count in self.tables.items()
        }
