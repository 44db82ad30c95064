"""How secrets are made and kept: from the system's randomness, with listed primitives, sealed, hashed slowly."""

from __future__ import annotations

import ast
import base64
import re

import pytest

from models.sealed import MARK, KeyRing, WrongKey
from service.security import hash_password, new_token, password_matches
from tests.house.checkout import files, modules, named

PRIMITIVES = {"sha256", "blake2b"}
"""Digests in use: SHA-256 for all that is trusted, BLAKE2b to see that an index file on disk is whole."""
CRYPTOGRAPHY = {
    "cryptography.exceptions",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.hashes",
    "cryptography.hazmat.primitives.kdf.hkdf",
}
"""AES-256-GCM for columns, HKDF with SHA-256 for keys by purpose."""


def _attributes(owner: str) -> set[str]:
    return {
        node.attr
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == owner
    }


def test_only_the_listed_primitives_are_used() -> None:
    imported = {
        node.module
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cryptography")
    }

    assert _attributes("hashlib") == PRIMITIVES
    assert imported == CRYPTOGRAPHY


def test_secrets_come_from_the_system() -> None:
    foreseeable = [
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Import) and any(name.name in ("random", "uuid") for name in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module in ("random", "uuid"))
    ]
    tokens = {new_token() for _ in range(1_000)}

    assert foreseeable == []
    assert len(tokens) == 1_000
    assert min(len(base64.urlsafe_b64decode(token + "=")) for token in tokens) == 32


def test_passwords_are_kept_with_argon2id() -> None:
    kept = hash_password("沙漠里也能长出好庄稼")

    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", kept)

    assert found is not None
    assert int(found[1]) >= 19_456
    assert int(found[2]) >= 2
    assert password_matches(kept, "沙漠里也能长出好庄稼")
    assert not password_matches(kept, "沙漠里也能长出好庄稼 ")
    assert hash_password("沙漠里也能长出好庄稼") != kept


@pytest.mark.parametrize("at", range(0, 60, 7))
def test_a_sealed_value_that_was_touched_does_not_open(at: int) -> None:
    ring = KeyRing()
    ring.use(b"k" * 32)
    sealed = ring.seal("0477-8580000，联系人示例")
    raw = bytearray(base64.urlsafe_b64decode(sealed.removeprefix(MARK)))

    raw[at % len(raw)] ^= 1

    assert "0477" not in sealed
    assert ring.open(sealed) == "0477-8580000，联系人示例"
    with pytest.raises(WrongKey):
        ring.open(MARK + base64.urlsafe_b64encode(bytes(raw)).decode())


def _templates() -> dict[str, str]:
    return {
        named(path): path.read_text(encoding="utf-8")
        for path in files()
        if path.suffix == ".html" and named(path).startswith("templates/")
    }


def test_passwords_are_covered_and_may_be_pasted() -> None:
    texts = _templates()
    fields = [
        (name, field)
        for name, text in texts.items()
        for field in re.findall(r'field\(form, "(?:password|current|again)"[^)]*\)', text)
    ]

    assert len(fields) >= 3
    assert not [(name, field) for name, field in fields if '"password"' not in field or "autocomplete" not in field]
    assert not [name for name, text in texts.items() if "onpaste" in text]
    assert "onpaste" not in "".join(path.read_text(encoding="utf-8") for path in files() if path.name == "woshou.js")


def test_there_are_no_secret_questions() -> None:
    assert not [name for name, text in _templates().items() if re.search("密码提示|密保|安全问题|口令提示", text)]
