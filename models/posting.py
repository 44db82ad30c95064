"""What a need and an achievement have in common: who posts it, who may see it, and the states it passes through."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from models.base import BIG, DemoMarked, Id, Labelled, Seeded, Timed, Versioned, choice
from models.lifecycle import Lifecycle, Stateful
from models.organization import Organization
from models.sealed import Sealed


class PostingState(Labelled):
    """The states of a need or an achievement."""

    DRAFT = "DRAFT", "草稿", "neutral"
    SUBMITTED = "SUBMITTED", "待审", "warning"
    RETURNED = "RETURNED", "退回", "danger"
    PUBLISHED = "PUBLISHED", "已发布", "success"
    ENGAGED = "ENGAGED", "对接中", "progress"
    CLOSED_WON = "CLOSED_WON", "已解决/已转化", "info"
    CLOSED = "CLOSED", "已关闭", "neutral"
    EXPIRED = "EXPIRED", "已过期", "neutral"
    TAKEN_DOWN = "TAKEN_DOWN", "下架", "danger"


class Confidentiality(Labelled):
    """Who may read a posting."""

    PUBLIC = "PUBLIC", "公开", "success"
    MEMBERS = "MEMBERS", "会员可见", "info"
    COUNTERPARTS = "COUNTERPARTS", "对接方可见", "warning"
    ORGANIZERS = "ORGANIZERS", "仅组织方", "danger"


P = PostingState

POSTING_LIFECYCLE = Lifecycle(
    P.DRAFT,
    {
        P.DRAFT: frozenset({P.SUBMITTED, P.CLOSED}),
        P.SUBMITTED: frozenset({P.PUBLISHED, P.RETURNED, P.DRAFT}),
        P.RETURNED: frozenset({P.DRAFT, P.SUBMITTED, P.CLOSED}),
        P.PUBLISHED: frozenset({P.ENGAGED, P.CLOSED_WON, P.CLOSED, P.EXPIRED, P.TAKEN_DOWN}),
        P.ENGAGED: frozenset({P.PUBLISHED, P.CLOSED_WON, P.CLOSED, P.EXPIRED, P.TAKEN_DOWN}),
        P.CLOSED_WON: frozenset({P.TAKEN_DOWN}),
        P.CLOSED: frozenset({P.TAKEN_DOWN}),
        P.EXPIRED: frozenset({P.PUBLISHED, P.CLOSED, P.TAKEN_DOWN}),
        P.TAKEN_DOWN: frozenset({P.PUBLISHED}),
    },
)

EDITABLE_STATES = frozenset({P.DRAFT, P.RETURNED})
OPEN_STATES = frozenset({P.PUBLISHED, P.ENGAGED})
"""Postings that are ranked and can be met."""
PUBLIC_STATES = frozenset({P.PUBLISHED, P.ENGAGED, P.CLOSED_WON, P.CLOSED, P.EXPIRED})
"""Postings that others than their owner may read, as far as their confidentiality allows."""


class Posting(Stateful, Versioned, Timed, DemoMarked, Seeded):
    """Mixin: the columns every kind of posting has.

    ``edited_by_id`` is who wrote it last; ``flagged_words`` are the sensitive words its writer has looked over.
    """

    LIFECYCLE = POSTING_LIFECYCLE

    id: Mapped[Id]
    title: Mapped[str] = mapped_column(String(120))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    posted_on_behalf: Mapped[bool] = mapped_column(default=False, server_default=false())
    masked_name: Mapped[str] = mapped_column(String(100), default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    edited_by_id: Mapped[int | None] = mapped_column(BIG)
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"), index=True)
    keywords: Mapped[list[str]]
    confidentiality: Mapped[Confidentiality] = mapped_column(choice(Confidentiality), default=Confidentiality.PUBLIC)
    contact_name: Mapped[str] = mapped_column(Sealed(), default="")
    contact_phone: Mapped[str] = mapped_column(Sealed(), default="")
    flagged_words: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    stage_hint: Mapped[str] = mapped_column(String(100), default="")
    review_remark: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[PostingState] = mapped_column(choice(PostingState), default=PostingState.DRAFT)
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]

    @declared_attr
    def organization(cls) -> Mapped[Organization]:  # noqa: N805 - a declared_attr receives the class
        return relationship(lazy="raise")

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805 - a declared_attr receives the class
        table = cls.__tablename__  # type: ignore[attr-defined] # given by Base
        return (
            CheckConstraint("length(trim(title)) > 0", name="title_given"),
            Index(f"ix_{table}_listing", "state", "published_at", "id"),
            Index(f"ix_{table}_owner", "organization_id", "state"),
            *cls.extra_constraints(),
        )

    @classmethod
    def extra_constraints(cls) -> tuple[Any, ...]:
        """Constraints of one kind of posting alone."""
        return ()

    def body(self) -> str:
        """All running text of the posting, for ranking and search."""
        raise AttributeError(f"{type(self).__name__} says in body() which of its columns hold text")
