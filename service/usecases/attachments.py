"""Add files to a record and remove them; what they are was looked into before any of this begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field, field_validator
from sqlalchemy import func, or_, select

from models import Account, Attachment, Organization, Posting, SensitiveLevel
from service.attachments.arrivals import MB, Arrival
from service.attachments.names import ending_of
from service.attachments.store import Store
from service.commands import Command, wrong
from service.context import Context
from service.errors import Forbidden, Illegal, Invalid
from service.kinds import picked
from service.policy.attachables import ATTACHABLES
from service.queries.attachments import (
    attachment_of,
    closed_to_files,
    may_remove,
    record_of,
    removal_action,
    size_text,
    wants_reason,
)
from service.queries.sensitive_words import found
from service.usecases.moving import note_end
from service.usecases.sensitive_words import record_pledge

SHORTEST_NAME = 2
"""Letters of a person's name below which it is not looked for in the names of files."""


class AttachFiles(Command):
    """What goes with the files themselves."""

    no_secret: Annotated[
        bool,
        picked("我承诺文件内容不涉及国家秘密", "涉密内容禁止上传", widget="checkbox", validate_default=True),
    ] = False
    checked_words: Annotated[bool, picked("已核对文件名，不涉密", widget="checkbox")] = False

    @field_validator("no_secret")
    @classmethod
    def _pledged(cls, value: bool) -> bool:
        if not value:
            raise wrong("请先确认文件内容不涉及国家秘密")
        return value


class RemoveFile(Command):
    """Why a file goes."""

    reason: Annotated[str, Field(max_length=500, title="移除原因")] = ""


def attach_files(
    ctx: Context, kind: str, record_id: int, command: AttachFiles, arrivals: Sequence[Arrival]
) -> list[Attachment]:
    """Add all of the files or none. Raises Invalid at ``file`` with a sentence for each that may not stay."""
    record = record_of(ctx, kind, record_id)
    ctx.demand(ATTACHABLES[kind].action, record)
    _refuse(ctx, record, arrivals)
    _lock(ctx, kind, record_id)
    ctx.session.refresh(record)  # as it stands now that nobody else moves it
    if closed := closed_to_files(record):
        raise Illegal(closed)
    _check_room(ctx, kind, record_id, arrivals)
    _check_names(ctx, command, arrivals)
    store = Store(ctx.settings.data_dir)
    added = []
    for arrival in arrivals:
        attachment = Attachment(
            record_type=kind,
            record_id=record_id,
            name=arrival.name,
            media_type=arrival.media_type,
            size=arrival.size,
            sha256=arrival.sha256,
            organization_id=ctx.actor.organization_id,
            created_by_id=ctx.actor.account_id,
            created_at=ctx.now,
            is_demo=record.is_demo,
        )
        added.append(ctx.add(attachment))
        ctx.audit("attach_file", attachment, **_told(attachment))
    if isinstance(record, Posting):
        record.edited_by_id = ctx.actor.account_id
    record_pledge(ctx, record)
    for arrival in arrivals:
        store.keep(arrival.path, arrival.sha256)
    return added


def remove_file(ctx: Context, attachment_id: int, command: RemoveFile) -> Attachment:
    """Remove a file; its bytes go as soon as no other record has the same. Raises Invalid where a reason is owed."""
    attachment, record = attachment_of(ctx, attachment_id)
    ctx.demand(removal_action(record), record)
    if not may_remove(ctx, attachment, record):
        raise Forbidden("这个附件是对方单位上传的，只有对方或组织方可以移除。")
    if wants_reason(record) and not command.reason:
        raise Invalid({"reason": "请写明移除原因"})
    attachment.removed_at = ctx.now
    if isinstance(record, Posting) and removal_action(record) == "edit_posting":
        record.edited_by_id = ctx.actor.account_id
    note_end(ctx, attachment, command.reason)
    ctx.audit("remove_file", attachment, **_told(attachment), reason=command.reason)
    ctx.enqueue("drop_file", sha256=attachment.sha256)
    return attachment


