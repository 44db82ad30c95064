"""我的工作台: what waits for me first, by role."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from models import Project, ProjectState, RequestState, Role
from models.money import shown
from service.context import SHANGHAI, Context
from service.queries.accounts import ACCOUNTS
from service.queries.audit import AUDIT, latest_entries
from service.queries.data_requests import REQUESTS, due_on
from service.queries.follow_ups import due_follow_ups, follow_ups, overdue_follow_ups
from service.queries.projects import GATE_SENTENCES, PROJECTS, missing_for
from service.queries.saved_searches import new_results
from service.queries.setup import setup_checks
from service.queries.waiting import Item, Waiting, due_in_words, waiting
from service.queries.waiting_conflicts import conflicted_work, talks_without_content
from service.queries.waiting_events import (
    invitations_to_answer,
    meetings_to_record,
    unanswered_invitations,
)
from service.queries.waiting_postings import (
    draft_postings,
    pairs_to_answer,
    pairs_to_seat,
    postings_to_review,
    returned_postings,
)

NEXT_STAGE = {
    ProjectState.INTENT: ProjectState.CONTRACTED,
    ProjectState.CONTRACTED: ProjectState.ACTIVE,
    ProjectState.ACTIVE: ProjectState.ACCEPTED,
}
"""The stage whose gate a project stands before."""


def stalled_projects(ctx: Context) -> Waiting:
    """Intents that have long led to no contract, with what the next stage lacks."""
    return _attended(ctx, "stalled", "停滞的合作意向", "停滞")


def overdue_projects(ctx: Context) -> Waiting:
    """Projects past their planned end, with what the next stage lacks."""
    return _attended(ctx, "overdue", "已过期限的项目", "逾期")


def _attended(ctx: Context, why: str, title: str, badge: str) -> Waiting:
    def item(row: Any) -> Item:
        project = ctx.find(Project, row.id)
        missing = [GATE_SENTENCES[name] for name in missing_for(ctx, project, NEXT_STAGE[project.state])]
        note = f"还需：{'、'.join(missing)}" if missing else f"可以转入“{NEXT_STAGE[project.state].label}”"
        return Item(f"/projects/{row.id}", row.title, note, badge, "danger", row.is_demo)

    return waiting(ctx, title, PROJECTS, {"attention": why, "sort": "opened_on"}, item)


def unpaid_projects(ctx: Context) -> Waiting:
    """Projects whose promised money has not all arrived, largest promise first."""

    def item(row: Any) -> Item:
        note = f"协议 {shown(row.committed or 0)}，到位 {shown(row.received or 0)}"
        return Item(f"/projects/{row.id}", row.title, note, "未到位", "warning", row.is_demo)

    return waiting(ctx, "协议金额没有全部到位", PROJECTS, {"attention": "unpaid", "sort": "-committed"}, item)


def checks_to_do(ctx: Context) -> Waiting:
    """What the installation still lacks."""
    undone = [check for check in setup_checks(ctx) if not check.ok]
    items = [Item(check.href, check.todo, f"{check.label}：{check.now}", "待办", "warning") for check in undone]
    return Waiting("系统设置", items, len(items), "/admin")


def audit_to_read(ctx: Context) -> Waiting:
    """The newest lines of the audit log."""
    items = [
        Item(
            AUDIT.href({"record": entry.record_type, "number": str(entry.record_id or "")}),
            f"{entry.who}：{entry.what}",
            f"{entry.record} {entry.details}".strip(),
        )
        for entry in latest_entries(ctx, 15)
    ]
    return Waiting("最近的操作", items, len(items), "/admin/audit")


def accounts_to_approve(ctx: Context) -> Waiting:
    """Accounts that wait for the security administrator's word."""

    def item(row: Any) -> Item:
        return Item(f"/accounts/{row.id}", row.name, f"{row.role.label} · {row.organization}", "待确认", "warning")

    return waiting(ctx, "待确认的账号", ACCOUNTS, {"active": "waiting"}, item)


def requests_to_answer(ctx: Context) -> Waiting:
    """What people ask about their own data, the oldest first, with the day it is due."""

    def item(row: Any) -> Item:
        due = due_in_words(ctx, due_on(row.created_at.astimezone(SHANGHAI).date()))
        return Item(f"/admin/privacy-requests/{row.id}", f"{row.account}：{row.kind.label}", due, "待答复", "warning")

    return waiting(ctx, "个人信息请求", REQUESTS, {"state": RequestState.OPEN.value, "sort": "created_at"}, item)


OWNER = (
    returned_postings,
    talks_without_content,
    invitations_to_answer,
    pairs_to_answer,
    meetings_to_record,
    follow_ups,
    draft_postings,
)
STAFF = (
    conflicted_work,
    talks_without_content,
    unanswered_invitations,
    meetings_to_record,
    overdue_follow_ups,
    due_follow_ups,
    pairs_to_seat,
    stalled_projects,
    overdue_projects,
)
LISTS: Mapping[Role, Sequence[Callable[[Context], Waiting]]] = {
    Role.ENTERPRISE: OWNER,
    Role.INSTITUTE: OWNER,
    Role.ORGANIZER: (postings_to_review, *STAFF),
    Role.BROKER: STAFF,
    Role.LEADER: (overdue_follow_ups, stalled_projects, overdue_projects, unpaid_projects),
    Role.ADMIN: (checks_to_do,),
    Role.SECURITY: (requests_to_answer, accounts_to_approve),
    Role.AUDITOR: (audit_to_read,),
}
"""What each role's page shows, what is most urgent first."""


def waiting_lists(ctx: Context) -> list[Waiting]:
    """What waits for the actor, most urgent first; lists with nothing in them are left out. Raises NotSignedIn."""
    ctx.demand("read_figures")
    lists = (*LISTS[ctx.actor.role], new_results) if ctx.actor.role is not None else ()
    return [found for found in (one(ctx) for one in lists) if found.total]
