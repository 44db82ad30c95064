"""The dependency audit fails when it should: on a bad version, a broken snapshot, a package left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.house import advisories
from tests.house.advisories import Unreliable, live_bad, main, snapshot
from tests.house.locked import LOCK_FILES, Pin, Unreadable, bill_of_materials, pins, unknown_licences


def _silent(_wanted: Path) -> None:
    """A service that cannot be reached."""


def _never_finds(wanted: Path) -> str:
    """A service that answers "none" for whatever it is asked, as on a closed network."""
    names = [line.split("==") for line in wanted.read_text().split()]
    return json.dumps({"dependencies": [{"name": name, "version": version, "vulns": []} for name, version in names]})


def _knows(bad: set[str], leaves_out: str = "") -> advisories.Audit:
    def audit(wanted: Path) -> str:
        answer = json.loads(_never_finds(wanted))
        for one in answer["dependencies"]:
            one["vulns"] = [{"id": "PYSEC-1"}] if f"{one['name']}=={one['version']}" in bad else []
        answer["dependencies"] = [one for one in answer["dependencies"] if one["name"] != leaves_out]
        return json.dumps(answer)

    return audit


CANARY = "jinja2==2.10"


def test_the_locks_of_this_project_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(audit=_silent) == 0
    assert "没有采信" in capsys.readouterr().out


@pytest.mark.parametrize("line", [CANARY, "urllib3==2.0.6", "starlette==0.26.1", "PyYAML==5.3.1"])
def test_a_lock_with_a_bad_version_fails(tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    lock = tmp_path / "requirements-dev.lock"
    lock.write_text(f"click==8.5.1 \\\n    --hash=sha256:00\n{line}\n", encoding="utf-8")

    assert main([lock], audit=_silent) == 1
    assert "修复于" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "package,id\n",
        "package,id,alias,introduced,fixed,source\n",
        "package,id,alias,introduced,fixed,source\nx,y,,?,!,z\n",
    ],
)
def test_a_broken_snapshot_fails(tmp_path: Path, content: str | None) -> None:
    kept = tmp_path / "advisories.csv"
    if content is not None:
        kept.write_text(content, encoding="utf-8")

    assert main(audit=_silent, kept=kept) == 2


def test_a_snapshot_that_forgot_a_canary_is_not_used(tmp_path: Path) -> None:
    kept = tmp_path / "advisories.csv"
    lines = advisories.SNAPSHOT.read_text(encoding="utf-8").splitlines()
    kept.write_text("\n".join(line for line in lines if not line.startswith("jinja2")), encoding="utf-8")

    with pytest.raises(Unreliable, match="jinja2"):
        snapshot(kept)


@pytest.mark.parametrize("content", ["", "click>=8\n", "click\n", "click==8.*,>=7\n", "!!!\n"])
def test_a_lock_that_is_not_read_whole_fails(tmp_path: Path, content: str) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(content, encoding="utf-8")

    assert main([lock], audit=_silent) == 2
    with pytest.raises(Unreadable):
        pins(tmp_path / "missing.lock")


@pytest.mark.parametrize("audit", [_silent, _never_finds, lambda _wanted: "No known vulnerabilities found"])
def test_a_service_that_misses_the_canary_is_not_taken_for_none(audit: advisories.Audit) -> None:
    assert live_bad([Pin("click", "8.5.1", wanted_here=True)], audit) is None


def test_a_service_that_knows_the_canary_is_believed(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("click==8.5.1\n", encoding="utf-8")

    assert main([lock], audit=_knows({CANARY})) == 0
    assert main([lock], audit=_knows({CANARY, "click==8.5.1"})) == 1


def test_a_package_left_out_by_a_believed_service_fails(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("click==8.5.1\nidna==3.20\n", encoding="utf-8")

    assert main([lock], audit=_knows({CANARY}, leaves_out="idna")) == 2


def test_an_unknown_licence_is_named() -> None:
    runtime, development = (pins(path) for path in LOCK_FILES)

    assert unknown_licences(runtime) == {}
    assert unknown_licences(development, tools=True) == {}
    assert set(unknown_licences(development)) == {"djlint", "dramatiq"}


def test_the_bill_of_materials_has_every_locked_package() -> None:
    runtime = pins(LOCK_FILES[0])

    bill = bill_of_materials(runtime)

    components = bill["components"]
    assert isinstance(components, list)
    assert {one["purl"] for one in components} == {f"pkg:pypi/{pin.name}@{pin.version}" for pin in runtime}
