"""The kinds of file that may be attached, and how a refusal is said."""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from dataclasses import dataclass

Bytes = bytes | mmap.mmap
"""A file's content: what lies inside another file, or a file of its own that is not read into memory."""

REASONS: Mapping[str, str] = {
    "too_large": "超过大小",
    "empty": "空文件",
    "program": "程序或安装包",
    "page": "网页或脚本",
    "macro": "带宏或控件",
    "locked": "加了密码",
    "archive": "压缩包",
    "bomb": "展开后过大",
    "active": "会自行动作",
    "outside": "引用外部内容",
    "mixed": "夹带别的内容",
    "ending": "扩展名与内容不符",
    "broken": "内容不完整",
    "old": "旧格式",
    "formula": "含有公式",
    "scanner": "查毒未通过",
    "unknown": "不收的类型",
}
"""Why a file is refused, as the audit log has it."""


class Refused(Exception):
    """A file that may not stay: ``reason`` is a key of REASONS, ``sentence`` says what to do about it."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(reason)
        self.reason, self.sentence = reason, sentence


@dataclass(frozen=True)
class FileKind:
    """One kind of file: its Chinese name, the media type it is sent under and the endings its name may have."""

    key: str
    label: str
    media_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = FileKind("pdf", "PDF", "application/pdf", ("pdf",))
PNG = FileKind("png", "PNG 图片", "image/png", ("png",))
JPEG = FileKind("jpeg", "JPEG 图片", "image/jpeg", ("jpg", "jpeg"))
WORD = FileKind("docx", "Word 文档", f"{_OFFICE}wordprocessingml.document", ("docx",))
EXCEL = FileKind("xlsx", "Excel 工作簿", f"{_OFFICE}spreadsheetml.sheet", ("xlsx",))
SLIDES = FileKind("pptx", "PowerPoint 演示文稿", f"{_OFFICE}presentationml.presentation", ("pptx",))
TEXT = FileKind("text", "文本", "text/plain", ("txt",))
CSV = FileKind("csv", "CSV 表格", "text/csv", ("csv",))

KINDS: Mapping[str, FileKind] = {kind.key: kind for kind in (PDF, WORD, EXCEL, SLIDES, PNG, JPEG, TEXT, CSV)}
ENDINGS = tuple(ending for kind in KINDS.values() for ending in kind.endings)
SAID = "PDF、Word（.docx）、Excel（.xlsx）、PowerPoint（.pptx）、PNG 或 JPEG 图片、文本（.txt）、CSV"
"""What may be attached, as people read it."""


def label_of(media_type: str) -> str:
    """The Chinese name of a stored media type."""
    plain = media_type.partition(";")[0]
    return next((kind.label for kind in KINDS.values() if kind.media_type == plain), plain)
