"""What the law on personal information asks to be written down: notices, consents, requests and incidents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import BIG, Base, Id, Labelled, Timed, Versioned, choice


class PrivacyNotice(Base):
    """One version of the notice on personal information (个人信息处理规则); a later one asks everyone again."""

    title_zh = "个人信息处理规则"

    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    text: Mapped[str] = mapped_column(Text)
    what_changed: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(BIG)


class ConsentKind(Labelled):
    """What somebody agreed to."""

    PRIVACY = "PRIVACY", "个人信息处理规则"
    CONTACT = "CONTACT", "向对接方提供联系方式"
    NO_SECRET = "NO_SECRET", "不涉密承诺"


class Consent(Base):
    """Somebody agreed to one version of a text (同意记录), and may have taken it back.

    ``notice_number`` is the notice's number, or the version of the pledge's wording; ``record_type`` and ``record_id``
    say what it was given for, empty when for all.
    """

    title_zh = "同意记录"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[ConsentKind] = mapped_column(choice(ConsentKind))
    notice_number: Mapped[int]
    record_type: Mapped[str] = mapped_column(String(64), default="")
    record_id: Mapped[int | None] = mapped_column(BIG)
    address: Mapped[str] = mapped_column(String(64), default="")
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_consents_account", "account_id", "kind", "notice_number"),)


class RequestKind(Labelled):
    """What somebody asks about their own data."""

    CORRECT = "CORRECT", "更正"
    ERASE = "ERASE", "删除（注销账号）"
    EXPLAIN = "EXPLAIN", "查询与说明"


class RequestState(Labelled):
    """Where such a request stands."""

    OPEN = "OPEN", "待处理", "warning"
    DONE = "DONE", "已办理", "success"
    REFUSED = "REFUSED", "已拒绝", "danger"


class PersonalDataRequest(Base, Timed, Versioned):
    """Somebody asks for what the law gives them, and the answer with its reason (个人信息请求)."""

    title_zh = "个人信息请求"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[RequestKind] = mapped_column(choice(RequestKind))
    state: Mapped[RequestState] = mapped_column(choice(RequestState), default=RequestState.OPEN)
    text: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by_id: Mapped[int | None] = mapped_column(BIG)
    answered_at: Mapped[datetime | None]


class DataIncident(Base, Timed, Versioned):
    """Personal data that was or may have been lost, altered or disclosed (个人信息安全事件)."""

    title_zh = "个人信息安全事件"

    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    description: Mapped[str] = mapped_column(Text, default="")
    measures: Mapped[str] = mapped_column(Text, default="")
    reported_at: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(BIG)
