"""The fields that forms about accounts share, and what is checked about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, StringConstraints

from models import Account, Organization
from service.commands import wrong
from service.context import Context
from service.errors import Invalid
from service.passwords import shortcoming

Email = Annotated[str, Field(min_length=3, max_length=200, title="邮箱", description="用作登录名")]
Name = Annotated[str, Field(min_length=1, max_length=50, title="姓名")]
AS_TYPED = StringConstraints(strip_whitespace=False, max_length=1000)
Password = Annotated[str, AS_TYPED, Field(title="密码", json_schema_extra={"widget": "password"})]
"""A new password, blanks and all; ``check_password`` says whether it will do."""
TypedPassword = Annotated[
    str, AS_TYPED, Field(title="现在的密码", json_schema_extra={"widget": "password", "autocomplete": "current"})
]
Code = Annotated[str, Field(max_length=20, title="验证码", description="6 位数字")]


def folded_email(value: str) -> str:
    """The address as it is kept. Raises the complaint shown at the field."""
    folded = value.strip().lower()
    local, at, domain = folded.partition("@")
    if not (local and at and "." in domain) or "@" in domain or any(not c.isprintable() or c.isspace() for c in folded):
        raise wrong("请填写完整的邮箱，例如 zhang@example.cn")
    return folded


def check_password(ctx: Context, password: str, about: Sequence[str], *, field: str = "password") -> None:
    """Raises Invalid at ``field`` unless the password will do; ``about``: what it may not be guessed from."""
    complaint = shortcoming(ctx.settings, password, about)
    if complaint is not None:
        raise Invalid({field: complaint})


def words_about(ctx: Context, account: Account) -> tuple[str, ...]:
    """What somebody's password may not be guessed from."""
    house = ctx.session.get(Organization, account.organization_id)
    return (account.email, account.name, house.name if house is not None else "")
