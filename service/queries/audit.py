"""The audit log as people read it: who did what to which record, in Chinese, with a way to the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, case, cast, false, select, true

from matching.signals import LABELS
from models import Account, AuditEntry, AuditOutcome, Base, Labelled, StateChange
from service.chain import Verdict, verify_chain
from service.context import SEE_RECORD, SHANGHAI, Context
from service.kinds import KINDS
from service.policy import allows
from service.queries.listing import Column, Filter, Listing, Option, all_rows, choices, equals, equals_number

ACTIONS: Mapping[str, str] = {
    "apply_seating": "采用排桌方案",
    "compute_seating": "算出排桌方案",
    "request_seating": "要求生成桌次",
    "lock_meeting": "锁定洽谈的桌次",
    "unlock_meeting": "解除洽谈的锁定",
    "repair_seating": "按建议解除排桌的冲突",
    "activate_weights": "退回用过的匹配权重",
    "answer_data_request": "办理个人信息请求",
    "ask_about_own_data": "提出个人信息请求",
    "choose_recommendations": "打开或关闭推荐",
    "confirm_identity": "再次验证身份",
    "correct_name": "更正姓名",
    "erase_person": "注销并清除个人信息",
    "export_own_data": "导出本人数据",
    "finish_erasure": "清除注销后的残留文字",
    "give_consent": "同意",
    "withdraw_consent": "撤回同意",
    "publish_notice": "发布个人信息处理规则",
    "purge_personal_data": "清除过期的个人信息",
    "register_incident": "登记个人信息安全事件",
    "see_affected": "查看受影响的人",
    "add_blacklist_entry": "列入不予对接名单",
    "add_tie": "登记机构关联",
    "lift_blacklist_entry": "解除不予对接",
    "remove_tie": "解除机构关联",
    "take_back_suggestions": "撤下有利益冲突的推荐",
    "introduce": "引荐双方",
    "add_sensitive_word": "新增涉密提示词",
    "confirm_no_secret": "承诺不涉密",
    "add_attendee": "登记参会人",
    "admit_walk_in": "登记临时到场",
    "note_arrivals": "现场签到",
    "fill_in": "补位",
    "replace_attendee": "换人参会",
    "give_feedback": "评价活动",
    "set_wishes": "填写会面意愿",
    "pass_on_letter": "转告通知信",
    "renew_link": "更换参会人的链接",
    "keep_table": "填写桌子的情况",
    "add_scientist": "登记科学家",
    "write_letter": "写通知信",
    "add_contract": "登记合同",
    "attach_file": "上传附件",
    "download_file": "下载附件",
    "remove_file": "移除附件",
    "sweep_files": "清除没有记录的附件内容",
    "add_entry": "登记资金流水",
    "add_party": "加入参与方",
    "add_synonym": "新增同义词",
    "check_password": "核对密码",
    "export": "导出",
    "refuse": "没有权限的尝试",
    "throttle": "操作过于频繁",
    "second_factor": "验证动态口令",
    "see_accounts": "查看账号",
    "see_contact": "查看联系方式",
    "use_code": "使用验证码",
    "answer": "答复",
    "appoint_organization_admin": "设置或取消本单位账号管理员",
    "approve_account": "确认账号",
    "ask_for_code": "索取验证码",
    "begin_second_factor": "开始设置动态口令",
    "change_role": "更改角色",
    "confirm_second_factor": "启用动态口令",
    "end_sessions": "退出其他登录",
    "forget_device": "移除常用设备",
    "hand_over_code": "代发重设密码的验证码",
    "invite_person": "邀请开通账号",
    "join": "接受邀请开通账号",
    "prove_email": "验证邮箱",
    "purge_sign_in_records": "清除过期的登录记录",
    "renew_recovery_codes": "更换恢复码",
    "reset_password": "用验证码重设密码",
    "reset_second_factor": "重置他人的动态口令",
    "revoke_invitation": "撤回账号邀请",
    "revoke_token": "收回接口令牌",
    "send_invitation_again": "重发账号邀请",
    "stop_second_factor": "停用动态口令",
    "unlock_account": "解除登录锁定",
    "use_recovery_code": "使用恢复码",
    "change_password": "修改密码",
    "create_account": "开设账号",
    "create_organization": "新建机构",
    "edit": "修改",
    "change_outcome": "更正洽谈结果",
    "give_opinion": "评价洽谈",
    "remind_follow_up": "提醒跟进任务",
    "follow_up": "登记后续跟进",
    "forget_search": "删除保存的搜索",
    "issue_token": "签发接口令牌",
    "keep_search": "保存搜索",
    "link_single_sign_on": "关联统一身份认证",
    "single_sign_on": "统一身份认证登录",
    "load_demo": "装入示例数据",
    "load_seeds": "装入初始数据",
    "look_through_search": "看过搜索的新结果",
    "move": "变更状态",
    "rank_everything": "完成全部匹配",
    "redate": "修改日期",
    "remove_demo": "移除示例数据",
    "remove_party": "移除参与方",
    "request_learning": "要求从结果学习",
    "request_matching": "要求重新匹配",
    "restore_shipped_weights": "恢复出厂的匹配权重",
    "retrain_weights": "从结果学习匹配权重",
    "retry_job": "重试后台任务",
    "reverse_entry": "冲销资金流水",
    "seat": "安排桌次",
    "seed": "装入初始数据",
    "set_up": "首次设置",
    "set_weights": "人工设定匹配权重",
    "sign_in": "登录",
    "sign_out": "退出登录",
    "switch_account": "启用或停用账号",
}
"""Every action by its name in the log; one nobody named is shown by that name."""

DETAILS: Mapping[str, str] = {
    "days": "天数",
    "seconds": "秒数",
    "changes": "变动场数",
    "status": "结论",
    "fit": "匹配程度",
    "outcome": "结果",
    "satisfaction": "满意度",
    "side": "哪一方",
    "media_type": "类型",
    "refusal": "拒收原因",
    "of": "所属",
    "sha256": "内容摘要",
    "size": "字节数",
    "cells": "处数",
    "left": "留待人工核对",
    "notice": "规则版本",
    "answer": "答复",
    "people": "人数",
    "wanted": "要推荐",
    "incident": "事件",
    "scopes": "权限范围",
    "token": "令牌编号",
    "added": "新增",
    "form": "格式",
    "list": "清单",
    "locked": "已锁定",
    "mailed": "已发邮件",
    "method": "方式",
    "narrowed": "条件",
    "path": "地址",
    "rows": "行数",
    "approved": "同意",
    "before": "原来",
    "is_organization_admin": "本单位账号管理员",
    "alerts": "提醒",
    "changed": "修改项",
    "confirmed_repeat": "已核对重名",
    "held_out": "留作检验的需求",
    "is_active": "启用",
    "job": "任务",
    "left_alone": "文件中已无、保留",
    "needs": "已评价的需求",
    "pairs": "配对数",
    "reason": "说明",
    "q": "搜索词",
    "role": "角色",
    "unchanged": "未变",
    "updated": "更新",
    "verdict": "结论",
    "weights": "匹配权重",
    "table_number": "桌号",
    "words": "同义词",
}
PAGES: Mapping[str, str] = {
    "Achievement": "/achievements/",
    "HandshakeEvent": "/events/",
    "Invitation": "/invitations/",
    "Match": "/matches/",
    "FollowUp": "/follow-ups/",
    "Meeting": "/meetings/",
    "Need": "/needs/",
    "Organization": "/organizations/",
    "Project": "/projects/",
}
_FIELDS = {
    **{name: info.title or name for kind in KINDS.values() for name, info in kind.command.model_fields.items()},
    "name": "名称",
    "kind": "类型",
    "uscc": "统一社会信用代码",
    "aliases": "别名",
    "profile": "简介",
    "budget_fen": "预算",
    "price_fen": "意向价格",
}
_CLASSES: dict[str, type[Base]] = {mapper.class_.__name__: mapper.class_ for mapper in Base.registry.mappers}
_WORDS = {**{kind.__tablename__: kind.title_zh for kind in _CLASSES.values()}, **_FIELDS, **DETAILS}


def record_label(record_type: str) -> str:
    """A kind of record in Chinese, by its class name."""
    return _CLASSES[record_type].title_zh if record_type in _CLASSES else record_type


def action_label(action: str) -> str:
    """An action in Chinese."""
    return ACTIONS.get(action, action)


def _state_label(record_type: str, value: Any) -> str:
    states = getattr(getattr(_CLASSES.get(record_type), "state", None), "type", None)
    kind: type[Labelled] | None = getattr(states, "enum_class", None)
    return kind(value).label if kind is not None and value in {member.value for member in kind} else str(value)


def details_in_words(record_type: str, details: Mapping[str, Any]) -> str:
    """What an entry adds to its action, in one line."""
    left = {key: value for key, value in details.items() if value not in (None, "", [], {})}
    parts = []
    if "to" in left:
        before, after = left.pop("from", None), _state_label(record_type, left.pop("to"))
        parts.append(f"{_state_label(record_type, before)} → {after}" if before else after)
    return "；".join([*parts, *(f"{_WORDS.get(key, key)}：{_value(key, value)}" for key, value in left.items())])


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict) and key == "weights":
        return "、".join(f"{LABELS.get(name, name)} {share:.1%}" for name, share in value.items() if share)
    if isinstance(value, dict):
        return "、".join(f"{_WORDS.get(word, word)} {one}" for word, one in value.items() if one) or "无"
    if isinstance(value, list):
        return "、".join(_FIELDS.get(str(one), str(one)) if key == "changed" else str(one) for one in value)
    return str(value)


def _kinds(_ctx: Context) -> Sequence[Option]:
    return sorted(((name, kind.title_zh) for name, kind in _CLASSES.items()), key=lambda option: option[1])


def _actions(_ctx: Context) -> Sequence[Option]:
    return sorted(ACTIONS.items(), key=lambda option: option[1])


def _day(value: str) -> datetime | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _since(_ctx: Context, value: str) -> ColumnElement[bool] | None:
    day = _day(value)
    return AuditEntry.at >= day if day is not None else None


def _until(_ctx: Context, value: str) -> ColumnElement[bool] | None:
    day = _day(value)
    return AuditEntry.at < day + timedelta(days=1) if day is not None else None


WHO: ColumnElement[str] = case((AuditEntry.actor_name != "", AuditEntry.actor_name), else_=Account.name)
"""Who acted: an account's present name, or the name of what has no account."""

