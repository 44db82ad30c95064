"""People who sign in, their sessions and their API tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, DemoMarked, Id, Labelled, Timed, Versioned, choice
from models.organization import Organization


class Role(Labelled):
    """What an account is here for; what it may do is the policy's business."""

    ENTERPRISE = "ENTERPRISE", "企业用户"
    INSTITUTE = "INSTITUTE", "科研院所用户"
    BROKER = "BROKER", "技术经纪人"
    ORGANIZER = "ORGANIZER", "组织方"
    LEADER = "LEADER", "领导"
    ADMIN = "ADMIN", "系统管理员"
    AUDITOR = "AUDITOR", "审计员"


class Account(Base, Versioned, Timed, DemoMarked):
    """A person who signs in (账号); belongs to one organization; an organizer is scoped to a region."""

    title_zh = "账号"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(50))
    role: Mapped[Role] = mapped_column(choice(Role), index=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    organization: Mapped[Organization] = relationship(lazy="raise")
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())

    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("length(password_hash) > 0", name="password_set"),
    )


class SignInSession(Base):
    """A signed-in browser (登录会话); only a digest of its cookie is kept."""

    title_zh = "登录会话"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Base):
    """A bearer token for programs (接口令牌); only its digest is kept."""

    title_zh = "接口令牌"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
