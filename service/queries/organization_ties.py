"""One organization's ties and blacklist entries, what follows from them, and what could be recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from models import BlacklistEntry, Organization, OrganizationTie, TieKind
from service.context import Context
from service.queries.conflicts import ties
from service.queries.organizations import Namesake, namesakes


@dataclass(frozen=True)
class TieShown:
    """One tie as the organization's page shows it."""

    id: int
    version: int
    other_id: int
    other: str
    relation: str
    person: str
    note: str
    recorded_at: Any


@dataclass(frozen=True)
class EntryShown:
    """One entry of the blacklist; ``other`` empty: nobody is to meet the organization."""

    id: int
    version: int
    other: str
    reason: str
    starts_on: date
    ends_on: date | None
    lifted_at: datetime | None
    in_force: bool
    is_over: bool


@dataclass(frozen=True)
class OrganizationConflicts:
    """All about one organization. ``twins`` are its other rows, ``candidates`` rows whose name comes close."""

    organization: Organization
    ties: Sequence[TieShown]
    entries: Sequence[EntryShown]
    twins: Sequence[tuple[int, str]]
    candidates: Sequence[Namesake]


def organization_conflicts(ctx: Context, organization_id: int) -> OrganizationConflicts:
    """Ties, blacklist entries (those that are over too) and likely other spellings of one organization."""
    organization = ctx.find(Organization, organization_id)
    apart = ties(ctx)
    twins = apart.twins(organization.id)
    near = namesakes(ctx, organization.name, other_than=organization.id)
    return OrganizationConflicts(
        organization,
        _ties(ctx, organization.id, apart.names),
        _entries(ctx, organization.id, apart.names),
        [(one, apart.names[one]) for one in sorted(twins - {organization.id})],
        [one for one in near if one.id not in twins],
    )


def _ties(ctx: Context, own: int, names: Any) -> list[TieShown]:
    query = select(OrganizationTie).where(or_(OrganizationTie.organization_id == own, OrganizationTie.other_id == own))
    shown = []
    for tie in ctx.session.scalars(query.order_by(OrganizationTie.id)):
        other = tie.other_id if tie.organization_id == own else tie.organization_id
        below = tie.kind is TieKind.PARENT and tie.other_id == own
        relation = "下属单位" if below else tie.kind.label
        shown.append(
            TieShown(tie.id, tie.version, other, names[other], relation, tie.person_name, tie.note, tie.created_at)
        )
    return shown


def _entries(ctx: Context, own: int, names: Any) -> list[EntryShown]:
    query = select(BlacklistEntry).where(or_(BlacklistEntry.organization_id == own, BlacklistEntry.other_id == own))
    shown = []
    for entry in ctx.session.scalars(query.order_by(BlacklistEntry.id.desc())):
        other = entry.organization_id if entry.other_id == own else entry.other_id
        over = entry.lifted_at is not None or (entry.ends_on is not None and entry.ends_on < ctx.today)
        shown.append(
            EntryShown(
                entry.id,
                entry.version,
                names[other] if other is not None else "",
                entry.reason,
                entry.starts_on,
                entry.ends_on,
                entry.lifted_at,
                entry.starts_on <= ctx.today and not over,
                over,
            )
        )
    return shown
