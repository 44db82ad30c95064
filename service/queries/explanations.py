"""Why a pair is in the list, as its page shows it: sentences that met, targets and conditions met or not, texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from matching.conditions import Condition, ConditionName
from matching.evidence import Evidence, explain
from matching.indicators import IndicatorFit, Verdict
from models import Achievement, Category, Need
from models.money import shown
from models.region import covers
from service.context import Context
from service.kinds import KINDS
from service.profiles import profile_of
from service.queries.postings import Detail
from service.ranking import Catalogue, catalogue

SHORT_TEXT = 60
"""An achievement of fewer characters than this besides its title says little that could be held against a target."""


@dataclass(frozen=True)
class LitText:
    """One field of a posting with its highlights: (start, end, number of the term)."""

    label: str
    text: str
    spans: Sequence[tuple[int, int, int]]


@dataclass(frozen=True)
class Term:
    """One thing a need asks for and what the achievement answers; None and "" are "not said".

    ``verdict`` is None for what is only told, not judged.
    """

    label: str
    wanted: str
    offered: str | None
    verdict: Verdict | None
    note: str = ""


@dataclass(frozen=True)
class Explanation:
    """All that explains one pair; ``field`` is the deepest category both are filed under, "" for none."""

    evidence: Evidence
    field: str
    indicators: Sequence[Term]
    conditions: Sequence[Term]
    need_text: Sequence[LitText]
    offer_text: Sequence[LitText]
    offer_is_short: bool

    def rows(self, verdict: Verdict) -> Sequence[Term]:
        """Targets and conditions that have this verdict; those the need says nothing about have none."""
        return [row for row in (*self.indicators, *self.conditions) if row.verdict == verdict and row.wanted]


def explanation(ctx: Context, need: Detail, achievement: Detail) -> Explanation:
    """Explain the pair of two postings the actor may read, open or not."""
    found = _evidence(ctx, need.posting, achievement.posting)
    text = "".join(one.text for one in _fields(achievement, found)[:-1])
    return Explanation(
        evidence=found,
        field=_field(ctx, found),
        indicators=[indicator(fit) for fit in found.indicators],
        conditions=_conditions(found, need, achievement),
        need_text=_fields(need, found),
        offer_text=_fields(achievement, found),
        offer_is_short=len(text) - len(achievement.posting.title) < SHORT_TEXT,
    )


def _evidence(ctx: Context, need: Need, achievement: Achievement) -> Evidence:
    """What the texts of two postings share."""
    room = catalogue(ctx)
    ours = room.profile(KINDS["needs"], need.id) or profile_of(ctx, KINDS["needs"], need)
    theirs = room.profile(KINDS["achievements"], achievement.id) or profile_of(ctx, KINDS["achievements"], achievement)
    return explain(ours, theirs, room.ranker.segmenter, rarity=_rarity(room))


def _field(ctx: Context, found: Evidence) -> str:
    if not found.shared_categories:
        return ""
    return ctx.session.scalar(select(Category.name).where(Category.path == found.shared_categories[0]).limit(1)) or ""


def indicator(fit: IndicatorFit) -> Term:
    """One target as a row of a table."""
    offered = None if fit.offer is None else fit.offer.text
    note = fit.offer.label if fit.offer is not None and fit.offer.label != fit.need.label else ""
    return Term(fit.need.label, fit.need.text, offered, fit.verdict, note)


def _rarity(room: Catalogue) -> Any:
    return room.rarity if len(room.indexes["achievements"]) else None


def _fields(detail: Detail, found: Evidence) -> list[LitText]:
    """The running text of a posting, field by field under the form's own titles, then its keywords."""
    asked = detail.kind.command.model_fields
    names = [name for _, section in detail.kind.sections[:1] for name in section]
    texts = [(asked[name].title or name, getattr(detail.posting, name)) for name in names]
    texts = [(label, text) for label, text in texts if isinstance(text, str) and text]
    texts.append((asked["keywords"].title or "关键词", "、".join(detail.posting.keywords)))
    return [LitText(label, text, found.light(text)) for label, text in texts]


def _conditions(found: Evidence, need: Detail, achievement: Detail) -> list[Term]:
    asks, gives = need.posting, achievement.posting
    price = None if gives.price_fen is None and not gives.price_negotiable else _price(gives.price_fen)
    modes = need.kind.option_labels("cooperation_modes", asks.cooperation_modes)
    ways = achievement.kind.option_labels("conversion_modes", gives.conversion_modes)
    said: dict[ConditionName, tuple[str, str, str | None]] = {
        "maturity": ("成熟度", _level(asks.wanted_trl, "不低于 "), _level(gives.trl) or None),
        "mode": ("合作方式", "、".join(modes), "；".join(ways) or None),
        "money": ("预算与价格", "" if asks.budget_fen is None else f"预算 {shown(asks.budget_fen)}", price),
    }
    rows = [_condition(one, *said[one.name]) for one in found.conditions]
    near = _nearness(asks.region_code, gives.region_code)
    return [*rows, Term("地区", need.region, achievement.region or None, None, near)]


def _condition(one: Condition, label: str, wanted: str, offered: str | None) -> Term:
    near = one.name == "mode" and one.verdict == "unknown" and wanted and offered
    return Term(label, wanted, offered, one.verdict, "方式相近，可以商量" if near else "")


def _level(trl: int | None, before: str = "") -> str:
    return "" if trl is None else f"{before}TRL {trl}"


def _price(fen: int | None) -> str:
    return "面议" if fen is None else f"意向价格 {shown(fen)}"


def _nearness(ours: str | None, theirs: str | None) -> str:
    if not ours or not theirs:
        return ""
    if covers(ours, theirs) or covers(theirs, ours):
        return "同一地区"
    return "同市" if ours[:4] == theirs[:4] else "异地"
