"""Where the bytes lie: under their SHA-256 in the data folder, once for equal bytes, never under a given name."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from service.security import new_handle

FOLDER = "attachments"
ARRIVALS = "arriving"
CHUNK = 256 * 1024
SETTLED_SECONDS = 120
"""How long bytes without a row are left alone: a row that is being written may yet name them."""
ABANDONED_SECONDS = 6 * 3600
"""After how long a file that is still arriving was left behind by a process that died."""
_DIGEST = re.compile(r"[0-9a-f]{64}")


class NotKept(Exception):
    """The bytes are not there, or are no longer what they were."""


class Store:
    """The files of one installation. ``data_dir`` is the data folder; ours is made in it when first needed."""

    def __init__(self, data_dir: Path) -> None:
        self.root = data_dir.resolve() / FOLDER

    def path_of(self, sha256: str) -> Path:
        """Where bytes of that digest lie. Raises NotKept for what is no digest, so that no path is made of it."""
        if not _DIGEST.fullmatch(sha256):
            raise NotKept
        return self.root / sha256[:2] / sha256

    def receive(self, source: BinaryIO, limit: int) -> tuple[Path, int, str]:
        """Write what is read to a file of its own: its path, its size and its digest, made while writing.

        It stops at ``limit`` bytes and one more, so that a size above the limit says "too large".
        """
        folder = self._folder(self.root / ARRIVALS)
        path = folder / new_handle()
        digest, size = hashlib.sha256(), 0
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while size <= limit and (chunk := source.read(min(CHUNK, limit + 1 - size))):
                size += len(chunk)
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        return path, size, digest.hexdigest()

    def keep(self, arrived: Path, sha256: str) -> None:
        """Put a received file where it stays; of equal bytes the file that is there already stays, as good as new."""
        target = self.path_of(sha256)
        folder = self._folder(target.parent)
        with self._alone():
            if target.exists():
                os.utime(target)
                arrived.unlink()
            else:
                arrived.replace(target)
            _flush_folder(folder)

    def checked(self, sha256: str) -> Path:
        """The file, after looking whether it still is what it was. Raises NotKept."""
        path = self.path_of(sha256)
        try:
            with path.open("rb") as file:
                digest = hashlib.sha256()
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
        except FileNotFoundError as error:
            raise NotKept from error
        if digest.hexdigest() != sha256:
            raise NotKept
        return path

    def drop(self, sha256: str, *, settled: float = SETTLED_SECONDS) -> bool:
        """Remove bytes that no row names, unless the same came within ``settled`` seconds; whether they are gone."""
        path = self.path_of(sha256)
        with self._alone():
            if not path.exists():
                return True
            if time.time() - path.stat().st_mtime < settled:
                return False
            path.unlink()
            _flush_folder(path.parent)
            return True

    def digests(self) -> Iterator[str]:
        """The digests of all that lies here."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            yield from sorted(path.name for path in folder.iterdir() if _DIGEST.fullmatch(path.name))

    def clear_arrivals(self, *, settled: float = ABANDONED_SECONDS) -> int:
        """Remove what was left half-way by a process that died; how many files went."""
        gone = 0
        for path in (self.root / ARRIVALS).glob("*"):
            if time.time() - path.stat().st_mtime >= settled:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _folder(self, folder: Path) -> Path:
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _flush_folder(folder.parent)
        return folder

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time puts files here or takes them away."""
        self._folder(self.root)
        with (self.root / ".lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _flush_folder(folder: Path) -> None:
    """Let the folder's own entry survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
