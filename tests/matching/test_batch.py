"""Files in, files out: what is written, and what is said about bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from matching import InputError, Profile, evaluate_files, rank_files, read_judgments, read_profiles
from tests.matching.samples import NEEDS, OFFERS


def write_profiles(path: Path, profiles: tuple[Profile, ...]) -> Path:
    lines = [
        {"id": p.id, "title": p.title, "body": p.body, "keywords": p.keywords, "categories": p.categories}
        for p in profiles
    ]
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n", encoding="utf-8")
    return path


def write_text(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_text(text, encoding=encoding)
    return path


@pytest.fixture
def needs(tmp_path: Path) -> Path:
    return write_profiles(tmp_path / "needs.jsonl", NEEDS)


@pytest.fixture
def achievements(tmp_path: Path) -> Path:
    return write_profiles(tmp_path / "achievements.jsonl", OFFERS)


def test_read_profiles_returns_what_was_written(needs: Path) -> None:
    assert read_profiles(needs) == list(NEEDS)


def test_read_profiles_takes_a_byte_order_mark_nulls_numbers_and_blank_lines(tmp_path: Path) -> None:
    path = write_text(tmp_path / "n.jsonl", '{"id": 7, "title": null}\r\n\r\n{"id": "8", "more": 1}\n', "utf-8-sig")

    assert read_profiles(path) == [Profile("7"), Profile("8")]


def test_read_profiles_lists_every_bad_line(tmp_path: Path) -> None:
    lines = ['{"id": "a"', '{"title": "x"}', "[]", '{"id": "b", "keywords": "氢能"}', '{"id": "c"}', '{"id": "c"}']
    path = write_text(tmp_path / "n.jsonl", "\n".join(lines))

    with pytest.raises(InputError) as caught:
        read_profiles(path)

    assert len(caught.value.problems) == 5
    message = str(caught.value)
    assert str(path) in message
    assert "第 1 行" in message
    assert '第 2 行：缺少 "id"' in message
    assert "第 6 行：编号 c 与第 5 行重复" in message


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", "中文".encode("gb18030")])
def test_read_profiles_asks_for_utf8(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "n.jsonl"
    path.write_bytes(content)

    with pytest.raises(InputError, match="UTF-8"):
        read_profiles(path)


def test_read_profiles_says_that_a_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="找不到"):
        read_profiles(tmp_path / "nowhere.jsonl")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("need,achievement\nN1,A1\n", "缺少列 level"),
        ("", "缺少列"),
        ("need,achievement,level\nN1,A1,5\n", "第 2 行：level 为“5”"),
        ("need,achievement,level\nN1,A1\n", "第 2 行：level 为“”"),
        ("need,achievement,level\nN1,A1,1\nN1,A1,2\n", "第 3 行：N1 与 A1 已评过一次"),
        ("need,achievement,level\nN1,X9,1\nX8,A1,1\n", "1 个成果编号在成果文件中没有：X9"),
    ],
)
def test_read_judgments_says_what_to_change(tmp_path: Path, text: str, complaint: str) -> None:
    path = write_text(tmp_path / "j.csv", text)

    with pytest.raises(InputError) as caught:
        read_judgments(path, {"N1"}, {"A1"})

    assert complaint in str(caught.value)


def test_rank_files_writes_lines_in_order_with_exact_sums(tmp_path: Path, needs: Path, achievements: Path) -> None:
    out, heard = tmp_path / "made" / "run.jsonl", []

    count = rank_files(needs, achievements, 2, out, lambda done, total: heard.append((done, total)))

    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == count
    assert set(lines[0]) == {"need", "achievement", "rank", "score", "contributions"}
    assert [line["achievement"] for line in lines if line["rank"] == 1] == ["A1", "A2", "A3", "A5"]
    assert max(line["rank"] for line in lines) == 2
    for line in lines:
        assert sum(round(points * 10_000) for points in line["contributions"].values()) == round(line["score"] * 10_000)
    assert heard == [(done, len(NEEDS)) for done in range(1, len(NEEDS) + 1)]


def test_rank_files_leaves_nothing_half_written(tmp_path: Path, needs: Path, achievements: Path) -> None:
    out = tmp_path / "run.jsonl"

    def stop(done: int, total: int) -> None:
        raise RuntimeError(f"stopped at {done} of {total}")

    with pytest.raises(RuntimeError):
        rank_files(needs, achievements, 2, out, stop)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["achievements.jsonl", "needs.jsonl"]


def test_evaluate_files_reports_a_perfect_ranking(tmp_path: Path, needs: Path, achievements: Path) -> None:
    judged = write_text(tmp_path / "j.csv", "need,achievement,level\nN1,A1,4\nN1,A4,1\nN2,A2,4\nN2,A3,1\n", "utf-8-sig")

    report = evaluate_files(needs, achievements, judged)

    assert report.metrics["ndcg@10"].value == 1.0
    assert report.as_dict()["protocol"] == "judged"
    assert "nDCG@10" in report.as_text()


def test_evaluate_files_learns_and_drops_needs_that_are_judged(tmp_path: Path, needs: Path, achievements: Path) -> None:
    judged = write_text(tmp_path / "j.csv", "need,achievement,level\nN1,A1,4\nN1,A4,1\n")
    taught = write_text(
        tmp_path / "t.csv",
        "need,achievement,level\nN1,A1,1\nN2,A2,4\nN2,A3,1\nN3,A3,4\nN3,A2,1\nN4,A5,3\nN4,A4,1\n",
    )

    report = evaluate_files(needs, achievements, judged, taught)

    assert report.learned is not None
    assert (report.learned.pairs, report.learned.dropped) == (6, 1)
    assert report.learned.score == pytest.approx(1 / (1 + report.learned.mean_absolute_error))
    assert "已剔除" in report.as_text()
    assert report == evaluate_files(needs, achievements, judged, taught)


def test_evaluate_files_refuses_to_learn_from_the_judged_needs(tmp_path: Path, needs: Path, achievements: Path) -> None:
    judged = write_text(tmp_path / "j.csv", "need,achievement,level\nN1,A1,4\nN2,A2,4\n")

    with pytest.raises(InputError, match="剔除与待评测评判重复的需求（2 对）"):
        evaluate_files(needs, achievements, judged, judged)
