"""Every template can be read, and every template another one names is there."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
from jinja2 import meta

from tests.house.checkout import ROOT

FOLDER = ROOT / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_read_without_error_and_refers_to_templates_that_are_there(name: str) -> None:
    environment = jinja2.Environment(autoescape=True)

    tree = environment.parse(Path(FOLDER / name).read_text(encoding="utf-8"), filename=name)

    named = {other for other in meta.find_referenced_templates(tree) if other is not None}
    assert named - set(TEMPLATES) == set()
