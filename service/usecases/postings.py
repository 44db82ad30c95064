"""Write, submit, review, publish and withdraw needs and achievements."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import delete, select

from models import Category, Organization, PostingState, Region
from models.posting import EDITABLE_STATES, Posting
from service.commands import Command, Version
from service.context import Context
from service.errors import Forbidden, Illegal, Invalid
from service.kinds import Kind, WriteAchievement, WriteNeed, WritePosting
from service.policy import posts_on_behalf
from service.usecases.privacy import check_contact_consent, record_contact_consent
from service.usecases.ranking import rank_posting
from service.usecases.sensitive_words import record_pledge, refuse_secrets

_RENAMED = {"budget": "budget_fen", "price": "price_fen"}
_NOT_COLUMNS = {"categories", "organization_id", "no_secret", "contact_consent", "version"}


class MovePosting(Command):
    """Input of a move of a posting: the version seen, and a reason where one is asked for."""

    version: Version
    reason: Annotated[str, Field(max_length=500, title="意见")] = ""
    checked_words: Annotated[bool, Field(title="已核对，不涉密")] = False


def write_posting(ctx: Context, kind: Kind, command: WritePosting) -> Any:
    """Write a new posting as a draft. Raises Invalid for references that do not exist."""
    ctx.demand(f"create_{kind.singular}")
    refuse_secrets(ctx, command)
    check_contact_consent(ctx, command)
    posting = kind.model(**_columns(command), organization_id=_poster(ctx, command))
    _check_references(ctx, command)
    posting.posted_on_behalf = posting.organization_id != ctx.actor.organization_id
    posting.created_by_id = posting.edited_by_id = ctx.actor.account_id
    posting.state = PostingState.DRAFT
    ctx.add(posting)
    _file_under(ctx, kind, posting, command.categories)
    ctx.log(posting.born())
    record_pledge(ctx, posting)
    record_contact_consent(ctx, command, posting)
    return posting


def edit_posting(ctx: Context, kind: Kind, posting_id: int, command: WritePosting) -> Any:
    """Change a draft or a returned posting. Raises Illegal once it is out of the owner's hands, Conflict when stale."""
    posting = ctx.require(kind.model, posting_id, may="edit_posting")
    if posting.state not in EDITABLE_STATES:
        raise Illegal(f"“{kind.state_label(posting.state)}”状态的{kind.label}不能直接修改，请先撤回到草稿。")
    if command.version is None:
        raise Invalid({"version": "请带上您看到的版本号，以免覆盖别人的修改"})
    ctx.check_version(posting, command.version)
    _check_references(ctx, command)
    refuse_secrets(ctx, command)
    check_contact_consent(ctx, command, posting)
    before = {name: getattr(posting, name) for name in _columns(command)}
    for name, value in _columns(command).items():
        setattr(posting, name, value)
    _file_under(ctx, kind, posting, command.categories)
    posting.edited_by_id = ctx.actor.account_id
    ctx.touch(posting)
    changed = sorted(name for name, value in before.items() if getattr(posting, name) != value)
    ctx.audit("edit", posting, changed=changed)
    record_contact_consent(ctx, command, posting)
    if changed:
        posting.flagged_words = []
        record_pledge(ctx, posting)
    return posting


def submit_posting(ctx: Context, kind: Kind, posting_id: int, command: MovePosting) -> Any:
    """Hand a draft in for review. Raises Invalid while words of the list have not been looked over."""
    posting = _held(ctx, kind, posting_id, command, "submit_posting")
    missing = _wanting(kind, posting)
    if missing:
        raise Invalid(missing, "提交前还需要补充内容，草稿没有丢失。")
    flagged = refuse_secrets(ctx, posting)
    if flagged and not command.checked_words:
        named = "、".join(f"“{word}”" for word in flagged)
        raise Invalid({"checked_words": f"含有{named}，请核对内容；确认不涉密后勾选“已核对，不涉密”再提交"})
    posting.flagged_words = flagged
    ctx.log(posting.move_to(PostingState.SUBMITTED, command.reason), words=flagged)
    posting.submitted_at = ctx.now
    return posting


def withdraw_posting(ctx: Context, kind: Kind, posting_id: int, command: MovePosting) -> Any:
    """Take a posting back: a submitted or returned one becomes a draft, a public one is closed."""
    posting = _held(ctx, kind, posting_id, command, "withdraw_posting")
    public = posting.state in (PostingState.PUBLISHED, PostingState.ENGAGED, PostingState.EXPIRED)
    ctx.log(posting.move_to(PostingState.CLOSED if public else PostingState.DRAFT, command.reason))
    return posting


def return_posting(ctx: Context, kind: Kind, posting_id: int, command: MovePosting) -> Any:
    """Send a submitted posting back with a remark for its owner."""
    posting = _held(ctx, kind, posting_id, command, "review_posting")
    if not command.reason:
        raise Invalid({"reason": "请写明退回原因，让填报人知道改哪里"})
    ctx.log(posting.move_to(PostingState.RETURNED, command.reason))
    posting.review_remark = command.reason
    return posting


