"""Reads the files of ``seeds/`` and says exactly where one of them is wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

from service.errors import WoshouError
from service.resources import SEEDS

T = TypeVar("T")


class SeedError(WoshouError):
    """A row of a seed file cannot be loaded: ``file``, ``line`` (the header is line 1) and ``column`` say where."""

    slug, title = "bad-seed", "种子数据有误"

    def __init__(self, file: str, line: int, column: str, complaint: str) -> None:
        where = f"{file} 第 {line} 行" + (f" {column} 列" if column else "")
        super().__init__(f"{where}：{complaint}")
        self.file, self.line, self.column = file, line, column


@dataclass(frozen=True)
class Row:
    """One row of a seed file; every reading of a cell may raise SeedError."""

    file: str
    line: int
    cells: Mapping[str, str]

    def wrong(self, column: str, complaint: str) -> SeedError:
        """The error to raise about this row."""
        return SeedError(self.file, self.line, column, complaint)

    def text(self, column: str) -> str:
        """The cell; an empty one is an empty text."""
        return self.cells[column]

    def given(self, column: str) -> str:
        """The cell, which may not be empty."""
        if not self.cells[column]:
            raise self.wrong(column, "不能为空")
        return self.cells[column]

    def maybe(self, column: str) -> str | None:
        """The cell; an empty one is None."""
        return self.cells[column] or None

    def words(self, column: str) -> list[str]:
        """The cell's parts between half-width semicolons."""
        return [part for part in self.cells[column].split(";") if part]

    def whole(self, column: str) -> int | None:
        """The cell as a whole number; an empty one is None."""
        if not self.cells[column]:
            return None
        try:
            return int(self.cells[column])
        except ValueError as error:
            raise self.wrong(column, f"“{self.cells[column]}”不是整数") from error

    def decimal(self, column: str) -> Decimal | None:
        """The cell as a decimal number; an empty one is None."""
        if not self.cells[column]:
            return None
        try:
            return Decimal(self.cells[column])
        except InvalidOperation as error:
            raise self.wrong(column, f"“{self.cells[column]}”不是数字") from error

    def flag(self, column: str) -> bool:
        """The cell as 0 or 1."""
        return self.one_of(column, {"0": False, "1": True})

    def one_of(self, column: str, known: Mapping[str, T]) -> T:
        """What the cell stands for in ``known``."""
        if self.cells[column] not in known:
            raise self.wrong(column, f"没有“{self.cells[column]}”，可用：{'、'.join(list(known)[:10])}")
        return known[self.cells[column]]

    def reference(self, column: str, known: Mapping[str, T], value: str | None = None) -> T:
        """The record that the cell (or ``value``, a part of it) names."""
        name = self.given(column) if value is None else value
        if name not in known:
            raise self.wrong(column, f"引用了不存在的“{name}”")
        return known[name]

    def maybe_reference(self, column: str, known: Mapping[str, T]) -> T | None:
        """The record that the cell names; None for an empty cell."""
        return self.reference(column, known) if self.cells[column] else None


def read_rows(folder: Path, file: str, columns: str, key: str = "key") -> list[Row]:
    """The rows of ``folder/file`` in order.

    ``columns`` (separated by blanks) must stand in the header; ``key`` names the columns (joined by "+") that no two
    rows share and no row leaves empty. Raises SeedError.
    """
    try:
        text = (folder / file).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SeedError(file, 1, "", f"在 {folder} 中没有找到这个文件") from error
    except UnicodeDecodeError as error:
        raise SeedError(file, 1, "", "不是 UTF-8 编码，请另存为 UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = next(reader, [])
        for column in columns.split():
            if column not in header:
                raise SeedError(file, 1, column, "表头缺少这一列")
        for cells in reader:
            if len(cells) != len(header):
                raise SeedError(file, reader.line_num, "", f"应有 {len(header)} 格，现有 {len(cells)} 格")
            rows.append(Row(file, reader.line_num, dict(zip(header, map(str.strip, cells), strict=True))))
    except csv.Error as error:
        raise SeedError(file, reader.line_num, "", f"引号或分隔符有误（{error}）") from error
    _check_keys(rows, key.split("+"))
    return rows


def _check_keys(rows: list[Row], names: list[str]) -> None:
    lines: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row.given(name) for name in names)
        if key in lines:
            raise row.wrong(names[-1], f"“{row.text(names[-1])}”与第 {lines[key]} 行重复")
        lines[key] = row.line


def seed_terms(folder: Path = SEEDS) -> tuple[str, ...]:
    """The field's words for the segmenter, one a line in ``glossary.txt``, in its order."""
    lines = (folder / "glossary.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip())
