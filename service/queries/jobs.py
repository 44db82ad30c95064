"""Background jobs as an administrator reads them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import false, func, select, true

from models import Job, JobState
from service.context import Context
from service.policy import allows
from service.queries.listing import Column, Filter, Listing, choices, equals

JOB_LABELS: Mapping[str, str] = {
    "refresh_matches": "重新匹配全部需求与成果",
    "check_searches": "查找保存的搜索的新结果",
    "expire_postings": "让超过期限的需求过期",
    "keep_apart": "按不予对接名单的起止日期收回或恢复推荐",
    "anchor_audit": "把审计日志的末端记到库外",
    "purge_sign_in_records": "清除过期的登录记录与已发的信",
    "send_mail": "发信",
    "remind_of_replies": "催复握手活动的邀请",
    "drop_file": "清除已移除附件的内容",
    "remind_follow_ups": "提醒到期的会后任务",
    "sweep_files": "清除没有记录的附件内容",
    "finish_erasure": "注销之后清除残留的文字",
    "purge_personal_data": "清除过了保存期限的个人信息",
    "seat_event": "生成握手活动的桌次",
    "retrain_weights": "从结果学习匹配权重（每周一次）",
}
"""What each job does, in Chinese; a job nobody named is shown by its own name."""


def job_label(name: str) -> str:
    """What a job does."""
    return JOB_LABELS.get(name, name)


JOBS_LISTING = Listing(
    key="jobs",
    label="后台任务",
    path="/admin/jobs",
    source=Job.__table__,
    columns=(
        Column("id", "编号", Job.id, align="right"),
        Column("name", "任务", Job.name, show=job_label),
        Column("state", "状态", Job.state),
        Column("attempts", "次数", Job.attempts, align="right"),
        Column("created_at", "排入时间", Job.created_at),
        Column("run_at", "计划执行", Job.run_at),
        Column("finished_at", "完成时间", Job.finished_at),
        Column("last_error", "最近一次错误", Job.last_error, sortable=False),
    ),
    visible=lambda ctx: true() if allows(ctx, "read_admin") else false(),
    search=(Job.name, Job.last_error),
    filters=(Filter("state", "状态", equals(Job.state, JobState), choices(JobState)),),
    order="-id",
    unit="项",
)


def jobs_by_state(ctx: Context) -> dict[JobState, int]:
    """How many jobs stand in each state; every state is there."""
    counted = dict(ctx.session.execute(select(Job.state, func.count(Job.id)).group_by(Job.state)).all())
    return {state: counted.get(state, 0) for state in JobState}
