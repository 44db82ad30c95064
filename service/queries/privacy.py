"""The notice in force, its earlier versions, and what somebody agreed to or took back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from models import Consent, ConsentKind, PrivacyNotice
from service.context import Context
from service.errors import NotFound
from service.personal_data.notice import standard_notice


@dataclass(frozen=True)
class ConsentState:
    """One kind of consent of the actor: the version agreed to and when, None where there is none that stands."""

    kind: ConsentKind
    number: int | None
    given_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether it was given and not taken back."""
        return self.given_at is not None


def current_notice(ctx: Context) -> PrivacyNotice | None:
    """The latest published notice; None before the first."""
    return ctx.session.scalar(select(PrivacyNotice).order_by(PrivacyNotice.number.desc()).limit(1))


def notice_text(ctx: Context) -> str:
    """The notice in force, or the standard one while none was published."""
    current = current_notice(ctx)
    return current.text if current is not None else standard_notice(ctx.settings)


def all_notices(ctx: Context) -> Sequence[PrivacyNotice]:
    """Every version, the latest first."""
    return ctx.session.scalars(select(PrivacyNotice).order_by(PrivacyNotice.number.desc())).all()


def notice_of(ctx: Context, number: int) -> PrivacyNotice:
    """One version. Raises NotFound."""
    found = ctx.session.scalar(select(PrivacyNotice).where(PrivacyNotice.number == number))
    if found is None:
        raise NotFound(f"没有第 {number} 版个人信息处理规则。")
    return found


def consent_owed(ctx: Context) -> int:
    """The number of the notice in force while the actor has not agreed to it; 0 when nothing is owed."""
    if ctx.actor.account_id is None:
        return 0
    newest = select(func.max(PrivacyNotice.number)).scalar_subquery()
    agreed = select(Consent.id).where(
        Consent.account_id == ctx.actor.account_id,
        Consent.kind == ConsentKind.PRIVACY,
        Consent.withdrawn_at.is_(None),
        Consent.notice_number == newest,
    )
    number, given = ctx.session.execute(select(newest, agreed.limit(1).scalar_subquery())).one()
    return int(number) if number is not None and given is None else 0


def contact_consent_stands(ctx: Context, record_type: str = "", record_id: int | None = None) -> bool:
    """Whether the actor agreed, under the notice in force, to a contact being shown: all of theirs, or this one's."""
    newest = select(func.coalesce(func.max(PrivacyNotice.number), 0)).scalar_subquery()
    for_it = (Consent.record_type == record_type) & (Consent.record_id == (record_id or 0))
    agreed = select(Consent.id).where(
        Consent.account_id == (ctx.actor.account_id or 0),
        Consent.kind == ConsentKind.CONTACT,
        Consent.withdrawn_at.is_(None),
        Consent.notice_number == newest,
        or_(Consent.record_id.is_(None), for_it),
    )
    return ctx.session.scalar(agreed.limit(1)) is not None


def own_consents(ctx: Context) -> list[ConsentState]:
    """What the actor agreed to, of the two kinds that can be taken back."""
    found = []
    for kind in (ConsentKind.PRIVACY, ConsentKind.CONTACT):
        rows = ctx.session.scalars(
            select(Consent)
            .where(Consent.account_id == (ctx.actor.account_id or 0), Consent.kind == kind)
            .order_by(Consent.id.desc())
        ).all()
        standing = next((row for row in rows if row.withdrawn_at is None), None)
        last = rows[0] if rows else None
        found.append(
            ConsentState(
                kind,
                standing.notice_number if standing else None,
                standing.given_at if standing else None,
                last.withdrawn_at if last and standing is None else None,
            )
        )
    return found
