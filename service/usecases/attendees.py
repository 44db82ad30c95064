"""Keep the people who come for an invited organization, and the invitation in step with them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from sqlalchemy import delete, select, update

from models import (
    Achievement,
    Attendee,
    AttendeeState,
    AttendeeTopic,
    HandshakeEvent,
    Invitation,
    InvitationState,
    Match,
    Meeting,
    MeetingState,
    Need,
    Organization,
    Scientist,
)
from models.attendee import STAYS_AWAY
from service.commands import Command, OptionalInt, Version, empty_is_none
from service.context import Context
from service.errors import Conflict, Invalid
from service.kinds import picked, words
from service.links import give_link
from service.queries.attendees import attendees_of, possible_topics, topics_of
from service.usecases.account_fields import folded_email
from service.usecases.moving import move
from service.usecases.sensitive_words import refuse_secrets

A, I = AttendeeState, InvitationState  # noqa: E741 - read as headings below
MOST_OF_ONE = 50
"""As many people may come for one organization as it may have seats."""
OPEN_TALKS = (MeetingState.PROPOSED, MeetingState.CONFIRMED)
STATE_OF = {
    I.SENT: A.ASKED,
    I.LAPSED: A.ASKED,
    I.ACCEPTED: A.COMING,
    I.DECLINED: A.NOT_COMING,
    I.CHECKED_IN: A.ARRIVED,
    I.NO_SHOW: A.ABSENT,
}
"""What an organization's answer says of a person it did not name."""


OptionalEmail = Annotated[
    Annotated[str, Field(max_length=200), AfterValidator(folded_email)] | None,
    BeforeValidator(empty_is_none),
    Field(title="邮箱", description="用来收邀请函、桌次和变动通知"),
]
OptionalPhone = Annotated[
    Annotated[str, Field(max_length=50)] | None,
    BeforeValidator(empty_is_none),
    Field(title="手机", description="只给组织方现场联系用"),
]
TalkLimit = Annotated[Annotated[int, Field(ge=0, le=48)] | None, BeforeValidator(empty_is_none)]


class NamePerson(Command):
    """Who somebody is: the part of every form about an attendee."""

    name: Annotated[str, words("姓名", limit=50)] = ""
    position: Annotated[str, words("职务", limit=100)] = ""
    email: OptionalEmail = None
    phone: OptionalPhone = None


class WriteAttendee(NamePerson):
    """Input of one more person of an organization, or of a change to one; ``version`` only for a change."""

    scientist_id: Annotated[OptionalInt, picked("科学家", "从该院所的科学家名录中选", widget="select")] = None
    need_ids: Annotated[
        list[int], picked("负责的需求", "不选就可以谈本单位的全部", widget="checkboxes", max_length=100)
    ] = []
    achievement_ids: Annotated[
        list[int], picked("负责的成果", "不选就可以谈本单位的全部", widget="checkboxes", max_length=100)
    ] = []
    minimum_talks: Annotated[TalkLimit, picked("至少谈几场", "留空按活动的规定", widget="number")] = None
    maximum_talks: Annotated[TalkLimit, picked("至多谈几场", "留空按活动的规定", widget="number")] = None
    version: Version | None = None


def ensure_attendees(ctx: Context, invitation: Invitation) -> list[Attendee]:
    """The invitation's attendees; one for each of its seats is made when it has none yet."""
    there = attendees_of(ctx, invitation.id)
    if there:
        return there
    made = [new_attendee(ctx, invitation, state=STATE_OF[invitation.state]) for _ in range(invitation.seats)]
    made[0].name = invitation.attendee[:50]
    for one in made:
        one.replied_at, one.arrived_at = invitation.replied_at, invitation.checked_in_at
    ctx.flush()
    return made


def new_attendee(ctx: Context, invitation: Invitation, **columns: Any) -> Attendee:
    """Write one attendee with a badge and a link of their own; the caller keeps the invitation in step."""
    attendee = ctx.add(
        Attendee(**{"invitation_id": invitation.id, "away_slots": [], "is_demo": invitation.is_demo, **columns})
    )
    give_link(ctx, attendee)
    ctx.log(attendee.born())
    return attendee


def add_attendee(ctx: Context, invitation_id: int, command: WriteAttendee) -> Attendee:
    """One more person for an organization; a place nobody was named for is filled first."""
    refuse_secrets(ctx, command)
    invitation = ctx.require(Invitation, invitation_id, may="answer_invitation")
    there = ensure_attendees(ctx, invitation)
    named = _person(ctx, invitation, command)
    free = next((one for one in there if is_nobody(one)), None)
    if free is None and len(there) >= MOST_OF_ONE:
        raise Invalid({"name": f"一家机构最多 {MOST_OF_ONE} 人"})
    attendee = free or new_attendee(ctx, invitation)
    _write(ctx, attendee, command, named)
    follow_attendees(ctx, invitation)
    ctx.audit("add_attendee", attendee)
    return attendee


