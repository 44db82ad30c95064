"""Words that ask whoever writes them to think again whether the text is secret."""

from __future__ import annotations

from sqlalchemy import String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Labelled, Seeded, Timed, Versioned, choice


class SensitiveLevel(Labelled):
    """What a sensitive word does."""

    PROMPT = "PROMPT", "提示核对", "warning"
    REFUSE = "REFUSE", "不得提交", "danger"


class SensitiveWord(Base, Timed, Versioned, Seeded):
    """A word of the list against classified content (涉密提示词)."""

    title_zh = "涉密提示词"

    id: Mapped[Id]
    word: Mapped[str] = mapped_column(String(50), unique=True)
    level: Mapped[SensitiveLevel] = mapped_column(choice(SensitiveLevel), default=SensitiveLevel.PROMPT)
    note: Mapped[str] = mapped_column(Text, default="")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())
