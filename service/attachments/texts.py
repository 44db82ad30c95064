"""Plain text and CSV: in a known encoding, no page or script, no cell that a spreadsheet would run."""

from __future__ import annotations

import codecs
import csv
import io
import re

from service.attachments.kinds import Bytes, Refused
from service.attachments.mixtures import refuse_markup

ENCODINGS = ("utf-8-sig", "gb18030")
MOST_CELLS = 500_000
LONGEST_CELL = 1_000_000
CHUNK = 1024 * 1024
_ALLOWED_CONTROLS = "\t\n\r\f"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_PAGE = re.compile(r"\s*<(?:[!?a-z]|/[a-z])", re.IGNORECASE)
_SCRIPT = re.compile(
    r"\s*(?:#!|@echo\b|rem\b|<#|param\s*\(|function\s+\w+\s*\(|import\s+os\b|\[autorun\]|\[InternetShortcut\]|"
    r"\[\.shellclassinfo\]|windows registry editor|regedit4|mime-version:|content-type:|%!ps|\{\\rtf)",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"[\s'\"\u3000]*[=@＝＠+\-＋－]")
_NUMBER = re.compile(r"[+\-＋－]\s*[\d.,，%\s]*(?:[eE][+-]?\d+)?[%万亿元]*$")
_WORDS = re.compile(r"[+\-＋－][\s—-]*[^\x00-\x7f][^|!()=]*$")
"""A sign before Chinese words, as lists have it."""


def encoding_of(view: Bytes) -> str:
    """The encoding of a text. Raises Refused for bytes that are no text in UTF-8 or GB18030."""
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for at in range(0, len(view), CHUNK):
                if _CONTROLS.search(decoder.decode(view[at : at + CHUNK], at + CHUNK >= len(view))):
                    raise Refused("unknown", "文件里有看不见的控制字符，不是文本；请按原来的格式另存后再传")
        except UnicodeDecodeError:
            continue
        return encoding
    raise Refused("unknown", "认不出这是什么文件，不能上传；文本请存为 UTF-8 或 GB18030 编码")


def check_text(view: Bytes) -> None:
    """Raises Refused for a text that is a page, a script or a message with parts."""
    encoding = encoding_of(view)
    head = view[:4096].decode(encoding, "ignore")
    if _PAGE.match(head):
        raise Refused("page", "这是网页或 XML 文件，不能上传；请另存为 PDF 或纯文本")
    if _SCRIPT.match(head):
        raise Refused("page", "这是脚本或带格式的文件，不能上传；请另存为 PDF 或纯文本")
    before = b""
    for at in range(0, len(view), CHUNK):
        piece = view[at : at + CHUNK]
        try:
            refuse_markup(before + piece)
        except Refused as refusal:
            raise Refused("page", "文本里有网页代码，不能上传；请去掉后再传，或另存为 PDF") from refusal
        before = piece[-64:]


def check_csv(view: Bytes) -> None:
    """Raises Refused for a table with a cell that a spreadsheet would take for a formula (OWASP, CSV Injection)."""
    check_text(view)
    csv.field_size_limit(LONGEST_CELL)
    source = io.TextIOWrapper(io.BytesIO(bytes(view)), encoding=encoding_of(view), newline="")
    left = MOST_CELLS
    try:
        for number, row in enumerate(csv.reader(source), 1):
            left -= len(row)
            if left < 0:
                raise Refused("bomb", "表格太大，请拆成几份")
            for cell in row:
                if _runs(cell.strip()):
                    begins = f"第 {number} 行有以“{cell.strip()[:1]}”开头的单元格"
                    raise Refused("formula", f"{begins}，表格软件会把它当公式执行；请改掉后再传")
    except csv.Error as error:
        raise Refused("broken", "CSV 的格式不对，请用表格软件另存后再传") from error


def _runs(cell: str) -> bool:
    """Whether a spreadsheet would run the cell: a sign with a number or with Chinese words does not count."""
    return bool(_FORMULA.match(cell)) and not (_NUMBER.match(cell) or _WORDS.match(cell))
