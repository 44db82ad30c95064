"""What the source never does: run text as code, unpack foreign objects, trust HTML, reach another host, hide a door."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Mount, Route

from service.app import create_app
from service.config import Settings
from service.web.templating import environment
from tests.house.checkout import ROOT, files, modules, named

DANGEROUS_CALLS = {"eval", "exec", "compile", "__import__"}
DANGEROUS_MODULES = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "yaml",
    "telnetlib",
    "ftplib",
    "ldap",
    "ldap3",
    "jsonpickle",
}
XML_MODULES = {"xml", "lxml"}
STARTS_PROGRAMS = {"service.attachments.scanning", "service.reports.pdf"}
"""Where LibreOffice turns our own document into PDF, and where a scanner is asked: argument lists, no shell."""
OUR_OWN_HTML = {
    "templates/accounts/second_factor.html": "{{ scan[1]|safe }}",
    "templates/attendees/detail.html": "{{ code|safe }}",
    "templates/personal/page.html": "{{ code|safe }}",
}
"""The only HTML that is not escaped: QR codes that the server draws itself, without any text in them."""
SCRIPT = ROOT / "service" / "static" / "woshou.js"


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def test_no_module_runs_text_as_code() -> None:
    found = [
        (module, node.func.id)
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DANGEROUS_CALLS
    ]

    assert len(modules()) > 200
    assert found == []


def test_no_module_unpacks_objects_of_strangers_or_reads_xml_unguarded() -> None:
    found = {module: set(_imports(tree)) for module, tree in modules().items()}

    assert {module for module, names in found.items() if names & DANGEROUS_MODULES} == set()
    assert {module for module, names in found.items() if names & XML_MODULES and "defusedxml" not in names} == set()


def test_programs_are_started_in_two_places_without_a_shell() -> None:
    starters = {module for module, tree in modules().items() if "subprocess" in set(_imports(tree))}
    shells = [
        module
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "shell"
    ]

    assert starters == STARTS_PROGRAMS
    assert shells == []
    assert not [module for module, tree in modules().items() if "os.system" in ast.unparse(tree)]


def test_templates_escape_and_only_our_own_picture_does_not() -> None:
    unescaped = {
        named(path): match[0]
        for path in files()
        if path.suffix == ".html" and named(path).startswith("templates/")
        for match in re.finditer(
            r"\{\{[^}]*\|\s*safe\b[^}]*\}\}|\{%\s*autoescape false", path.read_text(encoding="utf-8")
        )
    }

    assert environment().autoescape is True
    assert unescaped == OUR_OWN_HTML


def test_templates_are_files_and_never_made_of_what_was_typed() -> None:
    assert not [module for module, tree in modules().items() if "from_string" in ast.unparse(tree)]


FILLS_ITS_OWN = {
    "models.migrations.versions.0005_personal_data",
    "service.commands",
    "service.personal_data.notice",
    "service.personal_data.registry",
}
"""Modules that fill the gaps of sentences of their own: a table, a file of the package, a migration's conditions."""


def test_no_pattern_and_no_message_is_made_of_what_was_typed() -> None:
    """The service makes no pattern but of constants; a message's gaps are filled, never its text."""
    patterns = [
        (module, ast.unparse(node.args[0]))
        for module, tree in modules().items()
        if module.startswith("service") and module != "service.personal_data.needles"  # escapes the names it looks for
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr not in ("escape", "error")
        and node.args
        and not _constant(node.args[0])
    ]
    formats = [
        (module, ast.unparse(node))
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("format", "format_map")
        and module not in FILLS_ITS_OWN
        and not isinstance(node.func.value, ast.Constant)
        and not _shouted(node.func.value)
    ]

    assert patterns == []
    assert formats == []


def _shouted(node: ast.expr) -> bool:
    """A module's own constant, by its name."""
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return bool(name) and name == name.upper()


def _constant(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant) or _shouted(node):
        return True
    if isinstance(node, ast.JoinedStr):
        return all(_constant(part.value) for part in node.values if isinstance(part, ast.FormattedValue))
    if isinstance(node, ast.BinOp):
        return _constant(node.left) and _constant(node.right)
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        made_here = called.startswith("_") and all(_constant(one) for one in node.args)
        return called in ("re.escape", "'|'.join", "''.join") or made_here
    return False


@pytest.mark.parametrize("ending", [".html", ".css", ".js"])
def test_pages_name_no_outside_host(ending: str) -> None:
    ours = [
        path for path in files() if path.suffix == ending and "vendor" not in path.parts and "tests" not in path.parts
    ]
    hosts = {
        (named(path), host)
        for path in ours
        for host in re.findall(
            r"""(?:src|href|action|url\(|@import|fetch\()\s*=?\s*["'(]?(?:https?:)?//([^/"'\s)]+)""",
            path.read_text(encoding="utf-8"),
        )
    }

    assert ours
    assert hosts == set()


def test_the_script_writes_text_not_html_and_hears_no_other_window() -> None:
    script = SCRIPT.read_text(encoding="utf-8")

    for way in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "postMessage",
        "__proto__",
        "for (const key in ",
    ):
        assert way not in script, way
    assert 'addEventListener("message"' not in script


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, set[str], object]]:
    folder = tmp_path_factory.mktemp("routes")
    app = create_app(Settings(data_dir=folder, worker=False, secret_key="only-for-this-test-" * 2))
    app.state.installation.engine.dispose()
    return [(one.path or "", set(one.methods or ()), one.original_route) for one in iter_route_contexts(app.routes)]


def test_there_are_plain_routes_only(routes: list[tuple[str, set[str], object]]) -> None:
    kinds = {type(route) for _, _, route in routes}
    methods = {method for _, named_methods, _ in routes for method in named_methods}

    assert kinds <= {APIRoute, Route, Mount}
    assert methods <= {"GET", "HEAD", "POST", "PUT", "DELETE"}
    assert not [path for path, _, _ in routes if "graphql" in path or "debug" in path or path in ("/docs", "/redoc")]


def test_no_address_carries_a_secret_in_its_query(routes: list[tuple[str, set[str], object]]) -> None:
    named_in_queries = {
        parameter.alias
        for _, _, route in routes
        if isinstance(route, APIRoute)
        for parameter in route.dependant.query_params
    }

    assert named_in_queries
    assert not {name for name in named_in_queries if re.search(r"password|token|secret|code$|key", name)}
