"""Passwords and tokens: Argon2id for what people remember or type, digests for what machines carry."""

from __future__ import annotations

import hashlib
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""At least what the OWASP Password Storage Cheat Sheet asks of Argon2id: 19 MiB, two passes, one lane."""
_ROOM = threading.BoundedSemaphore(4)
"""How many passwords are hashed at once in a process, so that a flood of sign-ins does not eat the memory."""


def hash_password(password: str) -> str:
    """An Argon2id hash with its salt and parameters."""
    with _ROOM:
        return _HASHER.hash(password)


_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))


def password_matches(stored: str | None, password: str) -> bool:
    """Whether the password is right; takes as long when there is none to compare with (``stored`` None or no hash)."""
    usable = stored is not None and stored.startswith("$argon2")
    try:
        with _ROOM:
            _HASHER.verify(stored if usable and stored is not None else _NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return usable


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's, and should be made anew when next seen."""
    return _HASHER.check_needs_rehash(stored)


def new_token() -> str:
    """An unguessable token (256 bits)."""
    return secrets.token_urlsafe(32)


def new_handle() -> str:
    """A short public name for something whose token nobody may see."""
    return secrets.token_hex(8)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Whether two tokens are the same, in constant time."""
    return secrets.compare_digest(left.encode(), right.encode())
