"""The minutes of an event: drafted from the records, as the reader may know them, and opened by LibreOffice."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from docx import Document

from models import (
    AttendeeState,
    HandshakeEvent,
    HandshakeEventState,
    InvitationState,
    MatchState,
    MeetingOutcome,
    MeetingState,
    Organization,
    PostingState,
)
from service.context import Context
from service.errors import NotFound
from service.reports.minutes import minutes, minutes_word, note_sheet
from tests.factories import (
    add_achievement,
    add_attendee,
    add_event,
    add_invitation,
    add_match,
    add_meeting,
    add_need,
)
from tests.parts import ONLY_SQLITE, need_part


def _held(ctx: Context, enterprise: Context) -> HandshakeEvent:
    """Two talks: one of ``enterprise``'s masked need, one of strangers whose achievement was taken down."""
    event = add_event(ctx, state=HandshakeEventState.HELD, title="氢能专场")
    firm = ctx.find(Organization, enterprise.actor.organization_id or 0)
    came = add_invitation(ctx, event=event, organization=firm, state=InvitationState.CHECKED_IN)
    add_attendee(ctx, invitation=came, state=AttendeeState.ARRIVED, name="示例·陈工", position="总监")
    add_invitation(ctx, event=event, state=InvitationState.CHECKED_IN, attendee="示例·李教授")
    need = add_need(ctx, organization=firm, title="绿氢制甲醇", masked_name="某煤化工企业")
    match = add_match(ctx, need=need, state=MatchState.MUTUAL)
    add_meeting(
        ctx,
        event=event,
        match=match,
        state=MeetingState.HELD,
        outcome=MeetingOutcome.INTENT,
        note="先做小试",
        next_step="送样检测",
        next_step_owner="陈工",
        due_on=ctx.today,
    )
    gone = add_match(ctx, achievement=add_achievement(ctx, state=PostingState.TAKEN_DOWN, title="下架的成果"))
    add_meeting(ctx, event=event, match=gone, state=MeetingState.HELD, outcome=MeetingOutcome.NONE)
    add_meeting(ctx, event=event, state=MeetingState.CANCELLED)
    return event


def _texts(content: bytes) -> list[str]:
    """Every paragraph and cell of a document, in order."""
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [one.text for one in document.paragraphs] + cells


def test_the_minutes_say_what_the_records_say(organizer: Context, enterprise: Context) -> None:
    event = _held(organizer, enterprise)

    made = minutes(organizer, event.id)
    texts = _texts(minutes_word(made))

    assert made.results == (
        "共安排洽谈 2 场，举行 2 场，未举行 0 场。举行的洽谈中：暂无意向 1 场、继续谈 0 场、达成意向 1 场、签约 0 场。"
    )
    assert "氢能专场会议纪要" in texts
    assert "示例·陈工（总监）" in texts
    assert {"先做小试", "达成意向", "陈工", organizer.today.isoformat(), made.organizer} <= set(texts)
    assert "送样检测（绿氢制甲醇）" in texts
    assert not any("下架的成果" in one for one in texts)
    assert any("（内容已下架）" in one for one in texts)
    assert texts == _texts(minutes_word(minutes(organizer, event.id)))


def test_a_side_reads_its_own_talks_alone_and_masks_stay(
    organizer: Context, enterprise: Context, broker: Context, institute: Context, auditor: Context
) -> None:
    event = _held(organizer, enterprise)
    firm = organizer.find(Organization, enterprise.actor.organization_id or 0).name

    own, others, seen = minutes(enterprise, event.id), minutes(institute, event.id), minutes(auditor, event.id)

    assert (len(own.talks), own.whole, len(own.people)) == (1, False, 1)
    assert (len(others.talks), len(others.people), others.tasks) == (0, 0, [])
    assert minutes(broker, event.id).talks[0][1] == firm
    assert seen.talks[0][1] == "某煤化工企业"
    assert firm not in "".join(cell for row in seen.talks for cell in row)
    assert any("只含本单位" in one for one in _texts(minutes_word(own)))


def test_the_note_sheet_has_room_to_write_and_is_for_both_sides(organizer: Context, institute: Context) -> None:
    talk = add_meeting(organizer, state=MeetingState.CONFIRMED)

    name, content = note_sheet(organizer, talk.id)

    assert name == "洽谈记录单（第 1 场 1 号桌）.docx"
    assert "□ 暂无意向　□ 继续谈　□ 达成意向　□ 签约" in _texts(content)
    with pytest.raises(NotFound):
        note_sheet(institute, talk.id)


@ONLY_SQLITE
def test_libreoffice_opens_the_minutes_and_reads_the_same(
    organizer: Context, enterprise: Context, tmp_path: Path
) -> None:
    need_part("soffice")
    content = minutes_word(minutes(organizer, _held(organizer, enterprise).id))
    source = tmp_path / "minutes.docx"
    source.write_bytes(content)

    convert = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    out = tmp_path / "again"
    subprocess.run(
        [*convert, "--convert-to", "docx", "--outdir", str(out), str(source)],
        check=True,
        capture_output=True,
        timeout=180,
    )

    assert _texts((out / "minutes.docx").read_bytes()) == _texts(content)
