"""The command ``woshou`` and the order of its commands."""

from __future__ import annotations

import logging
import sys

import click

from service.cli import accounts, database, matching, personal, report, seating, serving, verifying
from service.cli.console import ChineseGroup
from service.errors import Invalid, WoshouError


@click.group(cls=ChineseGroup)
@click.version_option(package_name="woshou", message="握手 %(version)s", help="显示版本后退出。")
def woshou() -> None:
    """握手：企业家与科学家“握手”行动的自托管服务。"""


for command in (
    serving.serve,
    serving.worker,
    database.migrate,
    database.seed,
    matching.match,
    matching.rank,
    matching.evaluate,
    seating.seat,
    report.report,
    accounts.account,
    verifying.verify,
    personal.personal,
):
    woshou.add_command(command)


def main() -> None:
    """Run the command line; exits 0 only on success, and says in Chinese what went wrong."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        woshou.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit("已取消。")
    except click.UsageError as error:
        hint = f"\n用法见：{error.ctx.command_path} --help" if error.ctx is not None else ""
        print(f"参数有误：{_wrong(error)}{hint}", file=sys.stderr)
        sys.exit(2)
    except click.ClickException as error:
        sys.exit(error.format_message())
    except Invalid as error:
        sys.exit("\n".join([error.sentence, *(f"  {name}：{text}" for name, text in error.fields.items())]))
    except (WoshouError, RuntimeError, ValueError) as error:
        sys.exit(str(error))


def _wrong(error: click.UsageError) -> str:
    """What is wrong with the command line, in Chinese."""
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}"
    if isinstance(error, click.MissingParameter):
        name = error.param.opts[0] if error.param is not None and error.param.opts else error.param_hint or ""
        return f"缺少 {name}"
    if isinstance(error, click.BadParameter):
        name = error.param.opts[0] if error.param is not None and error.param.opts else error.param_hint or ""
        kind = error.param.type if error.param is not None else None
        if isinstance(kind, click.Path):
            return f"{name} 指的文件不存在或不能读写"
        if isinstance(kind, click.Choice):
            return f"{name} 只能是：{'、'.join(map(str, kind.choices))}"
        if isinstance(kind, click.IntRange):
            return f"{name} 须是 {kind.min}–{kind.max} 之间的整数"
        return f"{name} 的值不对"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 缺少值或不该有值"
    return "没有这个命令，或多写了参数"
