"""What signing in leaves behind: sessions, API tokens, known devices, failures, codes, used-up passwords."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.account import Role
from models.base import Base, Id, Labelled, Timed, Versioned, choice


class SignInMethod(Labelled):
    """How a session began."""

    PASSWORD = "PASSWORD", "密码"
    SINGLE_SIGN_ON = "SINGLE_SIGN_ON", "统一身份认证"
    INVITATION = "INVITATION", "账号邀请"
    RESET = "RESET", "重设密码"
    DEMO = "DEMO", "示例"


class SignInSession(Base):
    """A signed-in browser (登录会话); only a digest of its cookie is kept. ``handle`` names it on the owner's page.

    It ends at ``expires_at``, or when nothing was seen of it for the idle time. ``second_factor_at`` is when a second
    factor was shown, None while it is still owed or was never asked for. ``confirmed_at`` is when the person last
    proved again, in this session, that it is them.
    """

    title_zh = "登录会话"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    handle: Mapped[str] = mapped_column(String(32), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    method: Mapped[SignInMethod] = mapped_column(choice(SignInMethod), default=SignInMethod.PASSWORD)
    address: Mapped[str] = mapped_column(String(64), default="")
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Base):
    """A bearer token for programs (接口令牌); only its digest is kept.

    ``scopes`` are what it may be used for, such as ``read``, ``write`` or ``needs:read``.
    """

    title_zh = "接口令牌"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    handle: Mapped[str] = mapped_column(String(32), unique=True, index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    scopes: Mapped[list[str]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class KnownDevice(Base):
    """A browser that signed in to an account before (常用设备); failures elsewhere do not lock it out."""

    title_zh = "常用设备"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SignInFailure(Base):
    """A sign-in that was refused (登录失败). ``account_key`` is a digest of the address typed, known or not.

    ``device_id`` is the known device it came from, None for any other browser.
    """

    title_zh = "登录失败"

    id: Mapped[Id]
    account_key: Mapped[str] = mapped_column(String(64))
    device_id: Mapped[int | None]
    address: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_sign_in_failures_account", "account_key", "at"),
        Index("ix_sign_in_failures_address", "address", "at"),
    )


class RecoveryCode(Base):
    """A code that stands in once for a lost second factor (恢复码); only its digest is kept."""

    title_zh = "恢复码"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[datetime | None]


class UsedPassword(Base):
    """A password an account had before (用过的密码), so that it is not taken again."""

    title_zh = "用过的密码"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class CodePurpose(Labelled):
    """What a code proves."""

    VERIFY_EMAIL = "VERIFY_EMAIL", "验证邮箱"
    RESET_PASSWORD = "RESET_PASSWORD", "重设密码"
    CHANGE_EMAIL = "CHANGE_EMAIL", "更换邮箱"
    UNLOCK = "UNLOCK", "解除锁定"


class VerificationCode(Base):
    """A short code sent to an address, or handed over by an administrator (验证码); used once, tried a few times."""

    title_zh = "验证码"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[CodePurpose] = mapped_column(choice(CodePurpose))
    target: Mapped[str] = mapped_column(String(200), default="")
    code_digest: Mapped[str] = mapped_column(String(200))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class AccountInvitation(Base, Timed, Versioned):
    """A person asked to open an account (账号邀请). Open until accepted, revoked or run out."""

    title_zh = "账号邀请"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(200), index=True)
    name: Mapped[str] = mapped_column(String(50))
    role: Mapped[Role] = mapped_column(choice(Role))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    is_organization_admin: Mapped[bool] = mapped_column(default=False)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SingleSignOnAttempt(Base):
    """A visit to the identity provider that has not come back yet (统一身份认证请求)."""

    title_zh = "统一身份认证请求"

    state_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    browser_digest: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(64))
    code_verifier: Mapped[str] = mapped_column(String(128))
    return_to: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
