"""Where the files that come with the program are looked for."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

from service import resources


def loaded_from(folder: Path) -> ModuleType:
    """``service/resources.py`` as it would be if the package lay in ``folder``."""
    copy = folder / "service" / "resources.py"
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(str(resources.__file__), copy)
    spec = importlib.util.spec_from_file_location("resources_elsewhere", copy)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_folder_is_there() -> None:
    assert (resources.SEEDS / "needs.csv").is_file()
    assert (resources.TEMPLATES / "base.html").is_file()
    assert (resources.STATIC / "logo.svg").is_file()


def test_a_checkout_has_seeds_and_templates_at_its_root(tmp_path: Path) -> None:
    elsewhere = loaded_from(tmp_path)

    assert (tmp_path / "seeds", tmp_path / "templates") == (elsewhere.SEEDS, elsewhere.TEMPLATES)


def test_a_wheel_carries_seeds_and_templates_inside_the_package(tmp_path: Path) -> None:
    (tmp_path / "service" / "shipped").mkdir(parents=True)

    elsewhere = loaded_from(tmp_path)

    assert tmp_path / "service" / "shipped" / "seeds" == elsewhere.SEEDS
    assert tmp_path / "service" / "shipped" / "templates" == elsewhere.TEMPLATES
    assert tmp_path / "service" / "static" == elsewhere.STATIC
