"""Every address the service answers, and what it takes to come in. An address that is not here is refused.

A row reads ``METHOD address who [record]``. ``who`` is ``public``, or actions of which the asker must have one
(``a|b``). ``record`` is the kind of record that the first number in the address names: whoever may not know of it is
told what somebody is told who asks for one that does not exist; whoever may know of it, but not do this to it, is told
so. Where an address
ends in any of several moves, each move has a row of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from models import (
    Account,
    AccountInvitation,
    Achievement,
    Attachment,
    Attendee,
    Base,
    BlacklistEntry,
    Contract,
    DataIncident,
    FollowUp,
    HandshakeEvent,
    InvestmentEntry,
    Invitation,
    Match,
    Meeting,
    Need,
    Organization,
    OrganizationTie,
    PersonalDataRequest,
    Project,
    SavedSearch,
    Scientist,
    SensitiveWord,
    Synonym,
)
from service import visibility
from service.context import Context
from service.errors import Forbidden, NotFound, WoshouError
from service.policy.actions import POLICY, allows, demand
from service.policy.api_routes import API
from service.policy.attachables import ATTACHABLES
from service.policy.attachment_routes import ATTACHMENTS
from service.policy.page_routes import PAGES

PUBLIC = "public"
MOST_DIGITS = 18
_ANY_WORD = re.compile(r"/\{(move|stage)\}$")


@dataclass(frozen=True)
class Gate:
    """What one address takes; ``actions`` is empty where anybody may come in."""

    method: str
    path: str
    actions: tuple[str, ...]
    record: str

    @property
    def is_public(self) -> bool:
        """Whether nobody is asked who they are."""
        return not self.actions


def _read(table: str) -> dict[tuple[str, str], Gate]:
    gates = {}
    for line in filter(None, table.splitlines()):
        method, path, who, *record = line.split()
        actions = () if who == PUBLIC else tuple(who.split("|"))
        unknown = set(actions) - set(POLICY)
        if unknown or (method, path) in gates or (record and record[0] not in KNOWN_TO):
            raise ValueError(f"the table of routes is wrong at: {line}")
        gates[method, path] = Gate(method, path, actions, record[0] if record else "")
    return gates


def _rows(model: type[Base], condition: ColumnElement[bool]) -> Select[Any]:
    return select(model.__table__.c.id).where(condition)


def _accounts(ctx: Context) -> ColumnElement[bool]:
    if allows(ctx, "see_accounts"):
        return true()
    colleagues = Account.organization_id == ctx.actor.organization_id
    return colleagues if allows(ctx, "keep_colleagues") else false()


def _account_invitations(ctx: Context) -> ColumnElement[bool]:
    if allows(ctx, "manage_accounts"):
        return true()
    colleagues = AccountInvitation.organization_id == ctx.actor.organization_id
    return colleagues if allows(ctx, "invite_colleagues") else false()


def _matches(ctx: Context) -> Select[Any]:
    return (
        _rows(Match, visibility.matches(ctx))
        .join(Need, Need.id == Match.need_id)
        .join(Achievement, Achievement.id == Match.achievement_id)
    )


def _invitations(ctx: Context) -> Select[Any]:
    return (
        _rows(Invitation, visibility.invitations(ctx))
        .join(HandshakeEvent, HandshakeEvent.id == Invitation.handshake_event_id)
        .where(visibility.events(ctx))
    )


def _attendees(ctx: Context) -> Select[Any]:
    return _rows(Attendee, Attendee.invitation_id.in_(_invitations(ctx)))


def _attachments(ctx: Context) -> Select[Any]:
    """Files of records the asker may know of; who of them may read the files is a matter of the record's field."""
    of_known = [
        and_(Attachment.record_type == kind, Attachment.record_id.in_(KNOWN_TO[kind][1](ctx))) for kind in ATTACHABLES
    ]
    return _rows(Attachment, and_(Attachment.removed_at.is_(None), or_(*of_known)))


