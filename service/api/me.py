"""One's own personal data under /api/v1/me: take it along, agree, take that back, ask about it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Response

from models import Account, ConsentKind, RequestKind, RequestState
from service.api.schemas import Out
from service.context import SHANGHAI
from service.queries.data_requests import due_on
from service.queries.own_data import own_data
from service.queries.privacy import own_consents
from service.reports.own_data import as_document
from service.usecases.data_requests import AskAboutData, ask_about_own_data
from service.usecases.privacy import GiveConsent, WithdrawConsent, give_consent, withdraw_consent
from service.web.dependencies import ContextDep

router = APIRouter(prefix="/me", tags=["我的账号"])


class ConsentOut(Out):
    """One kind of consent: the version of the notice agreed to, empty where none stands."""

    kind: ConsentKind
    number: int | None
    given_at: datetime | None
    withdrawn_at: datetime | None


class FieldOut(Out):
    """One column that may hold personal data, as the notice tells of it."""

    label: str
    purpose: str
    basis: str
    term: str
    at_end: str
    seen_by: str


class SectionOut(Out):
    """One kind of record with the asker's own rows."""

    record: str
    title: str
    count: int
    fields: list[FieldOut]
    rows: list[dict[str, Any]]


class OwnDataOut(Out):
    """Everything that is kept of the asker."""

    exported_at: datetime
    account: int
    sections: list[SectionOut]


class RequestOut(Out):
    """A request about one's data, and until when it is answered."""

    id: int
    kind: RequestKind
    state: RequestState
    created_at: datetime
    due_on: date


@router.get("/data", response_model=OwnDataOut, summary="本人的全部数据")
def get_data(ctx: ContextDep) -> Any:
    sections = own_data(ctx)
    ctx.saw("export_own_data", ctx.find(Account, ctx.actor.account_id or 0), form="json")
    return as_document(ctx, sections)


@router.get("/consents", response_model=list[ConsentOut], summary="本人的同意")
def get_consents(ctx: ContextDep) -> Any:
    ctx.demand("keep_own_account")
    return own_consents(ctx)


@router.post("/consents", response_model=list[ConsentOut], summary="同意")
def post_consent(ctx: ContextDep, command: GiveConsent) -> Any:
    give_consent(ctx, command)
    return own_consents(ctx)


@router.delete("/consents/{kind}", status_code=204, summary="撤回同意")
def delete_consent(kind: ConsentKind, ctx: ContextDep) -> Response:
    withdraw_consent(ctx, WithdrawConsent(kind=kind))
    return Response(status_code=204)


@router.post("/requests", status_code=201, response_model=RequestOut, summary="提出个人信息请求")
def post_request(ctx: ContextDep, command: AskAboutData) -> Any:
    asked = ask_about_own_data(ctx, command)
    due = due_on(asked.created_at.astimezone(SHANGHAI).date())
    return {**{name: getattr(asked, name) for name in ("id", "kind", "state", "created_at")}, "due_on": due}
