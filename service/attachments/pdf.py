"""PDF: nothing in it may act by itself, hide from a look inside, or unpack without end (ISO 32000)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from service.attachments.kinds import Bytes, Refused
from service.attachments.mixtures import refuse_mixtures

MOST_STREAMS = 50_000
MOST_UNPACKED = 128 * 1024 * 1024
"""Bytes of all streams together that are unpacked to be looked through."""
CHUNK = 64 * 1024
_OVERLAP = 128


def _name(word: str) -> bytes:
    """A name however it is spelt: each sign may be written as #hex (ISO 32000-1, 7.3.5)."""
    signs = (f"(?:{re.escape(sign)}|#{ord(sign):02x}|#{ord(sign):02X})" for sign in word)
    return b"/" + "".join(signs).encode()


_ENDS = rb"(?![^\s\x00/<>\[\](){}%])"
ACTS = {
    "JavaScript": "带有脚本",
    "Launch": "会启动别的程序",
    "EmbeddedFile": "夹带了别的文件",
    "EmbeddedFiles": "夹带了别的文件",
    "Filespec": "引用了别的文件",
    "RichMedia": "带有多媒体程序",
    "Rendition": "带有多媒体动作",
    "SubmitForm": "会把内容发到外面",
    "ImportData": "会读入别的文件",
    "GoToE": "夹带了别的文件",
    "GoToR": "会打开别的文件",
}
"""Names of what acts, and how it is said."""
_ACTS = re.compile(b"|".join(b"(?P<%s>%s%s)" % (word.encode(), _name(word), _ENDS) for word in ACTS))
_LOCKED = re.compile(_name("Encrypt") + rb"[\s\x00]*(?:<<|\d)")
_SCRIPTED_FORM = re.compile(_name("XFA") + rb"[\s\x00]*(?:\[|<<|\d+\s+\d+\s+R)")
_OPENS = re.compile(_name("OpenAction") + rb"[\s\x00]*(?P<what><<.{0,400}|\[|\d+\s+\d+\s+R)", re.DOTALL)
_GOES_TO = re.compile(_name("GoTo") + _ENDS)
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_PACKS_OBJECTS = re.compile(_name("ObjStm") + _ENDS)
_HEAD = re.compile(rb"%PDF-[12]\.\d[\r\n \t%]")


def check_pdf(view: Bytes) -> None:
    """Raises Refused unless the file is a whole PDF that only shows pages."""
    if not _HEAD.match(view[:16]):
        raise Refused("broken", "PDF 的开头不对，请用“打印为 PDF”重新生成")
    end = view.rfind(b"%%EOF")
    if end < 0 or view.rfind(b"startxref") < 0:
        raise Refused("broken", "PDF 不完整，请重新生成或重新下载后再传")
    if view[end + 5 :].strip(b"\0\r\n\t \x0c"):
        raise Refused("mixed", "PDF 后面还夹带了别的数据，请用“打印为 PDF”重新生成")
    refuse_mixtures(view)
    if _LOCKED.search(view):
        raise Refused("locked", "PDF 加了密码或权限限制，看不了里面；请另存为不加密的 PDF")
    _refuse_acts(view)
    for plain in _unpacked(view):
        _refuse_acts(plain)


def _refuse_acts(text: Bytes) -> None:
    found = _ACTS.search(text)
    if found is not None:
        raise Refused("active", f"PDF {ACTS[str(found.lastgroup)]}，不能上传；请用“打印为 PDF”重新生成")
    if _SCRIPTED_FORM.search(text):
        raise Refused("active", "PDF 是带程序的表单（XFA），请用“打印为 PDF”重新生成")
    for opens in _OPENS.finditer(text):
        what = opens["what"]
        if what.startswith(b"<<") and not _GOES_TO.search(what.partition(b">>")[0]):
            raise Refused("active", "PDF 一打开就会执行动作，请用“打印为 PDF”重新生成")


def _unpacked(view: Bytes) -> Iterator[bytes]:
    """What the compressed streams hold, piece by piece with an overlap; dictionaries of the file may lie in there."""
    left = MOST_UNPACKED
    for number, found in enumerate(_STREAM.finditer(view)):
        if number >= MOST_STREAMS:
            raise Refused("bomb", "PDF 里的对象太多，请用“打印为 PDF”重新生成或分成几份")
        at = found.end()
        first = view[at : at + 2]
        packed = len(first) == 2 and first[0] & 0x0F == 8 and int.from_bytes(first, "big") % 31 == 0
        if not packed:
            _refuse_other_packing(view[max(0, found.start() - 2048) : found.start()])
            continue
        before = b""
        for plain in _inflated(view, at):
            left -= len(plain)
            if left < 0:
                raise Refused("bomb", "PDF 展开后过大，请用“打印为 PDF”重新生成或分成几份")
            if not before and _is_packed(plain):
                raise Refused("bomb", "PDF 里的内容压缩了不止一层，请用“打印为 PDF”重新生成")
            yield before + plain
            before = plain[-_OVERLAP:]


def _inflated(view: Bytes, at: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj()
    try:
        while not unpacker.eof:
            packed = unpacker.unconsumed_tail
            if not packed:
                packed = view[at : at + CHUNK]
                at += len(packed)
            if not packed:
                return
            plain = unpacker.decompress(packed, CHUNK)
            if plain:
                yield plain
    except zlib.error:
        return


def _is_packed(plain: bytes) -> bool:
    """Whether what was unpacked is packed once more."""
    if len(plain) < 8 or plain[0] & 0x0F != 8 or int.from_bytes(plain[:2], "big") % 31:
        return False
    try:
        return len(zlib.decompressobj().decompress(plain, CHUNK)) > 1024
    except zlib.error:
        return False


def _refuse_other_packing(dictionary: bytes) -> None:
    """Objects packed otherwise than by Flate cannot be looked through."""
    own = dictionary[dictionary.rfind(b"obj") :]
    if _PACKS_OBJECTS.search(own):
        raise Refused("active", "PDF 用了少见的写法，看不了里面；请用“打印为 PDF”重新生成")
