"""What the two lock files pin, their licences, and a bill of materials; ``python -m tests.house.locked`` prints it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.checkout import ROOT

LOCK_FILES = (ROOT / "requirements.lock", ROOT / "requirements-dev.lock")

FREE = (
    "0BSD",
    "Apache",
    "BSD",
    "CC0",
    "CNRI-Python",
    "HPND",
    "ISC",
    "MIT",
    "MPL",
    "Mozilla Public License",
    "PSF",
    "Python Software Foundation",
    "Unlicense",
    "Zlib",
)
"""Licences whose terms this project meets by shipping nothing changed and naming them."""
WEAK_COPYLEFT = {
    "psycopg": "LGPL-3.0-only",
    "psycopg-binary": "LGPL-3.0-only",
    "python-stdnum": "LGPL-2.1-or-later",
}
"""Used as libraries that anybody may exchange, which the LGPL asks for."""
TOOLS = {"djlint": "GPL-3.0-or-later", "dramatiq": "LGPL-3.0-or-later"}
"""Check the source, or are part of the identity provider of the tests: never shipped, in the development lock alone."""


class Unreadable(Exception):
    """A lock file that cannot be read whole: what was not read was not checked."""


@dataclass(frozen=True)
class Pin:
    """One locked package; ``wanted_here`` says whether this machine installs it."""

    name: str
    version: str
    wanted_here: bool


def pins(path: Path) -> list[Pin]:
    """Every package of a lock file. Raises Unreadable for a line that is not ``name==version``, or for none at all."""
    found = [_pin(line) for line in _lines(path)]
    if not found:
        raise Unreadable(f"{path.name} 里没有任何依赖")
    return found


def _lines(path: Path) -> Iterator[str]:
    if not path.is_file():
        raise Unreadable(f"没有 {path.name}")
    for line in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        text = line.split(" #")[0].split(" --hash")[0].strip()
        if text and not text.startswith("#"):
            yield text


def _pin(line: str) -> Pin:
    try:
        wanted = Requirement(line)
    except ValueError as error:
        raise Unreadable(f"看不懂这一行：{line}") from error
    exact = [one.version for one in wanted.specifier if one.operator == "=="]
    if len(exact) != 1 or len(wanted.specifier) != 1:
        raise Unreadable(f"没有锁定到一个版本：{line}")
    return Pin(canonicalize_name(wanted.name), exact[0], wanted.marker is None or wanted.marker.evaluate())


def licence_of(name: str) -> str:
    """The licence an installed package declares, as text; empty when it declares none."""
    about = metadata.metadata(name)
    classified = [
        one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or () if one.startswith("License ::")
    ]
    declared = about.get("License-Expression") or "、".join(classified) or (about.get("License") or "").strip()
    return declared.splitlines()[0] if declared else ""


def unknown_licences(locked: Iterable[Pin], *, tools: bool = False) -> dict[str, str]:
    """Packages whose declared licence is on no list, with what they declare; ``tools`` allows TOOLS too."""
    known = {**WEAK_COPYLEFT, **(TOOLS if tools else {})}
    return {
        one.name: declared
        for one in locked
        if one.wanted_here and one.name not in known and not _is_free(declared := licence_of(one.name))
    }


def _is_free(declared: str) -> bool:
    return any(word in declared for word in FREE)


def bill_of_materials(locked: Iterable[Pin]) -> dict[str, object]:
    """The packages as CycloneDX 1.6 names them."""
    components = [
        {
            "type": "library",
            "name": one.name,
            "version": one.version,
            "purl": f"pkg:pypi/{one.name}@{one.version}",
            "licenses": [{"license": {"name": licence_of(one.name)}}] if one.wanted_here else [],
        }
        for one in sorted(set(locked), key=lambda pin: (pin.name, pin.version))
    ]
    about = {"component": {"type": "application", "name": "woshou", "version": metadata.version("woshou")}}
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": about, "components": components}


if __name__ == "__main__":
    json.dump(bill_of_materials(pins(LOCK_FILES[0])), sys.stdout, ensure_ascii=False, indent=1)
