"""Incidents with personal data, and who may be affected: by what was seen, from where, by whom, or of which house."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from models import Account, Achievement, AuditEntry, AuditOutcome, DataIncident, Need
from service.context import Context
from service.policy import allows
from service.queries.accounts import ACCOUNTS
from service.queries.listing import Column, Filter, Listing, Params, equals_number, whole_number

SEEN = ("see_accounts", "see_contact", "export")
"""Lines of the log that say somebody saw, or carried out, others' personal data."""
RULES = ("address", "who", "organization")

INCIDENTS = Listing(
    key="data_incidents",
    label="个人信息安全事件",
    path="/admin/incidents",
    source=DataIncident.__table__,
    columns=(
        Column("id", "编号", DataIncident.id, align="right"),
        Column("title", "事件", DataIncident.title),
        Column("started_at", "开始", DataIncident.started_at),
        Column("ended_at", "结束", DataIncident.ended_at),
        Column("reported_at", "报告主管部门", DataIncident.reported_at),
        Column("created_at", "登记时间", DataIncident.created_at),
    ),
    visible=lambda ctx: true() if allows(ctx, "keep_incidents") else false(),
    search=(DataIncident.title, DataIncident.description),
    order="-id",
    unit="件",
)


def affected(incident: DataIncident, params: Params) -> Listing:
    """The accounts that may be affected, as a list to read and to export.

    ``organization``: everybody of that house. Otherwise whoever's data the log says was seen or exported between the
    incident's begin and end, narrowed to an ``address`` or to ``who`` acted. A list or an export of accounts shows all
    there were.
    """

    def visible(ctx: Context) -> ColumnElement[bool]:
        if not allows(ctx, "keep_incidents"):
            return false()
        there = and_(Account.created_at <= incident.ended_at, Account.erased_at.is_(None))
        number = whole_number(params.get("organization"))
        if number is not None:
            return and_(there, Account.organization_id == number)
        seen = _seen(incident, params)
        lists = seen.where(AuditEntry.record_id.is_(None), or_(*_of_accounts()))
        everybody = ctx.session.scalar(lists.limit(1)) is not None
        return there if everybody else and_(there, _one_by_one(seen))

    extra = tuple(Filter(name, name, equals_number(Account.id), widget="hidden") for name in RULES)
    passing = tuple(replace(one, where=lambda _ctx, _value: true()) for one in extra)
    return replace(
        ACCOUNTS,
        key="affected",
        label="受影响的人",
        path=f"/admin/incidents/{incident.id}/affected",
        visible=visible,
        filters=passing,
        order="organization",
        unit="人",
    )


def _seen(incident: DataIncident, params: Params) -> Select[Any]:
    query = select(AuditEntry.id).where(
        AuditEntry.at >= incident.started_at,
        AuditEntry.at <= incident.ended_at,
        AuditEntry.action.in_(SEEN),
        AuditEntry.outcome == AuditOutcome.DONE,
    )
    if params.get("address", "").strip():
        query = query.where(AuditEntry.address == params["address"].strip())
    number = whole_number(params.get("who"))
    return query.where(AuditEntry.actor_id == number) if number is not None else query


def _of_accounts() -> list[ColumnElement[bool]]:
    labels = (ACCOUNTS.label, "受影响的人")
    return [AuditEntry.details["list"].as_string() == label for label in labels]


def _one_by_one(seen: Select[Any]) -> ColumnElement[bool]:
    """Accounts looked at one by one, and whoever wrote the postings whose contact was looked at."""
    looked_at = seen.with_only_columns(AuditEntry.record_id)
    found = [Account.id.in_(looked_at.where(AuditEntry.record_type == "Account"))]
    for model in (Need, Achievement):
        postings = looked_at.where(AuditEntry.record_type == model.__name__)
        found.append(Account.id.in_(select(model.created_by_id).where(model.id.in_(postings))))
    return or_(*found)
