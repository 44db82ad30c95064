"""``woshou seat``: an event from a file to a file, without a database."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from matching.seating import SeatingError, Solution, Status, read_problem, seat_or_explain, write_answer
from service.cli.console import command

EXITS = {Status.INFEASIBLE: 3, Status.UNKNOWN: 4}
"""What the command returns where there is no seating; 0 where there is one."""


@command("seat")
@click.option(
    "--problem",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="题目（JSON）。",
)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="答案文件（JSON）。")
@click.option("--seconds", default=60, type=click.IntRange(1, 86400), show_default="60", help="最多算多少秒。")
def seat(problem: Path, out: Path, seconds: int) -> None:
    """不用数据库，为一场活动排桌次：谁在哪个时段、哪张桌见谁。

    依次求：对已有安排的改动最少；得到最少的一方（受其意愿所限的除外）场数最多；总效用最大；大家少走路。
    只有列出的配对才会见面，时段从 0 数，桌号从 1 数（题目里出现 0 号桌时从 0 数）。

    \b
    题目：slots 时段数，tables 桌数（或逐张列出），needs、offers 两侧各方
      （id，可有 available 在场时段、min、max、seats 同时可谈几场、people 几人），
      pairs 可见的配对（need、offer、utility，可有 requires 对桌子的要求）；
      可有 locked 锁定的、previous 已排的（need、offer、slot、table），
      frozen_before 此前的时段已过，max_changes 最多改动几场，excluded 不见的。

    \b
    答案：status 为 optimal（已证明最优）、feasible（gap 是离最优至多差多少）、
      infeasible（conflict 是互相冲突的条件，repairs 是改法）或 unknown。

    \b
    返回 0：已排出；1：题目有误；2：参数有误；3：已证明排不成（答案照写）；
      4：时间不够，没有排出，也没有证明排不成（答案照写）。
    """
    try:
        asked = read_problem(problem)
    except SeatingError as error:
        raise click.ClickException(f"文件 {problem} 有误：{error}") from error
    answer = seat_or_explain(asked, float(seconds), time.monotonic, lambda told: print(told, file=sys.stderr))
    write_answer(out, answer)
    print(_told(answer, out))
    if answer.status in EXITS:
        sys.exit(EXITS[answer.status])


def _told(answer: Solution, out: Path) -> str:
    if answer.found:
        held = f"共 {len(answer.meetings)} 场，得到最少的一方 {answer.worst_served} 场，总效用 {answer.utility:.4f}"
        proof = "已证明最优" if answer.status is Status.OPTIMAL else f"距最优不超过 {answer.gap * 100:.2f} %"
        changed = f"，改动 {len(answer.changes)} 场" if answer.changes else ""
        return f"已写入 {out}：{held}{changed}，{proof}，用时 {answer.seconds:.1f} 秒。"
    if answer.status is Status.UNKNOWN:
        return f"已写入 {out}：时间不够，没有排出，也没有证明排不成；请加大 --seconds。"
    lines = [f"已写入 {out}：排不成。"]
    if answer.conflict:
        lines.append("这些条件不能同时满足：")
        lines += [f"  · {limit.sentence}" for limit in answer.conflict]
    if answer.repairs:
        lines.append("可以这样改（任选一条）：")
        lines += [f"  {at}. {repair.sentence}（代价 {repair.cost:g}）" for at, repair in enumerate(answer.repairs, 1)]
    return "\n".join(lines)
