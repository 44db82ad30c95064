"""A missing outside part is said aloud: skipped on a desk, failed where every part has to be there."""

from __future__ import annotations

import pytest

from tests import parts


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(parts.PARTS, "chromium", (lambda: False, "no browser", "apt-get install chromium"))


@pytest.mark.usefixtures("gone")
def test_a_missing_part_skips_with_a_line_that_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match="no browser; get it with: apt-get install chromium"):
        parts.need_part("chromium")


@pytest.mark.usefixtures("gone")
def test_a_missing_part_fails_where_ci_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match="no browser"):
        parts.need_part("chromium")


def test_a_part_that_is_there_lets_the_test_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(parts.PARTS, "chromium", (lambda: True, "", ""))

    parts.need_part("chromium")
