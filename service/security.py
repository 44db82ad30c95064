"""Passwords and tokens: Argon2id for what people remember, digests for what machines carry."""

from __future__ import annotations

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_HASHER = PasswordHasher()
SHORTEST_PASSWORD = 10


def hash_password(password: str) -> str:
    """An Argon2id hash with its salt and parameters."""
    return _HASHER.hash(password)


_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))


def password_matches(stored: str | None, password: str) -> bool:
    """Whether the password is right; takes as long when there is no such account (``stored`` None)."""
    try:
        _HASHER.verify(stored or _NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return stored is not None


def new_token() -> str:
    """An unguessable token (256 bits)."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Whether two tokens are the same, in constant time."""
    return secrets.compare_digest(left.encode(), right.encode())
