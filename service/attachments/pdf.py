"""PDF: nothing in it may act by itself, hide from a look inside, or unpack without end (ISO 32000)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping

from service.attachments.kinds import Bytes, Refused
from service.attachments.mixtures import refuse_mixtures

MOST_STREAMS = 50_000
MOST_UNPACKED = 512 * 1024 * 1024
"""Bytes of all streams together once unpacked; twenty scanned pages fit."""
MOST_READ = 64 * 1024 * 1024
"""Bytes of packed objects that are read through."""
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
    "XFA": "是带程序的表单",
    "OpenAction": "一打开就会执行动作",
}
"""Names of what acts, and how it is said."""


def _any_of(words: Mapping[str, str]) -> bytes:
    """Any of the names, each a group of its own; what cannot begin one is passed over quickly."""
    begins = "".join(sorted({word[0] for word in words})).encode()
    named = (b"(?P<" + word.encode() + b">" + _name(word)[1:] + _ENDS + b")" for word in words)
    return b"/(?=[" + begins + b"#])(?:" + b"|".join(named) + b")"


_ACTS = re.compile(_any_of(ACTS))
_LOCKED = re.compile(_name("Encrypt") + rb"[\s\x00]*(?:<<|\d)")
_FORM = re.compile(rb"[\s\x00]*(?:\[|<<|\d+\s+\d+\s+R)")
_OPENS = re.compile(rb"[\s\x00]*<<(?P<what>.{0,400}?)>>", re.DOTALL)
_GOES_TO = re.compile(_name("GoTo") + _ENDS)
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_PACKS_OBJECTS = re.compile(_name("ObjStm") + _ENDS + b"|" + _name("First") + _ENDS)
_PREDICTS = re.compile(_name("Predictor") + _ENDS)
_OBJECTS = re.compile(rb"[\s\x00]*[\d%]")
"""How packed objects begin: their numbers and places (ISO 32000-1, 7.5.7)."""
_HEAD = re.compile(rb"%PDF-[12]\.\d[\r\n \t%]")
_AGAIN = "请用“打印为 PDF”重新生成"


def check_pdf(view: Bytes) -> None:
    """Raises Refused unless the file is a whole PDF that only shows pages."""
    if not _HEAD.match(view[:16]):
        raise Refused("broken", f"PDF 的开头不对，{_AGAIN}")
    end = view.rfind(b"%%EOF")
    if end < 0 or view.rfind(b"startxref") < 0:
        raise Refused("broken", "PDF 不完整，请重新生成或重新下载后再传")
    if view[end + 5 :].strip(b"\0\r\n\t \x0c"):
        raise Refused("mixed", f"PDF 后面还夹带了别的数据，{_AGAIN}")
    refuse_mixtures(view)
    if _LOCKED.search(view):
        raise Refused("locked", "PDF 加了密码或权限限制，看不了里面；请另存为不加密的 PDF")
    _refuse_acts(view)
    _look_into_streams(view)


def _refuse_acts(text: Bytes) -> None:
    for found in _ACTS.finditer(text):
        word = str(found.lastgroup)
        if word == "XFA" and not _FORM.match(text, found.end()):
            continue
        if word == "OpenAction":
            opens = _OPENS.match(text, found.end())
            if opens is None or _GOES_TO.search(opens["what"]):
                continue
        raise Refused("active", f"PDF {ACTS[word]}，不能上传；{_AGAIN}")


def _look_into_streams(view: Bytes) -> None:
    """Measure what every packed stream unpacks to, and read through those that hold objects."""
    left, to_read = MOST_UNPACKED, MOST_READ
    for number, found in enumerate(_STREAM.finditer(view)):
        if number >= MOST_STREAMS:
            raise Refused("bomb", f"PDF 里的对象太多，{_AGAIN}或分成几份")
        before = view[max(0, found.start() - 2048) : found.start()]
        own = before[before.rfind(b"endobj") + 6 :] if b"endobj" in before else before
        packs = _PACKS_OBJECTS.search(own) is not None
        head = view[found.end() : found.end() + 2]
        flate = len(head) == 2 and head[0] & 0x0F == 8 and int.from_bytes(head, "big") % 31 == 0
        if packs and (not flate or _PREDICTS.search(own)):
            raise Refused("active", f"PDF 用了少见的写法，看不了里面；{_AGAIN}")
        if not flate:
            continue
        kept = b""
        for place, plain in enumerate(_inflated(view, found.end())):
            if place == 0:
                if _is_packed(plain):
                    raise Refused("bomb", f"PDF 里的内容压缩了不止一层，{_AGAIN}")
                packs = packs or _OBJECTS.match(plain) is not None
            left -= len(plain)
            to_read -= len(plain) if packs else 0
            if left < 0 or to_read < 0:
                raise Refused("bomb", f"PDF 展开后过大，{_AGAIN}或分成几份")
            if packs:
                _refuse_acts(kept + plain)
                kept = plain[-_OVERLAP:]


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
            plain = unpacker.decompress(packed, 4 * CHUNK)
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
