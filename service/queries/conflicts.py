"""Who must not be brought together: one organization in two spellings, families, shared persons, the blacklist."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import or_, select

from matching.organizations import Named, keys
from models import BlacklistEntry, Organization, OrganizationTie, Region, TieKind
from service.context import Context


class ConflictKind(StrEnum):
    """Why two organizations must not meet."""

    OWN = "OWN"
    SAME = "SAME"
    FAMILY = "FAMILY"
    SHARED_PERSON = "SHARED_PERSON"
    AFFILIATED = "AFFILIATED"
    BLACKLIST = "BLACKLIST"


@dataclass(frozen=True)
class Finding:
    """One reason two organizations must not meet, with its sentence for people."""

    kind: ConflictKind
    sentence: str

    @property
    def spares_on_behalf(self) -> bool:
        """Whether postings made on behalf of an official document may meet all the same: only one's own are."""
        return self.kind in (ConflictKind.OWN, ConflictKind.SAME)


@dataclass(frozen=True)
class Ties:
    """All that keeps organizations apart on one day; made by ``ties``."""

    same: Mapping[int, frozenset[int]]
    family: Mapping[int, frozenset[int]]
    near: Mapping[frozenset[int], Finding]
    shunned: Mapping[int, Finding]
    apart: Mapping[frozenset[int], Finding]
    names: Mapping[int, str]

    def twins(self, one: int) -> frozenset[int]:
        """The organization in all its spellings, itself included."""
        return self.same.get(one, frozenset({one}))

    def between(self, one: int, other: int) -> Finding | None:
        """Why the two must not meet; None when nothing stands between them."""
        if (found := self._listed(one, other)) is not None:
            return found
        if one == other:
            return Finding(ConflictKind.OWN, "需求和成果属于同一家机构，不能互相对接。")
        pair = f"“{self.names.get(one, one)}”和“{self.names.get(other, other)}”"
        if other in self.twins(one):
            return Finding(ConflictKind.SAME, f"同一机构的不同写法：{pair}，不能互相对接。")
        if other in self.family.get(one, ()):
            return Finding(ConflictKind.FAMILY, f"母子公司：{pair}同属一个集团或上下级，不能互相对接。")
        for mine in self.twins(one):
            for theirs in self.twins(other):
                if (tie := self.near.get(frozenset({mine, theirs}))) is not None:
                    return tie
        return None

    def between_postings(self, one: int, other: int, *, on_behalf: bool) -> Finding | None:
        """The same for what two organizations posted; ``on_behalf``: one of the postings was made for somebody else."""
        found = self.between(one, other)
        return None if found is not None and on_behalf and found.spares_on_behalf else found

    def barred(self, one: int) -> frozenset[int]:
        """The organizations that ``one`` must not meet, apart from its own spellings."""
        twins = self.twins(one)
        if any(twin in self.shunned for twin in twins):
            return frozenset(self.names)
        others = set(self.family.get(one, ())) | set(self.shunned)
        for pair in (*self.near, *self.apart):
            if pair & twins:
                others |= pair - twins
        return frozenset(twin for other in others for twin in self.twins(other)) - twins

    def _listed(self, one: int, other: int) -> Finding | None:
        for mine in self.twins(one):
            for theirs in self.twins(other):
                found = self.apart.get(frozenset({mine, theirs})) if mine != theirs else None
                if found := found or self.shunned.get(mine) or self.shunned.get(theirs):
                    return found
        return None


def ties(ctx: Context, on: date | None = None) -> Ties:
    """What keeps organizations apart on a day, today unless given."""
    day = on or ctx.today
    regions = tuple(ctx.session.scalars(select(Region.name)))
    rows = ctx.session.execute(
        select(Organization.id, Organization.name, Organization.aliases, Organization.uscc).order_by(Organization.id)
    ).all()
    names = {row.id: row.name for row in rows}
    edges = ctx.session.execute(
        select(
            OrganizationTie.organization_id, OrganizationTie.other_id, OrganizationTie.kind, OrganizationTie.person_name
        ).order_by(OrganizationTie.id)
    ).all()
    spelled = [*_spellings({row.id: Named(row.name, row.aliases, row.uscc) for row in rows}, regions)]
    spelled += [(edge.organization_id, edge.other_id) for edge in edges if edge.kind is TieKind.SAME]
    above = [(edge.organization_id, edge.other_id) for edge in edges if edge.kind is TieKind.PARENT]
    near = {}
    for edge in edges:
        pair = f"“{names[edge.organization_id]}”和“{names[edge.other_id]}”"
        if edge.kind is TieKind.SHARED_PERSON:
            who = f"{edge.person_name}同时在{pair}任职" if edge.person_name else f"{pair}有人员交叉任职"
            finding = Finding(ConflictKind.SHARED_PERSON, f"同一人任职：{who}，不能互相对接。")
        elif edge.kind is TieKind.AFFILIATED:
            finding = Finding(ConflictKind.AFFILIATED, f"其他关联：{pair}有关联关系，不能互相对接。")
        else:
            continue
        near[frozenset({edge.organization_id, edge.other_id})] = finding
    shunned, apart = _blacklist(ctx, day)
    return Ties(_closed(spelled), _closed(spelled + above), near, shunned, apart, names)


def conflict_between(ctx: Context, one: int, other: int, on: date | None = None) -> Finding | None:
    """Why two organizations must not meet on a day; None when nothing stands between them."""
    return ties(ctx, on).between(one, other)


def _blacklist(ctx: Context, day: date) -> tuple[dict[int, Finding], dict[frozenset[int], Finding]]:
    shunned: dict[int, Finding] = {}
    apart: dict[frozenset[int], Finding] = {}
    entries = ctx.session.scalars(
        select(BlacklistEntry)
        .where(
            BlacklistEntry.lifted_at.is_(None),
            BlacklistEntry.starts_on <= day,
            or_(BlacklistEntry.ends_on.is_(None), BlacklistEntry.ends_on >= day),
        )
        .order_by(BlacklistEntry.id)
    )
    for entry in entries:
        term = f"至 {entry.ends_on.isoformat()}" if entry.ends_on is not None else "直到解除"
        finding = Finding(ConflictKind.BLACKLIST, f"不予对接：{entry.reason.rstrip('。')}（{term}）。")
        if entry.other_id is None:
            shunned[entry.organization_id] = finding
        else:
            apart[frozenset({entry.organization_id, entry.other_id})] = finding
    return shunned, apart


def _spellings(known: Mapping[int, Named], regions: tuple[str, ...]) -> Iterable[tuple[int, int]]:
    """Pairs of organizations that are one by their name or an alias; two different codes are two."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, named in known.items():
        for key in keys(named, regions):
            holders[key].append(number)
    for numbers in holders.values():
        codes = {known[number].uscc for number in numbers} - {None}
        if len(codes) < 2:
            yield from ((numbers[0], number) for number in numbers[1:])


def _closed(edges: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    """Everybody's whole group, by member."""
    groups: dict[int, set[int]] = {}
    for one, other in edges:
        joined = groups.get(one, {one}) | groups.get(other, {other})
        for member in joined:
            groups[member] = joined
    return {member: frozenset(group) for member, group in groups.items()}