def edit_attendee(ctx: Context, attendee_id: int, command: WriteAttendee) -> Attendee:
    """Correct who somebody is and what they speak for; sending somebody else is ``replace_attendee``."""
    refuse_secrets(ctx, command)
    attendee = ctx.require(Attendee, attendee_id, may="answer_invitation")
    if command.version is None:
        raise Invalid({"version": "请带上您看到的版本号，以免覆盖别人的修改"})
    ctx.check_version(attendee, command.version)
    invitation = ctx.find(Invitation, attendee.invitation_id)
    _write(ctx, attendee, command, _person(ctx, invitation, command))
    follow_attendees(ctx, invitation)
    ctx.audit("edit", attendee)
    return attendee


def set_topics(ctx: Context, attendee: Attendee, need_ids: list[int], achievement_ids: list[int]) -> None:
    """Say what somebody speaks for alone; what the actor may not read of it stays. Raises Invalid for what is not."""
    house = ctx.find(Invitation, attendee.invitation_id).organization_id
    offered = {(topic.kind, topic.id) for topic in possible_topics(ctx, house)}
    before = {(topic.kind, topic.id) for topic in topics_of(ctx, [attendee.id]).get(attendee.id, ())}
    wanted = [("needs", number) for number in need_ids] + [("achievements", number) for number in achievement_ids]
    for kind, number in wanted:
        if (kind, number) not in offered | before:
            field = "need_ids" if kind == "needs" else "achievement_ids"
            raise Invalid({field: f"编号 {number} 不是本单位公开的{'需求' if kind == 'needs' else '成果'}"})
    ctx.session.execute(delete(AttendeeTopic).where(AttendeeTopic.attendee_id == attendee.id))
    for kind, number in dict.fromkeys([*wanted, *sorted(before - offered)]):
        side = {"need_id": number} if kind == "needs" else {"achievement_id": number}
        ctx.session.add(AttendeeTopic(attendee_id=attendee.id, **side))


def is_nobody(attendee: Attendee) -> bool:
    """Whether the place is kept for somebody who is not named yet."""
    return not attendee.name and attendee.scientist_id is None and attendee.state not in STAYS_AWAY


def follow_attendees(ctx: Context, invitation: Invitation, reason: str = "") -> None:
    """Bring an invitation's answer, seats and names in line with its attendees, and open the talks of who stays away.

    Somebody there: 签到; somebody coming: 接受; all stay away: 婉拒, or 缺席 when one of them was expected.
    """
    ctx.flush()
    there = attendees_of(ctx, invitation.id)
    if not there:
        return
    expected = [one for one in there if one.state not in STAYS_AWAY]
    names = "、".join(one.name for one in expected if one.name)
    invitation.seats = max(1, len(expected))
    invitation.attendee = names[:100] if names else invitation.attendee
    states = {one.state for one in there}
    if A.ARRIVED in states:
        invitation.checked_in_at = invitation.checked_in_at or ctx.now
        _lead(ctx, invitation, (I.ACCEPTED, I.CHECKED_IN), reason)
    elif A.COMING in states:
        invitation.checked_in_at = None
        _lead(ctx, invitation, (I.ACCEPTED,), reason)
    elif not expected:
        _lead(ctx, invitation, (I.NO_SHOW if A.ABSENT in states else I.DECLINED,), reason)
    ctx.touch(invitation)
    if invitation.state is I.DECLINED:
        reopen_talks_of(ctx, invitation)


def answer_for_all(ctx: Context, invitation: Invitation, *, coming: bool, name: str = "") -> None:
    """Carry an organization's own answer over to its people; the first who is not named gets ``name``.

    ``invitation.attendee`` still holds the name that was given before.
    """
    there = ensure_attendees(ctx, invitation)
    if not coming:
        for one in there:
            if one.may_move(A.NOT_COMING):
                one.replied_at = ctx.now
                move(ctx, one, A.NOT_COMING)
        return
    unnamed = [one for one in there if not one.name and one.scientist_id is None]
    named_before = [one for one in there if one.name and one.name == invitation.attendee[:50]]
    lead = next(iter(named_before + unnamed), None)
    if lead is not None:
        lead.name = name[:50]
        ctx.touch(lead)
    answered = {one.id: one for one in [*unnamed, *([lead] if lead is not None else [])]}
    if not answered and not any(one.state is A.COMING for one in there):
        answered = {there[0].id: there[0]}
    for one in answered.values():
        one.replied_at = ctx.now
        if one.state in (A.ASKED, A.NOT_COMING):
            move(ctx, one, A.COMING)


def arrive_all(ctx: Context, invitation: Invitation) -> None:
    """Carry an organization's arrival over to those of its people who said they come, else to the first."""
    there = ensure_attendees(ctx, invitation)
    coming = [one for one in there if one.state is A.COMING]
    for one in coming or [one for one in there if one.may_move(A.ARRIVED)][:1]:
        one.arrived_at = ctx.now
        move(ctx, one, A.ARRIVED)


