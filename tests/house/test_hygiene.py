"""What is written here speaks of the project alone: no machine's paths, no hosts packages came from."""

from __future__ import annotations

import re

from tests.house.checkout import ROOT, files, named

OTHERS = ("service/static/vendor/",)
MACHINE = re.compile(r"/(?:work|home|Users|root)/[a-z]|[A-Z]:\\\\Users|/tmp/[a-z]")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted|npmjs|jsdelivr|unpkg|cdnjs|googleapis|gstatic|mirrors?\.[a-z]+|/simple/", re.IGNORECASE
)
ADDRESS = re.compile(r"https?://|--index-url|--extra-index-url|--find-links|--trusted-host|@ file:")
LEFT_OVER = re.compile(r"^(?:<{7} |>{7} |={7}$)|\bFIXME\b|\bXXX\b|breakpoint\(\)|\bTODO\b", re.M)
SPEAKS_OF_THEM = {"tests/house/test_hygiene.py"}
"""Files that name what is looked for because they look for it."""


def _texts() -> dict[str, str]:
    found = {}
    for path in files():
        content = path.read_bytes()
        if b"\0" not in content and not named(path).startswith(OTHERS):
            found[named(path)] = content.decode("utf-8")
    return found


def _lines(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}: {text[found.start() : found.end() + 40].splitlines()[0]}"
        for name, text in _texts().items()
        if name not in SPEAKS_OF_THEM
        for found in pattern.finditer(text)
    ]


def test_no_file_names_a_path_of_some_machine() -> None:
    assert _lines(MACHINE) == []


def test_no_file_names_a_host_packages_come_from() -> None:
    assert _lines(REGISTRY) == []


def test_nothing_is_left_over() -> None:
    assert _lines(LEFT_OVER) == []


def test_lock_files_pin_by_hash_and_name_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^[A-Za-z0-9._-]+(?:\[[a-z,]+\])?==", text, re.M)
        requirements = [block for block in re.split(r"\n(?=\S)", text) if not block.startswith("#")]

        assert len(pins) > 20
        assert ADDRESS.search(text) is None
        assert [block.split()[0] for block in requirements if block.strip() and "--hash=sha256:" not in block] == []


def test_every_text_ends_with_one_line_break_and_holds_no_tab_or_stray_blank() -> None:
    untidy = [
        name
        for name, text in _texts().items()
        if name.endswith((".py", ".html", ".css", ".md", ".toml", ".yml"))
        and (not text.endswith("\n") or text.endswith("\n\n") or "\r" in text or re.search(r"[ \t]+$", text, re.M))
        if text
    ]

    assert untidy == []
