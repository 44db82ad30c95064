"""What the search index follows, what people keep of their searches, and the words that mean the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from models.base import BIG, Base, Id, Seeded, Timed, Versioned


class SearchState(Base):
    """One row: the number of the latest change of a record that is searched (检索版本), counted up by triggers.

    ``stamp`` is random: a number taken back with its transaction and given anew is told apart by it.
    """

    title_zh = "检索版本"

    id: Mapped[Id]
    seq: Mapped[int] = mapped_column(BIG, default=0)
    stamp: Mapped[str] = mapped_column(String(32), default="")

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class SearchChange(Base):
    """A searched record of any kind appeared, changed or went. Written by database triggers, in the order of commits.

    ``kind`` is the record's table; ``record_id`` 0 stands for all records of the kind.
    """

    title_zh = "检索变动"

    seq: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(32))
    record_id: Mapped[int] = mapped_column(BIG)
    stamp: Mapped[str] = mapped_column(String(32))


class SavedSearch(Base, Timed, Versioned):
    """A search somebody wants to be told about (保存的搜索).

    ``query`` and ``filters`` are what the address of the search page says; ``seen`` the keys ("needs:12") of results
    already shown, ``fresh`` those found since.
    """

    title_zh = "保存的搜索"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    query: Mapped[str] = mapped_column(String(200), default="")
    filters: Mapped[dict[str, Any]]
    alerts: Mapped[bool] = mapped_column(default=True, server_default=true())
    checked_seq: Mapped[int] = mapped_column(BIG, default=0)
    checked_at: Mapped[datetime | None]
    seen: Mapped[list[str]]
    fresh: Mapped[list[str]]


class Synonym(Base, Timed, Versioned, Seeded):
    """Words that mean the same in search (同义词)."""

    title_zh = "同义词"

    id: Mapped[Id]
    words: Mapped[list[str]]
    note: Mapped[str] = mapped_column(Text, default="")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())
