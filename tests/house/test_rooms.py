"""A file is one room: it says what lives in it, and is small enough to look around in."""

from __future__ import annotations

import ast
import re

from tests.house.checkout import ROOT, files, modules, named

LONGEST = 400
MAY_BE_LONG = (
    "LICENSE",  # the licence's own words
    "CHANGELOG.md",
    "docs/routes.md",  # written from the code
    "requirements.lock",  # written by uv
    "requirements-dev.lock",
    "models/migrations/versions/",  # history is not rearranged
    "service/static/vendor/",  # others' files as they came
    "docs/routes.md",  # one line for each route, held to the code
    "seeds/",  # data
    "matching/background/characters.tsv",  # data
    "matching/background/words.tsv",
)
DOORS = ("service.pages", "service.api")
"""Their routes are said by the path and by the use-case they call."""


def test_no_file_is_longer_than_a_room() -> None:
    long = {}
    for path in files():
        if named(path).startswith(MAY_BE_LONG) or b"\0" in (content := path.read_bytes()):
            continue
        if (lines := content.count(b"\n")) > LONGEST:
            long[named(path)] = lines

    assert long == {}


def _first_line(tree: ast.Module) -> str:
    return (ast.get_docstring(tree) or "").split("\n\n")[0]


def test_every_module_says_in_one_line_what_lives_there() -> None:
    silent = set()
    for path in files():
        if path.suffix == ".py" and "migrations/" not in named(path):
            said = _first_line(ast.parse(path.read_text(encoding="utf-8")))
            if not said or "\n" in said or not re.search(r"[.;:。：]$", said):
                silent.add((named(path), said))

    assert silent == set()


def test_public_functions_and_classes_of_the_floors_say_what_they_do() -> None:
    silent = []
    for module, tree in modules().items():
        if ".migrations" in module:
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                is_route = module.startswith(DOORS) and bool(node.decorator_list)
                if not (node.name.startswith("_") or is_route or ast.get_docstring(node)):
                    silent.append(f"{module}.{node.name}")

    assert silent == []


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in files() if path.suffix == ".py" and path.is_relative_to(ROOT / "tests")}

    assert [named(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []
