"""Good files, made here, from which the hostile ones are bent."""

from __future__ import annotations

import functools
import io
import struct
import zipfile
import zlib

from docx import Document
from openpyxl import Workbook


def png(width: int = 4, height: int = 3, *, before_end: bytes = b"", tail: bytes = b"") -> bytes:
    """A grey picture of that size, as its header says; its pixels are only as many as a small one has."""
    pixels = zlib.compress(b"".join(b"\0" + b"\x80" * min(width, 64) for _ in range(min(height, 64))))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + before_end + chunk(b"IDAT", pixels) + chunk(b"IEND", b"") + tail
    )


def chunk(kind: bytes, body: bytes) -> bytes:
    """One piece of a PNG with its sum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def jpeg(width: int = 16, height: int = 16, *, remark: bytes = b"", scan: bytes = b"\x12\x34\xff\x00\x56") -> bytes:
    """A JPEG's skeleton: every segment a reader walks through, and a scan."""
    quantities = b"\xff\xdb" + struct.pack(">H", 67) + b"\0" + bytes(range(1, 65))
    size = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    codes = b"\xff\xc4" + struct.pack(">H", 20) + b"\0" + b"\x01" + b"\0" * 15 + b"\x05"
    begins = b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\x00\x00\x3f\x00"
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0"
    note = b"\xff\xfe" + struct.pack(">H", len(remark) + 2) + remark if remark else b""
    return b"\xff\xd8" + app + note + quantities + size + codes + begins + scan + b"\xff\xd9"


def pdf(
    catalog: bytes = b"", *, objects: tuple[bytes, ...] = (), head: bytes = b"%PDF-1.7\n", tail: bytes = b""
) -> bytes:
    """A page; ``catalog`` is added to its catalogue, ``objects`` come after its own."""
    made = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        *objects,
    ]
    body, places = head, []
    for number, one in enumerate(made, 1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(made) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(made) + 1, len(body))
    return body + table + end + tail


def packed(content: bytes, extra: bytes = b"") -> bytes:
    """A stream whose content is packed."""
    data = zlib.compress(content, 9)
    return b"<< /Filter /FlateDecode /Length %d %s >>\nstream\n" % (len(data), extra) + data + b"\nendstream"


def packed_zeros(megabytes: int) -> bytes:
    """A stream that unpacks a thousand to one; made of one packed megabyte, over and over."""
    packer = zlib.compressobj(9)
    one = packer.compress(b"\0" * (1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b"\0" * (1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)
    data = one + again * (megabytes - 1)
    return b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(data) + data + b"\nendstream"


@functools.cache
def docx(text: str = "技术要求") -> bytes:
    """A Word document with a line of text."""
    document, made = Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(made)
    return made.getvalue()


@functools.cache
def xlsx(value: object = 1) -> bytes:
    """A workbook with one cell."""
    book, made = Workbook(), io.BytesIO()
    book.active["A1"] = value  # type: ignore[index] # a new workbook has a sheet
    book.save(made)
    return made.getvalue()


def pptx() -> bytes:
    """A presentation's least parts."""
    types = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    link = '<Relationship Id="r1" Type="x/officeDocument" Target="ppt/presentation.xml"/>'
    return archive(
        {
            "[Content_Types].xml": f'<Types><Override PartName="/ppt/presentation.xml" ContentType="{types}"/></Types>',
            "_rels/.rels": f"<Relationships>{link}</Relationships>",
            "ppt/presentation.xml": '<p:presentation xmlns:p="p"/>',
        }
    )


def archive(parts: dict[str, str | bytes], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return made.getvalue()


def with_parts(
    document: bytes, parts: dict[str, str | bytes], *, changed: dict[str, tuple[str, str]] | None = None, level: int = 6
) -> bytes:
    """The document with parts added, and texts in its own parts replaced."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            if changed and name in changed:
                old, new = changed[name]
                assert old.encode() in content, (name, old)
                content = content.replace(old.encode(), new.encode())
            after.writestr(name, content)
        for name, added in parts.items():
            after.writestr(name, added)
    return made.getvalue()


def zeros(megabytes: int) -> bytes:
    """A part of a document that is packed very small: XML with blanks."""
    return b"<a>" + b" " * (megabytes * 1024 * 1024) + b"</a>"
