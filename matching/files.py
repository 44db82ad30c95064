"""Reads needs, achievements and judgments, writes runs; what is wrong with a file is said in Chinese, by line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from matching.profile import Profile
from matching.ranker import Ranked

Judgments = dict[str, dict[str, int]]
"""Need id → achievement id → level 1–4, 4 best."""

_SHOWN = 10
_FIELDS = ("id", "title", "body", "keywords", "categories")


class InputError(ValueError):
    """A file cannot be used; the message names file, line and what to change."""

    def __init__(self, path: Path, problems: Iterable[str]) -> None:
        found = list(problems)
        shown = "\n".join(f"  {problem}" for problem in found[:_SHOWN])
        more = f"\n  ……共 {len(found)} 处" if len(found) > _SHOWN else ""
        super().__init__(f"文件 {path} 有误：\n{shown}{more}")
        self.path = path
        self.problems = tuple(found)


def read_profiles(path: Path) -> list[Profile]:
    """Profiles of a JSONL file, in its order; blank lines are passed over, unknown fields ignored.

    Raises InputError that lists every bad line: no JSON, no object, missing or repeated id, a field of the wrong kind.
    """
    profiles: list[Profile] = []
    problems: list[str] = []
    first_line: dict[str, int] = {}
    for number, line in enumerate(_text_of(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            profile = _profile(json.loads(line))
        except json.JSONDecodeError as error:
            problems.append(
                f"第 {number} 行：不是有效的 JSON（第 {error.colno} 个字符处）；每行应是一个完整的 {{…}} 对象"
            )
            continue
        except ValueError as error:
            problems.append(f"第 {number} 行：{error}")
            continue
        if profile.id in first_line:
            problems.append(
                f"第 {number} 行：编号 {profile.id} 与第 {first_line[profile.id]} 行重复；请删去一行或改编号"
            )
            continue
        first_line[profile.id] = number
        profiles.append(profile)
    if problems:
        raise InputError(path, problems)
    return profiles


def read_judgments(path: Path, needs: Collection[str], achievements: Collection[str]) -> Judgments:
    """Judged pairs of a CSV with the columns need, achievement, level.

    Raises InputError that lists missing columns, levels outside 1–4, pairs judged twice, and ids that ``needs`` or
    ``achievements`` do not hold.
    """
    rows = csv.DictReader(io.StringIO(_text_of(path), newline=""))
    missing = [column for column in ("need", "achievement", "level") if column not in (rows.fieldnames or ())]
    if missing:
        raise InputError(path, [f"第 1 行：缺少列 {'、'.join(missing)}；首行应为 need,achievement,level"])
    judgments: Judgments = {}
    problems: list[str] = []
    for row in rows:
        need, achievement = ((row[column] or "").strip() for column in ("need", "achievement"))
        level = (row["level"] or "").strip()
        if level not in {"1", "2", "3", "4"}:
            problems.append(f"第 {rows.line_num} 行：level 为“{level}”；只能是 1、2、3、4（4 最匹配）")
        elif achievement in judgments.get(need, {}):
            problems.append(f"第 {rows.line_num} 行：{need} 与 {achievement} 已评过一次；请只留一行")
        else:
            judgments.setdefault(need, {})[achievement] = int(level)
    problems += _unknown(judgments, needs, achievements)
    if problems:
        raise InputError(path, problems)
    return judgments


def write_run(path: Path, runs: Iterable[tuple[str, list[Ranked]]], done: Callable[[int], None] | None = None) -> int:
    """Write ranked lists as JSON lines and return how many lines; ``done`` hears the number of needs written so far.

    The file is complete or absent: it is written beside ``path`` and moved there at the end.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    lines = 0
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as out:
            for count, (need, ranking) in enumerate(runs, start=1):
                for ranked in ranking:
                    line = {
                        "need": need,
                        "achievement": ranked.id,
                        "rank": ranked.rank,
                        "score": ranked.score,
                        "contributions": ranked.contributions,
                    }
                    out.write(json.dumps(line, ensure_ascii=False) + "\n")
                lines += len(ranking)
                if done is not None:
                    done(count)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return lines


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(path, ["找不到这个文件；请检查路径"]) from None
    except UnicodeDecodeError as error:
        raise InputError(path, [f"第 {error.start + 1} 字节不是 UTF-8；请另存为 UTF-8 编码"]) from None
    except OSError as error:
        raise InputError(path, [f"无法读取：{error.strerror}"]) from None


def _profile(value: object) -> Profile:
    if not isinstance(value, dict):
        raise ValueError("应是一个 {…} 对象，字段为 " + "、".join(_FIELDS))
    identifier = value.get("id")
    if isinstance(identifier, bool) or not isinstance(identifier, str | int) or not str(identifier).strip():
        raise ValueError('缺少 "id"；请为每行补上不重复的编号')
    return Profile(
        id=str(identifier).strip(),
        title=_string(value, "title"),
        body=_string(value, "body"),
        keywords=_strings(value, "keywords"),
        categories=_strings(value, "categories"),
    )


def _string(value: Mapping[str, object], field: str) -> str:
    text = value.get(field)
    if text is None:
        return ""
    if not isinstance(text, str):
        raise ValueError(f'"{field}" 应是文字，如 "{field}": "电解水制氢"')
    return text


def _strings(value: Mapping[str, object], field: str) -> tuple[str, ...]:
    items = value.get(field)
    if items is None:
        return ()
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise ValueError(f'"{field}" 应是文字的列表，如 "{field}": ["氢能"]')
    return tuple(items)


def _unknown(judgments: Judgments, needs: Collection[str], achievements: Collection[str]) -> list[str]:
    strange_needs = [need for need in judgments if need not in needs]
    judged = dict.fromkeys(achievement for levels in judgments.values() for achievement in levels)
    strange_achievements = [achievement for achievement in judged if achievement not in achievements]
    problems: list[str] = []
    for kind, strange in (("需求", strange_needs), ("成果", strange_achievements)):
        if strange:
            listed = "、".join(strange[:_SHOWN]) + (" 等" if len(strange) > _SHOWN else "")
            problems.append(f"{len(strange)} 个{kind}编号在{kind}文件中没有：{listed}；请补上或从评判中删去")
    return problems
