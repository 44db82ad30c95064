"""Every column that may hold personal data, with purpose, basis, term and end; and those that hold none, and why.

``fields.csv`` and ``none.csv`` beside this file are the tables; a column of text in neither fails a test.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from models import Base
from service.config import Settings

_SETTING = re.compile(r"WOSHOU_([A-Z_]+)")
_HERE = Path(__file__).resolve().parent
ERASURES = frozenset({"anonymous", "row", "blank", "contact", "text", "expires", "keep"})
"""What becomes of a column when somebody is erased.

``anonymous``: put back to nothing on the account's own row; ``row``: rows that are theirs go; ``blank``: emptied on
rows that are theirs; ``contact``: emptied where it is theirs; ``text``: the strings that name them are hidden;
``expires``: gone within minutes by itself; ``keep``: stays, and ``at_end`` says why.
"""


@dataclass(frozen=True)
class PersonalField:
    """One column that may hold personal data, in the words of the notice."""

    table: str
    column: str
    label: str
    purpose: str
    basis: str
    term: str
    at_end: str
    seen_by: str
    erase: str

    @property
    def record(self) -> str:
        """The kind of record in Chinese."""
        return titles()[self.table]


@cache
def titles() -> dict[str, str]:
    """Table → what one of its records is called."""
    return {mapper.local_table.name: mapper.class_.title_zh for mapper in Base.registry.mappers}  # type: ignore[attr-defined] # every mapped class has a table


@cache
def fields() -> Sequence[PersonalField]:
    """The registry, in the order of the file. Raises ValueError for a way of erasing there is none of."""
    with (_HERE / "fields.csv").open(encoding="utf-8", newline="") as file:
        found = tuple(PersonalField(**row) for row in csv.DictReader(file))
    odd = [f"{one.table}.{one.column}" for one in found if one.erase not in ERASURES]
    if odd:
        raise ValueError(f"the registry does not say how to erase {odd}")
    return found


def fields_in_force(settings: Settings) -> list[PersonalField]:
    """The registry with this installation's own terms in place of the settings' names."""
    return [
        replace(one, term=_SETTING.sub(lambda found: str(getattr(settings, found[1].lower())), one.term))
        for one in fields()
    ]


@cache
def free_of_personal_data() -> dict[tuple[str, str], str]:
    """(table, column) → why it holds no personal data."""
    with (_HERE / "none.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["table"], column): row["because"] for row in rows for column in row["columns"].split()}


def columns_erased(how: str) -> list[tuple[str, str]]:
    """(table, column) of all columns that are erased this way."""
    return [(one.table, one.column) for one in fields() if one.erase == how]
