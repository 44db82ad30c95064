"""Every hostile file is refused for its own reason, with bounded work; good ones stay."""

from __future__ import annotations

import io
import resource
import time
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest

from service.attachments.arrivals import Arrival, receive
from service.attachments.kinds import REASONS, label_of
from service.config import Settings
from tests.attachments.hostile_office import Sample, documents
from tests.attachments.hostile_others import pdfs, pictures, texts
from tests.attachments.making import (
    archive,
    chunk,
    docx,
    jpeg,
    packed,
    pdf,
    png,
    pptx,
    with_parts,
    xlsx,
)

MB = 1024 * 1024
MOST_MEMORY = 48 * MB
"""What looking into one file of at most two megabytes may take at once, whatever it unpacks to."""
LINK = '<Relationship Id="r" Type="x/hyperlink" Target="https://example.cn/" TargetMode="External"/>'
LINKED = with_parts(docx(), {"word/_rels/x.xml.rels": f"<Relationships>{LINK}</Relationships>"})

GOOD: tuple[tuple[str, bytes, str], ...] = (
    ("方案.docx", docx(), "Word 文档"),
    ("方案.DOCX", docx(), "Word 文档"),
    (
        "有链接.docx",
        with_parts(docx(), {"word/_rels/x.xml.rels": f"<Relationships>{LINK}</Relationships>"}),
        "Word 文档",
    ),
    ("有图表.docx", with_parts(docx(), {"word/embeddings/table.xlsx": xlsx()}), "Word 文档"),
    ("表.xlsx", xlsx("=1+1"), "Excel 工作簿"),
    ("路演.pptx", pptx(), "PowerPoint 演示文稿"),
    ("说明书.pdf", pdf(), "PDF"),
    ("打开到第一页.pdf", pdf(b"/OpenAction [3 0 R /Fit]"), "PDF"),
    ("打开到某处.pdf", pdf(b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"), "PDF"),
    ("有链接.pdf", pdf(objects=(b"<< /Type /Annot /A << /S /URI /URI (https://example.cn/) >> >>",)), "PDF"),
    ("有压缩的内容.pdf", pdf(objects=(packed(b"BT /F1 12 Tf (hello) Tj ET"),)), "PDF"),
    ("图.png", png(before_end=chunk(b"tEXt", b"Comment\0hello")), "PNG 图片"),
    ("照片.jpg", jpeg(12_000, 9_000, remark=b"taken at noon"), "JPEG 图片"),
    ("照片.jpeg", jpeg() + jpeg(), "JPEG 图片"),
    ("照片2.jpg", jpeg() + b"\0" * 64, "JPEG 图片"),
    ("纪要.txt", "一、<摘要>\n二、结论：≥99.5 %".encode(), "文本"),
    ("纪要2.txt", "BM25 排序的说明，PK 结果".encode("gb18030"), "文本"),
    ("数据.csv", "名称,变化,说明\n甲,-3.5%,- 首期\n乙,+1.2万元,＋追加\n".encode("gb18030"), "CSV 表格"),
    ("数据2.csv", '\ufeff名称,金额\n甲,"1,200.00"\n'.encode(), "CSV 表格"),
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, attachment_mb=2)


def _sent(settings: Settings, name: str, content: bytes) -> Arrival:
    return receive(settings, name, io.BytesIO(content))


def _left(settings: Settings) -> list[Path]:
    return [path for path in settings.data_dir.rglob("*") if path.is_file()]


def _run(settings: Settings, samples: list[Sample]) -> None:
    wrong, reasons, slowest, most = [], Counter[str](), (0.0, ""), (0, "")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for what, name, content, reason in samples:
        tracemalloc.start()
        begun = time.thread_time()
        arrival = _sent(settings, name, content)
        taken = time.thread_time() - begun
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        slowest, most = max(slowest, (taken, what)), max(most, (peak, what))
        found = arrival.refusal.reason if arrival.refusal is not None else "kept"
        reasons[found] += 1
        if found != reason or arrival.refusal is None or not arrival.refusal.sentence:
            wrong.append(f"{what}: {found}, wanted {reason}")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(
        f"samples: {len(samples)}, wrong: {len(wrong)}; reasons: {dict(reasons)}; most memory: {most[0] / MB:.1f} MB "
        f"({most[1]}), process grew {grown / 1024:.1f} MB; slowest: {slowest[0]:.2f} s with tracing ({slowest[1]})"
    )
    assert wrong == []
    assert set(reasons) <= set(REASONS)
    assert most[0] < MOST_MEMORY
    assert _left(settings) == []


def test_every_hostile_document_is_refused_for_its_reason(settings: Settings) -> None:
    _run(settings, documents())


def test_every_hostile_picture_is_refused_for_its_reason(settings: Settings) -> None:
    _run(settings, pictures())


def test_every_hostile_pdf_is_refused_for_its_reason(settings: Settings) -> None:
    _run(settings, pdfs())


def test_every_hostile_text_and_program_is_refused_for_its_reason(settings: Settings) -> None:
    _run(settings, texts())


def test_good_files_are_told_by_their_content(settings: Settings) -> None:
    for name, content, label in GOOD:
        arrival = _sent(settings, name, content)

        assert arrival.refusal is None, (name, arrival.refusal and arrival.refusal.sentence)
        assert (label_of(arrival.media_type), arrival.size, arrival.name) == (label, len(content), name)
    assert len(_left(settings)) == len(GOOD)


def test_a_sentence_says_what_was_found_and_what_to_do(settings: Settings) -> None:
    def said(name: str, content: bytes) -> str:
        refusal = _sent(settings, name, content).refusal
        return refusal.sentence if refusal is not None else ""

    assert said("a.exe", pdf()) == "内容是PDF，扩展名却是 .exe；请改成 .pdf 后再传"
    assert "请另存为 .docx、.xlsx 或 .pptx" in said("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "不收压缩包" in said("a.zip", archive({"a": "b"}))
    assert said("a.txt", b"x" * (2 * MB + 1)).startswith("超过 2 MB")
    assert "第 2 行" in said("a.csv", b"a\n=1\n")
