"""The mapped base class, column types and the small mixins every record is built from."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    false,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BIG = BigInteger().with_variant(Integer, "sqlite")
DOCUMENT = JSON().with_variant(JSONB, "postgresql")

Id = Annotated[int, mapped_column(BIG, primary_key=True)]
Fen = Annotated[int, mapped_column(BigInteger)]
Words = Annotated[list[str], mapped_column(DOCUMENT)]
Code = Annotated[str, mapped_column(String(64))]
Line = Annotated[str, mapped_column(String(200))]
Paragraph = Annotated[str, mapped_column(Text)]


class UTCDateTime(TypeDecorator[datetime]):
    """A timezone-aware moment, stored as UTC; a naive value is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Labelled(StrEnum):
    """A stored choice that knows its Chinese label and the tone it is shown in.

    A member is written ``NAME = "NAME", "中文", "tone"``; tone is one of neutral, info, progress, success,
    warning, danger and may be left out.
    """

    label: str
    tone: str

    def __new__(cls, value: str, label: str = "", tone: str = "neutral") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.tone = tone
        return member


def choice(kind: type[Labelled]) -> Enum:
    """A column type for a labelled choice: text in the database, held to its values by a CHECK."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """Every record. The table is the plural snake case of the class unless the class says otherwise."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime(),
        date: Date(),
        dict[str, Any]: DOCUMENT,
        dict[str, int]: DOCUMENT,
        list[str]: DOCUMENT,
        list[int]: DOCUMENT,
    }
    title_zh: ClassVar[str] = "记录"

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 - a declared_attr receives the class
        snake = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        return re.sub("y$", "ies", snake) if snake.endswith("y") else re.sub("(ch|sh|s)$", r"\1e", snake) + "s"


class Timed:
    """When a record was first written and last changed (UTC; filled in by the context)."""

    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Versioned:
    """Optimistic locking: every update counts ``version`` up, a stale one is refused."""

    version: Mapped[int] = mapped_column(Integer, default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - a declared_attr receives the class
        return {"version_id_col": cls.version}


HIDDEN = "〔已注销用户"
"""How the words begin that stand where an erased person was named; the books take no other change."""

DEMO_MARK = "示例："
"""How the title of a 示例 posting begins."""


class DemoMarked:
    """A 示例 record carries a badge, is left out of official figures and can be removed by one command."""

    is_demo: Mapped[bool] = mapped_column(default=False, server_default=false())


class Seeded:
    """A record that may come from ``seeds/``; its key there stays the same over the years.

    ``seed_digest`` is a SHA-256 over the row it was last written from, so that an unchanged row never overwrites what
    people changed since.
    """

    seed_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    seed_digest: Mapped[str | None] = mapped_column(String(64))
