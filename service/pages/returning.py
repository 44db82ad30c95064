"""Where a page's form leads: back to the page it stood on, and which move it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from service.errors import NotFound
from service.web.dependencies import Form

M = TypeVar("M")


def back_to(form: Form, otherwise: str, *, field: str = "back") -> str:
    """The page the form asks to return to in ``field``, if it is one of ours; else ``otherwise``."""
    wanted = (form.get(field) or [""])[0]
    ours = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return wanted if ours else otherwise


def known(moves: Mapping[str, M], name: str) -> M:
    """The move of that name. Raises NotFound."""
    if name not in moves:
        raise NotFound("没有这个操作，可能网址有误。")
    return moves[name]
