"""Administrative regions (GB/T 2260 codes) and what it means for one to lie within another."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Region(Base):
    """A province, prefecture or county-level region (行政区划)."""

    title_zh = "行政区划"

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    level: Mapped[str] = mapped_column(String(20))
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"), index=True)


def region_prefix(code: str) -> str:
    """The leading digits shared by a region and all it contains: 150600 → 1506, 150000 → 15."""
    while code.endswith("00"):
        code = code[:-2]
    return code


def covers(scope: str | None, code: str | None) -> bool:
    """Whether region ``code`` lies within ``scope``; a record without a region belongs to nobody's scope but all's.

    ``scope`` None is the whole installation.
    """
    if scope is None:
        return True
    return code is not None and code.startswith(region_prefix(scope))
