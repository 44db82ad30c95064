"""Shapes that several parts of the API answer with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

from models.money import yuan
from service.queries.listing import Listing, Option, Page

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


PAGING = (("page", "第几页，从 1 起"), ("size", "每页几条，最多 200"), ("sort", "按哪一栏排序，前加 - 为倒序"))
SCOPE = (("year", "年份，all 为全部"), ("region", "行政区划代码，含下级"), ("demo", "0 不含示例，include 含示例"))
"""What figures are narrowed by."""


def asked(parameters: Iterable[Option]) -> dict[str, Any]:
    """For ``openapi_extra``: query parameters by name and what each means.

    All are text, and a value that means nothing narrows nothing: an address somebody kept stays good.
    """
    return {
        "parameters": [
            {"name": name, "in": "query", "required": False, "description": told, "schema": {"type": "string"}}
            for name, told in parameters
        ]
    }


def narrowed_by(listing: Listing) -> dict[str, Any]:
    """For ``openapi_extra``: what the list is searched, narrowed and turned over by."""
    filters = [(one.key, one.label) for one in listing.filters]
    return asked([("q", "搜索的词"), *filters, *PAGING] if listing.search else [*filters, *PAGING])


class CategoryOut(Out):
    """A category a posting is filed under."""

    id: int
    scheme: str
    name: str
