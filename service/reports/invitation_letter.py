"""Letters of invitation on paper: one Word document for all, or one each in an archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import segno
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Cm, Pt

from models import HandshakeEvent
from service.context import SHANGHAI, Context
from service.letter_words import Letter, letter_to
from service.links import personal_link
from service.queries.attendees import Comer
from service.reports import paper


def letters_document(ctx: Context, event: HandshakeEvent, organizer: str, people: Sequence[Comer]) -> bytes:
    """All letters in one Word document, each on a page of its own with the code that opens the personal page."""
    document = Document()
    paper.page(document)
    for place, person in enumerate(people):
        _page(ctx, document, letter_to(ctx, event, organizer, person), person)
        if place < len(people) - 1:
            document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    return paper.bytes_of(document, f"{event.title}邀请函", ctx.now)


def letters_archive(ctx: Context, event: HandshakeEvent, organizer: str, people: Sequence[Comer]) -> bytes:
    """One Word document for each attendee, in a zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, person in enumerate(people, start=1):
            name = "".join(
                "_" if letter in '\\/:*?"<>|' or not letter.isprintable() else letter for letter in person.name
            )
            entry = zipfile.ZipInfo(f"{number:03d}-{name[:60]}.docx", ctx.now.astimezone(SHANGHAI).timetuple()[:6])
            archive.writestr(entry, letters_document(ctx, event, organizer, [person]), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _file_name(text: str) -> str:
    """The text without what no file name may hold."""
    return "".join("_" if one in '\\/:*?"<>|' or not one.isprintable() else one for one in text)[:60]


def _page(ctx: Context, document: Any, letter: Letter, person: Comer) -> None:
    link = ctx.absolute(personal_link(ctx, person.attendee))
    paper.title(document, "邀 请 函")
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(28)
    paper.write(paragraph, letter.greeting, paper.BODY_FONT, 16)
    for text in letter.paragraphs:
        paper.body(document, text)
    for name, value in letter.facts:
        paper.body(document, f"{name}：{value}")
    paper.body(document, "用手机扫下面的二维码打开您的专属页面（请勿转发）：")
    picture = document.add_paragraph()
    picture.alignment = WD_ALIGN_PARAGRAPH.CENTER
    picture.add_run().add_picture(code_picture(link), width=Cm(3.6))
    for line in (letter.organizer, letter.day):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.space_after = Pt(0)
        paper.write(paragraph, line, paper.BODY_FONT, 16)


def code_picture(text: str) -> io.BytesIO:
    """A QR code as a PNG picture."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=8, border=2)
    out.seek(0)
    return out
