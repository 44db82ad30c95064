"""Letters of invitation: on paper as LibreOffice reads them, by mail as a real server takes them in."""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from docx import Document
from ical.calendar_stream import IcsCalendarStream
from sqlalchemy import select

from models import EventLetter, HandshakeEvent, InvitationState, Job
from service import mail
from service.context import Context
from service.links import token_of
from service.queries.attendees import comers
from service.reports.invitation_letter import letters_archive, letters_document
from service.usecases.event_letters import ChooseAttendees, send_invitations
from tests.factories import add_attendee, add_event, add_invitation, add_organization
from tests.parts import ONLY_SQLITE, need_part

BASE = "https://woshou.example.cn"


@pytest.fixture
def hall(organizer: Context) -> Context:
    """An event with a scientist and an engineer asked to it; the scientist alone has an address."""
    organizer.origin = BASE
    event = add_event(
        organizer,
        title="氢能专场",
        theme="绿氢装备",
        letter="请带样品和检测报告。",
        reply_by=organizer.now + timedelta(days=5),
    )
    for name, position, email in (("白格日勒", "研究员", "bai@example.cn"), ("李/工", "总工程师", None)):
        invitation = add_invitation(organizer, event=event, organization=add_organization(organizer))
        add_attendee(organizer, invitation=invitation, name=name, position=position, email=email, state="ASKED")
        assert invitation.state is InvitationState.SENT
    return organizer


@ONLY_SQLITE
def test_letters_on_paper_open_in_libreoffice(hall: Context, tmp_path: Path) -> None:
    need_part("soffice")
    event = hall.find(HandshakeEvent, 1)
    people = comers(hall, event.id)
    paper = tmp_path / "letters.docx"
    paper.write_bytes(letters_document(hall, event, "市科技局", people))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = [
        str(shutil.which("soffice")),
        profile,
        "--headless",
        "--convert-to",
        "txt:Text",
        "--outdir",
        str(tmp_path),
    ]
    subprocess.run([*convert, str(paper)], check=True, capture_output=True, timeout=120)

    read_back = (tmp_path / "letters.txt").read_text(encoding="utf-8-sig")

    assert read_back.count("邀 请 函") == 2
    for words in (
        "白格日勒 研究员：",
        "“氢能专场”",
        "请带样品和检测报告。",
        "答复期限：6月20日",
        "市科技局",
        "2025年6月15日",
    ):
        assert words in read_back
    assert len(Document(str(paper)).inline_shapes) == 2


@ONLY_SQLITE
def test_an_archive_holds_one_letter_each_under_safe_names(hall: Context) -> None:
    event = hall.find(HandshakeEvent, 1)

    packed = zipfile.ZipFile(io.BytesIO(letters_archive(hall, event, "市科技局", comers(hall, event.id))))

    assert sorted(packed.namelist()) == ["001-白格日勒.docx", "002-李_工.docx"]
    texts = [
        "\n".join(p.text for p in Document(io.BytesIO(packed.read(name))).paragraphs) for name in packed.namelist()
    ]
    assert ["白格日勒" in text for text in texts].count(True) == 1


class Mailbox:
    """What a real SMTP server took in."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type] # the default policy makes EmailMessages
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    """A running SMTP server and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, port
    server.stop()


@ONLY_SQLITE
def test_an_invitation_by_mail_carries_the_link_and_the_calendar_and_without_an_address_waits(
    hall: Context, mailbox: tuple[Mailbox, int]
) -> None:
    box, port = mailbox
    settings = {"smtp_host": "127.0.0.1", "smtp_port": port, "mail_from": "woshou@example.cn", "base_url": BASE}
    hall.settings = hall.settings.model_copy(update=settings)

    send_invitations(hall, 1, ChooseAttendees())
    hall.flush()
    for job in hall.session.scalars(select(Job).where(Job.name == "send_mail")).all():
        mail.send(hall.settings, job.payload["letter"])

    (letter,) = box.letters
    scientist = next(one.attendee for one in comers(hall, 1) if one.attendee.email)
    body = letter.get_body(("plain",))
    assert body is not None
    assert (letter["To"], letter["Subject"]) == ("bai@example.cn", "邀请函：氢能专场")
    assert f"{BASE}/i/{token_of(hall, scientist)}" in body.get_content()
    invite = letter.get_body(("calendar",)) or next(p for p in letter.walk() if p.get_content_type() == "text/calendar")
    (entry,) = IcsCalendarStream.calendar_from_ics(invite.get_content()).events
    assert (invite.get_param("method"), entry.summary, entry.dtstart) == (
        "REQUEST",
        "氢能专场",
        hall.now + timedelta(days=10),
    )
    assert [part.get_filename() for part in letter.iter_attachments()] == ["握手活动.ics"]
    mailed = hall.session.execute(select(EventLetter.attendee_id, EventLetter.mailed_at)).all()
    assert {number: at is not None for number, at in mailed} == {
        one.attendee.id: one.attendee.email is not None for one in comers(hall, 1)
    }