AUDIT = Listing(
    key="audit",
    label="审计日志",
    path="/admin/audit",
    source=AuditEntry.__table__.outerjoin(Account.__table__, Account.id == AuditEntry.actor_id),
    columns=(
        Column("id", "序号", AuditEntry.id, align="right"),
        Column("at", "时间", AuditEntry.at),
        Column("actor_name", "操作人", WHO, show=lambda name: name or "访客"),
        Column("actor_id", "操作人编号", AuditEntry.actor_id, align="right", sortable=False),
        Column("action", "操作", AuditEntry.action, show=action_label),
        Column("record_type", "对象", AuditEntry.record_type, show=record_label),
        Column("record_id", "对象编号", AuditEntry.record_id, align="right", sortable=False),
        Column("details", "详情", AuditEntry.details, sortable=False),
        Column("outcome", "结果", AuditEntry.outcome, show=lambda outcome: outcome.label),
        Column("address", "来自", AuditEntry.address),
        Column("digest", "摘要", AuditEntry.digest, sortable=False),
    ),
    visible=lambda ctx: true() if allows(ctx, "read_audit") else false(),
    search=(WHO, AuditEntry.address, cast(AuditEntry.details, Text)),
    filters=(
        Filter("action", "操作", equals(AuditEntry.action), _actions),
        Filter("record", "对象", equals(AuditEntry.record_type), _kinds),
        Filter("who", "操作人编号", equals_number(AuditEntry.actor_id), widget="number"),
        Filter("outcome", "结果", equals(AuditEntry.outcome, AuditOutcome), choices(AuditOutcome)),
        Filter("number", "编号", equals_number(AuditEntry.record_id), widget="number"),
        Filter("since", "起", _since, widget="date"),
        Filter("until", "止", _until, widget="date"),
    ),
    order="-id",
    unit="条",
)


