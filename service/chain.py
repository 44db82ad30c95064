"""The audit chain: every entry carries the digest of the one before, the head says where the chain ends.

Three layers, each for what the one before cannot notice: digests tie the entries together; the head, sealed with a key
that is not in the database, notices a cut-off end; anchors in a file beside it notice a database put back to an earlier
state.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models import AuditEntry, AuditHead
from service.config import Settings
from service.keys import key_of

GENESIS = "0" * 64
ANCHORS = "audit-anchors.jsonl"
_LOCK = 7707040


@dataclass(frozen=True)
class Verdict:
    """What a look over the whole chain found: how many entries, and what is wrong, in words; ``fault`` "" is nothing.

    ``broken_at`` is the first entry that does not hold, None when the fault lies elsewhere or there is none.
    """

    entries: int
    fault: str = ""
    broken_at: int | None = None
    oldest_at: datetime | None = None
    anchors: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.fault


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over the entry in the canonical form its ``form`` names, its predecessor's digest included."""
    said: list[Any] = [
        entry.previous_digest,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_name,
        entry.action,
        entry.record_type,
        entry.record_id,
        entry.details,
    ]
    if entry.form != 1:
        said += [entry.form, entry.address, entry.outcome]
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def chain(session: Session, entries: Sequence[AuditEntry], settings: Settings) -> None:
    """Append the entries to the chain and move its head; one writer at a time, to the end of the transaction."""
    if not entries:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = session.scalar(select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)) or GENESIS
    began_empty = last == GENESIS
    for entry in entries:
        entry.form = 2
        entry.previous_digest = last
        entry.digest = last = digest_of(entry)
        session.add(entry)
        session.flush()
    head = session.get(AuditHead, 1, populate_existing=True)
    if head is not None:
        _move(head, head.entries + len(entries), entries[-1].id, last, settings)
    elif began_empty:  # a head that went missing later is for ``verify`` to find, not for a write to mend
        _begin(session, len(entries), entries[-1].id, last, settings)
    session.flush()


def seal_chain(session: Session, settings: Settings) -> None:
    """Give a chain that was begun before there were heads its head; for the step that brings a database up to date."""
    if session.get(AuditHead, 1) is not None:
        return
    last = session.execute(select(AuditEntry.id, AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)).first()
    if last is not None:
        count = session.scalar(select(func.count(AuditEntry.id))) or 0
        _begin(session, count, last.id, last.digest, settings)
        session.flush()


def broken_link(session: Session, seen: Callable[[int], None] = lambda _count: None) -> int | None:
    """The id of the first entry that does not follow from the one before it; None when all do."""
    last = GENESIS
    with closing(session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000))) as all_:
        for count, entry in enumerate(all_, 1):
            if entry.previous_digest != last or entry.digest != digest_of(entry):
                return entry.id
            last = entry.digest
            seen(count)
    return None


def verify_chain(session: Session, settings: Settings, seen: Callable[[int], None] = lambda _count: None) -> Verdict:
    """Look over the links, the head and the anchors."""
    count, oldest = session.execute(select(func.count(AuditEntry.id), func.min(AuditEntry.at))).one()
    at = broken_link(session, seen)
    if at is not None:
        return Verdict(count, f"从第 {at} 条起，摘要与内容不符。", at, oldest)
    fault = _head_fault(session, settings, count)
    anchors = read_anchors(settings.data_dir)
    return Verdict(count, fault or _anchor_fault(session, anchors), None, oldest, len(anchors))


def drop_anchor(session: Session, settings: Settings, now: datetime) -> None:
    """Write down outside the database how far the chain has come."""
    head = session.get(AuditHead, 1)
    if head is None:
        return
    line = {"at": now.isoformat(), "entries": head.entries, "id": head.last_entry_id, "digest": head.digest}
    known = read_anchors(settings.data_dir)
    if known and known[-1]["digest"] == head.digest:
        return
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / ANCHORS).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_anchors(folder: Path) -> list[dict[str, Any]]:
    """The anchors dropped so far, oldest first."""
    path = folder / ANCHORS
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _begin(session: Session, count: int, last_id: int, digest: str, settings: Settings) -> None:
    session.add(
        AuditHead(
            id=1, entries=count, last_entry_id=last_id, digest=digest, seal=_seal(settings, count, last_id, digest)
        )
    )


def _move(head: AuditHead, count: int, last_id: int, digest: str, settings: Settings) -> None:
    head.entries, head.last_entry_id, head.digest = count, last_id, digest
    head.seal = _seal(settings, count, last_id, digest)


def _seal(settings: Settings, count: int, last_id: int, digest: str) -> str:
    said = f"{count}:{last_id}:{digest}".encode()
    return hmac.new(key_of(settings, "audit head"), said, hashlib.sha256).hexdigest()


def _head_fault(session: Session, settings: Settings, count: int) -> str:
    head = session.get(AuditHead, 1, populate_existing=True)
    if head is None:
        return "" if count == 0 else "链首不见了，末尾可能被截去。"
    if not hmac.compare_digest(head.seal, _seal(settings, head.entries, head.last_entry_id, head.digest)):
        return "链首的印记不符，链首被改动过，或密钥不是原来的那一把。"
    last = session.execute(select(AuditEntry.id, AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1)).first()
    if last is None or (count, last.id, last.digest) != (head.entries, head.last_entry_id, head.digest):
        return f"链首记着 {head.entries} 条、末条 {head.last_entry_id}，现在只对得上 {count} 条：末尾被截去或添改。"
    return ""


def _anchor_fault(session: Session, anchors: Sequence[dict[str, Any]]) -> str:
    for anchor in anchors:
        digest = session.scalar(select(AuditEntry.digest).where(AuditEntry.id == anchor["id"]))
        if digest != anchor["digest"]:
            return f"{anchor['at'][:10]} 存下的锚点（第 {anchor['id']} 条）在库里对不上：数据库可能被退回到更早的状态。"
    return ""
