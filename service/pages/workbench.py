"""我的工作台: what waits for me first."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import Role
from service.context import Context
from service.kinds import KINDS
from service.queries.waiting_postings import own_tallies, suggested_pairs
from service.queries.workbench import waiting_lists
from service.web.dependencies import ContextDep
from service.web.templating import render

router = APIRouter(tags=["工作台"])
OWNERS = {Role.ENTERPRISE, Role.INSTITUTE}
SHORTCUTS = (
    ("review", "/needs?state=SUBMITTED", "审核需求", "review_posting"),
    ("event", "/events/new", "新建握手活动", "plan_event"),
    ("matches", "/matches", "打开撮合台", "shortlist_match"),
    ("project", "/projects/new", "登记合作项目", "open_project"),
    ("overview", "/", "看总览", "read_figures"),
    ("report", "/report", "看成效报告", "read_report"),
    ("quality", "/quality", "看匹配质量", "read_quality"),
    ("organizations", "/organizations", "查机构", "read_figures"),
    ("facts", "/facts", "查资料与来源", "read_figures"),
    ("admin", "/admin", "系统管理", "read_admin"),
    ("audit", "/admin/audit", "查审计日志", "read_audit"),
)
"""(key, address, label, what one must be allowed to do)."""


@router.get("/workbench")
def show_workbench(request: Request, ctx: ContextDep) -> Response:
    lists = waiting_lists(ctx)
    return render(request, ctx, "workbench/workbench.html", lists=lists, shortcuts=SHORTCUTS, **_own(ctx))


def _own(ctx: Context) -> dict[str, Any]:
    """What an owner of postings has beside the list: their pairs, their postings, what they may write."""
    owner = ctx.actor.role in OWNERS
    return {
        "owner": owner,
        "kinds": KINDS.values(),
        "pairs": suggested_pairs(ctx) if owner else None,
        "tallies": own_tallies(ctx) if owner else {},
    }
