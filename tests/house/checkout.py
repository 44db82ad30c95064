"""The files of this checkout and the modules of its three floors, as the house rules look at them."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOORS = ("matching", "models", "service")


@functools.cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the project: tracked, or new and not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(sorted({ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()}))


def named(path: Path) -> str:
    """A file's name as the rules speak of it."""
    return path.relative_to(ROOT).as_posix()


@functools.cache
def modules() -> dict[str, ast.Module]:
    """Dotted name → syntax tree, for every module of the floors."""
    found = {}
    for path in files():
        if path.suffix == ".py" and named(path).split("/")[0] in FLOORS:
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = ast.parse(path.read_text(encoding="utf-8"), filename=named(path))
    return found


def is_package(module: str) -> bool:
    """Whether the module is a folder's ``__init__``."""
    return (ROOT / Path(*module.split(".")) / "__init__.py").is_file()


def imported(module: str, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """The modules of the floors an import statement loads, packages on the way included."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        base = node.module or ""
        if node.level:
            here = module.split(".") if is_package(module) else module.split(".")[:-1]
            base = ".".join([*here[: len(here) - node.level + 1], *([base] if base else [])])
        names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
    for name in names:
        if name in modules():
            yield name
