"""Names and addresses that try to leave the folder they belong in."""

from __future__ import annotations

UPS = (
    "../", "..\\", "%2e%2e%2f", "%2e%2e/", "..%2f", "..%5c", "%2e%2e%5c", "%252e%252e%252f", "..%252f", "%c0%ae%c0%ae%c0%af",
    "..%c0%af", "..%ef%bc%8f", "..\uff0f", "..\uff3c", "..\u2215", "..\u2044", "....//", "....\\\\", "..././", "./../", "..;/",
    ".%00./", "..%00/", "..%0d/", "..%09/", "%uff0e%uff0e%u2215",
)  # fmt: skip
"""One step up, however it is spelt."""
STARTS = (
    "/", "//", "///", "\\", "\\\\", "file:///", "file://localhost/", "C:\\", "C:/", "\\\\?\\C:\\", "\\\\.\\", "\\\\evil\\share\\",
    "~/", "~root/", "/proc/self/root/", "/dev/fd/0/../", "\x00/", "%00/", "./", ".", "..", "...", "%2f", "%5c", "%2f%2f",
)  # fmt: skip
TARGETS = ("secret.key", "woshou.db", "etc/passwd", "canary.txt")
ODD = (
    "", ".", "..", "...", "/", "\\", "%00", "\x00", "canary.txt%00.pdf", "canary.txt\x00.pdf", "con", "NUL.txt", "com1.pdf", "lpt9",
    ".htaccess", ".lock", "..\u202e/canary.txt", "canary.txt::$DATA", "canary.txt.", "canary.txt ", "|canary.txt", "$(cat canary.txt)",
    "`cat canary.txt`", "%SYSTEMROOT%", "${PATH}", "canary.txt;.pdf", "canary.txt#.pdf", "canary.txt?.pdf", "a" * 5000 + ".pdf",
)  # fmt: skip


def wanderers() -> list[str]:
    """Every name or address, once."""
    steps = [up * depth + target for up in UPS for depth in (1, 3) for target in TARGETS]
    starts = [start + target for start in STARTS for target in TARGETS]
    inner = [f"0/{up}{target}" for up in UPS[:8] for target in TARGETS[:2]]
    return list(dict.fromkeys([*steps, *starts, *inner, *ODD]))
