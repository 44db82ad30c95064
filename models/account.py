"""People who sign in: their role, how they prove who they are, and whether they were let go."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import BIG, Base, DemoMarked, Id, Labelled, Timed, Versioned, choice
from models.organization import Organization
from models.sealed import Sealed


class Role(Labelled):
    """What an account is here for; what it may do is the policy's business.

    ADMIN, SECURITY and AUDITOR are the three separated duties (GB/T 22239-2019): no person holds two of them.
    """

    ENTERPRISE = "ENTERPRISE", "企业用户"
    INSTITUTE = "INSTITUTE", "科研院所用户"
    BROKER = "BROKER", "技术经纪人"
    ORGANIZER = "ORGANIZER", "组织方"
    LEADER = "LEADER", "领导"
    ADMIN = "ADMIN", "系统管理员"
    SECURITY = "SECURITY", "安全管理员"
    AUDITOR = "AUDITOR", "审计员"


DUTIES = frozenset({Role.ADMIN, Role.SECURITY, Role.AUDITOR})
"""The three duties that are kept apart (三员分立)."""
NO_PASSWORD = "!"  # noqa: S105 - not a password: no hash begins so, and nothing matches it
"""The password hash of an account that has none yet, or none any more."""


class Account(Base, Versioned, Timed, DemoMarked):
    """A person who signs in (账号); belongs to one organization; an organizer is scoped to a region.

    ``is_organization_admin``: may invite colleagues of the same organization. ``awaits_approval``: opened, but not yet
    confirmed by the security administrator. ``totp_last_step`` is the last time step whose code was used.
    ``erased_at``: the person was erased and only the number is kept.
    """

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
    is_organization_admin: Mapped[bool] = mapped_column(default=False, server_default=false())
    awaits_approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    email_verified_at: Mapped[datetime | None]
    password_changed_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=false())
    totp_secret: Mapped[str | None] = mapped_column(Sealed())
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None] = mapped_column(BIG)
    oidc_issuer: Mapped[str | None] = mapped_column(String(200))
    oidc_subject: Mapped[str | None] = mapped_column(String(200))
    wants_recommendations: Mapped[bool] = mapped_column(default=True, server_default=true())
    erased_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("length(password_hash) > 0", name="password_set"),
        Index("ix_accounts_oidc", "oidc_issuer", "oidc_subject", unique=True),
    )
