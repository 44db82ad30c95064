"""Files that are two things at once: a page inside a picture, an archive behind a document."""

from __future__ import annotations

import re

from service.attachments.kinds import Bytes, Refused

LOOKED_AT = 4096
"""Bytes at the head in which a browser or a reader might find another kind of file."""
_MARKUP = re.compile(
    rb"<(?:script|html|iframe|object|embed|applet|body|svg|meta|link|xsl:|\?php|!doctype\s+html)\b|javascript:",
    re.IGNORECASE,
)
_ZIP_END = b"PK\x05\x06"
_LONGEST_ZIP_END = 22 + 65_535
_MIXED = "文件里夹带了网页代码，不能上传；请重新导出一份"


def refuse_markup(text: bytes) -> None:
    """Raises Refused for text that a browser would take for a page."""
    if _MARKUP.search(text) or _MARKUP.search(text.replace(b"\0", b"")):
        raise Refused("mixed", _MIXED)


def refuse_mixtures(view: Bytes) -> None:
    """Raises Refused for a picture or document that also is a page, an archive or (a picture) a PDF."""
    head = view[:LOOKED_AT]
    refuse_markup(head)
    if b"%PDF-" in head[1:]:
        raise Refused("mixed", "文件里还夹带了一份 PDF，请重新导出一份")
    if is_zip_to_the_end(view):
        raise Refused("mixed", "文件后面还夹带了一个压缩包，请重新导出一份")


def is_zip_to_the_end(view: Bytes) -> bool:
    """Whether a reader that looks from the end would find an archive."""
    start = max(0, len(view) - _LONGEST_ZIP_END)
    tail = view[start:]
    at = tail.find(_ZIP_END)
    while at >= 0:
        if at + 22 <= len(tail):
            remark = int.from_bytes(tail[at + 20 : at + 22], "little")
            if at + 22 + remark <= len(tail):
                return True
        at = tail.find(_ZIP_END, at + 1)
    return False
