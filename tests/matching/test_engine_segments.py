"""Base, fresh segment and tombstones against an index built anew; files that are refused."""

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.engine import DamagedFile, Live, Segmented, SparseRows, store
from tests.matching.test_engine import TERMS, rows_of

_ids = st.sampled_from([f"编号{number}" for number in range(12)])
_row = st.dictionaries(st.integers(0, TERMS + 6), st.sampled_from([0.125, 0.25, 0.5, 1.0]), max_size=8)
_changes = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.lists(st.tuples(_ids, _row), max_size=4)),
        st.tuples(st.just("drop"), st.lists(_ids, max_size=3)),
        st.tuples(st.just("compact"), st.none()),
        st.tuples(st.just("save"), st.none()),
        st.tuples(st.just("look back"), st.none()),
    ),
    max_size=8,
)
_QUERIES = [{0: 1.0, 3: 0.5, TERMS + 2: 0.5}, dict.fromkeys(range(0, TERMS + 6, 2), 1.0), {}]


def built(rows: dict[str, dict[int, float]]) -> Segmented:
    return Segmented.build(list(rows), rows_of(list(rows.values())), TERMS + 7)


def answers(index: Segmented) -> list[object]:
    found: list[object] = [index.ids, len(index)]
    for query in _QUERIES:
        terms, weights = np.array(list(query), np.int32), np.array(list(query.values()), np.float32)
        found += [index.top(terms, weights, k) for k in (1, 3, 50)]
        found.append(index.top(terms, weights, 3, exclude={"编号1", "编号5"}))
        found.append(index.top(terms, weights, 3, within={"编号1", "编号2", "编号3", "编号7"}))
        found.append(dict(sorted(index.scores(terms, weights).items())))
    return found


