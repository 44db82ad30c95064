"""Projects, contracts and ledger lines."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from models import (
    Achievement,
    Contract,
    ContractKind,
    ConversionMode,
    EntryKind,
    FundSource,
    InvestmentEntry,
    Match,
    Meeting,
    Need,
    Organization,
    OrganizationKind,
    PartyRole,
    PaymentMode,
    Project,
    ProjectParty,
    ProjectState,
)
from models.project import IMPLEMENTED_STATES
from service.context import Context
from tests.factories.people import add_organization, numbers


def add_project(
    ctx: Context,
    *,
    state: ProjectState = ProjectState.INTENT,
    meeting: Meeting | None = None,
    demand: Organization | None = None,
    technology: Organization | None = None,
    **columns: Any,
) -> Project:
    """A project in any stage with its 需求方 and 技术方: the given ones, those of ``meeting``, or new ones."""
    implemented = state in IMPLEMENTED_STATES
    if meeting is not None:
        match = ctx.find(Match, meeting.match_id)
        demand = demand or ctx.find(Organization, ctx.find(Need, match.need_id).organization_id)
        technology = technology or ctx.find(Organization, ctx.find(Achievement, match.achievement_id).organization_id)
    demand = demand or add_organization(ctx)
    technology = technology or add_organization(ctx, kind=OrganizationKind.INSTITUTE)
    values: dict[str, Any] = {
        "title": f"大功率电解槽复合隔膜联合攻关（{next(numbers)}）",
        "summary": "研制并示范 1000 Nm³/h 电解槽用复合隔膜。",
        "direct_reason": "" if meeting else "企业在活动之外自行达成，事后登记",
        "region_code": "150600",
        "mode": ConversionMode.JOINT,
        "trl_start": 6,
        "trl_now": 7,
        "opened_on": date(2025, 3, 1),
        "contracted_on": date(2025, 4, 1) if implemented else None,
        "starts_on": date(2025, 4, 1) if implemented else None,
        "ends_on": date(2026, 3, 31) if implemented else None,
        "accepted_on": date(2025, 6, 1) if state is ProjectState.ACCEPTED else None,
        "acceptance_note": "指标全部达到" if state is ProjectState.ACCEPTED else "",
        "termination_reason": "企业转产，双方同意终止" if state is ProjectState.TERMINATED else "",
        **columns,
    }
    project = ctx.add(Project(state=state, meeting_id=meeting.id if meeting else None, **values))
    for organization, role in ((demand, PartyRole.DEMAND), (technology, PartyRole.TECHNOLOGY)):
        add_party(ctx, project, organization, role)
    return project


def add_party(ctx: Context, project: Project, organization: Organization, role: PartyRole) -> ProjectParty:
    """One more party of a project."""
    return ctx.add(
        ProjectParty(project_id=project.id, organization_id=organization.id, role=role, is_demo=project.is_demo)
    )


def _party(ctx: Context, project: Project, role: PartyRole) -> int:
    found = ctx.session.scalar(
        select(ProjectParty.organization_id).where(ProjectParty.project_id == project.id, ProjectParty.role == role)
    )
    assert found is not None
    return found


def add_contract(ctx: Context, *, project: Project | None = None, **columns: Any) -> Contract:
    """A contract of 200 万元, 150 万元 of them 技术交易额, between the project's two sides."""
    project = project or add_project(ctx, state=ProjectState.CONTRACTED)
    values: dict[str, Any] = {
        "title": "复合隔膜技术开发合同",
        "kind": ContractKind.DEVELOPMENT,
        "buyer_id": columns.get("buyer_id") or _party(ctx, project, PartyRole.DEMAND),
        "seller_id": columns.get("seller_id") or _party(ctx, project, PartyRole.TECHNOLOGY),
        "signed_on": date(2025, 4, 1),
        "amount_fen": 200_000_000,
        "technology_amount_fen": 150_000_000,
        "payment_mode": PaymentMode.INSTALMENTS,
        "is_demo": project.is_demo,
        **columns,
    }
    return ctx.add(Contract(project_id=project.id, **values))


def add_entry(
    ctx: Context,
    *,
    project: Project | None = None,
    kind: EntryKind = EntryKind.RECEIVED,
    amount_fen: int = 100_000_000,
    reverses: InvestmentEntry | None = None,
    **columns: Any,
) -> InvestmentEntry:
    """A ledger line of 100 万元; ``reverses=`` another line takes that one back."""
    if reverses is not None:
        project, kind, amount_fen = ctx.find(Project, reverses.project_id), reverses.kind, -reverses.amount_fen
        columns = {"source": reverses.source, "reverses_id": reverses.id, **columns}
    project = project or add_project(ctx, state=ProjectState.ACTIVE)
    values: dict[str, Any] = {
        "source": FundSource.ENTERPRISE,
        "occurred_on": date(2025, 5, 10),
        "evidence": "银行回单 2025-0510",
        "entered_by_name": ctx.actor.name,
        "created_at": ctx.now,
        "is_demo": project.is_demo,
        **columns,
    }
    return ctx.add(InvestmentEntry(project_id=project.id, kind=kind, amount_fen=amount_fen, **values))
