"""Two small files of the 示例 set: what a need adds in writing, and the evidence of a ledger line."""

from __future__ import annotations

import io
from datetime import date

from docx import Document
from sqlalchemy import select

from models import Achievement, Attachment, Contract, InvestmentEntry, Meeting, Need, Project, Role
from service.attachments.arrivals import receive
from service.attachments.store import Store
from service.seeding.demo.story import Story, moment

RECEIPT = (
    "示例：银行到账回单（虚构）\n"
    "付款单位：示例制氢装备公司\n收款账户：示例项目专户\n金额：4,000,000.00 元\n摘要：技术开发合同首付款\n"
)


def add_files(story: Story) -> None:
    """Attach them as anybody would: looked into, kept under their digest, marked 示例."""
    need = story.needs["electrolyser"]
    _attach(story, need, "示例：电解槽改造技术要求.docx", _requirements(need), date(2025, 3, 18), Role.ENTERPRISE)
    first = (
        select(InvestmentEntry)
        .where(InvestmentEntry.is_demo, InvestmentEntry.evidence == "银行回单：首付款")
        .order_by(InvestmentEntry.id)
    )
    line = story.ctx.session.scalars(first).first()
    if line is not None:
        _attach(story, line, "示例：首付款到账回单.txt", RECEIPT.encode(), line.occurred_on, Role.BROKER)


def _requirements(need: Need) -> bytes:
    document = Document()
    document.add_heading(need.title, level=1)
    for heading, text in (("现状", need.present_state), ("目标指标", need.target_indicators)):
        document.add_heading(heading, level=2)
        document.add_paragraph(text)
    document.add_paragraph("本文件为示例，内容虚构。")
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _attach(
    story: Story,
    record: Need | Achievement | Meeting | Project | Contract | InvestmentEntry,
    name: str,
    content: bytes,
    on: date,
    by: Role,
) -> None:
    settings = story.ctx.settings
    arrival = receive(settings, name, io.BytesIO(content))
    if arrival.refusal is not None:
        raise arrival.refusal
    account = story.accounts[by]
    at = moment(on, 17)
    story.add(
        Attachment(
            record_type=type(record).__name__,
            record_id=record.id,
            name=arrival.name,
            media_type=arrival.media_type,
            size=arrival.size,
            sha256=arrival.sha256,
            organization_id=account.organization_id,
            created_by_id=account.id,
            created_at=at,
        ),
        at,
    )
    Store(settings.data_dir).keep(arrival.path, arrival.sha256)
