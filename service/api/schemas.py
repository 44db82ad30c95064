"""Shapes that several parts of the API answer with."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

from models.money import yuan
from service.queries.listing import Page

T = TypeVar("T", bound="Out")

Yuan = Annotated[
    int,
    PlainSerializer(lambda fen: f"{yuan(fen):f}", return_type=str),
    WithJsonSchema({"type": "string", "description": "金额，单位为元，两位小数", "examples": ["1280000.50"]}),
]
"""An amount held in 分 and written in 元."""


class Out(BaseModel):
    """A record as the API gives it."""

    model_config = ConfigDict(from_attributes=True)


class Many(BaseModel, Generic[T]):
    """One page of a list."""

    total: int
    page: int
    pages: int
    items: list[T]


def many(page: Page, kind: type[T]) -> Many[T]:
    """A page of rows as ``kind``."""
    items = [kind.model_validate(dict(row._mapping)) for row in page.rows]
    return Many[kind](total=page.total, page=page.number, pages=page.pages, items=items)  # type: ignore[valid-type] # made for the kind at hand


class CategoryOut(Out):
    """A category a posting is filed under."""

    id: int
    scheme: str
    name: str
