"""The figures: each is the count, or the sum, of the very rows its link opens, so that number and rows never part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from models import Region
from models.handshake_event import HELD_STATES
from models.money import shown
from models.posting import PUBLIC_STATES
from models.project import IMPLEMENTED_STATES
from service.context import Context
from service.errors import NotFound
from service.queries.contracts import CONTRACTS
from service.queries.events import EVENTS
from service.queries.funnel import STAGES
from service.queries.ledger import ENTRIES
from service.queries.listing import Listing, count, total
from service.queries.meetings import MEETINGS
from service.queries.postings import LISTINGS
from service.queries.projects import PROJECTS

NEEDS, ACHIEVEMENTS = LISTINGS["needs"], LISTINGS["achievements"]
FIRST_YEAR = 2021


@dataclass(frozen=True)
class Scope:
    """What the figures cover: a year or all, a region with all it contains or all, 示例 records or none."""

    year: int | None = None
    region: str = ""
    demo: bool = False

    def params(self) -> dict[str, str]:
        """The scope as parameters of any list."""
        return {
            "year": str(self.year) if self.year is not None else "",
            "region": self.region,
            "demo": "include" if self.demo else "0",
        }


@dataclass(frozen=True)
class Figure:
    """One figure: ``listing`` narrowed by ``fixed`` and the scope; a count of rows, or the sum of ``column`` in 分."""

    key: str
    label: str
    unit: str
    definition: str
    listing: Listing
    fixed: Mapping[str, str] = field(default_factory=dict)
    column: str | None = None
    version: str = "1"

    def params(self, scope: Scope) -> dict[str, str]:
        """What the figure's list is narrowed by."""
        return {key: value for key, value in {**self.fixed, **scope.params()}.items() if value}


@dataclass(frozen=True)
class Value:
    """A figure as it stands now. ``amount`` is a count or 分; ``href`` opens its rows."""

    figure: Figure
    amount: int
    href: str

    @property
    def is_money(self) -> bool:
        """Whether ``amount`` is 分."""
        return self.figure.column is not None

    @property
    def text(self) -> str:
        """The figure with its unit, as people write it."""
        return shown(self.amount) if self.is_money else f"{self.amount:,} {self.figure.unit}"


def _states(states: frozenset[str]) -> str:
    return ",".join(sorted(states))


_PUBLIC = _states(frozenset(state.value for state in PUBLIC_STATES))
_BY_START = "按活动开始时间（北京时间）归入年份"
_LEDGER = "按流水发生日期归入年份，冲销记在原流水的日期并已减去；只计签过约的项目；协议、到位、支出分别统计，从不相加"

