"""Say what is special about an event's tables: chairs, equipment, a way to join from afar, where it stands."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from models import EventTable, HandshakeEvent
from models.handshake_event import SEATING_STATES, HandshakeEventState
from service.commands import Chairs, Command, Version, wrong
from service.context import Context
from service.errors import Illegal, Invalid, NotFound
from service.kinds import picked, words
from service.queries.event_tables import tables_of
from service.queries.seating import sittings
from service.usecases.sensitive_words import refuse_secrets

USUAL_EQUIPMENT = ("投影", "大屏", "视频会议", "白板", "电源", "样品台")
"""What is offered to be ticked; anything else may be written."""
PLANNABLE = SEATING_STATES | {HandshakeEventState.PLANNED}


def _items(value: Any) -> Any:
    """A list, or one text whose parts are separated by 、，； or line breaks."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        joined = "、".join(value)
        for mark in ",，;；\r\n":
            joined = joined.replace(mark, "、")
        return list(dict.fromkeys(part.strip() for part in joined.split("、") if part.strip()))
    return value


def _address(value: str) -> str:
    if value and not value.startswith(("https://", "http://")):
        raise wrong("请填写以 https:// 开头的会议链接")
    return value


class WriteTable(Command):
    """Input of one table; ``version`` only when there was something said about it before."""

    name: Annotated[str, words("名称", "例如：A 区洽谈间；留空只用桌号", limit=50)] = ""
    chairs: Annotated[Chairs, picked("座位数", "留空不限", widget="number")] = None
    equipment: Annotated[
        list[Annotated[str, Field(max_length=20)]],
        BeforeValidator(_items),
        picked("设备", "每样不超过 20 字", widget="checkboxes", max_length=20),
    ] = []
    remote_link: Annotated[
        str,
        words("远程接入链接", "对方不在现场时用；只给这张桌上的双方看", limit=500),
        AfterValidator(_address),
    ] = ""
    zone: Annotated[str, words("区域", "同一区域里换桌走得近，排桌时会考虑", limit=50)] = ""
    closed_slots: Annotated[
        list[Annotated[int, Field(ge=0, le=47)]], picked("哪些场次不能用", widget="checkboxes", max_length=48)
    ] = []
    note: Annotated[str, words("备注", limit=200)] = ""
    version: Version | None = None


def keep_table(ctx: Context, event_id: int, number: int, command: WriteTable) -> EventTable:
    """Write down what is special about a table. Raises Invalid when a talk sits there in a slot to be closed."""
    refuse_secrets(ctx, command)
    event = _event(ctx, event_id, number)
    table = tables_of(ctx, event.id).get(number)
    if table is not None:
        if command.version is None:
            raise Invalid({"version": "请带上您看到的版本号，以免覆盖别人的修改"})
        ctx.check_version(table, command.version)
    closed = sorted(set(command.closed_slots))
    if closed and closed[-1] >= event.slots:
        raise Invalid({"closed_slots": f"本次活动只有 {event.slots} 场"})
    if seated := [one for one in sittings(ctx, event.id) if one.table_number == number and one.slot in closed]:
        raise Invalid({"closed_slots": f"{seated[0].place}已排了洽谈，请先移走"})
    values = command.model_dump(exclude={"version"}) | {"closed_slots": closed}
    if table is None:
        table = ctx.add(EventTable(handshake_event_id=event.id, number=number, **values))
    else:
        for name, value in values.items():
            setattr(table, name, value)
        ctx.touch(table)
    ctx.audit("keep_table", event, table_number=number)
    return table


def forget_table(ctx: Context, event_id: int, number: int) -> None:
    """Make a table like the others again."""
    event = _event(ctx, event_id, number)
    table = tables_of(ctx, event.id).get(number)
    if table is None:
        raise NotFound(f"{number} 号桌没有特别的说明。")
    ctx.session.delete(table)
    ctx.audit("keep_table", event, table_number=number)


def _event(ctx: Context, event_id: int, number: int) -> HandshakeEvent:
    event = ctx.require(HandshakeEvent, event_id, may="plan_event")
    if event.state not in PLANNABLE:
        raise Illegal(f"活动“{event.state.label}”后不能再改桌子。")
    if not 1 <= number <= event.tables:
        raise NotFound(f"本次活动只有 {event.tables} 张桌，没有 {number} 号桌。")
    return event
