"""The installation's secret, and the keys drawn from it, one for each purpose."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.config import Settings

SHORTEST_SECRET = 32
KEY_FILE = "secret.key"


def key_of(settings: Settings, purpose: str) -> bytes:
    """32 bytes for one purpose, by HKDF (RFC 5869). Raises RuntimeError when the secret is too short to trust."""
    return _derived(_secret(settings.secret_key, settings.data_dir.resolve()), purpose)


@lru_cache(maxsize=64)
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"woshou {purpose}".encode()).derive(secret.encode())


@lru_cache(maxsize=64)
def _secret(given: str, folder: Path) -> str:
    secret = given or _kept(folder / KEY_FILE)
    if len(secret) < SHORTEST_SECRET:
        raise RuntimeError(f"WOSHOU_SECRET_KEY 或 {KEY_FILE} 太短，至少要 {SHORTEST_SECRET} 个字符。")
    return secret


def _kept(path: Path) -> str:
    """The secret in the file; the first process to ask writes it, readable by its owner alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # refuses when another process was first
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
