"""Bytes that no record has any more are removed for good: soon after the last removal, and in a daily sweep."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from models import Attachment
from service.attachments.store import SETTLED_SECONDS, Store
from service.context import Context


def drop_file(ctx: Context, sha256: str) -> bool:
    """Remove the bytes unless a record still has them; where the same just came in, look again a little later."""
    if _is_used(ctx, sha256):
        return False
    gone = Store(ctx.settings.data_dir).drop(sha256)
    if not gone:
        later = ctx.now + timedelta(seconds=2 * SETTLED_SECONDS)
        ctx.enqueue("drop_file", unique_key=f"drop_file:{sha256}", run_at=later, sha256=sha256)
    return gone


def sweep_files(ctx: Context) -> int:
    """Remove all bytes that no record has, and what was left half-way; how many files went."""
    store = Store(ctx.settings.data_dir)
    dropped = sum(store.drop(one) for one in list(store.digests()) if not _is_used(ctx, one))
    gone = dropped + store.clear_arrivals()
    if gone:
        ctx.audit("sweep_files", rows=gone)
    return gone


def _is_used(ctx: Context, sha256: str) -> bool:
    used = select(Attachment.id).where(Attachment.sha256 == sha256, Attachment.removed_at.is_(None)).limit(1)
    return ctx.session.scalar(used) is not None
