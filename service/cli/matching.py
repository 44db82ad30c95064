"""``woshou match``, ``woshou rank`` and ``woshou evaluate``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from matching.batch import evaluate_files, rank_files
from models import Achievement, Match, Need
from models.match import SCORE_SCALE
from service.cli.console import command, installation, unit_of_work
from service.context import Context
from service.queries.overview import scope_shown
from service.reports.outcome import outcome_sentence
from service.usecases.ranking import advance_run, begin_run

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _read_weights(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, float]:
    """ "name=value" of each ``--weight``."""
    weights: dict[str, float] = {}
    for one in given:
        name, equals, value = one.partition("=")
        try:
            weights[name.strip()] = float(value)
        except ValueError:
            equals = ""
        if not equals:
            raise click.BadParameter(f"“{one}”应写成 因子=数，例如 dense=0.15")
    return weights


WEIGHT = click.option(
    "--weight", "weights", multiple=True, callback=_read_weights, help="改一个匹配因子的权重，如 dense=0.15；可多次。"
)


@command("match")
@click.option("--top", default=10, type=click.IntRange(1, 1000), show_default="10", help="显示前几对。")
@click.option("--summary", is_flag=True, help="同时显示本年度的成效一句话。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供脚本读取。")
def match(top: int, summary: bool, as_json: bool) -> None:
    """对全部公开的需求与成果重新匹配，显示得分最高的配对和理由。中途停下后再运行，从停下的地方继续。"""
    with installation() as opened, unit_of_work(opened) as ctx:
        bar = click.progressbar(length=1, label="匹配", file=sys.stderr, hidden=as_json)
        with bar:
            run = begin_run(ctx)
            finished = False
            while not finished:
                finished = advance_run(ctx, run)
                ctx.commit()
                _advance(bar, run.done, run.total)
        pairs = _top(ctx, top)
        print(json.dumps(pairs, ensure_ascii=False, indent=2) if as_json else _told(pairs))
        if summary and not as_json:
            print(f"\n{outcome_sentence(ctx, scope_shown(ctx, {}).year)}")


@command("rank")
@click.option("--needs", required=True, type=FILE, help="需求，每行一个 JSON。")
@click.option("--achievements", required=True, type=FILE, help="成果，每行一个 JSON。")
@click.option("--top", default=50, type=click.IntRange(1, 10000), show_default="50", help="每条需求保留前几名。")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="结果文件（JSONL）。")
@WEIGHT
def rank(needs: Path, achievements: Path, top: int, out: Path, weights: dict[str, float]) -> None:
    """不用数据库，为文件中的每条需求排出最合适的成果。"""
    bar = click.progressbar(length=1, label="匹配", file=sys.stderr)
    with bar:
        lines = rank_files(needs, achievements, top, out, lambda done, total: _advance(bar, done, total), weights)
    print(f"已写入 {out}，共 {lines} 行。")


@command("evaluate")
@click.option("--needs", required=True, type=FILE, help="需求，每行一个 JSON。")
@click.option("--achievements", required=True, type=FILE, help="成果，每行一个 JSON。")
@click.option("--judgments", required=True, type=FILE, help="人工判断（need,achievement,level，1–4，4 最好）。")
@click.option("--train", type=FILE, help="另一份人工判断，先从中学习再评分。")
@click.option("--folds", type=click.IntRange(2, 50), help="把有判断的需求分成几折，每折由其余各折学习后评分。")
@WEIGHT
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供脚本读取。")
def evaluate(
    needs: Path,
    achievements: Path,
    judgments: Path,
    train: Path | None,
    folds: int | None,
    weights: dict[str, float],
    as_json: bool,
) -> None:
    """用人工判断衡量匹配质量：nDCG@10、MAP、MRR、recall@50 及 95 % 区间。"""
    report = evaluate_files(needs, achievements, judgments, train, weights, folds)
    print(json.dumps(report.as_dict(), ensure_ascii=False, indent=2) if as_json else report.as_text())


def _advance(bar: Any, done: int, total: int) -> None:
    bar.length = total
    bar.update(done - bar.pos)


def _top(ctx: Context, top: int) -> list[dict[str, object]]:
    rows = ctx.session.execute(
        select(Need.title, Achievement.title, Match.score, Match.contributions, Match.reason)
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
        .order_by(Match.score.desc(), Match.id)
        .limit(top)
    )
    return [
        {
            "need": need,
            "achievement": achievement,
            "score": score / SCORE_SCALE,
            "contributions": {name: points / SCORE_SCALE for name, points in parts.items()},
            "reason": reason,
        }
        for need, achievement, score, parts, reason in rows
    ]


def _told(pairs: list[dict[str, object]]) -> str:
    lines = [f"匹配度最高的 {len(pairs)} 对："]
    for number, pair in enumerate(pairs, start=1):
        lines.append(f"{number:>3}. {float(str(pair['score'])) * 100:6.2f}  {pair['need']}  ←→  {pair['achievement']}")
        lines.append(f"             {pair['reason']}")
    return "\n".join(lines)
