"""Invitations to open an account: written, sent again, taken back, and followed."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from models import Organization
from service.context import Context
from service.errors import Forbidden
from service.pages.signing_in import entered
from service.passwords import rules_in_words
from service.policy import allows
from service.queries.accounts import open_invitations
from service.queries.narrowing import regions
from service.queries.taxonomy import organizations
from service.usecases.account_invitations import (
    EndInvitation,
    InvitePerson,
    Join,
    Letter,
    invitation_of,
    invite_person,
    join,
    revoke_invitation,
    roles_to_invite,
    send_again,
)
from service.web.dependencies import ContextDep, FormDep
from service.web.forms import FormState, complete, fields_of, labels_of
from service.web.templating import go, render

router = APIRouter(tags=["账号邀请"])


@router.get("/account-invitations")
def show_list(request: Request, ctx: ContextDep) -> Response:
    _demand_keeper(ctx)
    return _list(request, ctx, FormState())


@router.get("/account-invitations/new")
def show_new(request: Request, ctx: ContextDep) -> Response:
    _demand_keeper(ctx)
    given = {name: request.query_params.get(name, "") for name in ("role", "organization_id")}
    return _form(request, ctx, FormState({"region_code": ctx.settings.region_code, **given}))


@router.post("/account-invitations/new")
def post_new(request: Request, ctx: ContextDep, form: FormDep) -> Response:
    _demand_keeper(ctx)
    return complete(
        ctx,
        form,
        InvitePerson,
        lambda command: _letter(request, ctx, invite_person(ctx, command)),
        lambda state, code: _form(request, ctx, state, code),
    )


@router.post("/account-invitations/{invitation_id:int}/send-again")
def post_again(invitation_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    return complete(
        ctx,
        form,
        EndInvitation,
        lambda command: _letter(request, ctx, send_again(ctx, invitation_id, command)),
        lambda state, code: _list(request, ctx, state, code),
    )


@router.post("/account-invitations/{invitation_id:int}/revoke")
def post_revoke(invitation_id: int, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: EndInvitation) -> Response:
        revoke_invitation(ctx, invitation_id, command)
        return go("/account-invitations", "withdrawn")

    return complete(ctx, form, EndInvitation, act, lambda state, code: _list(request, ctx, state, code))


@router.get("/join/{token}")
def show_join(token: str, request: Request, ctx: ContextDep) -> Response:
    return _join(request, ctx, token, FormState({"name": invitation_of(ctx, token).name}))


@router.post("/join/{token}")
def post_join(token: str, request: Request, ctx: ContextDep, form: FormDep) -> Response:
    def act(command: Join) -> Response:
        account, cookie = join(ctx, token, command)
        if not cookie:
            return go("/login", "waits-for-approval")
        return entered(ctx, cookie, "/workbench", request=request, account=account)

    return complete(ctx, form, Join, act, lambda state, code: _join(request, ctx, token, state, code))


def _demand_keeper(ctx: Context) -> None:
    if not (allows(ctx, "manage_accounts") or allows(ctx, "invite_colleagues")):
        ctx.demand("manage_accounts")
        raise Forbidden("您的账号不能邀请他人。")


def _list(request: Request, ctx: Context, form: FormState, status: int = 200) -> Response:
    return render(
        request, ctx, "accounts/invitations.html", status=status, form=form, invitations=open_invitations(ctx)
    )


def _form(request: Request, ctx: Context, form: FormState, status: int = 200) -> Response:
    everywhere = allows(ctx, "manage_accounts")
    names = ["name", "email", "role", *(("organization_id", "region_code") if everywhere else ())]
    options = {
        "role": [(role.value, role.label) for role in roles_to_invite(ctx)],
        "organization_id": organizations(ctx) if everywhere else [],
        "region_code": regions(ctx) if everywhere else [],
    }
    return render(
        request,
        ctx,
        "accounts/invite.html",
        status=status,
        form=form,
        fields=fields_of(InvitePerson, [*names, "is_organization_admin"], options),
        labels=labels_of(InvitePerson),
        everywhere=everywhere,
    )


def _letter(request: Request, ctx: Context, letter: Letter) -> Response:
    """The letter, shown once: its link cannot be read again."""
    base = str(request.base_url).rstrip("/") if letter.link.startswith("/") else ""
    text = letter.text.replace(letter.link, base + letter.link)
    return render(request, ctx, "accounts/letter.html", letter=letter, text=text, link=base + letter.link)


def _join(request: Request, ctx: Context, token: str, form: FormState, status: int = 200) -> Response:
    invitation = invitation_of(ctx, token)
    return render(
        request,
        ctx,
        "accounts/join.html",
        status=status,
        form=form,
        invitation=invitation,
        organization=ctx.find(Organization, invitation.organization_id).name,
        rules=rules_in_words(ctx.settings),
        labels=labels_of(Join),
        token=token,
    )
