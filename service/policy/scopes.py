"""What a program's token may be used for: reading, writing, or either of one noun of the API alone.

A token never does more than its account may; scopes only take away. What would let a token outlive itself, or let it
change how its owner signs in, is closed to every token.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from service.errors import Forbidden
from service.policy.routes import ROUTES

API_ROOT = "/api/v1/"
PERSONAL = frozenset({"tokens", "sessions", "account", "login", "logout", "forgot", "reset", "setup", "join", "demo"})
"""Nouns that belong to the person, not to their programs: tokens, sessions, passwords, the second factor."""
_RESETS = re.compile(r"/(reset-second-factor|code)$")
"""Moves on somebody's account that give or take a way to sign in."""
_READS = frozenset({"GET", "HEAD", "OPTIONS"})

_USED = {
    (path.split("/")[3], "read" if method in _READS else "write")
    for method, path in ROUTES
    if path.startswith(API_ROOT)
}
NOUNS = tuple(sorted({path.split("/")[3] for _, path in ROUTES if path.startswith(API_ROOT)} - PERSONAL))
"""First words of the addresses under ``/api/v1`` that a token may be kept to."""
SCOPES = ("read", "write", *(f"{noun}:{verb}" for noun in NOUNS for verb in ("read", "write") if (noun, verb) in _USED))
"""Each stands for an address there is: nothing is written under ``regions``, so there is no ``regions:write``."""


def check_scopes(scopes: Collection[str], method: str, path: str) -> None:
    """Raises Forbidden unless a token with ``scopes`` may be used for this request. Pages are never written by one."""
    if path == "/api/openapi.json":
        return
    in_api = path.startswith(API_ROOT)
    noun = path.removeprefix(API_ROOT if in_api else "/").split("/")[0].split(".")[0]
    reads = method in _READS
    if noun in PERSONAL or _RESETS.search(path) or not (in_api or reads):
        raise Forbidden("接口令牌不能用来管理令牌、登录、密码与动态口令，也不能代替网页上的办理，请本人登录后进行。")
    verb = "read" if reads else "write"
    if not {verb, f"{noun}:{verb}"} & set(scopes):
        raise Forbidden(f"这个接口令牌没有“{verb}”或“{noun}:{verb}”的权限范围，请换一个令牌，或由本人另建一个。")
