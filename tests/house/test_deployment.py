"""The files of the city deployment name commands, settings and folders that are there."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import click
import pytest
import yaml

from service.cli.main import woshou
from service.config import Settings
from tests.house.checkout import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]


def _commands() -> list[list[str]]:
    """Every ``woshou …`` that the compose file and the image run."""
    spoken = [SERVICES[name]["command"] for name in OURS]
    spoken.append(yaml.safe_load(re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[0]))
    words = []
    for command in spoken:
        parts = " ".join(command[2:]).split("&&") if command[:2] == ["sh", "-c"] else [" ".join(command)]
        words += [part.split() for part in parts]
    return words


def test_there_are_a_web_process_a_worker_and_a_database() -> None:
    assert set(SERVICES) == {"postgres", "prepare", "web", "worker"}
    assert set(OURS) == {"prepare", "web", "worker"}


@pytest.mark.parametrize("words", _commands(), ids=" ".join)
def test_commands_are_commands_of_woshou_with_options_they_take(words: list[str]) -> None:
    program, name, *arguments = words
    assert program == "woshou"

    command = woshou.commands[name]

    with command.make_context(name, arguments):  # raises UsageError for an option it does not take
        assert isinstance(command, click.Command)


def test_the_database_is_migrated_before_anything_is_served() -> None:
    assert SERVICES["prepare"]["command"][-1].startswith("woshou migrate")
    for name in ("web", "worker"):
        assert SERVICES[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
    assert SERVICES["prepare"]["depends_on"]["postgres"] == {"condition": "service_healthy"}


@pytest.mark.parametrize("name", OURS)
def test_every_setting_given_is_one_of_the_settings(name: str) -> None:
    given = {key for key in SERVICES[name]["environment"] if key.startswith("WOSHOU_")}
    given |= set(re.findall(r"WOSHOU_[A-Z_]+", DOCKERFILE))

    assert given <= {f"WOSHOU_{setting.upper()}" for setting in Settings.model_fields}
    assert {"WOSHOU_DATABASE_URL", "WOSHOU_SECURE_COOKIES", "WOSHOU_WORKER"} <= given


def test_the_settings_given_are_read_as_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SERVICES["web"]["environment"].items():
        filled = re.sub(r"\$\{[A-Z_]+:\?[^}]*\}", "secret", value)
        monkeypatch.setenv(name, re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", filled))

    settings = Settings()

    assert settings.url == "postgresql+psycopg://woshou:secret@postgres:5432/woshou"
    assert settings.secure_cookies
    assert not settings.worker
    assert not settings.demo


def test_no_secret_has_a_value_in_the_files() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    secrets = re.findall(r"\$\{([A-Z_]*PASSWORD[A-Z_]*)([^}]*)\}", text)

    assert secrets
    assert all(rest.startswith(":?") for _, rest in secrets)
    assert re.search(r"PASSWORD: +[^$\s]", text) is None


def test_the_web_process_is_asked_whether_it_lives() -> None:
    assert "/healthz" in " ".join(SERVICES["web"]["healthcheck"]["test"])
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["web"]["ports"])


def test_the_image_installs_by_hash_and_runs_as_nobody_special() -> None:
    assert "pip install --require-hashes -r requirements.lock" in DOCKERFILE
    assert re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE) == ["woshou"]
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for sources in re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists()
            assert f"!{source}" in ignore


def test_the_script_that_runs_every_check_is_sound() -> None:
    script = ROOT / ".ci" / "run"

    assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    assert script.stat().st_mode & 0o111
    text = script.read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    assert text.rstrip().endswith("test")
