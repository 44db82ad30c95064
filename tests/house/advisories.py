"""Whether a locked version has a known vulnerability; ``python -m tests.house.advisories`` fails when one has.

Two sources. The snapshot beside this file is always asked. The live service is asked too, but believed only when it
knows a version that is known to be bad: on a closed network it may answer "none" without having asked anybody.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from tests.house.locked import LOCK_FILES, Pin, Unreadable, pins, unknown_licences

SNAPSHOT = Path(__file__).with_name("advisories.csv")
TAKEN_ON = "2026-11-27"
"""The day the snapshot was carried over from the two public databases named in its last column."""
CANARIES = (Pin("jinja2", "2.10", wanted_here=True), Pin("urllib3", "1.26.17", wanted_here=True))
"""Versions known to be bad: whoever does not find them is not asked further."""
PATIENCE = 120

Audit = Callable[[Path], str | None]
"""Audits the requirements in a file; JSON as pip-audit writes it, or None when it could not."""


class Unreliable(Exception):
    """A source that does not find what is known to be there."""


@dataclass(frozen=True)
class Advisory:
    """Versions from ``introduced`` up to before ``fixed`` are affected."""

    package: str
    number: str
    introduced: str
    fixed: str

    def hits(self, pin: Pin) -> bool:
        """Whether the pinned version is affected."""
        return pin.name == self.package and Version(self.introduced) <= Version(pin.version) < Version(self.fixed)


def snapshot(path: Path = SNAPSHOT) -> list[Advisory]:
    """The advisories kept here. Raises Unreliable when they are missing, broken, or do not know the canaries."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        found = [Advisory(row["package"], row["id"], row["introduced"], row["fixed"]) for row in rows]
        blind = [pin for pin in CANARIES if not any(one.hits(pin) for one in found)]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise Unreliable(f"漏洞快照读不出来：{error}") from error
    if blind:
        raise Unreliable(f"漏洞快照不认得已知有漏洞的 {blind[0].name} {blind[0].version}")
    return found


def known_bad(locked: Iterable[Pin], advisories: Sequence[Advisory]) -> list[str]:
    """One line for each pinned version that an advisory of the snapshot names."""
    return [
        f"{pin.name} {pin.version}：{one.number}，修复于 {one.fixed}"
        for pin in locked
        for one in advisories
        if one.hits(pin)
    ]


def live_bad(locked: Sequence[Pin], audit: Audit) -> list[str] | None:
    """What the live service finds; None when it cannot be believed, because it does not find the first canary.

    Raises Unreliable when it is believed and yet left a package out.
    """
    canary = CANARIES[0]
    if not _found(_ask([canary], audit), canary.name):
        return None
    answer = _ask(locked, audit)
    if answer is None:
        raise Unreliable("漏洞服务答了金丝雀，却没有答锁文件")
    answered = {str(one["name"]).lower() for one in answer if "vulns" in one}
    left_out = sorted({pin.name for pin in locked} - answered)
    if left_out:
        raise Unreliable(f"漏洞服务没有查：{'、'.join(left_out)}")
    return [f"{one['name']} {one['version']}：{bug['id']}" for one in answer for bug in one["vulns"]]


def _found(answer: list[dict[str, object]] | None, name: str) -> bool:
    return answer is not None and any(one.get("name") == name and one.get("vulns") for one in answer)


def _ask(locked: Sequence[Pin], audit: Audit) -> list[dict[str, object]] | None:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.txt"
        wanted.write_text("".join(f"{pin.name}=={pin.version}\n" for pin in locked), encoding="utf-8")
        told = audit(wanted)
    try:
        answer = json.loads(told) if told else None
    except ValueError:
        return None
    return answer["dependencies"] if isinstance(answer, dict) and "dependencies" in answer else None


def pip_audit(wanted: Path) -> str | None:
    """Ask the live service through pip-audit; None when it gave no answer."""
    command = [sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--no-deps", "--format=json"]
    command += ["--progress-spinner=off", "--timeout=10", f"--requirement={wanted}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout or None


def main(lock_files: Sequence[Path] = LOCK_FILES, audit: Audit = pip_audit, kept: Path = SNAPSHOT) -> int:
    """Check every lock file against both sources, and the licences; 0 when nothing is wrong."""
    try:
        advisories = snapshot(kept)
        locked = {path: pins(path) for path in lock_files}
        every = sorted({pin for found in locked.values() for pin in found}, key=lambda pin: (pin.name, pin.version))
        here = [pin for pin in every if pin.wanted_here]
        bad = known_bad(every, advisories)
        live = live_bad(here, audit)
    except (Unreadable, Unreliable) as error:
        print(f"依赖审计没有做成：{error}", file=sys.stderr)
        return 2
    for path, found in locked.items():
        strange = unknown_licences(found, tools="dev" in path.name)
        bad += [f"{name}：许可证未列入清单（{declared or '未声明'}）" for name, declared in strange.items()]
    for line in [*bad, *(live or [])]:
        print(line, file=sys.stderr)
    asked = "快照和在线漏洞服务" if live is not None else "快照；在线漏洞服务不认得已知有漏洞的版本，这次没有采信"
    print(f"依赖审计：{len(every)} 个锁定版本，查了 {TAKEN_ON} 的{asked}。")
    return 1 if bad or live else 0


if __name__ == "__main__":
    sys.exit(main())
