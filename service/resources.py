"""Where the files that come with the program lie, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
_SHIPPED = _HERE / "shipped"
_ROOT = _SHIPPED if _SHIPPED.is_dir() else _HERE.parent

TEMPLATES = _ROOT / "templates"
SEEDS = _ROOT / "seeds"
STATIC = _HERE / "static"
