"""What the commands share: Chinese help, an open installation, progress."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unicodedata import east_asian_width

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


def _columns(text: str) -> int:
    """How many columns of a terminal the text takes; Chinese characters take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


class _Formatter(click.HelpFormatter):
    """Heads, kinds of value and remarks in Chinese, the second column straight."""

    HEADS = {"Usage: ": "用法：", "Options": "选项", "Commands": "命令"}
    WORDS = (
        (re.compile(r"\bINTEGER( RANGE)?\b"), "整数"),
        (re.compile(r"\bTEXT\b"), "文字"),
        (re.compile(r"\bFILE\b"), "文件"),
        (re.compile(r"\[required\]"), "（必填）"),
        (re.compile(r"(; )?(\d+)<=x<=(\d+)"), r"范围 \2–\3"),
        (re.compile(r"\[default: \(?([^)\]]+)\)?(范围 [^\]]+)\]"), r"（默认 \1，\2）"),
        (re.compile(r"\[default: \(?([^)\]]+)\)?\]"), r"（默认 \1）"),
        (re.compile(r"\[(范围 [^\]]+)\]"), r"（\1）"),
    )

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        shown = args.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]…")
        super().write_usage(prog, shown, prefix or self.HEADS["Usage: "])

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{self.HEADS.get(heading, heading)}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        shown = [(self._in_chinese(name), self._in_chinese(text)) for name, text in rows]
        left = min(max(map(_columns, (name for name, _ in shown)), default=0), col_max) + col_spacing
        for name, text in shown:
            room = left - _columns(name)
            gap = " " * room if room >= col_spacing else "\n" + " " * (self.current_indent + left)
            self.write(f"{'':>{self.current_indent}}{name}{gap}{' '.join(text.split()).replace(' （', '（')}\n")

    def _in_chinese(self, text: str) -> str:
        for pattern, word in self.WORDS:
            text = pattern.sub(word, text)
        return text


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
