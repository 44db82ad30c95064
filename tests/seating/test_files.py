"""The command and its JSON: ids and numbers come back as given, a fault is named by its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from matching.seating import SeatingError, answer_of, problem_from, solve
from service.cli.seating import seat

EVENT: dict[str, Any] = {
    "slots": 3,
    "tables": 2,
    "needs": [{"id": 1, "available": [0, 1], "min": 1, "max": 2}, {"id": 2}],
    "offers": [{"id": 1}, {"id": "b", "available": [2]}],
    "pairs": [
        {"need": 1, "offer": 1, "utility": 0.5},
        {"need": 2, "offer": "b", "utility": 0.7},
        {"need": 2, "offer": 1, "utility": 0.9},
    ],
}


def test_answer_has_ids_as_given_and_tables_from_one() -> None:
    answer = answer_of(solve(problem_from(EVENT)))

    assert (answer["status"], answer["utility"], answer["worst_served"]) == ("optimal", pytest.approx(2.1), 1)
    assert {(m["need"], m["offer"]) for m in answer["meetings"]} == {(1, 1), (2, "b"), (2, 1)}
    assert all(1 <= m["table"] <= 2 for m in answer["meetings"])


def test_tables_are_numbered_from_zero_where_a_meeting_sits_there() -> None:
    held = {"need": 1, "offer": 1, "slot": 0, "table": 0}

    answer = answer_of(solve(problem_from({**EVENT, "locked": [held]})))

    assert held in answer["meetings"]


def test_a_party_of_a_previous_meeting_that_is_gone_has_cancelled() -> None:
    held = [{"need": 9, "offer": 1, "slot": slot, "table": 1} for slot in (0, 2)]

    answer = answer_of(solve(problem_from({**EVENT, "previous": held, "frozen_before": 1})))

    assert (answer["status"], answer["changes"], answer["changed"]) == ("optimal", 1, [held[1]])
    assert held[0] in answer["meetings"]


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"slots": "三"}, "slots"),
        ({"tables": None}, "tables"),
        ({"needs": [{"min": 1}]}, "needs[0].id"),
        ({"needs": [{"id": 1}, {"id": 1}]}, "needs[1].id"),
        ({"offers": [{"id": 1, "available": [3]}]}, "offers[0].available[0]"),
        ({"pairs": [{"need": 9, "offer": 1, "utility": 1}]}, "pairs[0].need"),
        ({"pairs": [{"need": 1, "offer": 1, "utility": -1}]}, "pairs[0].utility"),
        ({"pairs": [EVENT["pairs"][0]] * 2}, "pairs[1]"),
        ({"locked": [{"need": 1, "offer": 1, "slot": 7, "table": 1}]}, "locked[0].slot"),
        ({"tables": [{"number": 1, "capacity": "大"}]}, "tables[0].capacity"),
        ({"previous": {}}, "previous"),
    ],
)
def test_a_fault_is_named_by_its_place(changed: dict[str, Any], place: str) -> None:
    with pytest.raises(SeatingError) as error:
        problem_from({**EVENT, **changed})

    assert error.value.path == place


def test_the_command_writes_the_answer_and_says_by_its_exit_whether_there_is_one(tmp_path: Path) -> None:
    asked, out = tmp_path / "P.json", tmp_path / "S.json"

    asked.write_text(json.dumps(EVENT), encoding="utf-8")
    done = _seat(asked, out)
    assert (done.exit_code, json.loads(out.read_text(encoding="utf-8"))["status"]) == (0, "optimal")
    assert "已证明最优" in done.stdout

    asked.write_text(json.dumps({**EVENT, "tables": 0}), encoding="utf-8")
    done = _seat(asked, out)
    assert (done.exit_code, json.loads(out.read_text(encoding="utf-8"))["status"]) == (3, "infeasible")

    asked.write_text('{"slots": 3,', encoding="utf-8")
    done = _seat(asked, out)
    assert done.exit_code == 1
    assert "不是有效的 JSON" in done.stderr


def _seat(asked: Path, out: Path) -> Result:
    return CliRunner().invoke(seat, ["--problem", str(asked), "--out", str(out)])
