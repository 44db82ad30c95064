"""``woshou verify``: whether the audit log is whole and unaltered."""

from __future__ import annotations

import json
import sys

import click

from service.chain import drop_anchor, verify_chain
from service.cli.console import command, installation, unit_of_work


@command("verify")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
def verify(as_json: bool) -> None:
    """核对审计日志：每一条的摘要、链首与存下的锚点；全部相符才返回 0。"""
    with installation() as opened, unit_of_work(opened) as ctx:
        with click.progressbar(length=0, label="核对审计日志", file=sys.stderr, hidden=as_json) as bar:
            verdict = verify_chain(ctx.session, ctx.settings, lambda _count: bar.update(0))
        days = (ctx.now - verdict.oldest_at).days if verdict.oldest_at is not None else 0
        if verdict.holds:
            drop_anchor(ctx.session, ctx.settings, ctx.now)
    if as_json:
        found = {
            "holds": verdict.holds,
            "entries": verdict.entries,
            "fault": verdict.fault,
            "broken_at": verdict.broken_at,
            "oldest_days": days,
            "keep_days": opened.settings.audit_days,
            "anchors": verdict.anchors,
        }
        print(json.dumps(found, ensure_ascii=False))
    elif verdict.holds:
        print(f"审计日志完整：{verdict.entries} 条，最早一条在 {days} 天前，锚点 {verdict.anchors} 个，全部相符。")
    if not verdict.holds:
        sys.exit(1 if as_json else f"审计日志被改动过：{verdict.fault}")
