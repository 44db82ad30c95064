"""The help of the command line is in Chinese to the last word, and its columns are straight."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import east_asian_width

import click
import pytest
from click.testing import CliRunner

from service.cli.main import woshou

ENGLISH = ("TEXT", "INTEGER", "FILE", "required", "default", "Usage", "Options", "<=")


def _commands(group: click.Group, *before: str) -> Iterator[list[str]]:
    for name, command in group.commands.items():
        yield [*before, name]
        if isinstance(command, click.Group):
            yield from _commands(command, *before, name)


@pytest.mark.parametrize("words", [[], *_commands(woshou)], ids=" ".join)
def test_help_is_in_chinese(words: list[str]) -> None:
    shown = CliRunner().invoke(woshou, [*words, "--help"]).output

    assert "--help" in shown
    assert [word for word in ENGLISH if word in shown] == []


def test_the_second_column_is_straight() -> None:
    lines = CliRunner().invoke(woshou, ["serve", "--help"]).output.partition("选项：\n")[2].splitlines()
    starts = {_width(line) - _width(re.split(r"\s{2,}", line.strip())[1]) for line in lines}

    assert len(lines) == 3
    assert len(starts) == 1


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