@given(st.dictionaries(_ids, _row, max_size=8), _changes)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_changed_index_answers_as_one_built_anew(
    tmp_path: Path, rows: dict[str, dict[int, float]], changes: list[tuple[str, object]]
) -> None:
    index, survivors = built(rows), dict(rows)
    earlier = [(index, dict(survivors))]
    for what, given_rows in changes:
        if what == "put":
            pairs: list[tuple[str, dict[int, float]]] = given_rows  # type: ignore[assignment]
            index = index.put([one for one, _ in pairs], rows_of([row for _, row in pairs]))
            survivors.update(pairs)
        elif what == "drop":
            gone: list[str] = given_rows  # type: ignore[assignment]
            index = index.drop(gone)
            survivors = {one: row for one, row in survivors.items() if one not in gone}
        elif what == "compact":
            index = index.compacted()
        elif what == "save":
            index.save(tmp_path / "index")
            index = Segmented.load(tmp_path / "index")
        else:  # go on from an older snapshot: what was written after it must not be seen
            index, survivors = earlier[len(earlier) // 2][0], dict(earlier[len(earlier) // 2][1])
        earlier.append((index, dict(survivors)))

    for snapshot, expected in earlier:
        assert answers(snapshot) == answers(built(expected))


def test_deletion_leaves_no_trace_after_compaction() -> None:
    index = built({"甲": {1: 1.0}, "乙": {2: 1.0}}).put(["丙"], rows_of([{3: 1.0}])).drop(["甲", "丙"])

    compacted = index.compacted()

    assert compacted.base_ids == ("乙",)
    assert compacted.base.docs.size == 1
    assert compacted.fresh_ids == ()


def test_compaction_falls_due_with_many_fresh_documents() -> None:
    index = built({"甲": {1: 1.0}})
    assert not index.due_for_compaction

    index = index.put([f"新{number}" for number in range(1_000)], rows_of([{1: 0.5}] * 1_000))

    assert index.due_for_compaction
    assert not index.compacted().due_for_compaction


def test_a_fresh_segment_grows_past_its_first_arrays() -> None:
    rows = [{number % 30: 0.5, 30 + number % 7: 0.25, number + 50: 1.0} for number in range(1_500)]
    names = [f"新{number:04}" for number in range(1_500)]
    index = built({"甲": {1: 1.0}})

    for start in range(0, 1_500, 10):
        index = index.put(names[start : start + 10], rows_of(rows[start : start + 10]))
    branch = index.drop(names[:700]).put(["别枝"], rows_of([{31: 1.0}]))

    fresh = Segmented.build(names, rows_of(rows), 2_000).put(["甲"], rows_of([{1: 1.0}]))
    assert answers(index) == answers(fresh)
    assert answers(branch) == answers(fresh.drop(names[:700]).put(["别枝"], rows_of([{31: 1.0}])))
    for number in (0, 1, 777, 1_499):
        wanted = np.array([number + 50], np.int32)
        assert index.top(wanted, np.ones(1, np.float32), 3) == [(names[number], pytest.approx(1.0))]


def test_a_repeated_id_is_refused() -> None:
    with pytest.raises(ValueError, match="id of its own"):
        Segmented.build(["甲", "甲"], rows_of([{1: 1.0}, {2: 1.0}]), TERMS)


def test_what_is_written_during_compaction_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    live = Live(built({"甲": {1: 1.0}, "乙": {2: 1.0}}))
    compacted, started, proceed = Segmented.compacted, threading.Event(), threading.Event()

    def held_up(snapshot: Segmented) -> Segmented:
        started.set()
        assert proceed.wait(10)
        return compacted(snapshot)

    monkeypatch.setattr(Segmented, "compacted", held_up)
    beside = threading.Thread(target=live.compact)
    beside.start()
    assert started.wait(10)
    live.put(["丙"], rows_of([{3: 1.0}]))
    live.drop(["甲"])
    refused = live.compact()
    proceed.set()
    beside.join(10)

    assert refused is False
    assert live.snapshot.ids == ("丙", "乙")
    assert answers(live.snapshot) == answers(built({"乙": {2: 1.0}, "丙": {3: 1.0}}))


def test_readers_see_whole_documents_while_one_writes() -> None:
    live = Live(built({}))
    terms, weights = np.arange(6, dtype=np.int32), np.ones(6, np.float32)
    torn: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            snapshot = live.snapshot
            scores = snapshot.scores(terms, weights)
            if len(scores) != len(snapshot) or len(set(scores.values())) > 1:
                torn.append(scores)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(600):
        live.put([f"新{number}"], rows_of([dict.fromkeys(range(6), 1.0)]))
    done.set()
    reader.join(10)

    assert torn == []
    assert len(live.snapshot) == 600


def saved(path: Path) -> bytes:
    store.save(
        path, {"kind": "test", "名": "甲"}, {"a": np.arange(5, dtype=np.int32), "b": np.zeros((0, 3)), "c": np.ones(9)}
    )
    return path.read_bytes()


def test_a_store_gives_back_what_was_saved(tmp_path: Path) -> None:
    saved(tmp_path / "index")

    header, arrays = store.load(tmp_path / "index")

    assert header == {"kind": "test", "名": "甲"}
    assert {name: (array.dtype, array.tolist()) for name, array in arrays.items()} == {
        "a": (np.dtype(np.int32), [0, 1, 2, 3, 4]),
        "b": (np.dtype(np.float64), []),
        "c": (np.dtype(np.float64), [1.0] * 9),
    }
    assert not arrays["a"].flags.writeable
    assert [file.name for file in tmp_path.iterdir()] == ["index"]


def test_a_file_with_any_byte_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "index"
    whole = saved(path)

    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
        with pytest.raises(DamagedFile, match="请"):
            store.load(path)


def test_a_file_cut_short_or_grown_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "index"
    whole = saved(path)

    for content in [whole[:size] for size in range(0, len(whole), 7)] + [whole + b"\0"]:
        path.write_bytes(content)
        with pytest.raises(DamagedFile, match="请"):
            store.load(path)


def test_a_newer_format_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "FORMAT", store.FORMAT + 1)
    saved(tmp_path / "index")
    monkeypatch.undo()

    with pytest.raises(DamagedFile, match="格式版本是 2"):
        store.load(tmp_path / "index")


def test_another_programs_file_and_another_index_are_refused(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    saved(tmp_path / "index")

    with pytest.raises(DamagedFile, match="不是本系统的索引文件"):
        store.load(tmp_path / "picture")
    with pytest.raises(DamagedFile, match="不是检索索引文件"):
        Segmented.load(tmp_path / "index")


def test_a_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    whole = saved(tmp_path / "index")

    with pytest.raises(TypeError):
        store.save(tmp_path / "index", {"bad": object()}, {})

    assert (tmp_path / "index").read_bytes() == whole
    assert len(list(tmp_path.iterdir())) == 1


def test_rows_stack() -> None:
    first, second = rows_of([{1: 1.0}, {}]), rows_of([{2: 0.5, 3: 0.25}])

    stacked = SparseRows.stacked([first, second])

    assert [(terms.tolist(), weights.tolist()) for terms, weights in map(stacked.row, range(3))] == [
        ([1], [1.0]),
        ([], []),
        ([2, 3], [0.5, 0.25]),
    ]
