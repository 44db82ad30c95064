"""Files of a record as its page shows them, for those who may read them; for others there is no trace of any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from models import Attachment, InvestmentEntry, Organization, Posting
from models.posting import EDITABLE_STATES
from service.attachments.kinds import ENDINGS, SAID, label_of
from service.context import Context
from service.policy import allows, may_read
from service.policy.actions import STAFF
from service.policy.attachables import ATTACHABLES
from service.policy.routes import KNOWN_TO, not_found

MB = 1024 * 1024


@dataclass(frozen=True)
class File:
    """One file in a list."""

    id: int
    name: str
    media_type: str
    kind: str
    size: int
    size_text: str
    sha256: str
    organization: str
    created_at: datetime
    is_demo: bool
    may_remove: bool
    wants_reason: bool


@dataclass(frozen=True)
class Filing:
    """The files of one record; ``closed`` says why none may be added now, "" when one may."""

    address: str
    files: Sequence[File]
    may_attach: bool
    closed: str
    limits: str
    accept: str


def size_text(size: int) -> str:
    """Bytes as people read them."""
    if size >= MB:
        return f"{size / MB:.1f} MB"
    return f"{max(1, round(size / 1024))} KB"


def record_of(ctx: Context, kind: str, record_id: int) -> Any:
    """The record that files belong to. Raises NotFound unless the actor may know of it and may read its files."""
    model, known = KNOWN_TO[kind]
    record = ctx.session.get(model, record_id)
    if record is None or ctx.session.scalar(known(ctx).where(model.id == record_id)) is None:
        raise not_found(model)
    if not may_read(ctx, kind, "attachments", record):
        raise not_found(Attachment)
    return record


def attachment_of(ctx: Context, attachment_id: int) -> tuple[Attachment, Any]:
    """A file that is still there, with its record. Raises NotFound for one the actor may not read, too."""
    found = ctx.session.get(Attachment, attachment_id)
    if found is None or found.removed_at is not None or found.record_type not in ATTACHABLES:
        raise not_found(Attachment)
    return found, record_of(ctx, found.record_type, found.record_id)


def filing_of(ctx: Context, record: Any) -> Filing | None:
    """The record's files and what may be done with them; None for those who may not read them."""
    kind = type(record).__name__
    if not may_read(ctx, kind, "attachments", record):
        return None
    one = ATTACHABLES[kind]
    return Filing(
        address=f"/{one.page}/{record.id}/attachments",
        files=files_of(ctx, record),
        may_attach=allows(ctx, one.action, record),
        closed=closed_to_files(record),
        limits=limits(ctx),
        accept=",".join(f".{ending}" for ending in ENDINGS),
    )


def files_of(ctx: Context, record: Any) -> list[File]:
    """The record's files, oldest first; whether the actor may read them has been asked."""
    rows = ctx.session.execute(
        select(Attachment, Organization.name)
        .outerjoin(Organization, Organization.id == Attachment.organization_id)
        .where(
            Attachment.record_type == type(record).__name__,
            Attachment.record_id == record.id,
            Attachment.removed_at.is_(None),
        )
        .order_by(Attachment.id)
    )
    return [shown(ctx, attachment, record, organization or "") for attachment, organization in rows]


def shown(ctx: Context, attachment: Attachment, record: Any, organization: str) -> File:
    """One file as lists have it."""
    return File(
        id=attachment.id,
        name=attachment.name,
        media_type=attachment.media_type,
        kind=label_of(attachment.media_type),
        size=attachment.size,
        size_text=size_text(attachment.size),
        sha256=attachment.sha256,
        organization=organization,
        created_at=attachment.created_at,
        is_demo=attachment.is_demo,
        may_remove=may_remove(ctx, attachment, record),
        wants_reason=wants_reason(record),
    )


def file_of(ctx: Context, attachment_id: int) -> File:
    """One file by its number. Raises NotFound."""
    attachment, record = attachment_of(ctx, attachment_id)
    owner = ctx.session.get(Organization, attachment.organization_id) if attachment.organization_id else None
    return shown(ctx, attachment, record, owner.name if owner is not None else "")


def counts_of(ctx: Context, kind: str, record_ids: Iterable[int]) -> Mapping[int, int]:
    """How many files records have whose files the actor may read; 0 for those without any."""
    wanted = list(record_ids)
    rows = ctx.session.execute(
        select(Attachment.record_id, func.count())
        .where(Attachment.record_type == kind, Attachment.record_id.in_(wanted), Attachment.removed_at.is_(None))
        .group_by(Attachment.record_id)
    )
    return {**dict.fromkeys(wanted, 0), **dict(rows.all())}


def closed_to_files(record: Any) -> str:
    """Why no file may be added to the record as it stands; "" when one may.

    What is published was reviewed by a second person; a file added afterwards would slip by.
    """
    if isinstance(record, Posting) and record.state not in EDITABLE_STATES:
        return f"“{record.state.label}”状态不能再加附件，请先撤回到草稿。"
    return ""


def removal_action(record: Any) -> str:
    """The action that removing a file of the record takes."""
    if isinstance(record, Posting):
        return "edit_posting" if record.state in EDITABLE_STATES else "take_down_posting"
    if isinstance(record, InvestmentEntry):
        return "reverse_entry"
    return ATTACHABLES[type(record).__name__].action


def wants_reason(record: Any) -> bool:
    """Whether a removal has to say why: evidence of money, and what has been public."""
    return isinstance(record, InvestmentEntry) or removal_action(record) == "take_down_posting"


def may_remove(ctx: Context, attachment: Attachment, record: Any) -> bool:
    """Whether the actor may remove the file: theirs to remove, and not another organization's unless they are staff."""
    own = attachment.organization_id == ctx.actor.organization_id
    trusted = own or ctx.actor.is_system or ctx.actor.role in STAFF
    return trusted and allows(ctx, removal_action(record), record)


def limits(ctx: Context) -> str:
    """What may be sent, said before anybody chooses a file."""
    settings = ctx.settings
    return (
        f"{SAID}；每个不超过 {settings.attachment_mb} MB，一条记录最多 {settings.attachments_per_record} 个。"
        "不收压缩包、带宏或加密的文件。"
    )
