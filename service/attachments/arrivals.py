"""A file as it arrives: written down, looked into and scanned before anybody opens a transaction for it."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from service.attachments.kinds import CSV, ENDINGS, SAID, TEXT, Bytes, FileKind, Refused
from service.attachments.names import clean_name, ending_of
from service.attachments.recognition import recognise
from service.attachments.scanning import scan
from service.attachments.store import Store
from service.attachments.texts import encoding_of
from service.config import Settings

MB = 1024 * 1024


@dataclass(frozen=True)
class Arrival:
    """A file that was sent: what it is and where its bytes lie, or why it may not stay."""

    name: str
    size: int = 0
    sha256: str = ""
    media_type: str = ""
    path: Path = Path()
    refusal: Refused | None = None


def receive(settings: Settings, given_name: str, source: BinaryIO) -> Arrival:
    """Write the file down and look into it; nothing is left of one that may not stay.

    What may stay waits at ``path`` for the use-case to keep it, and whoever called this to clear it away.
    """
    name = clean_name(given_name)
    path, size, sha256 = Store(settings.data_dir).receive(source, settings.attachment_mb * MB)
    try:
        media_type = inspect(settings, name, path, size)
    except Refused as refusal:
        path.unlink()
        return Arrival(name, size, sha256, refusal=refusal)
    except BaseException:
        path.unlink()
        raise
    return Arrival(name, size, sha256, media_type, path)


def inspect(settings: Settings, name: str, path: Path, size: int) -> str:
    """The media type the file is sent under. Raises Refused."""
    if size > settings.attachment_mb * MB:
        raise Refused("too_large", f"超过 {settings.attachment_mb} MB，请压缩图片、分成几份，或另存为较小的文件")
    if size == 0:
        raise Refused("empty", "是空文件，请检查后再传")
    ending = ending_of(name)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        kind = recognise(view, ending)
        _check_ending(kind, ending)
        media_type = kind.media_type + _charset(kind, view)
    scan(settings.attachment_scan_command, path)
    return media_type


def _check_ending(kind: FileKind, ending: str) -> None:
    if ending in kind.endings:
        return
    wanted = "、".join(f".{one}" for one in kind.endings)
    if not ending:
        raise Refused("ending", f"文件名没有扩展名，内容是{kind.label}，请改成 {wanted} 后再传")
    if ending not in ENDINGS and kind in (TEXT, CSV):
        raise Refused("unknown", f"不收 .{ending} 文件；可以上传 {SAID}")
    raise Refused("ending", f"内容是{kind.label}，扩展名却是 .{ending}；请改成 {wanted} 后再传")


def _charset(kind: FileKind, view: Bytes) -> str:
    if kind not in (TEXT, CSV):
        return ""
    return f"; charset={encoding_of(view).removesuffix('-sig')}"
