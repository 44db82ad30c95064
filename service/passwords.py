"""What a password has to be, by one of two profiles that contradict each other.

``dengbao`` follows GB/T 22239-2019 (身份鉴别: 口令应有复杂度要求并定期更换): several kinds of character, changed every
``password_days`` days, none of the last five again, a first password given by somebody else changed at once.
``asvs`` follows OWASP ASVS 5.0 V6.2, which forbids both composition rules and periodic change (6.2.5, 6.2.10): length,
and nothing that stands on a list of common passwords or names the place it is for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from models import Account
from service.config import Settings

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128
USED_BEFORE = 5
"""How many earlier passwords are not taken again under ``dengbao``."""
_RECOMMENDED = 15
_KINDS_WANTED = 3
_OWN_WORDS = ("woshou", "握手", "password", "mima")


def rules_in_words(settings: Settings) -> str:
    """What to say beside the box for a new password."""
    if settings.follows_dengbao:
        return (
            f"{SHORTEST_PASSWORD}–{LONGEST_PASSWORD} 位，大写字母、小写字母、数字、其他字符（汉字也算）至少用三种，"
            f"每 {settings.password_days} 天更换一次"
        )
    return f"{SHORTEST_PASSWORD}–{LONGEST_PASSWORD} 位，建议 {_RECOMMENDED} 位以上；不要用常见密码"


def shortcoming(settings: Settings, password: str, about: Sequence[str] = ()) -> str | None:
    """What to change about a new password; None when it will do. ``about``: the person's mail address, name, house."""
    if len(password) < SHORTEST_PASSWORD:
        return f"密码至少 {SHORTEST_PASSWORD} 位，现在 {len(password)} 位"
    if len(password) > LONGEST_PASSWORD:
        return f"密码最多 {LONGEST_PASSWORD} 位，现在 {len(password)} 位"
    named = _names_in(password, about if settings.follows_dengbao else (*about, *_OWN_WORDS))
    if named:
        return f"密码里不要有“{named}”，别人容易猜到"
    if settings.follows_dengbao:
        kinds = kinds_of(password)
        if len(kinds) < _KINDS_WANTED:
            return f"密码只用了{'、'.join(kinds)}，请在大写字母、小写字母、数字、其他字符中至少用三种"
    elif password.lower() in _common():
        return "这是很多人用过的密码，请换一个"
    return None


def kinds_of(password: str) -> list[str]:
    """The kinds of character the password uses."""
    tests = (
        ("大写字母", lambda c: "A" <= c <= "Z"),
        ("小写字母", lambda c: "a" <= c <= "z"),
        ("数字", lambda c: "0" <= c <= "9"),
        ("其他字符", lambda c: not (c.isascii() and c.isalnum())),
    )
    return [name for name, of_kind in tests if any(of_kind(letter) for letter in password)]


def has_run_out(settings: Settings, account: Account, now: datetime) -> bool:
    """Whether the password has to be changed before anything else."""
    if account.must_change_password:
        return True
    since = account.password_changed_at or account.created_at
    return settings.follows_dengbao and since + timedelta(days=settings.password_days) < now


def _names_in(password: str, about: Sequence[str]) -> str:
    """The first word about the person that the password holds; words of fewer than three letters do not count."""
    folded = password.lower()
    words = [part for word in about for part in (word.lower(), word.lower().partition("@")[0])]
    return next((word for word in words if len(word) >= (2 if not word.isascii() else 4) and word in folded), "")


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Some thirty thousand common passwords, from the lists that zxcvbn carries."""
    return frozenset(FREQUENCY_LISTS["passwords"])