def erase_files_of(ctx: Context, account: Account) -> int:
    """Take a person out of what is written about files; how many lines changed. Call it while their name still stands.

    A file belongs to its organization's record and stays; who sent it is forgotten, and a name of a file that holds
    the person's own name, e-mail or telephone number gives way to a number. What is in the file is the organization's
    to remove.
    """
    own = {getattr(account, column, None) or "" for column in ("name", "email", "phone")}
    words = [word for word in own if len(word) >= SHORTEST_NAME]
    named = or_(*(Attachment.name.icontains(word, autoescape=True) for word in words))
    rows = ctx.session.scalars(select(Attachment).where(or_(Attachment.created_by_id == account.id, named))).all()
    for attachment in rows:
        if attachment.created_by_id == account.id:
            attachment.created_by_id = None
        if any(word.lower() in attachment.name.lower() for word in words):
            ending = ending_of(attachment.name)
            attachment.name = f"附件-{attachment.id}.{ending}" if ending else f"附件-{attachment.id}"
    ctx.flush()
    return len(rows)


def _told(attachment: Attachment) -> dict[str, Any]:
    """What the log says of a file: never its name, which may be a person's."""
    return {
        "of": f"{ATTACHABLES[attachment.record_type].model.title_zh} {attachment.record_id}",
        "media_type": attachment.media_type,
        "size": attachment.size,
        "sha256": attachment.sha256,
    }


def _refuse(ctx: Context, record: Any, arrivals: Sequence[Arrival]) -> None:
    if not arrivals:
        raise Invalid({"file": "请选择要上传的文件"})
    wrongs = [(arrival, arrival.refusal) for arrival in arrivals if arrival.refusal is not None]
    for arrival, refusal in wrongs:
        ctx.refused("attach_file", record, refusal=refusal.reason, size=arrival.size, sha256=arrival.sha256)
    if wrongs:
        told = "；".join(f"“{arrival.name}”{refusal.sentence}" for arrival, refusal in wrongs)
        raise Invalid({"file": f"{told}。这次选的文件都没有保存，请改好后重新选择"})


def _lock(ctx: Context, kind: str, record_id: int) -> None:
    """Two people sending at once take turns, so that counts and sums hold."""
    model = ATTACHABLES[kind].model
    ctx.session.execute(select(model.id).where(model.id == record_id).with_for_update())
    if ctx.actor.organization_id is not None:
        own = Organization.id == ctx.actor.organization_id
        ctx.session.execute(select(Organization.id).where(own).with_for_update())


def _check_room(ctx: Context, kind: str, record_id: int, arrivals: Sequence[Arrival]) -> None:
    here = select(Attachment.sha256).where(
        Attachment.record_type == kind, Attachment.record_id == record_id, Attachment.removed_at.is_(None)
    )
    there = list(ctx.session.scalars(here))
    most = ctx.settings.attachments_per_record
    if len(there) + len(arrivals) > most:
        raise Invalid({"file": f"一条记录最多 {most} 个附件，已有 {len(there)} 个，这次选了 {len(arrivals)} 个"})
    digests = [arrival.sha256 for arrival in arrivals]
    for number, arrival in enumerate(arrivals):
        if arrival.sha256 in there or arrival.sha256 in digests[:number]:
            raise Invalid({"file": f"“{arrival.name}”与已有的附件内容完全相同，不必再传"})
    used = select(func.coalesce(func.sum(Attachment.size), 0)).where(
        Attachment.organization_id == ctx.actor.organization_id, Attachment.removed_at.is_(None)
    )
    total, adding = int(ctx.session.scalar(used) or 0), sum(arrival.size for arrival in arrivals)
    room = ctx.settings.organization_attachment_mb * MB
    if ctx.actor.organization_id is not None and total + adding > room:
        told = f"本单位的附件合计不能超过 {size_text(room)}，已用 {size_text(total)}，这次 {size_text(adding)}"
        raise Invalid({"file": f"{told}；请移除不用的附件，或联系系统管理员"})


def _check_names(ctx: Context, command: AttachFiles, arrivals: Sequence[Arrival]) -> None:
    """Raises Invalid for names with words against classified content, as any other text would be refused."""
    flags = found(ctx, {str(number): arrival.name for number, arrival in enumerate(arrivals)})
    refused = [flag for flag in flags if flag.level is SensitiveLevel.REFUSE]
    if refused:
        raise Invalid({"file": "；".join(f"文件名{flag.sentence}" for flag in refused)})
    if flags and not command.checked_words:
        named = "、".join(f"“{flag.word}”" for flag in flags)
        raise Invalid({"checked_words": f"文件名含有{named}，请核对是否涉密；确认不涉密后勾选这一项再传"})
