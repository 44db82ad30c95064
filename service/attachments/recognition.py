"""What a file is, told from its content; its name has no say in it."""

from __future__ import annotations

from service.attachments.kinds import CSV, JPEG, PDF, PNG, TEXT, Bytes, FileKind, Refused
from service.attachments.mixtures import refuse_mixtures
from service.attachments.office import check_office
from service.attachments.pdf import check_pdf
from service.attachments.pictures import check_jpeg, check_png
from service.attachments.texts import check_csv, check_text

_LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_PROGRAM = "这是程序或安装包，不能上传"
_ARCHIVE = "不收压缩包，请解压后把里面的文件逐个上传"
_PICTURE = "这种图片不收，请另存为 PNG 或 JPEG 后再传"
KNOWN: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"MZ", "program", _PROGRAM),
    (0, b"\x7fELF", "program", _PROGRAM),
    (0, b"\xca\xfe\xba\xbe", "program", _PROGRAM),
    (0, b"\xfe\xed\xfa\xce", "program", _PROGRAM),
    (0, b"\xfe\xed\xfa\xcf", "program", _PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", "program", _PROGRAM),
    (0, b"\xce\xfa\xed\xfe", "program", _PROGRAM),
    (0, b"\0asm", "program", _PROGRAM),
    (0, b"dex\n", "program", _PROGRAM),
    (0, b"\x4c\x00\x00\x00\x01\x14\x02\x00", "program", "这是快捷方式，不能上传；请上传它指向的文件"),
    (0, b"ITSF", "program", _PROGRAM),
    (0, b"FWS", "program", _PROGRAM),
    (0, b"CWS", "program", _PROGRAM),
    (0, b"ZWS", "program", _PROGRAM),
    (0, b"MSCF", "archive", _ARCHIVE),
    (0, b"Rar!\x1a\x07", "archive", _ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", "archive", _ARCHIVE),
    (0, b"\x1f\x8b", "archive", _ARCHIVE),
    (0, b"BZh", "archive", _ARCHIVE),
    (0, b"\xfd7zXZ\x00", "archive", _ARCHIVE),
    (0, b"\x28\xb5\x2f\xfd", "archive", _ARCHIVE),
    (257, b"ustar", "archive", _ARCHIVE),
    (0x8001, b"CD001", "archive", _ARCHIVE),
    (0, b"GIF89a", "unknown", _PICTURE),
    (0, b"GIF87a", "unknown", _PICTURE),
    (0, b"BM", "unknown", _PICTURE),
    (0, b"II*\x00", "unknown", _PICTURE),
    (0, b"MM\x00*", "unknown", _PICTURE),
    (0, b"8BPS", "unknown", _PICTURE),
    (0, b"\x00\x00\x01\x00", "unknown", _PICTURE),
    (8, b"WEBP", "unknown", _PICTURE),
    (4, b"ftyp", "unknown", "不收音视频和 HEIC 图片；照片请在手机上另存为 JPEG 后再传"),
    (0, b"{\\rtf", "old", "不收 RTF，请另存为 .docx 后再传"),
    (0, b"%!PS", "unknown", "不收 PostScript，请转成 PDF 后再传"),
    (0, b"\xff\xfe", "unknown", "文本请存为 UTF-8 或 GB18030 编码后再传"),
    (0, b"\xfe\xff", "unknown", "文本请存为 UTF-8 或 GB18030 编码后再传"),
)
"""(place, signature, reason, what to do): what is known and not taken, so that the refusal can say what it is.

A signature of letters and digits alone may also begin a text; it counts where zero bytes follow.
"""


def recognise(view: Bytes, ending: str) -> FileKind:
    """The kind of file. ``ending`` only tells a table from other text. Raises Refused for what may not stay."""
    head = view[:1024]
    if head.startswith(b"%PDF-"):
        check_pdf(view)
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        refuse_mixtures(view)
        check_png(view)
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        refuse_mixtures(view)
        check_jpeg(view)
        return JPEG
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return check_office(view)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise _old_office(view)
    for at, signature, reason, sentence in KNOWN:
        if view[at : at + len(signature)] == signature and (not signature.isalnum() or b"\0" in head):
            raise Refused(reason, sentence)
    if b"%PDF-" in head:
        raise Refused("mixed", "PDF 的前面夹带了别的内容，请用“打印为 PDF”重新生成")
    return _text(view, ending)


def _old_office(view: Bytes) -> Refused:
    if view.find(_LOCKED_OFFICE) >= 0:
        return Refused("locked", "文件加了打开密码，看不了里面；请去掉密码另存后再传")
    old = "这是旧版 Office 或安装包格式（.doc、.xls、.ppt、.msi）"
    return Refused("old", f"{old}，请另存为 .docx、.xlsx 或 .pptx 后再传")


def _text(view: Bytes, ending: str) -> FileKind:
    kind, check = (CSV, check_csv) if ending in CSV.endings else (TEXT, check_text)
    check(view)
    return kind