@dataclass(frozen=True)
class Entry:
    """One line of the log in words; ``href`` is None when the record has no page."""

    id: int
    at: datetime
    who: str
    what: str
    record_type: str
    record_id: int | None
    record: str
    href: str | None
    details: str
    outcome: AuditOutcome
    address: str


Reasons = Mapping[tuple[str, int | None, datetime], str]


def entries_in_words(ctx: Context, rows: Sequence[Row[Any]]) -> list[Entry]:
    """Rows of AUDIT as people read them; why something was done is read from the record's own history."""
    moves = [row for row in rows if row.details.get("reason") == SEE_RECORD]
    history = select(StateChange.record_type, StateChange.record_id, StateChange.at, StateChange.reason).where(
        StateChange.record_id.in_({row.record_id for row in moves}), StateChange.at.in_({row.at for row in moves})
    )
    found = ctx.session.execute(history) if moves else ()
    reasons: dict[tuple[str, int | None, datetime], str] = {(row[0], row[1], row[2]): row[3] for row in found}
    return [in_words(row, reasons) for row in rows]


def in_words(row: Row[Any], reasons: Reasons) -> Entry:
    """A row of AUDIT as people read it; ``reasons`` are those of moves by kind, number and moment."""
    page = PAGES.get(row.record_type) if row.record_id is not None else None
    record = record_label(row.record_type) + (f" {row.record_id}" if row.record_id is not None else "")
    return Entry(
        id=row.id,
        at=row.at,
        who=row.actor_name or "访客",
        what=action_label(row.action),
        record_type=row.record_type,
        record_id=row.record_id,
        record=record,
        href=f"{page}{row.record_id}" if page is not None else None,
        details=details_in_words(row.record_type, _with_reason(row, reasons)),
        outcome=row.outcome,
        address=row.address,
    )


def _with_reason(row: Row[Any], reasons: Reasons) -> dict[str, Any]:
    reason = reasons.get((row.record_type, row.record_id, row.at))
    return {**row.details, "reason": reason} if reason is not None else row.details


def latest_entries(ctx: Context, limit: int) -> list[Entry]:
    """The newest lines the actor may read."""
    return entries_in_words(ctx, list(islice(all_rows(ctx, AUDIT, {}), limit)))


def check_chain(ctx: Context) -> Verdict:
    """Look over the whole log. Raises NotSignedIn or Forbidden for those who may not read it."""
    ctx.demand("read_audit")
    return verify_chain(ctx.session, ctx.settings)
