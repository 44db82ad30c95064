"""``woshou personal``: what concerns erased people after a restore."""

from __future__ import annotations

import click

from service.cli.console import ChineseGroup, command, installation, unit_of_work
from service.usecases.after_erasure import replay_erasures


@click.group("personal", cls=ChineseGroup)
def personal() -> None:
    """个人信息。"""


@command("replay-erasures")
def replay() -> None:
    """恢复旧备份后重做注销：把数据文件夹 erasures.jsonl 里记着的人再清除一遍。"""
    with installation() as opened, unit_of_work(opened) as ctx:
        count = replay_erasures(ctx)
    print(f"重做注销 {count} 人；残留文字由后台任务清除。")


personal.add_command(replay)
