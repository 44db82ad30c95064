"""The two tables of docs/security: every requirement once, every verdict from the list, every proof a test there is."""

from __future__ import annotations

import ast
import csv
import functools
import os
import re
from pathlib import Path

import pytest

from tests.house.checkout import ROOT

STANDARD, LAWS = ROOT / "docs" / "security-asvs.md", ROOT / "docs" / "security-compliance.md"
FACTS = os.environ.get("WOSHOU_TEST_FACTS", "")
"""A folder with the lists of ids the tables are held against; without it the tables are held against themselves."""
VERDICTS = {"满足", "部分", "缺口", "不适用"}
REQUIREMENTS = 253
"""How many requirements of levels 1 and 2 OWASP ASVS 5.0.0 has."""

Rows = list[list[str]]


def _rows(path: Path) -> Rows:
    """The cells of every table row that begins with a number."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d", line)]


@functools.cache
def _tests_in(name: str) -> frozenset[str]:
    path = ROOT / name
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_")


def _proofs(cell: str) -> list[tuple[str, str]]:
    return re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", cell)


def test_every_requirement_of_the_standard_stands_there_once_in_order() -> None:
    numbers = [tuple(int(part) for part in row[0].split(".")) for row in _rows(STANDARD)]

    assert len(numbers) == REQUIREMENTS
    assert numbers == sorted(set(numbers))
    assert {row[1] for row in _rows(STANDARD)} == {"1", "2"}


def test_the_sum_at_the_head_is_the_sum_of_the_rows() -> None:
    said = re.search(r"满足 (\d+)，部分 (\d+)，缺口 (\d+)，不适用 (\d+)", STANDARD.read_text(encoding="utf-8"))
    found = [row[3] for row in _rows(STANDARD)]

    assert said is not None
    assert [int(one) for one in said.groups()] == [found.count(one) for one in ("满足", "部分", "缺口", "不适用")]


@pytest.mark.parametrize(("path", "at"), [(STANDARD, 3), (LAWS, 4)], ids=["standard", "laws"])
def test_every_verdict_is_from_the_list_with_its_reason_and_its_proof(path: Path, at: int) -> None:
    rows = _rows(path)

    assert rows
    assert {row[at] for row in rows} <= VERDICTS
    assert not [row[0] for row in rows if len(row[at + 1]) < 4]
    assert not [row[0] for row in rows if row[at] == "满足" and not _proofs(row[-1])]
    assert not [row[0] for row in rows if row[at] == "缺口" and _proofs(row[-1])]


@pytest.mark.parametrize("path", [STANDARD, LAWS], ids=["standard", "laws"])
def test_every_proof_is_a_test_there_is(path: Path) -> None:
    cited = {proof for row in _rows(path) for proof in _proofs(row[-1])}

    assert len(cited) > 15
    assert sorted(f"{file}::{name}" for file, name in cited if name not in _tests_in(file)) == []
    assert not [row[0] for row in _rows(path) if row[-1] != "—" and row[-1].count("`") != 2 * len(_proofs(row[-1]))]


def test_the_tables_have_what_the_lists_have() -> None:
    if not FACTS:
        pytest.skip("WOSHOU_TEST_FACTS names no folder")
    with (Path(FACTS) / "asvs5_ids.csv").open(encoding="utf-8") as file:
        wanted = {row["id"].rpartition("-")[2]: row["level"] for row in csv.DictReader(file) if int(row["level"]) <= 2}
    with (Path(FACTS) / "compliance_features.csv").open(encoding="utf-8") as file:
        articles = [row["article"] for row in csv.DictReader(file)]

    assert {row[0]: row[1] for row in _rows(STANDARD)} == wanted
    assert len(_rows(LAWS)) == len(articles)
    assert not [row[0] for row, article in zip(_rows(LAWS), articles, strict=True) if row[2] not in article]
