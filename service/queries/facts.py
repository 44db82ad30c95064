"""Facts taken from official documents: key technologies, programmes and figures, each as its document has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from models import Comparator, Indicator, KeyTechnology, Labelled, Programme, Region
from service.context import Context
from service.errors import NotFound
from service.queries.history import citations
from service.queries.listing import Column, Filter, Listing, Option, choices, equals
from service.queries.narrowing import by_region


class ProgrammeKind(Labelled):
    """What a programme is, in the words its document sorts it under; seeds write them in small letters."""

    POINT_3PLUS3 = "point_3plus3", "点位"
    PROGRAMME = "programme", "计划"
    POLICY = "policy", "政策"
    FUNDING_MODE = "funding_mode", "资助方式"
    FUND = "fund", "基金"
    WORKFLOW_STEP = "workflow_step", "工作流程"
    ACTION = "action", "举措"
    INITIATIVE = "initiative", "行动"
    MECHANISM = "mechanism", "机制"
    SYSTEM = "system", "制度"
    CARRIER = "carrier", "载体"
    EVENT = "event", "活动"
    DEFINITION = "definition", "定义"


class IndicatorKind(Labelled):
    """What an official figure speaks of: what shall be, what is, or what was at the start."""

    TARGET = "target", "目标", "info"
    ACTUAL = "actual", "已有", "success"
    BASELINE = "baseline", "基期", "neutral"
    RULE = "rule", "规定", "warning"
    PRODUCT_SPEC = "product_spec", "产品参数", "neutral"


def word_for(kind: type[Labelled], value: str) -> str:
    """The label of a stored word; a word nobody named is shown as it is."""
    return kind(value).label if value in {member.value for member in kind} else value


def in_words(comparator: Comparator, value_text: str, unit: str) -> str:
    """An official figure as one says it: “不少于 50 项”, “百余次”, “超 9 亿元”, “第 33 位”.

    The document's own figures stay as they stand; a word for the comparator is put before or after them only where
    the figure does not already say it.
    """
    if value_text.endswith("余"):
        return f"{value_text}{unit}" if value_text[0] not in "0123456789" else f"{value_text} {unit}"
    if value_text.startswith("超"):
        return f"超 {value_text[1:]} {unit}".strip()
    if unit == "位":
        return f"第 {value_text} 位"
    figure = value_text if unit in ("", "比例") else f"{value_text}{unit}" if unit == "%" else f"{value_text} {unit}"
    if comparator in (Comparator.EQUAL, Comparator.RANGE):
        return figure
    return f"{figure}{comparator.label}" if comparator is Comparator.ABOUT else f"{comparator.label} {figure}"


@dataclass(frozen=True)
class Fact:
    """One kind of reference record: its list, and how one of them is told in pairs of label and text."""

    key: str
    label: str
    intro: str
    model: Any
    listing: Listing
    keys: tuple[str, ...]
    title: Callable[[Any], str]
    pairs: Callable[[Any], Sequence[tuple[str, str | None]]]


def _industries(ctx: Context) -> Sequence[Option]:
    rows = ctx.session.execute(
        select(KeyTechnology.industry).group_by(KeyTechnology.industry).order_by(func.min(KeyTechnology.id))
    )
    return tuple((industry, industry) for (industry,) in rows)


def _periods(ctx: Context) -> Sequence[Option]:
    rows = ctx.session.execute(select(Indicator.period).distinct().order_by(Indicator.period.desc()))
    return tuple((period, period) for (period,) in rows if period)


def _industry(_ctx: Context, value: str) -> ColumnElement[bool]:
    return KeyTechnology.industry == value


def _period(_ctx: Context, value: str) -> ColumnElement[bool]:
    return Indicator.period == value


KEY_TECHNOLOGIES = Fact(
    key="key-technologies",
    label="关键技术",
    intro="规划附件列出的八大重点产业的关键技术。",
    model=KeyTechnology,
    listing=Listing(
        key="key-technologies",
        label="关键技术",
        path="/facts/key-technologies",
        source=KeyTechnology.__table__,
        columns=(
            Column("id", "顺序", KeyTechnology.id, align="right"),
            Column("number", "编号", KeyTechnology.number),
            Column("title", "关键技术", KeyTechnology.name),
            Column("industry", "重点产业", KeyTechnology.industry),
        ),
        visible=lambda _ctx: true(),
        search=(KeyTechnology.name, KeyTechnology.industry),
        filters=(Filter("industry", "重点产业", _industry, _industries),),
        order="id",
        unit="项",
    ),
    keys=("title", "industry", "number"),
    title=lambda record: record.name,
    pairs=lambda record: [("编号", record.number), ("重点产业", record.industry)],
)

PROGRAMMES = Fact(
    key="programmes",
    label="计划与政策",
    intro="文件中写明的点位、计划、政策、资助方式与工作流程。",
    model=Programme,
    listing=Listing(
        key="programmes",
        label="计划与政策",
        path="/facts/programmes",
        source=Programme.__table__,
        columns=(
            Column("id", "顺序", Programme.id, align="right"),
            Column("title", "名称", Programme.name),
            Column("subtype", "类别", Programme.subtype, show=lambda value: word_for(ProgrammeKind, value)),
            Column("note", "说明", Programme.note, sortable=False),
        ),
        visible=lambda _ctx: true(),
        search=(Programme.name, Programme.note),
        filters=(Filter("subtype", "类别", equals(Programme.subtype, ProgrammeKind), choices(ProgrammeKind)),),
        order="id",
        unit="项",
    ),
    keys=("title", "subtype", "note"),
    title=lambda record: record.name,
    pairs=lambda record: [("类别", word_for(ProgrammeKind, record.subtype)), ("说明", record.note)],
)

INDICATORS = Fact(
    key="indicators",
    label="官方指标",
    intro="文件公布的数字，按原文保存，不与系统统计的数字相加或互相替代。",
    model=Indicator,
    listing=Listing(
        key="indicators",
        label="官方指标",
        path="/facts/indicators",
        source=Indicator.__table__.outerjoin(Region.__table__, Region.code == Indicator.region_code),
        columns=(
            Column("id", "顺序", Indicator.id, align="right"),
            Column("title", "指标", Indicator.name),
            Column("comparator", "关系", Indicator.comparator),
            Column("value_text", "数值", Indicator.value_text, align="right", sortable=False),
            Column("value", "数", Indicator.value, align="right"),
            Column("unit", "单位", Indicator.unit),
            Column("period", "时期", Indicator.period),
            Column("kind", "性质", Indicator.kind, show=lambda value: word_for(IndicatorKind, value)),
            Column("region", "地区", Region.name),
            Column("note", "说明", Indicator.note, sortable=False),
        ),
        visible=lambda _ctx: true(),
        search=(Indicator.name, Indicator.note, Indicator.unit),
        filters=(
            Filter("kind", "性质", equals(Indicator.kind, IndicatorKind), choices(IndicatorKind)),
            Filter("period", "时期", _period, _periods),
            by_region(Indicator.region_code),
        ),
        order="id",
        unit="条",
    ),
    keys=("title", "value_text", "period", "kind", "region"),
    title=lambda record: record.name,
    pairs=lambda record: [
        ("数值", in_words(record.comparator, record.value_text, record.unit)),
        ("时期", record.period),
        ("性质", word_for(IndicatorKind, record.kind)),
        ("说明", record.note),
    ],
)

FACTS: Mapping[str, Fact] = {fact.key: fact for fact in (KEY_TECHNOLOGIES, PROGRAMMES, INDICATORS)}


@dataclass(frozen=True)
class FactDetail:
    """One reference record with where it is written, word for word."""

    fact: Fact
    record: Any
    region: str
    sources: Sequence[dict[str, str]]

    @property
    def pairs(self) -> list[tuple[str, str | None]]:
        """What the record says, as its page shows it."""
        return [*self.fact.pairs(self.record), *([("地区", self.region)] if self.region else [])]


def fact_detail(ctx: Context, fact: Fact, record_id: int) -> FactDetail:
    """The record with its sources. Raises NotFound."""
    record = ctx.session.get(fact.model, record_id)
    if record is None:
        raise NotFound(f"没有编号为 {record_id} 的{fact.label}。")
    code = getattr(record, "region_code", None)
    region = ctx.session.scalar(select(Region.name).where(Region.code == code)) if code else None
    return FactDetail(fact, record, region or "", citations(ctx, record))