def publish_posting(ctx: Context, kind: Kind, posting_id: int, command: MovePosting) -> Any:
    """Publish a submitted (or taken-down or expired) posting, and rank it in the same breath.

    Neither the person who wrote a posting nor the last to edit it may review it.
    """
    posting = _held(ctx, kind, posting_id, command, "review_posting")
    if ctx.actor.account_id is not None and ctx.actor.account_id in (posting.created_by_id, posting.edited_by_id):
        raise Forbidden("自己填写或修改过的内容须由另一位同事审核发布。")
    ctx.log(posting.move_to(PostingState.PUBLISHED, command.reason))
    posting.published_at = ctx.now
    posting.review_remark = ""
    rank_posting(ctx, kind, posting)
    return posting


def take_down_posting(ctx: Context, kind: Kind, posting_id: int, command: MovePosting) -> Any:
    """Take a public posting off the pages in one step; the record is kept."""
    posting = _held(ctx, kind, posting_id, command, "take_down_posting")
    if not command.reason:
        raise Invalid({"reason": "请写明下架原因"})
    ctx.log(posting.move_to(PostingState.TAKEN_DOWN, command.reason))
    return posting


def win_posting(ctx: Context, kind: Kind, posting_id: int, command: MovePosting) -> Any:
    """Close a posting as 已解决 or 已转化."""
    posting = _held(ctx, kind, posting_id, command, "close_posting")
    ctx.log(posting.move_to(PostingState.CLOSED_WON, command.reason))
    return posting


MOVES = {
    "submit": submit_posting,
    "withdraw": withdraw_posting,
    "return": return_posting,
    "publish": publish_posting,
    "take-down": take_down_posting,
    "win": win_posting,
}
"""The moves of a posting by the name they have in addresses."""


def _held(ctx: Context, kind: Kind, posting_id: int, command: MovePosting, action: str) -> Any:
    posting = ctx.require(kind.model, posting_id, may=action)
    ctx.check_version(posting, command.version)
    ctx.touch(posting)
    return posting


def _columns(command: WritePosting) -> dict[str, Any]:
    values = {name: getattr(command, name) for name in type(command).model_fields if name not in _NOT_COLUMNS}
    return {
        _RENAMED.get(name, name): [item.value for item in value] if _is_choices(value) else value
        for name, value in values.items()
    } | ({"price_negotiable": command.price is None} if isinstance(command, WriteAchievement) else {})


def _is_choices(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and hasattr(value[0], "label")


def _poster(ctx: Context, command: WritePosting) -> int:
    """Whose posting it is: one's own organization's, or, for staff, the one they post on behalf of."""
    own = ctx.actor.organization_id
    if command.organization_id is None or command.organization_id == own:
        if own is None:
            raise Invalid({"organization_id": "请选择代哪家机构发布"})
        return own
    if not ctx.actor.is_system and not posts_on_behalf(ctx):
        raise Invalid({"organization_id": "只能以本机构名义发布；请留空或选择本机构"})
    if ctx.session.get(Organization, command.organization_id) is None:
        raise Invalid({"organization_id": "没有这家机构，请从列表中选择"})
    return command.organization_id


def _check_references(ctx: Context, command: WritePosting) -> None:
    wrong: dict[str, str] = {}
    if command.region_code is not None and ctx.session.get(Region, command.region_code) is None:
        wrong["region_code"] = "没有这个地区代码，请从列表中选择"
    known = set(ctx.session.scalars(select(Category.id).where(Category.id.in_(command.categories))))
    if unknown := set(command.categories) - known:
        wrong["categories"] = f"没有编号为 {min(unknown)} 的技术领域，请从列表中选择"
    if isinstance(command, WriteNeed) and command.deadline is not None and command.deadline < ctx.today:
        wrong["deadline"] = "期限已经过去，请填写今天或以后的日期"
    if wrong:
        raise Invalid(wrong)


def _wanting(kind: Kind, posting: Posting) -> dict[str, str]:
    """What a reviewer would ask for first; a draft may lack it, a submission may not."""
    text = {"needs": ("problem", "卡点"), "achievements": ("abstract", "成果简介")}[kind.plural]
    missing = {}
    if not getattr(posting, text[0]).strip():
        missing[text[0]] = f"请填写{text[1]}，审核和匹配都要用到"
    if not posting.keywords:
        missing["keywords"] = "请至少填写一个关键词"
    return missing


def _file_under(ctx: Context, kind: Kind, posting: Posting, category_ids: list[int]) -> None:
    ctx.session.execute(delete(kind.link).where(kind.link.posting_id == posting.id))
    ctx.session.add_all(
        kind.link(posting_id=posting.id, category_id=category) for category in dict.fromkeys(category_ids)
    )
