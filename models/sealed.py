"""Columns whose text is encrypted before it reaches the database (AES-256-GCM), and the key ring they are read with."""

from __future__ import annotations

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, Text, TypeDecorator

MARK = "sealed:1:"
"""How an encrypted value begins; a value without it was written before columns were encrypted and is read as it is."""
NONCE_BYTES = 12


class WrongKey(Exception):
    """A value was encrypted with another key than the one at hand."""


class KeyRing:
    """The key of this installation; ``use`` is called once, when an installation is opened."""

    def __init__(self) -> None:
        self._cipher: AESGCM | None = None

    def use(self, key: bytes) -> None:
        """Encrypt and decrypt with ``key`` (32 bytes) from now on."""
        self._cipher = AESGCM(key)

    def seal(self, text: str) -> str:
        """The text encrypted under a nonce of its own; an empty text stays empty. Raises WrongKey without a key."""
        if not text:
            return text
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + self._at_hand().encrypt(nonce, text.encode(), None)
        return MARK + base64.urlsafe_b64encode(sealed).decode()

    def open(self, stored: str) -> str:
        """The text that was sealed. Raises WrongKey."""
        if not stored.startswith(MARK):
            return stored
        raw = base64.urlsafe_b64decode(stored.removeprefix(MARK))
        try:
            return self._at_hand().decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], None).decode()
        except InvalidTag as error:
            raise WrongKey("a sealed value does not open with this installation's key") from error

    def _at_hand(self) -> AESGCM:
        if self._cipher is None:
            raise WrongKey("no key has been given to the key ring")
        return self._cipher


KEY_RING = KeyRing()


class Sealed(TypeDecorator[str]):
    """Text that is stored encrypted; equal texts are stored differently, so it cannot be searched or compared."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return KEY_RING.seal(value) if value is not None else None

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        return KEY_RING.open(value) if value is not None else None