KNOWN_TO: Mapping[str, tuple[type[Any], Callable[[Context], Select[Any]]]] = {
    "Account": (Account, lambda ctx: _rows(Account, _accounts(ctx))),
    "AccountInvitation": (AccountInvitation, lambda ctx: _rows(AccountInvitation, _account_invitations(ctx))),
    "Achievement": (Achievement, lambda ctx: _rows(Achievement, visibility.postings(ctx, Achievement))),
    "Attachment": (Attachment, _attachments),
    "Attendee": (Attendee, _attendees),
    "Contract": (Contract, lambda ctx: _rows(Contract, visibility.contracts(ctx))),
    "FollowUp": (FollowUp, lambda ctx: _rows(FollowUp, visibility.follow_ups(ctx))),
    "HandshakeEvent": (HandshakeEvent, lambda ctx: _rows(HandshakeEvent, visibility.events(ctx))),
    "InvestmentEntry": (InvestmentEntry, lambda ctx: _rows(InvestmentEntry, visibility.entries(ctx))),
    "Invitation": (Invitation, _invitations),
    "Match": (Match, _matches),
    "Meeting": (Meeting, lambda ctx: _rows(Meeting, visibility.meetings(ctx))),
    "Need": (Need, lambda ctx: _rows(Need, visibility.postings(ctx, Need))),
    "Organization": (Organization, lambda _ctx: _rows(Organization, true())),
    "Employer": (Organization, lambda _ctx: _rows(Organization, true())),
    "Project": (Project, lambda ctx: _rows(Project, visibility.projects(ctx))),
    "Scientist": (Scientist, lambda _ctx: _rows(Scientist, true())),
    "SavedSearch": (SavedSearch, lambda ctx: _rows(SavedSearch, SavedSearch.account_id == ctx.actor.account_id)),
    "OrganizationTie": (OrganizationTie, lambda _ctx: _rows(OrganizationTie, true())),
    "BlacklistEntry": (BlacklistEntry, lambda _ctx: _rows(BlacklistEntry, true())),
    "DataIncident": (DataIncident, lambda _ctx: _rows(DataIncident, true())),
    "PersonalDataRequest": (PersonalDataRequest, lambda _ctx: _rows(PersonalDataRequest, true())),
    "SensitiveWord": (SensitiveWord, lambda _ctx: _rows(SensitiveWord, true())),
    "Synonym": (Synonym, lambda _ctx: _rows(Synonym, true())),
}
"""Kind of record → its class, and the numbers of those the asker may know of."""

SHARED = frozenset(
    {
        "BlacklistEntry",
        "DataIncident",
        "Organization",
        "OrganizationTie",
        "PersonalDataRequest",
        "SavedSearch",
        "SensitiveWord",
        "Synonym",
    }
)
"""Kinds that belong to nobody in particular, or whose rows are found for their owner alone."""

ROUTES: Mapping[tuple[str, str], Gate] = _read(PAGES + API + ATTACHMENTS)


def gate_of(method: str, template: str, path: str) -> Gate | None:
    """The row for a request: that of the address as it is written, before that of any word in its last place."""
    verb = "GET" if method == "HEAD" else method
    if _ANY_WORD.search(template):
        return ROUTES.get((verb, f"{template.rpartition('/')[0]}/{path.rpartition('/')[2]}"))
    return ROUTES.get((verb, template))


def admit(ctx: Context, gate: Gate, numbers: Mapping[str, Any]) -> None:
    """Let a request in. Raises NotSignedIn, Forbidden or NotFound. ``numbers``: the placeholders of the address."""
    if gate.actions and not any(allows(ctx, action) for action in gate.actions):
        demand(ctx, gate.actions[0])
    if not gate.record:
        return
    model, known = KNOWN_TO[gate.record]
    number = str(next(iter(numbers.values()), ""))
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        raise not_found(model)
    key = int(number)
    if ctx.session.scalar(known(ctx).where(model.id == key)) is None:
        raise not_found(model)
    if not gate.actions or gate.record in SHARED:
        return
    record = ctx.find(model, key)
    if not any(allows(ctx, action, record) for action in gate.actions):
        demand(ctx, gate.actions[0], record)


def not_found(model: type[Any]) -> NotFound:
    """What is said of a record that does not exist, and of one the asker may not know of: the same."""
    return NotFound(f"没有这条{model.title_zh}，可能编号有误，或您无权查看。")


def unlisted(template: str) -> WoshouError:
    """What is said at an address nobody wrote into the table: there is no such move, or nobody may come in yet."""
    if _ANY_WORD.search(template):
        return NotFound("没有这个操作，请从页面上的按钮办理。")
    return Forbidden("这个地址还没有登记由谁使用，暂不开放。")
