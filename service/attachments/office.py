"""Word, Excel and PowerPoint documents (ECMA-376): no macros, no objects, nothing fetched from outside, no bombs."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping

from service.attachments.archives import Budget, opened, pieces
from service.attachments.kinds import EXCEL, SLIDES, WORD, Bytes, FileKind, Refused
from service.attachments.markup import walk
from service.attachments.pictures import refuse_large

CONTENTS = "[content_types].xml"
MAIN: Mapping[str, FileKind] = {
    "wordprocessingml.document.main+xml": WORD,
    "spreadsheetml.sheet.main+xml": EXCEL,
    "presentationml.presentation.main+xml": SLIDES,
    "presentationml.slideshow.main+xml": SLIDES,
}
XML = ("xml", "rels", "vml", "svg")
PLAIN = frozenset(
    {"png", "jpg", "jpeg", "jfif", "gif", "bmp", "tif", "tiff", "emf", "wmf", "wdp", "odttf", "fntdata"}
    | {"mp4", "m4a", "mp3", "wav"}
)
"""Endings of parts that hold pictures, letters and sound: nothing in them runs."""
INSIDE = ("docx", "xlsx", "pptx")
"""Documents inside a document: the tables behind its charts."""
PRINTER = re.compile(r"printersettings/[^/]+\.bin$")
LARGEST_INSIDE = 20 * 1024 * 1024
DEEPEST = 1
_MACROS = re.compile(r"vbaproject|vbadata|macrosheets/|activex|/ctrlprops/|customui|dialogsheets/")
_MACRO = "文件带有宏或控件，不能上传；请另存为不带宏的 .docx、.xlsx 或 .pptx"
_OBJECT = "文件里嵌入了别的程序的对象或文件，不能上传；请把它们转成图片或另外上传"
_OUTSIDE = "文件会从外面取内容（外部模板、链接的数据或图片），不能上传；请断开链接后另存一份"
_FETCHING = re.compile(r"DDE(?:AUTO)?\s|INCLUDETEXT|INCLUDEPICTURE|\bIMPORT\s", re.IGNORECASE)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xd0\xcf\x11\xe0")
_ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_RUNS = re.compile(r"(?:javascript|vbscript|data|ms-[a-z]+|search-ms):")


def check_office(view: Bytes, budget: Budget | None = None, depth: int = 0) -> FileKind:
    """Which kind of document it is. Raises Refused for an archive that is none, or one that may not stay."""
    budget = budget or Budget()
    with opened(view) as archive:
        parts = {info.filename.lower(): info for info in archive.infolist() if not info.is_dir()}
        if CONTENTS not in parts:
            raise Refused("archive", "不收压缩包（.zip、.jar、.apk 等），请解压后把里面的文件逐个上传")
        kind = _kind(archive, parts[CONTENTS], budget)
        if any(_MACROS.search(name) for name in parts):
            raise Refused("macro", _MACRO)
        if any("externallinks/" in name for name in parts):
            raise Refused("outside", _OUTSIDE)
        for name, info in parts.items():
            if name != CONTENTS:
                _check_part(archive, name, info, budget, depth)
    return kind


def _kind(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> FileKind:
    types: list[str] = []

    def see(_name: str, attributes: Mapping[str, str]) -> None:
        if "ContentType" in attributes:
            types.append(attributes["ContentType"])

    walk(pieces(archive, info, budget), budget, see)
    if any("macroenabled" in one.lower() or "vbaproject" in one.lower() or "activex" in one.lower() for one in types):
        raise Refused("macro", _MACRO)
    for one in types:
        for ending, kind in MAIN.items():
            if one.endswith(ending):
                return kind
    raise Refused("archive", "这不是 Word、Excel 或 PowerPoint 文档；请另存为 .docx、.xlsx 或 .pptx 后再传")


def _check_part(archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo, budget: Budget, depth: int) -> None:
    ending = name.rpartition(".")[2]
    if ending in XML:
        _check_xml(archive, name, info, budget)
    elif ending in INSIDE and "/embeddings/" in name:
        if depth >= DEEPEST or info.file_size > LARGEST_INSIDE:
            raise Refused("bomb", "文件里一层套一层，不能上传；请把里面的文件另外上传")
        check_office(b"".join(pieces(archive, info, budget)), budget, depth + 1)
    elif ending in PLAIN or PRINTER.search(name):
        _check_plain(pieces(archive, info, budget))
    else:
        raise Refused("mixed", _OBJECT)


def _check_plain(source: Iterator[bytes]) -> None:
    first = next(source, b"")
    if first.startswith(_PROGRAMS + _ARCHIVES):
        raise Refused("mixed", _OBJECT)
    if first.startswith(b"\x89PNG\r\n\x1a\n") and len(first) >= 24:
        refuse_large(int.from_bytes(first[16:20], "big"), int.from_bytes(first[20:24], "big"))
    for _ in source:  # to the end, so that the sum is checked and the budget counted
        pass


def _check_xml(archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo, budget: Budget) -> None:
    see = _refuse_outside if name.endswith(".rels") else _refuse_elements
    fields = walk(pieces(archive, info, budget), budget, see)
    if _FETCHING.search(fields):
        raise Refused("outside", _OUTSIDE)


def _refuse_outside(_name: str, attributes: Mapping[str, str]) -> None:
    """A relationship may point outside only as a link somebody clicks."""
    kind = attributes.get("Type", "").rpartition("/")[2].lower()
    if kind in ("afchunk", "vbaproject", "attachedtoolbars"):
        raise Refused("macro" if kind == "vbaproject" else "mixed", _OBJECT)
    outside = attributes.get("TargetMode", "").lower() == "external"
    target = attributes.get("Target", "").strip().lower()
    if outside and (kind != "hyperlink" or _RUNS.match(target)):
        raise Refused("outside", _OUTSIDE)


def _refuse_elements(name: str, _attributes: Mapping[str, str]) -> None:
    """Elements that start another program when the document is opened."""
    if name.rpartition(":")[2] in ("ddeLink", "ddeItem", "altChunk", "script"):
        raise Refused("outside", _OUTSIDE)