FIGURES: Mapping[str, Figure] = {
    figure.key: figure
    for figure in (
        Figure(
            "events_held",
            "握手次数",
            "次",
            f"状态为“已举办”或“归档”的握手活动数，一场活动计一次；{_BY_START}",
            EVENTS,
            {"state": _states(frozenset(state.value for state in HELD_STATES))},
        ),
        Figure(
            "projects_implemented",
            "实施合作项目",
            "项",
            "处于“签约”“实施”“验收”阶段的合作项目数，不含意向与终止；按最早一份技术合同的签订日期归入年份",
            PROJECTS,
            {"state": _states(frozenset(state.value for state in IMPLEMENTED_STATES))},
        ),
        Figure(
            "money_committed",
            "协议投入",
            "元",
            f"资金流水中“协议”类金额之和，即项目投入总金额；{_LEDGER}",
            ENTRIES,
            {"kind": "COMMITTED", "signed": "1"},
            "amount",
        ),
        Figure(
            "money_received",
            "到位资金",
            "元",
            f"资金流水中“到位”类金额之和；{_LEDGER}",
            ENTRIES,
            {"kind": "RECEIVED", "signed": "1"},
            "amount",
        ),
        Figure(
            "money_spent",
            "支出资金",
            "元",
            f"资金流水中“支出”类金额之和；{_LEDGER}",
            ENTRIES,
            {"kind": "SPENT", "signed": "1"},
            "amount",
        ),
        Figure(
            "meetings_held",
            "对接洽谈",
            "场",
            "状态为“已举行”的一对一洽谈数；按洽谈时间归入年份",
            MEETINGS,
            {"state": "HELD"},
        ),
        Figure(
            "meetings_agreed",
            "达成意向或签约的洽谈",
            "场",
            "已举行且结果为“达成意向”或“签约”的洽谈数；按洽谈时间归入年份",
            MEETINGS,
            {"state": "HELD", "outcome": "INTENT,SIGNED"},
        ),
        Figure(
            "contracts_signed",
            "技术合同",
            "份",
            "登记在合作项目下的技术合同数；按签订日期归入年份",
            CONTRACTS,
        ),
        Figure(
            "contracts_amount",
            "合同成交额",
            "元",
            "技术合同成交额之和；按签订日期归入年份；与协议投入是两个口径，不相加",
            CONTRACTS,
            {},
            "amount",
        ),
        Figure(
            "contracts_technology_amount",
            "技术交易额",
            "元",
            "技术合同中技术交易额之和，不大于成交额；按签订日期归入年份",
            CONTRACTS,
            {},
            "technology_amount",
        ),
        Figure(
            "needs_published",
            "发布技术需求",
            "项",
            "已发布且未下架的技术需求数，含对接中、已解决、已关闭、已过期；按发布日期归入年份，"
            "收录自公开文件、未经本系统发布的不归入任何一年",
            NEEDS,
            {"state": _PUBLIC},
        ),
        Figure(
            "achievements_published",
            "发布科技成果",
            "项",
            "已发布且未下架的科技成果数，含对接中、已转化、已关闭、已过期；按发布日期归入年份，"
            "收录自公开文件、未经本系统发布的不归入任何一年",
            ACHIEVEMENTS,
            {"state": _PUBLIC},
        ),
        Figure(
            "needs_shortlisted",
            "有入选匹配的需求",
            "项",
            "至少有一个匹配入选或双方有意、或已对接洽谈的技术需求数；按需求发布日期归入年份",
            NEEDS,
            {"state": _PUBLIC, "reached": "shortlisted"},
        ),
        Figure(
            "needs_solved",
            "已解决需求",
            "项",
            "状态为“已解决”的技术需求数；按需求发布日期归入年份",
            NEEDS,
            {"state": "CLOSED_WON"},
        ),
    )
}

FUNNEL: Sequence[Figure] = (
    Figure("funnel_published", "已发布需求", "项", FIGURES["needs_published"].definition, NEEDS, {"state": _PUBLIC}),
    *(
        Figure(
            f"funnel_{stage}",
            label,
            "项",
            f"已发布需求中走到“{label}”的需求数，一项需求只计一次",
            NEEDS,
            {"state": _PUBLIC, "reached": stage},
        )
        for stage, label in STAGES
    ),
)
"""From publication to money that arrived: every stage counts needs, each once."""


def value_of(ctx: Context, figure: Figure, scope: Scope) -> Value:
    """The figure over the rows the actor may know of."""
    params = figure.params(scope)
    amount = (
        count(ctx, figure.listing, params)
        if figure.column is None
        else total(ctx, figure.listing, params, figure.column)
    )
    return Value(figure, amount, figure.listing.href(params))


def values(ctx: Context, scope: Scope) -> dict[str, Value]:
    """Every figure by its key. Raises NotSignedIn for a visitor."""
    ctx.demand("read_figures")
    return {key: value_of(ctx, figure, scope) for key, figure in FIGURES.items()}


def funnel(ctx: Context, scope: Scope) -> list[Value]:
    """The stages of the funnel, the widest first. Raises NotSignedIn or Forbidden for those who do not read reports."""
    ctx.demand("read_report")
    return [value_of(ctx, figure, scope) for figure in FUNNEL]


def scope_of(ctx: Context, params: Mapping[str, str], *, year: int | None) -> Scope:
    """The scope ``params`` (year, region, demo) ask for; ``year`` when they name none, “all” being every year.

    Raises NotFound for a region there is none of.
    """
    asked = params.get("year", "").strip()
    if asked:
        year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else None
    region = params.get("region", "").strip()
    if region and ctx.session.get(Region, region) is None:
        raise NotFound(f"没有代码为 {region} 的地区")
    demo = params.get("demo", "include" if ctx.settings.demo else "0")
    return Scope(year, region, demo == "include")


def years(ctx: Context) -> list[int]:
    """The years one may choose, the present one first."""
    return list(range(ctx.today.year, FIRST_YEAR - 1, -1))


def region_name(ctx: Context, scope: Scope) -> str:
    """The name of the scope's region; empty for all."""
    return ctx.session.scalar(select(Region.name).where(Region.code == scope.region)) or "" if scope.region else ""
