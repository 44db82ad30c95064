"""Files put on records without a door, for tests of who may read and remove them."""

from __future__ import annotations

import io
from typing import Any

from models import Attachment
from service.attachments.arrivals import receive
from service.attachments.store import Store
from service.context import Context


def add_file(
    ctx: Context, record: Any, *, name: str = "说明.txt", content: bytes = b"hello", **columns: Any
) -> Attachment:
    """A file of the record, its bytes kept; any column may be given."""
    arrival = receive(ctx.settings, name, io.BytesIO(content))
    assert arrival.refusal is None, arrival.refusal.sentence
    Store(ctx.settings.data_dir).keep(arrival.path, arrival.sha256)
    values = {
        "record_type": type(record).__name__,
        "record_id": record.id,
        "name": arrival.name,
        "media_type": arrival.media_type,
        "size": arrival.size,
        "sha256": arrival.sha256,
        "created_at": ctx.now,
        **columns,
    }
    return ctx.add(Attachment(**values))
