"""What the commands share: Chinese help, an open installation, progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from service.config import Settings
from service.context import SYSTEM, Context
from service.web.installation import Installation, open_installation


def _help_option(names: list[str]) -> click.Option:
    def show(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            click.echo(ctx.get_help())
            ctx.exit()

    shown = "显示此说明后退出。"
    return click.Option(names, is_flag=True, is_eager=True, expose_value=False, callback=show, help=shown)


class _Formatter(click.HelpFormatter):
    """Section heads in Chinese."""

    HEADS = {"Usage: ": "用法：", "Options": "选项", "Commands": "命令"}

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        shown = args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]…")
        super().write_usage(prog, shown, prefix or self.HEADS["Usage: "])

    def write_heading(self, heading: str) -> None:
        super().write_heading(self.HEADS.get(heading, heading))


class _ChineseContext(click.Context):
    formatter_class = _Formatter


class _Chinese:
    context_class: type[click.Context] = _ChineseContext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        names = self.get_help_option_names(ctx)  # type: ignore[attr-defined] # mixed into click.Command
        return _help_option(names) if names else None


class ChineseCommand(_Chinese, click.Command):
    """A command whose --help is in Chinese."""


class ChineseGroup(_Chinese, click.Group):
    """A group of commands whose --help is in Chinese."""

    command_class = ChineseCommand
    group_class = type


def command(name: str, **options: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """A command with Chinese help."""
    return click.command(name, cls=ChineseCommand, **options)


@contextmanager
def installation() -> Iterator[Installation]:
    """The installation that the environment describes, closed at the end."""
    opened = open_installation(Settings())
    try:
        yield opened
    finally:
        opened.engine.dispose()


@contextmanager
def unit_of_work(opened: Installation) -> Iterator[Context]:
    """A context of the command line itself, committed at the end unless something goes wrong."""
    with opened.session() as session:
        ctx = opened.context(session, SYSTEM)
        yield ctx
        ctx.commit()
