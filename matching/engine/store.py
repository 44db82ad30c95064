"""One file for a header and arrays: memory-mapped when read, refused when a single byte is not what was written.

Layout: magic and format number, length of the header, digest of the header, the header (JSON: the caller's part and
where each array lies), then the arrays, each at a multiple of 64 bytes, zeros between. The header holds the digest of
all that follows it.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import struct
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = 1
_MAGIC = b"WOSHOU\x00\x01"
_FIXED = struct.Struct("<8sIQ32s")
_ALIGN = 64
_MAX_HEADER = 1 << 26


class DamagedFile(ValueError):
    """A file that is not a whole, unchanged store of this program; the message says in Chinese what to do."""


def save(path: Path, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write beside ``path``, then move there: a reader sees the old file or the new one, never a part."""
    plain = {name: np.ascontiguousarray(array) for name, array in sorted(arrays.items())}
    digest = hashlib.blake2b(digest_size=32)
    for piece in _body(plain):
        digest.update(piece)
    text = json.dumps(
        {
            "header": dict(header),
            "arrays": {name: [array.dtype.str, list(array.shape)] for name, array in plain.items()},
            "body": digest.hexdigest(),
        },
        ensure_ascii=False,
        sort_keys=True,
    ).encode()
    text += b" " * (-(_FIXED.size + len(text)) % _ALIGN)
    fixed = _FIXED.pack(_MAGIC, FORMAT, len(text), hashlib.blake2b(text, digest_size=32).digest())
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(fixed)
            file.write(text)
            for piece in _body(plain):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)  # noqa: PTH105 — the temporary name is a plain string
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def load(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """The header and the arrays of a store, read-only and memory-mapped.

    Raises DamagedFile for a file that is cut short, changed, of another program or of a newer format, and
    FileNotFoundError for none.
    """
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size < _FIXED.size:
            raise DamagedFile(f"索引文件 {path.name} 不完整，请重新生成。")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    view = memoryview(mapped)
    magic, form, length, header_digest = _FIXED.unpack(view[: _FIXED.size])
    if magic != _MAGIC:
        raise DamagedFile(f"{path.name} 不是本系统的索引文件，请重新生成。")
    if form != FORMAT:
        raise DamagedFile(
            f"索引文件 {path.name} 的格式版本是 {form}，本程序只认识 {FORMAT}，请升级程序或重新生成索引。"
        )
    body_start = _FIXED.size + length
    if length > _MAX_HEADER or body_start > len(view):
        raise DamagedFile(f"索引文件 {path.name} 不完整，请重新生成。")
    text = view[_FIXED.size : body_start]
    if hashlib.blake2b(text, digest_size=32).digest() != header_digest:
        raise DamagedFile(f"索引文件 {path.name} 已损坏（文件头校验不符），请重新生成。")
    described = json.loads(bytes(text))
    if hashlib.blake2b(view[body_start:], digest_size=32).hexdigest() != described["body"]:
        raise DamagedFile(f"索引文件 {path.name} 已损坏或不完整（内容校验不符），请重新生成。")
    arrays: dict[str, NDArray[Any]] = {}
    at = body_start
    for name, (kind, shape) in described["arrays"].items():
        array = np.ndarray(tuple(shape), np.dtype(kind), mapped, at)
        arrays[name] = array
        at += array.nbytes + -array.nbytes % _ALIGN
    return described["header"], arrays


def _body(arrays: Mapping[str, NDArray[Any]]) -> Iterator[bytes | memoryview]:
    for array in arrays.values():
        if array.nbytes:
            yield array.reshape(-1).view(np.uint8).data
        yield bytes(-array.nbytes % _ALIGN)
