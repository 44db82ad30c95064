"""Ranking side by side with bm25s on the same texts in one run: throughput, and nDCG where judged data is at hand."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray

from matching import Profile, Ranker, normalise, read_judgments, read_profiles
from matching.evaluation import evaluate
from matching.ranker import RankIndex

EVAL = Path(__file__).resolve().parents[2] / "shared" / "eval"

_OFFERS, _NEEDS, _TOP = 10_000, 500, 50
_SUBJECTS = [
    "电解水",
    "煤制烯烃",
    "固态电池",
    "风电叶片",
    "矿井水",
    "粉煤灰",
    "绒山羊",
    "沙棘",
    "石墨烯",
    "无人机",
    "碳纤维",
    "光伏组件",
    "苜蓿",
    "储氢瓶",
    "变压器",
    "压裂液",
]
_MATTERS = [
    "隔膜",
    "催化剂",
    "电解质",
    "控制器",
    "传感器",
    "提取",
    "分离",
    "回收",
    "监测",
    "预警",
    "选育",
    "涂层",
    "密封",
    "干燥",
    "铸造",
    "焊接",
    "建模",
    "防腐",
    "脱硫",
    "结晶",
]
_QUALITIES = [
    "低能耗",
    "耐高温",
    "宽功率",
    "高安全",
    "高纯度",
    "轻量化",
    "抗冻",
    "低成本",
    "快速",
    "连续",
    "原位",
    "柔性",
    "多相",
    "微型",
    "智能",
    "离网",
]


def main() -> None:
    """Ranks per second of Woshou and bm25s, and their nDCG@10 on the judged data if it lies beside the repository."""
    offers, needs = _synthetic(_OFFERS, "A"), _synthetic(_NEEDS, "N")
    print(f"{len(needs)} needs against {len(offers)} synthetic achievements, top {_TOP} each; seconds, one run")
    _compare("synthetic", needs, offers)
    if not EVAL.is_dir():
        print("judged data is not beside the repository: quality not compared")
        return
    for folder, file in (("need359_dev", "needs"), ("csl_dev", "needs_title"), ("csl_dev", "needs_two_keywords")):
        _judged(EVAL / folder, file)


def _compare(name: str, needs: Sequence[Profile], offers: Sequence[Profile]) -> tuple[RankIndex, _Peer]:
    fit, index = _timed(lambda: Ranker().fit(offers, background=needs))
    rank, _ = _timed(lambda: list(index.top_many(needs, _TOP)))
    peer_fit, peer = _timed(lambda: _Peer(offers))
    peer_rank, _ = _timed(lambda: peer.top(needs, _TOP))
    print(f"{name:<28} {'fit':>8} {'rank':>8} {'needs/s':>9}")
    print(f"{'  woshou (explained)':<28} {fit:8.2f} {rank:8.2f} {len(needs) / rank:9.0f}")
    print(f"{'  bm25s ' + bm25s.__version__:<28} {peer_fit:8.2f} {peer_rank:8.2f} {len(needs) / peer_rank:9.0f}")
    print(f"  throughput woshou / bm25s: fit {peer_fit / fit:.2f}, rank {peer_rank / rank:.2f}")
    return index, peer


def _judged(folder: Path, file: str) -> None:
    needs, offers = read_profiles(folder / f"{file}.jsonl"), read_profiles(folder / "achievements.jsonl")
    levels = read_judgments(folder / "judgments.csv", {need.id for need in needs}, {offer.id for offer in offers})
    judged = [need for need in needs if need.id in levels]
    index, peer = _compare(f"{folder.name} {file}", judged, offers)
    ids = [need.id for need in judged]
    ours = evaluate(index.ids, zip(ids, index.totals(judged), strict=True), levels)
    theirs = evaluate(peer.ids, zip(ids, peer.scores(judged), strict=True), levels)
    for name, report in (("woshou", ours), ("bm25s", theirs)):
        ndcg, recall = report.metrics["ndcg@10"], report.metrics["recall@50"]
        print(f"  {name:<8} nDCG@10 {ndcg.value} ({ndcg.low}-{ndcg.high}), recall@50 {recall.value}, {report.protocol}")


class _Peer:
    """bm25s with its default settings over single characters, pairs, and runs of letters and digits."""

    def __init__(self, offers: Sequence[Profile]) -> None:
        self.ids = tuple(offer.id for offer in offers)
        self._index: Any = bm25s.BM25()
        self._index.index([_tokens(offer) for offer in offers], show_progress=False)

    def top(self, needs: Sequence[Profile], k: int) -> Any:
        """bm25s' own retrieval of the best ``k`` offers of each need."""
        queries = [_tokens(need) for need in needs]
        return self._index.retrieve(queries, k=min(k, len(self.ids)), show_progress=False, n_threads=1)

    def scores(self, needs: Sequence[Profile]) -> Iterator[NDArray[np.float64]]:
        """Scores of all offers, one array per need."""
        for need in needs:
            yield np.asarray(self._index.get_scores(_tokens(need)), dtype=np.float64)


def _tokens(profile: Profile) -> list[str]:
    """Characters and pairs of the folded text; runs of letters and digits whole."""
    tokens: list[str] = []
    for part in normalise(" ".join((profile.title, profile.body, *profile.keywords))).split():
        if part.isascii():
            tokens.append(part)
            continue
        tokens.extend(part)
        tokens.extend(part[at : at + 2] for at in range(len(part) - 1))
    return tokens


def _synthetic(count: int, prefix: str) -> list[Profile]:
    generator = np.random.default_rng(len(prefix) + count)
    profiles = []
    for number in range(count):
        words = ["".join(str(generator.choice(kind)) for kind in (_QUALITIES, _SUBJECTS, _MATTERS)) for _ in range(12)]
        body = "。".join(f"针对{word}开展研究，形成{word}的成套技术" for word in words[1:])
        profiles.append(Profile(f"{prefix}{number}", f"{words[0]}关键技术研究", body))
    return profiles


def _timed(work: Any) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result
