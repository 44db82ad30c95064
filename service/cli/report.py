"""``woshou report``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from service.cli.console import command, installation, unit_of_work
from service.queries.figures import scope_of
from service.reports.files import MEDIA_TYPES, report_file
from service.reports.outcome import outcome


@command("report")
@click.option("--year", type=click.IntRange(1900, 9998), help="统计年份；不填为今年，填 --all-years 为历年累计。")
@click.option("--all-years", is_flag=True, help="不分年份，历年累计。")
@click.option("--region", default="", help="只统计这个行政区划及其下级，例如 150621。")
@click.option("--demo", is_flag=True, help="把示例数据也算进来（不得作为正式统计）。")
@click.option("--format", "form", type=click.Choice(list(MEDIA_TYPES)), help="格式；不填时看文件名的后缀，否则为 md。")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="写到哪个文件；不填则显示在屏幕上。")
def report(year: int | None, all_years: bool, region: str, demo: bool, form: str | None, out: Path | None) -> None:
    """由记录生成成效报告：成效一句话、指标与口径、活动与项目清单。"""
    chosen = form or (out.suffix.removeprefix(".") if out is not None else "md")
    if chosen not in MEDIA_TYPES:
        raise click.UsageError(f"不认识的格式 {chosen}，请用 --format 指定 {'、'.join(MEDIA_TYPES)} 之一。")
    if out is None and chosen not in ("md", "json"):
        raise click.UsageError(f"{chosen} 文件不能显示在屏幕上，请用 --out 指定文件名。")
    with installation() as opened, unit_of_work(opened) as ctx:
        asked = {"year": "all" if all_years else "", "region": region, "demo": "include" if demo else "0"}
        made = outcome(ctx, scope_of(ctx, asked, year=year or ctx.today.year))
        content = report_file(ctx, made, chosen)
    if out is None:
        sys.stdout.write(content.decode())
        return
    out.write_bytes(content)
    print(f"{made.sentence}。\n已写入 {out}。")
