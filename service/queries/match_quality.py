"""匹配质量: what people's decisions say about the ranking in force, with intervals and n, or that they are too few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from matching.evaluation import Interval, bootstrap
from matching.feedback import (
    FEWEST_HELD_OUT,
    FEWEST_NEEDS,
    UNFIT_REASONS,
    Enough,
    Grade,
    JudgedList,
    enough,
    measured,
)
from models import AuditEntry, Category, DismissalReason, NeedCategory, Region
from service.context import Context
from service.queries.active_weights import active_weights
from service.queries.judgements import Judged, JudgedPair
from service.queries.lessons import Values, as_row, lessons
from service.queries.weight_sets import WeightSet, set_before, set_in_force, weight_sets

FEWEST_SHOWN = 10
"""Telling needs below which nothing is measured: a region or field by itself, and the whole as a finding."""

PLACES = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, 20))
"""Places in the list, from and to, that are counted together."""

FIELD_SCHEME = "industry8"


@dataclass(frozen=True)
class Part:
    """The needs of one region or field: how many were judged, and nDCG@10 over those that tell something."""

    label: str
    needs: int
    found: Interval

    @property
    def is_enough(self) -> bool:
        """Whether the part is measured by itself."""
        return self.found.needs >= FEWEST_SHOWN


@dataclass(frozen=True)
class Place:
    """What became of the pairs decided at some places of the list: how many, and the share that was wanted."""

    label: str
    decided: int
    wanted: int
    share: Interval


@dataclass(frozen=True)
class Reason:
    """How often pairs were passed over for a reason, and whether that speaks of the fit."""

    reason: DismissalReason
    number: int
    speaks_of_fit: bool


@dataclass(frozen=True)
class Quality:
    """Everything the page shows. ``is_demo``: all of it is 示例, because no real pair has been decided yet."""

    judged: Judged
    grades: Mapping[Grade, int]
    silent: int
    lists: Sequence[JudgedList]
    metrics: Mapping[str, Interval]
    enough: Enough
    in_force: WeightSet
    before: WeightSet | None
    history: Sequence[WeightSet]
    regions: Sequence[Part]
    fields: Sequence[Part]
    places: Sequence[Place]
    reasons: Sequence[Reason]
    last_trial: AuditEntry | None

    @property
    def is_demo(self) -> bool:
        """Whether what is shown is 示例."""
        return self.judged.is_demo

    @property
    def telling(self) -> int:
        """Needs whose judged pairs can be put in a right and a wrong order."""
        return sum(one.is_telling for one in self.lists)

    @property
    def is_measured(self) -> bool:
        """Whether the metrics are shown as a finding."""
        return self.telling >= FEWEST_SHOWN

    @property
    def lacking(self) -> list[str]:
        """What is missing before weights are learned, in Chinese; empty when a trial can be held."""
        return lacking(self.enough)


def lacking(there: Enough) -> list[str]:
    """What a trial still needs, in Chinese."""
    found = []
    if there.needs < FEWEST_NEEDS:
        found.append(f"已评价 {there.needs} 个需求，至少需要 {FEWEST_NEEDS} 个")
    if there.held_out < FEWEST_HELD_OUT:
        found.append(
            f"较新的三成需求中，能比较先后的（评价有好有差）有 {there.held_out} 个，至少需要 {FEWEST_HELD_OUT} 个"
        )
    return found


def match_quality(ctx: Context) -> Quality:
    """Everything the page 匹配质量 shows. Raises NotSignedIn or Forbidden."""
    ctx.demand("read_quality")
    found = lessons(ctx)
    pairs = found.judged.pairs
    heard = [pair for pair in pairs if pair.judgement().fit is not None]
    weights = as_row(active_weights(ctx))
    return Quality(
        judged=found.judged,
        grades={grade: sum(pair.grade is grade for pair in heard) for grade in reversed(Grade)},
        silent=len(pairs) - len(heard),
        lists=found.lists,
        metrics=measured(found.lists, weights),
        enough=enough(found.lists),
        in_force=set_in_force(ctx),
        before=set_before(ctx),
        history=weight_sets(ctx),
        regions=_parts(found.lists, weights, _region_of_needs(ctx, pairs)),
        fields=_parts(found.lists, weights, _fields_of_needs(ctx, pairs)),
        places=_places(heard),
        reasons=_reasons(pairs),
        last_trial=ctx.session.scalar(
            select(AuditEntry).where(AuditEntry.action == "retrain_weights").order_by(AuditEntry.id.desc()).limit(1)
        ),
    )


def _parts(lists: Sequence[JudgedList], weights: Values, of_need: Mapping[str, Sequence[str]]) -> list[Part]:
    """nDCG@10 by label, the label with most needs first; a need may bear several labels."""
    by_label: dict[str, list[JudgedList]] = {}
    for one in lists:
        for label in of_need.get(one.need, ()):
            by_label.setdefault(label, []).append(one)
    found = [Part(label, len(some), measured(some, weights)["ndcg@10"]) for label, some in by_label.items()]
    return sorted(found, key=lambda part: (-part.found.needs, -part.needs, part.label))


def _region_of_needs(ctx: Context, pairs: Sequence[JudgedPair]) -> dict[str, list[str]]:
    names = dict(ctx.session.execute(select(Region.code, Region.name)).all())
    return {str(pair.need_id): [names.get(pair.region_code or "", "未填地区")] for pair in pairs}


def _fields_of_needs(ctx: Context, pairs: Sequence[JudgedPair]) -> dict[str, list[str]]:
    wanted = {pair.need_id for pair in pairs}
    rows = ctx.session.execute(
        select(NeedCategory.posting_id, Category.name)
        .join(Category, Category.id == NeedCategory.category_id)
        .where(Category.scheme == FIELD_SCHEME, Category.parent_id.is_(None))
        .order_by(Category.code)
    )
    found: dict[str, list[str]] = {}
    for need_id, name in rows:
        if need_id in wanted:
            found.setdefault(str(need_id), []).append(name)
    return found


def _places(heard: Sequence[JudgedPair]) -> list[Place]:
    """Decided pairs whose decision speaks of the fit, by the place they were shown at."""
    found = []
    for first, last in PLACES:
        here = [pair for pair in heard if pair.rank is not None and first <= pair.rank <= last]
        label = f"第 {first} 位" if first == last else f"第 {first}–{last} 位"
        found.append(_place(label, here))
    found.append(_place("名次未记录", [pair for pair in heard if pair.rank is None or pair.rank > PLACES[-1][1]]))
    return found


def _place(label: str, pairs: Sequence[JudgedPair]) -> Place:
    wanted = [float(pair.grade > Grade.DISMISSED) for pair in pairs]
    return Place(label, len(pairs), int(sum(wanted)), bootstrap(wanted))


def _reasons(pairs: Sequence[JudgedPair]) -> list[Reason]:
    given = [pair.reason for pair in pairs if pair.grade is Grade.DISMISSED]
    counted = [Reason(reason, given.count(reason), reason.value in UNFIT_REASONS) for reason in DismissalReason]
    return sorted((one for one in counted if one.number), key=lambda one: -one.number)
