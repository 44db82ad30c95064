"""``woshou account``: create accounts and print API tokens."""

from __future__ import annotations

import os

import click
from sqlalchemy import select

from models import Account, Organization, Role
from service.cli.console import ChineseGroup, command, installation, unit_of_work
from service.commands import read
from service.context import Context
from service.errors import NotFound
from service.policy.scopes import SCOPES
from service.usecases.accounts import CreateAccount, create_account
from service.usecases.tokens import READ_AND_WRITE, issue_token


@click.group("account", cls=ChineseGroup)
def account() -> None:
    """账号与接口令牌。"""


@command("create")
@click.option("--email", required=True, help="邮箱，用作登录名。")
@click.option("--name", default="", help="姓名，默认取邮箱名。")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in Role], case_sensitive=False), help="角色。"
)
@click.option("--organization", required=True, help="所属机构：名称、别名或编号。")
@click.option("--region", default=None, help="组织方负责的地区代码，默认本地区。")
@click.option("--token", "with_token", is_flag=True, help="同时打印接口令牌。")
def create(email: str, name: str, role: str, organization: str, region: str | None, with_token: bool) -> None:
    """新建账号；密码从 WOSHOU_PASSWORD 读取，没有则询问。"""
    given = os.environ.get("WOSHOU_PASSWORD")
    password = given or click.prompt("密码", hide_input=True, confirmation_prompt="再输一次")
    with installation() as opened, unit_of_work(opened) as ctx:
        values = {
            "email": email,
            "name": name or email.partition("@")[0],
            "role": role.upper(),
            "organization_id": _organization(ctx, organization),
            "region_code": region or (ctx.settings.region_code if role.upper() == Role.ORGANIZER else None),
            "password": password,
        }
        made = create_account(ctx, read(CreateAccount, values))
        if with_token:
            print(issue_token(ctx, made, "命令行"))
        else:
            print(f"已新建账号 {made.email}（{made.role.label}）。")


@command("token")
@click.argument("email", metavar="邮箱")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice(SCOPES),
    metavar="范围",
    help="权限范围，可多次给出：read、write，或 needs:read、events:write 等；默认 read 与 write。",
)
@click.option("--days", type=click.IntRange(1, 365), default=None, metavar="天数", help="有效期，默认为最长期限。")
def token(email: str, scopes: tuple[str, ...], days: int | None) -> None:
    """为账号打印一个新的接口令牌（Authorization: Bearer …）。"""
    with installation() as opened, unit_of_work(opened) as ctx:
        found = ctx.session.scalar(select(Account).where(Account.email == email.strip().lower()))
        if found is None:
            raise NotFound(f"没有邮箱为 {email} 的账号。")
        print(issue_token(ctx, found, "命令行", scopes or READ_AND_WRITE, days))


account.add_command(create)
account.add_command(token)


def _organization(ctx: Context, wanted: str) -> int:
    rows = ctx.session.execute(select(Organization.id, Organization.name, Organization.aliases)).all()
    exact = [row.id for row in rows if wanted in (row.name, str(row.id))]
    found = exact or [row.id for row in rows if wanted in row.aliases]
    if not found:
        raise NotFound(f"没有名为“{wanted}”的机构，请先在管理页新建，或检查名称。")
    if len(found) > 1:
        raise NotFound(f"有 {len(found)} 家机构的别名是“{wanted}”，请写全称或编号。")
    return int(found[0])
