"""Pictures: walked piece by piece from the header to the last byte, never decoded."""

from __future__ import annotations

import re
import struct
import zlib

from service.attachments.kinds import Bytes, Refused
from service.attachments.mixtures import refuse_markup

MOST_PIXELS = 120_000_000
"""A telephone's 108 megapixels fit; decoded, the largest takes half a gigabyte."""
LONGEST_SIDE = 30_000
MOST_PIECES = 100_000
MOST_PICTURES = 16
"""Pictures in one JPEG file: telephones put previews and depth maps behind the first."""
LARGEST_NOTE = 4 * 1024 * 1024
"""Bytes of a PNG's compressed remark or colour profile once it is unpacked."""
_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_NOTES = {b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"eXIf"}
_BROKEN = "图片不完整，请重新导出或另存后再传"
_TAIL = "图片后面还夹带了别的数据，请用画图等软件另存一次再传"


def check_png(view: Bytes) -> None:
    """Raises Refused unless the file is one whole PNG (ISO/IEC 15948) and nothing else."""
    at, pieces = 8, 0
    while True:
        if at + 12 > len(view):
            raise Refused("broken", _BROKEN)
        length, kind = struct.unpack(">I4s", view[at : at + 8])
        body, end = at + 8, at + 12 + length
        if end > len(view) or not kind.isalpha() or pieces > MOST_PIECES:
            raise Refused("broken", _BROKEN)
        if zlib.crc32(view[at + 4 : body + length]) != struct.unpack(">I", view[end - 4 : end])[0]:
            raise Refused("broken", _BROKEN)
        if (pieces == 0) != (kind == b"IHDR") or (kind == b"IHDR" and length != 13):
            raise Refused("broken", _BROKEN)
        if kind == b"IHDR":
            refuse_large(*struct.unpack(">II", view[body : body + 8]))
        if kind in _NOTES:
            _check_note(view[body : body + length])
        if kind == b"IEND":
            break
        at, pieces = end, pieces + 1
    if end != len(view):
        raise Refused("mixed", _TAIL)


def _check_note(note: bytes) -> None:
    refuse_markup(note)
    for start in (found.start() for found in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", note[:200])):
        unpacker = zlib.decompressobj()
        try:
            plain = unpacker.decompress(note[start:], LARGEST_NOTE)
        except zlib.error:
            continue
        if unpacker.unconsumed_tail:
            raise Refused("bomb", "图片里的附注展开后过大，请用画图等软件另存一次再传")
        refuse_markup(plain)


def check_jpeg(view: Bytes) -> None:
    """Raises Refused unless the file is whole JPEG pictures (ITU-T T.81) from the first byte to the last."""
    end, pictures = _jpeg_end(view, 0), 1
    while end < len(view):
        nearest = re.compile(rb"[^\x00]").search(view, end)
        if nearest is None:
            return
        end = nearest.start()
        if view[end : end + 3] != b"\xff\xd8\xff" or pictures == MOST_PICTURES:
            raise Refused("mixed", _TAIL)
        end, pictures = _jpeg_end(view, end), pictures + 1


def _jpeg_end(view: Bytes, start: int) -> int:
    """Where the picture that begins at ``start`` ends."""
    at, sized, pieces = start + 2, False, 0
    while pieces < MOST_PIECES:
        pieces += 1
        head = view[at : at + 4]
        if len(head) < 2 or head[0] != 0xFF:
            break
        kind = head[1]
        if kind == 0xFF:
            at += 1
            continue
        if kind == 0xD9 and sized:
            return at + 2
        if kind == 0x01 or 0xD0 <= kind <= 0xD7:
            at += 2
            continue
        if kind in (0x00, 0xD8, 0xD9) or len(head) < 4:
            break
        length = int.from_bytes(head[2:4], "big")
        body = view[at + 4 : at + 2 + length]
        if length < 2 or len(body) != length - 2:
            break
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            if len(body) < 5:
                break
            height, width = struct.unpack(">HH", body[1:5])
            refuse_large(width, height)
            sized = True
        if kind >= 0xE0:
            refuse_markup(body)
        at += 2 + length
        if kind == 0xDA:
            found = _SCAN_END.search(view, at)
            if found is None:
                break
            at = found.start()
    raise Refused("broken", _BROKEN)


def refuse_large(width: int, height: int) -> None:
    """Raises Refused for a picture that would take too much to show."""
    if width < 1 or height < 1:
        raise Refused("broken", _BROKEN)
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        most = f"{MOST_PIXELS // 10_000:,} 万点"
        raise Refused("bomb", f"图片有 {width} × {height} 点，展开后过大；请缩小到 {most}以内再传")
