"""Pages: the Jinja environment, what every page knows, and how one is sent."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import lru_cache
from importlib.metadata import version
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models import Labelled
from models.money import shown, yuan
from service.context import ANONYMOUS, SHANGHAI, Context
from service.kinds import KINDS
from service.policy import allows
from service.queries.privacy import consent_owed
from service.resources import STATIC, TEMPLATES
from service.security import new_handle, new_token
from service.web.differences import standing
from service.web.identity import VISITOR_COOKIE, set_cookie
from service.web.qr import qr_code

NAV = (
    ("/workbench", "工作台", None),
    ("/", "总览", None),
    ("/needs", "技术需求", None),
    ("/achievements", "科技成果", None),
    ("/matches", "撮合台", None),
    ("/events", "握手活动", "read_figures"),
    ("/projects", "合作项目", "read_figures"),
    ("/report", "报告", "read_report"),
    ("/admin", "管理", "read_admin"),
    ("/admin/accounts", "账号", "see_accounts"),
    ("/admin/audit", "审计日志", "read_audit"),
    ("/admin/privacy", "个人信息", "publish_notice"),
)

NOTICES = {
    "saved": ("success", "已保存。"),
    "created": ("success", "已新建。"),
    "submitted": ("success", "已提交，等待审核。"),
    "published": ("success", "已发布，并已完成匹配。"),
    "returned": ("info", "已退回给填报人。"),
    "withdrawn": ("info", "已撤回。"),
    "removed": ("info", "已移除。"),
    "done": ("success", "操作已完成。"),
    "weights": ("success", "权重已换用，正在按新权重重新匹配。"),
    "queued": ("info", "已排入后台任务，完成后结果自动更新。"),
    "signed-in": ("success", "登录成功。"),
    "signed-out": ("info", "已退出登录。"),
    "erased": ("success", "账号已注销，您的个人信息已清除。感谢您使用过握手。"),
    "asked": ("success", "已收到您的请求，我们会在期限内答复。"),
    "consented": ("success", "已记录您的同意；随时可在“我的账号—我的数据”撤回。"),
    "taken-back": ("success", "已撤回，立即生效。"),
    "sessions-ended": ("success", "已退出其他登录。"),
    "code-sent": ("success", "验证码已发出，10 分钟内有效。"),
    "waits-for-approval": ("info", "账号已开设，待安全管理员确认后即可登录。"),
    "reversed": ("info", "已冲销，原流水保留可查。"),
    "search-kept": ("success", "已保存搜索；有新的结果时会出现在工作台。"),
    "seated": ("success", "已采用，相关的人都已通知。"),
    "rearranged": ("success", "已换桌，相关的人都已通知。"),
    "answered": ("success", "已记录您的答复。"),
    "wished": ("success", "已记录您的意愿。"),
    "letters": ("success", "信已写好：有邮箱且开通发信的已排入发送，其余请逐一转告。"),
}


@lru_cache(maxsize=256)
def _static(path: str) -> str:
    mark = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?v={mark}"


def _date(value: date | datetime | None) -> str:
    if value is None:
        return "—"
    return f"{value.astimezone(SHANGHAI) if isinstance(value, datetime) else value:%Y-%m-%d}"


def _datetime(value: datetime | None) -> str:
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if value is not None else "—"


def _number(value: float | None) -> str:
    return f"{value:,}" if value is not None else "—"


def _label(value: Labelled) -> str:
    return value.label


def _tone(value: Labelled) -> str:
    return value.tone


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The Jinja environment: escaping on, undefined names are errors."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(date=_date, datetime=_datetime, money=shown, number=_number, yuan=yuan)
    made.globals.update(
        static=_static,
        fresh_key=new_handle,
        qr_code=qr_code,
        standing=standing,
        label=_label,
        tone=_tone,
        app_name="握手",
        app_version=version("woshou"),
        KINDS=KINDS,
    )
    return made


def render(request: Request, ctx: Context, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The page. A visitor without a cookie is given one, so that their forms can be told from forged ones."""
    identity = getattr(request.state, "identity", None)
    csrf = identity.csrf_token if identity is not None else ""
    fresh = new_token() if not csrf else ""
    path = request.url.path
    page = (
        environment()
        .get_template(template)
        .render(
            actor=ctx.actor if ctx.actor is not ANONYMOUS else None,
            nav=_nav(ctx, path),
            csrf_token=csrf or fresh,
            region_name=ctx.settings.region_name,
            demo=ctx.settings.demo,
            path=path,
            now=ctx.now,
            consent_owed=consent_owed(ctx),
            may=lambda action, record=None: allows(ctx, action, record),
            status=status,
            flashes=values.pop("flashes", _flashes(request)),
            **values,
        )
    )
    response = HTMLResponse(page, status_code=status)
    if fresh:
        set_cookie(response, ctx.settings, VISITOR_COOKIE, fresh)
    return response


def go(location: str, notice: str = "") -> Response:
    """Send the browser on after a write; ``notice`` is a key of NOTICES."""
    if notice:
        location += ("&" if "?" in location else "?") + f"notice={notice}"
    return RedirectResponse(location, status_code=303)


def _flashes(request: Request) -> list[dict[str, str]]:
    notice = NOTICES.get(request.query_params.get("notice", ""))
    return [{"tone": notice[0], "text": notice[1]}] if notice is not None else []


def _nav(ctx: Context, path: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    for href, label, action in NAV:
        if (href == "/workbench" and ctx.actor.role is None) or (action is not None and not allows(ctx, action)):
            continue
        current = path == href or (href != "/" and path.startswith(href + "/"))
        entries.append({"href": href, "label": label, "current": current})
    return [one for one in entries if not any(_within(one["href"], other["href"]) for other in entries)]


def _within(href: str, other: str) -> bool:
    """Whether an entry's page is a part of another's, and so is reached from there."""
    return other != "/" and href.startswith(other + "/")
