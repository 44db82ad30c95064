"""Which words of the list against classified content a text holds, however they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from matching.text import normalise
from models import SensitiveLevel, SensitiveWord
from service.context import Context

_BETWEEN = re.compile(r"[\s\-_.·*|/\\~^+=#]+")


@dataclass(frozen=True)
class Flag:
    """A word of the list that was found, in which field, and what it does."""

    field: str
    word: str
    level: SensitiveLevel
    note: str

    @property
    def sentence(self) -> str:
        """What to do about it."""
        if self.level is SensitiveLevel.REFUSE:
            return f"含有“{self.word}”：涉密内容不得在本系统填写，请删去后再提交"
        return f"含有“{self.word}”：请核对是否涉密"


def folded(text: str) -> str:
    """The text as words are looked for in it: width, case and traditional characters folded, nothing in between."""
    visible = "".join(sign for sign in normalise(text) if unicodedata.category(sign) != "Cf")
    return _BETWEEN.sub("", visible)


def found(ctx: Context, texts: Mapping[str, Any]) -> list[Flag]:
    """The active words that texts, by field, hold; those that refuse first, then in the order of the list."""
    looked_through = {name: folded(text) for name, text in texts.items() if isinstance(text, str) and text}
    if not looked_through:
        return []
    words = ctx.session.scalars(select(SensitiveWord).where(SensitiveWord.is_active).order_by(SensitiveWord.id))
    flags = [
        Flag(name, word.word, word.level, word.note)
        for word in words
        for name, text in looked_through.items()
        if folded(word.word) in text
    ]
    return sorted(flags, key=lambda flag: flag.level is not SensitiveLevel.REFUSE)


def texts_of(record: Any) -> dict[str, str]:
    """Everything a person wrote into a posting or its command, by field; contacts are no part of it."""
    names = [name for name in _columns(record) if not name.startswith("contact_")]
    texts = {name: getattr(record, name) for name in names}
    written = {name: text for name, text in texts.items() if isinstance(text, str) and type(text) is str}
    keywords = " ".join(texts["keywords"] or []) if "keywords" in texts else ""
    return {**written, "keywords": keywords}


def _columns(record: Any) -> list[str]:
    fields = getattr(type(record), "model_fields", None)
    if fields is not None:
        return list(fields)
    skipped = {"review_remark", "seed_key", "seed_digest", "region_code"}
    return [column.key for column in record.__table__.columns if column.key not in skipped]
