"""The notice on personal information that an installation starts from, in plain words; publishing makes it binding."""

from __future__ import annotations

from pathlib import Path

from service.config import Settings

_TEXT = Path(__file__).resolve().parent / "notice.txt"


def standard_notice(settings: Settings) -> str:
    """The text of ``notice.txt`` with this installation's names."""
    bureau = f"{settings.region_name}科技主管部门"
    contact = settings.privacy_contact or "请联系本地区科技主管部门"
    return _TEXT.read_text(encoding="utf-8").strip().format(bureau=bureau, contact=contact)
