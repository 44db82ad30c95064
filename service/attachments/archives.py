"""Archives: their table of contents is held against what really lies there, before anything is unpacked."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from service.attachments.kinds import Bytes, Refused

MOST_ENTRIES = 5_000
MOST_UNPACKED = 300 * 1024 * 1024
"""Bytes of all entries together, those of documents inside the document too."""
HIGHEST_RATIO = 250
"""Unpacked to packed; tables of like rows reach some tens."""
RATIO_COUNTS_FROM = 4 * 1024 * 1024
CHUNK = 256 * 1024
_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_SLACK = 24
"""Bytes a data descriptor may take between two entries."""
_BAD_PATH = re.compile(r"(^|/)\.\.(/|$)|^/|\\|^[A-Za-z]:|\0|//")
BROKEN = "文件不完整或结构不对，请用 Office 打开后另存一份再传"
TOO_MUCH = "文件展开后过大，可能是压缩炸弹；请拆成几份，或去掉其中的大图"


@dataclass
class Budget:
    """What may still be unpacked of one upload."""

    left: int = MOST_UNPACKED
    elements: int = field(default=3_000_000)


def opened(view: Bytes) -> zipfile.ZipFile:
    """The archive. Raises Refused unless it is one plain archive from its first byte to its last."""
    at = len(view) - _END.size
    if at < 0 or view[at : at + 4] != b"PK\x05\x06":
        raise Refused("mixed" if view[-66_000:].find(b"PK\x05\x06") >= 0 else "broken", BROKEN)
    _, disk, start_disk, here, entries, size, offset, remark = _END.unpack(view[at : at + _END.size])
    if disk or start_disk or here != entries or remark:
        raise Refused("broken", BROKEN)
    if entries > MOST_ENTRIES:
        raise Refused("bomb", TOO_MUCH)
    if offset + size != at:
        raise Refused("mixed", BROKEN)
    try:
        archive = zipfile.ZipFile(io.BytesIO(view) if isinstance(view, bytes) else _File(view))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, UnicodeDecodeError) as error:
        raise Refused("broken", BROKEN) from error
    _check_places(view, archive, offset)
    return archive


class _File(io.RawIOBase):
    """A mapped file as zipfile wants to read it; nothing is copied but what is asked for."""

    def __init__(self, view: Bytes) -> None:
        self._view, self._at = view, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, offset + (0, self._at, len(self._view))[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = len(self._view) if size < 0 else self._at + size
        found = self._view[self._at : end]
        self._at += len(found)
        return found


def _check_places(view: Bytes, archive: zipfile.ZipFile, end: int) -> None:
    """Entries lie one after the other, none over another, nothing hidden between them, under plain names."""
    infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
    names = [info.filename.lower() for info in infos]
    if len(set(names)) != len(names) or any(_BAD_PATH.search(info.filename) for info in infos):
        raise Refused("broken", BROKEN)
    total, at = 0, 0
    for info in infos:
        if info.flag_bits & 0x1:
            raise Refused("locked", "文件加了密码，看不了里面；请另存为不加密的文件")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.external_attr >> 28 == 0xA:
            raise Refused("broken", BROKEN)
        if not at <= info.header_offset <= at + _SLACK or (at == 0 and info.header_offset):
            raise Refused("bomb" if info.header_offset < at else "mixed", BROKEN)
        head = view[info.header_offset : info.header_offset + _LOCAL.size]
        if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise Refused("broken", BROKEN)
        name_length, extra_length = struct.unpack("<2H", head[26:30])
        named = view[info.header_offset + 30 : info.header_offset + 30 + name_length]
        if named != info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437"):
            raise Refused("mixed", BROKEN)
        at = info.header_offset + 30 + name_length + extra_length + info.compress_size
        total += info.file_size
        if info.file_size > RATIO_COUNTS_FROM and info.file_size > HIGHEST_RATIO * max(1, info.compress_size):
            raise Refused("bomb", TOO_MUCH)
    if not at <= end <= at + _SLACK:
        raise Refused("bomb" if end < at else "mixed", BROKEN)
    if total > MOST_UNPACKED:
        raise Refused("bomb", TOO_MUCH)


def pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> Iterator[bytes]:
    """An entry's content, unpacked piece by piece and checked against its sum, as long as the budget lasts."""
    try:
        with archive.open(info) as entry:
            while piece := entry.read(CHUNK):
                budget.left -= len(piece)
                if budget.left < 0:
                    raise Refused("bomb", TOO_MUCH)
                yield piece
    except (zipfile.BadZipFile, EOFError, zlib.error, ValueError, NotImplementedError) as error:
        raise Refused("broken", BROKEN) from error
