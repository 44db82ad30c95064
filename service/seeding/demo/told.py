"""A posting of the 示例 set together with how it came to stand where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models import Achievement, Need


@dataclass(frozen=True)
class Told:
    """``owner`` is the organization's short name; the dates say which moves were made.

    Fixed dates belong to the story of 2025; ``…_ago`` counts days back from today, for postings still being worked on.
    """

    name: str
    owner: str
    posting: Need | Achievement
    categories: tuple[str, ...]
    drafted: date | None = None
    published: date | None = None
    engaged: date | None = None
    won: date | None = None
    won_reason: str = ""
    drafted_ago: int = 0
    submitted_ago: int | None = None
    returned_ago: int | None = None
    remark: str = ""