def miss_all(ctx: Context, invitation: Invitation) -> None:
    """Carry over to its people that nobody of an organization came."""
    for one in ensure_attendees(ctx, invitation):
        if one.may_move(A.ABSENT):
            one.arrived_at = None
            move(ctx, one, A.ABSENT)


def keep_places(ctx: Context, invitation: Invitation, seats: int) -> None:
    """Make as many places as ``seats``: more without a name, or fewer of those. Raises Invalid when all are named."""
    expected = [one for one in ensure_attendees(ctx, invitation) if one.state not in STAYS_AWAY]
    for _ in range(seats - len(expected)):
        new_attendee(ctx, invitation, state=STATE_OF[invitation.state])
    surplus = len(expected) - seats
    unnamed = [one for one in expected if is_nobody(one)][::-1]
    if surplus > len(unnamed):
        raise Invalid({"seats": f"已有 {len(expected) - len(unnamed)} 位具名的参会人，请先把不来的人改为“不来”"})
    for one in unnamed[: max(0, surplus)]:
        for side in (Meeting.need_attendee_id, Meeting.offer_attendee_id):
            ctx.session.execute(update(Meeting).where(side == one.id).values({side.key: None}))
        ctx.session.delete(one)
    ctx.flush()


def _lead(ctx: Context, invitation: Invitation, way: tuple[InvitationState, ...], reason: str) -> None:
    """Move the invitation along ``way`` to its last state, as far as its table of moves allows."""
    if invitation.state is way[-1]:
        return
    for target in way if not invitation.may_move(way[-1]) else way[-1:]:
        if invitation.may_move(target):
            move(ctx, invitation, target, reason)
    invitation.replied_at = invitation.replied_at or ctx.now


def stay_away(ctx: Context, attendee: Attendee, reason: str) -> None:
    """Open the confirmed talks of somebody who will not come, so that they are seated anew."""
    rows = select(Meeting).where(
        (Meeting.need_attendee_id == attendee.id) | (Meeting.offer_attendee_id == attendee.id),
        Meeting.state == MeetingState.CONFIRMED,
    )
    for meeting in ctx.session.scalars(rows.order_by(Meeting.id)).all():
        move(ctx, meeting, MeetingState.PROPOSED, reason)


def talks_of(ctx: Context, invitation: Invitation, states: tuple[MeetingState, ...]) -> list[Meeting]:
    """The talks of an invited organization at the event, in order of slot and table."""
    return list(
        ctx.session.scalars(
            select(Meeting)
            .join(Match, Match.id == Meeting.match_id)
            .join(Need, Need.id == Match.need_id)
            .join(Achievement, Achievement.id == Match.achievement_id)
            .where(
                Meeting.handshake_event_id == invitation.handshake_event_id,
                Meeting.state.in_(states),
                (Need.organization_id == invitation.organization_id)
                | (Achievement.organization_id == invitation.organization_id),
            )
            .order_by(Meeting.slot, Meeting.table_number)
        )
    )


def reopen_talks_of(ctx: Context, invitation: Invitation) -> None:
    """Open the confirmed talks of an organization nobody of which comes."""
    organization = ctx.find(Organization, invitation.organization_id)
    for meeting in talks_of(ctx, invitation, (MeetingState.CONFIRMED,)):
        move(ctx, meeting, MeetingState.PROPOSED, f"{organization.name}婉拒参会，需要重新安排")


def _person(ctx: Context, invitation: Invitation, command: WriteAttendee) -> dict[str, Any]:
    """The name and position to write: typed, or those of the chosen scientist of that institute."""
    named: dict[str, Any] = {"name": command.name, "position": command.position}
    if command.scientist_id is not None:
        scientist = ctx.session.get(Scientist, command.scientist_id)
        if scientist is None or scientist.organization_id != invitation.organization_id:
            raise Invalid({"scientist_id": "这位科学家不在该机构的名录里，请从列表中选择"})
        named = {"name": command.name or scientist.name, "position": command.position or scientist.position}
    return named


def _write(ctx: Context, attendee: Attendee, command: WriteAttendee, named: dict[str, Any]) -> None:
    low, high = command.minimum_talks, command.maximum_talks
    if low is not None and high is not None and low > high:
        raise Invalid({"maximum_talks": "至多谈的场数不能比至少谈的少"})
    set_topics(ctx, attendee, command.need_ids, command.achievement_ids)
    for key, value in (named | command.model_dump(exclude={"name", "position", "version", *_LISTS})).items():
        setattr(attendee, key, value)
    ctx.touch(attendee)


_LISTS = ("need_ids", "achievement_ids")


def check_running(ctx: Context, event: HandshakeEvent) -> None:
    """Raises Conflict for an event that is over or called off."""
    if event.state.value not in ("OPEN", "SCHEDULED"):
        raise Conflict(f"活动“{event.state.label}”，不能再答复。")
    if ctx.now > event.ends_at:
        raise Conflict("活动时间已过，不能再答复；有事请联系主办单位。")
