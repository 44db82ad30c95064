"""Who was erased, by number alone, in a file outside the database: what a restored older copy has to forget again."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

ERASURES_FILE = "erasures.jsonl"


def note_erasure(folder: Path, account_id: int, created_at: datetime, now: datetime) -> None:
    """Write down that an account was erased; when it was opened tells it from another installation's of that number."""
    if (account_id, created_at) in noted_erasures(folder):
        return
    folder.mkdir(parents=True, exist_ok=True)
    line = {"account": account_id, "created_at": created_at.isoformat(), "erased_at": now.isoformat()}
    with (folder / ERASURES_FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def noted_erasures(folder: Path) -> list[tuple[int, datetime]]:
    """(number, when it was opened) of each account that was erased, oldest first."""
    path = folder / ERASURES_FILE
    if not path.exists():
        return []
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(line["account"], datetime.fromisoformat(line["created_at"])) for line in lines]
