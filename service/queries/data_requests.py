"""What people ask about their own data: their own requests, and all of them for whoever answers; with the day due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import false, select, true

from models import Account, Organization, PersonalDataRequest, RequestKind, RequestState
from service.context import SHANGHAI, Context
from service.errors import NotFound
from service.policy import allows
from service.queries.listing import Column, Filter, Listing, choices, equals

WORKING_DAYS = 15
"""Within how many working days a request is answered; weekends do not count, public holidays count as if worked."""

REQUESTS = Listing(
    key="personal_data_requests",
    label="个人信息请求",
    path="/admin/privacy-requests",
    source=PersonalDataRequest.__table__.join(Account.__table__, Account.id == PersonalDataRequest.account_id).join(
        Organization.__table__, Organization.id == Account.organization_id
    ),
    columns=(
        Column("id", "编号", PersonalDataRequest.id, align="right"),
        Column("kind", "请求", PersonalDataRequest.kind, show=lambda kind: kind.label),
        Column("account", "提出人", Account.name),
        Column("organization", "所属机构", Organization.name),
        Column("state", "状态", PersonalDataRequest.state, show=lambda state: state.label),
        Column("created_at", "提出时间", PersonalDataRequest.created_at),
        Column("answered_at", "答复时间", PersonalDataRequest.answered_at),
        Column("account_id", "账号编号", PersonalDataRequest.account_id, listed=False),
    ),
    visible=lambda ctx: true() if allows(ctx, "answer_data_requests") else false(),
    search=(Account.name, Organization.name),
    filters=(
        Filter("state", "状态", equals(PersonalDataRequest.state, RequestState), choices(RequestState)),
        Filter("kind", "请求", equals(PersonalDataRequest.kind, RequestKind), choices(RequestKind)),
    ),
    order="-id",
    unit="件",
)


@dataclass(frozen=True)
class RequestDetail:
    """One request with who asks and until when it has to be answered."""

    request: PersonalDataRequest
    account: Account
    organization: str
    due_on: date
    is_late: bool


def due_on(asked_on: date) -> date:
    """The last day to answer what was asked on that day."""
    day, left = asked_on, WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day


def request_detail(ctx: Context, request_id: int) -> RequestDetail:
    """One request, for whoever answers it. Raises NotFound."""
    row = ctx.session.execute(
        select(PersonalDataRequest, Account, Organization.name)
        .join(Account, Account.id == PersonalDataRequest.account_id)
        .join(Organization, Organization.id == Account.organization_id)
        .where(PersonalDataRequest.id == request_id)
    ).first()
    if row is None:
        raise NotFound(f"没有编号为 {request_id} 的个人信息请求。")
    return _detail(ctx, *row)


def own_requests(ctx: Context) -> Sequence[RequestDetail]:
    """The actor's own requests, the latest first."""
    rows = ctx.session.execute(
        select(PersonalDataRequest, Account, Organization.name)
        .join(Account, Account.id == PersonalDataRequest.account_id)
        .join(Organization, Organization.id == Account.organization_id)
        .where(PersonalDataRequest.account_id == (ctx.actor.account_id or 0))
        .order_by(PersonalDataRequest.id.desc())
    )
    return [_detail(ctx, *row) for row in rows]


def _detail(ctx: Context, request: PersonalDataRequest, account: Account, organization: str) -> RequestDetail:
    due = due_on(request.created_at.astimezone(SHANGHAI).date())
    late = request.state is RequestState.OPEN and due < ctx.today
    return RequestDetail(request, account, organization, due, late)
