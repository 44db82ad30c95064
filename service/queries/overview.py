"""The first page: the main figures, the funnel, what needs attention and what is new; for visitors, what 握手 is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, select

from models import Account, Role
from service.context import Context
from service.policy import allows
from service.queries.events import EVENTS
from service.queries.figures import ACHIEVEMENTS, FIGURES, NEEDS, Scope, Value, funnel, scope_of, value_of
from service.queries.ledger import ENTRIES
from service.queries.listing import Listing, count, latest, page_of
from service.queries.meetings import MEETINGS
from service.queries.narrowing import local
from service.queries.official import Official, official_figures
from service.queries.organizations import organization_listing
from service.queries.projects import PROJECTS

MAIN = ("events_held", "projects_implemented", "money_committed", "money_received", "money_spent")
MORE = (
    "needs_published",
    "achievements_published",
    "meetings_held",
    "meetings_agreed",
    "contracts_signed",
    "contracts_technology_amount",
)
LATEST = {"size": "5", "state": "PUBLISHED,ENGAGED", "sort": "-published_at"}
COMING = {"size": "5", "state": "OPEN,SCHEDULED", "sort": "starts_at"}


@dataclass(frozen=True)
class Attention:
    """Records someone should look at: how many, and where they are."""

    label: str
    amount: int
    unit: str
    href: str
    badge: str
    tone: str


ATTENTION: tuple[tuple[str, Listing, Mapping[str, str], str, str], ...] = (
    ("技术需求待审核", NEEDS, {"state": "SUBMITTED"}, "待审核", "warning"),
    ("科技成果待审核", ACHIEVEMENTS, {"state": "SUBMITTED"}, "待审核", "warning"),
    ("洽谈结果未登记", MEETINGS, {"unrecorded": "1"}, "未登记", "warning"),
    ("洽谈下一步已逾期", MEETINGS, {"follow_up": "overdue"}, "逾期", "danger"),
    ("项目超过计划结束日期", PROJECTS, {"attention": "overdue"}, "逾期", "danger"),
    ("意向超过 90 天未签约", PROJECTS, {"attention": "stalled"}, "停滞", "warning"),
    ("协议金额未全部到位", PROJECTS, {"attention": "unpaid"}, "未到位", "info"),
    ("到位超过协议", PROJECTS, {"attention": "exceeding"}, "请核对", "info"),
)


@dataclass(frozen=True)
class Overview:
    """What a signed-in reader finds on the first page."""

    scope: Scope
    main: Sequence[Value]
    more: Sequence[Value]
    funnel: Sequence[Value]
    official: Sequence[Official]
    attention: Sequence[Attention]
    needs: Sequence[Row[Any]]
    achievements: Sequence[Row[Any]]
    events: Sequence[Row[Any]]


def scope_shown(ctx: Context, params: Mapping[str, str]) -> Scope:
    """What the first page covers: the year asked for, or the latest one, up to this, with an event held; else money."""
    scope = scope_of(ctx, params, year=None)
    return scope if params.get("year", "").strip() else replace(scope, year=_latest_year(ctx, scope))


def _latest_year(ctx: Context, scope: Scope) -> int:
    asked = {"demo": scope.params()["demo"], "region": scope.region}
    held = latest(ctx, EVENTS, {**FIGURES["events_held"].fixed, **asked}, "starts_at")
    day = held or latest(ctx, ENTRIES, asked, "occurred_on")
    return min(local(day).year, ctx.today.year) if day is not None else ctx.today.year


def overview(ctx: Context, scope: Scope) -> Overview:
    """The first page for somebody. Raises NotSignedIn for a visitor."""
    ctx.demand("read_figures")
    reads = allows(ctx, "read_report")
    demo = {"demo": scope.params()["demo"]}
    return Overview(
        scope=scope,
        main=[value_of(ctx, FIGURES[key], scope) for key in MAIN],
        more=[value_of(ctx, FIGURES[key], scope) for key in MORE],
        funnel=funnel(ctx, scope) if reads else [],
        official=official_figures(ctx),
        attention=_attention(ctx, demo) if reads else [],
        needs=page_of(ctx, NEEDS, {**LATEST, **demo}).rows,
        achievements=page_of(ctx, ACHIEVEMENTS, {**LATEST, **demo}).rows,
        events=page_of(ctx, EVENTS, {**COMING, **demo}).rows,
    )


def _attention(ctx: Context, demo: Mapping[str, str]) -> list[Attention]:
    found = []
    for label, listing, narrow, badge, tone in ATTENTION:
        params = {**narrow, **demo}
        if amount := count(ctx, listing, params):
            found.append(Attention(label, amount, listing.unit, listing.href(params), badge, tone))
    return found


@dataclass(frozen=True)
class Welcome:
    """What a visitor finds on the first page: counts of what is open to all, each with its list."""

    counts: Sequence[tuple[str, int, str, str]]
    official: Sequence[Official]
    needs: Sequence[Row[Any]]
    achievements: Sequence[Row[Any]]
    is_set_up: bool


def welcome(ctx: Context, scope: Scope) -> Welcome:
    """The first page for anyone: (label, number, unit, address) for needs, achievements and organizations."""
    demo = {"demo": scope.params()["demo"]}
    needs, achievements = (value_of(ctx, FIGURES[key], scope) for key in ("needs_published", "achievements_published"))
    organizations = organization_listing(ctx)
    return Welcome(
        counts=[
            ("技术需求", needs.amount, "项", needs.href),
            ("科技成果", achievements.amount, "项", achievements.href),
            ("参与机构", count(ctx, organizations, demo), "家", organizations.href(demo)),
        ],
        official=official_figures(ctx),
        needs=page_of(ctx, NEEDS, {**LATEST, **demo}).rows,
        achievements=page_of(ctx, ACHIEVEMENTS, {**LATEST, **demo}).rows,
        is_set_up=_has_administrator(ctx),
    )


def _has_administrator(ctx: Context) -> bool:
    real = select(Account.id).where(Account.role == Role.ADMIN, Account.is_demo.is_(False)).limit(1)
    return ctx.session.scalar(real) is not None
