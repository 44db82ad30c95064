"""Whether the installation is ready for work: what stands, what an administrator should do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from models import (
    Account,
    Achievement,
    Base,
    Contract,
    HandshakeEvent,
    InvestmentEntry,
    Invitation,
    JobState,
    Meeting,
    Need,
    Organization,
    Project,
    Role,
    Scientist,
)
from service.context import Context
from service.queries.jobs import jobs_by_state
from service.queries.privacy import current_notice
from service.queries.runs import latest_run

DEMO_KINDS: tuple[type[Base], ...] = (
    Organization,
    Account,
    Scientist,
    Need,
    Achievement,
    HandshakeEvent,
    Invitation,
    Meeting,
    Project,
    Contract,
    InvestmentEntry,
)


@dataclass(frozen=True)
class Check:
    """One thing to be in order: whether it is, what it is now, and where to see to it."""

    label: str
    ok: bool
    now: str
    href: str
    todo: str = ""


def demo_counts(ctx: Context) -> Mapping[str, int]:
    """How many 示例 records there are, by kind in Chinese; kinds without any are left out."""
    counted = {
        kind.title_zh: ctx.session.scalar(
            select(func.count()).select_from(kind).where(kind.__table__.c.is_demo.is_(True))
        )
        or 0
        for kind in DEMO_KINDS
    }
    return {label: number for label, number in counted.items() if number}


def setup_checks(ctx: Context) -> list[Check]:
    """What an administrator looks at first, the unfinished ones first."""
    found = [*_account_checks(ctx), _notice_check(ctx), _demo_check(ctx), _job_check(ctx), _run_check(ctx)]
    return sorted(found, key=lambda check: check.ok)


def _account_checks(ctx: Context) -> list[Check]:
    rows = ctx.session.execute(
        select(Account.role, func.count(Account.id))
        .where(Account.is_active.is_(True), Account.is_demo.is_(False))
        .group_by(Account.role)
    )
    real = dict(rows.all())
    wanted = (
        (Role.ADMIN, "至少设置一位正式的系统管理员"),
        (Role.ORGANIZER, "为科技主管部门开设组织方账号，才能审核发布"),
        (Role.SECURITY, "开设安全管理员账号，确认重要账号、处理锁定与口令"),
        (Role.AUDITOR, "开设审计员账号，让日志有人看"),
    )
    return [
        Check(
            f"{role.label}账号",
            bool(real.get(role)),
            f"正式账号 {real.get(role, 0)} 个",
            f"/admin/accounts{'' if real.get(role) else '/new'}?role={role.value}",
            todo,
        )
        for role, todo in wanted
    ]


def _notice_check(ctx: Context) -> Check:
    current = current_notice(ctx)
    now = f"现行第 {current.number} 版" if current is not None else "还没有发布"
    todo = "核对标准文本，发布个人信息处理规则"
    return Check("个人信息处理规则", current is not None, now, "/admin/privacy", todo)


def _demo_check(ctx: Context) -> Check:
    number = sum(demo_counts(ctx).values())
    if ctx.settings.demo:
        return Check("示例数据", True, f"示例模式，示例记录 {number:,} 条", "/admin#demo")
    return Check("示例数据", number == 0, f"示例记录 {number:,} 条", "/admin#demo", "正式使用前移除示例数据")


def _job_check(ctx: Context) -> Check:
    dead = jobs_by_state(ctx)[JobState.DEAD]
    return Check("后台任务", dead == 0, f"失败待处理 {dead} 项", "/admin/jobs?state=DEAD", "查看原因后重试")


def _run_check(ctx: Context) -> Check:
    run = latest_run(ctx)
    now = f"最近一批保留 {run.pairs_kept:,} 对" if run is not None else "还没有匹配过"
    return Check("匹配", run is not None, now, "/admin#matching", "立即匹配一次")
