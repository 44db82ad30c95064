"""What a file is called here: the last part of what the browser said, without what hides or misleads."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200
LONGEST_ENDING = 10
NAMELESS = "附件"
_HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|clock\$)(\.|$)", re.IGNORECASE)
_SLASHES = re.compile(r"[/\\\u2044\u2215\u29f8\u29f9\ufe68\uff0f\uff3c]")
"""Slashes, and signs that look like one."""


def clean_name(given: str) -> str:
    """The name in NFC: no folder, no control or direction sign, no leading dot, nothing a file system trips over."""
    last = _SLASHES.split(unicodedata.normalize("NFC", given))[-1]
    visible = "".join(sign for sign in last if unicodedata.category(sign) not in _HIDDEN)
    plain = re.sub(r"\s+", " ", _FORBIDDEN.sub("", visible)).strip(" .")
    if not plain:
        return NAMELESS
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    if len(plain) <= LONGEST:
        return plain
    ending = ending_of(plain)
    kept = LONGEST - len(ending) - 1
    return f"{plain[:kept].rstrip(' .')}.{ending}" if ending else plain[:LONGEST].rstrip(" .")


def ending_of(name: str) -> str:
    """What stands after the last dot, in lower case; "" when there is no such thing."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem and 0 < len(ending) <= LONGEST_ENDING else ""
