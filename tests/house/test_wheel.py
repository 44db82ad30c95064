"""The wheel holds all the program needs, and works far from this checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.checkout import ROOT, files, named

SHIPPED = {"templates": "service/shipped/templates", "seeds": "service/shipped/seeds"}
QUESTION = """
import json, matching, models, service
from models.migrations.commands import head
from service.app import create_app
from service.resources import SEEDS, STATIC, TEMPLATES
print(json.dumps({
    "from": [module.__file__ for module in (matching, models, service)],
    "templates": sorted(path.name for path in TEMPLATES.glob("*.html")),
    "seeds": sorted(path.name for path in SEEDS.iterdir()),
    "static": sorted(path.name for path in STATIC.glob("*.css")),
    "folders": [str(folder) for folder in (TEMPLATES, SEEDS, STATIC)],
    "head": head(),
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def _expected() -> set[str]:
    """The files of the floors, of templates and of seeds, by their names inside the wheel."""
    inside = set()
    for path in files():
        floor, _, rest = named(path).partition("/")
        if floor in ("matching", "models", "service"):
            inside.add(named(path))
        elif floor in SHIPPED:
            inside.add(f"{SHIPPED[floor]}/{rest}")
    return inside


def test_the_wheel_holds_every_file_of_the_program_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        licences = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]

    expected = _expected()
    assert any(name.startswith("service/shipped/templates/") for name in expected)
    assert expected - held == set()
    assert held - expected == set()
    assert len(licences) == 1


def _ask(folder: Path, python_path: str | None) -> dict[str, object]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if python_path is not None:
        environment["PYTHONPATH"] = python_path
    outcome = subprocess.run(
        [sys.executable, "-W", "error", "-c", QUESTION],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr
    answer: dict[str, object] = json.loads(outcome.stdout)
    return answer


def test_the_installed_wheel_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-deps",
            "--no-index",
            "--quiet",
            "--target",
            target,
            wheel,
        ],
        check=True,
        capture_output=True,
    )

    installed, checkout = _ask(tmp_path, str(target)), _ask(ROOT, str(ROOT))

    assert all(str(place).startswith(str(target)) for place in [*installed["from"], *installed["folders"]])
    assert all(str(place).startswith(str(ROOT)) for place in [*checkout["from"], *checkout["folders"]])
    for what in ("templates", "seeds", "static", "head"):
        assert installed[what], what
        assert installed[what] == checkout[what], what
    assert (target / "bin" / "woshou").is_file()
