"""The search index: an immutable snapshot of documents, changed by making the next one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.search.document import Analysed, Document, analyse
from matching.search.lexicon import Lexicons
from matching.search.pinyin import is_chinese
from matching.search.query import ParsedQuery, parse
from matching.search.resolve import Correction, Resolver, Unit
from matching.search.results import Found, Hit
from matching.search.segment import Scores, Segment
from matching.search.synonyms import Synonyms
from matching.words import Segmenter

LEAST_FRESH = 256
"""Documents that may stand in the fresh segment, or a twentieth of the base if that is more."""
LEAST_SHARE = 0.25
"""Of the weight of what was looked for, the share a document must have to be found."""
PHRASE_BONUS = 0.5
MOST_SPOKEN = 300
"""Documents whose texts are read aloud for a run of syllables that makes no known words."""

Flags = NDArray[np.bool_]
Visible = Callable[[Collection[str]], Collection[str]]
"""Of these keys, those the asker may know of."""


class SearchIndex:
    """Documents in a frozen base and a fresh segment. Equal documents give equal answers, whatever their way in."""

    def __init__(self, documents: Iterable[Document] = (), segmenter: Segmenter | None = None) -> None:
        """Index ``documents`` (of several with one key the last counts), cut into words by ``segmenter``."""
        latest = {document.key: document for document in documents}
        segmenter = segmenter or Segmenter()
        self._set(segmenter, Segment([analyse(one, segmenter) for one in latest.values()]), Segment([]), frozenset())

    def _set(self, segmenter: Segmenter, base: Segment, fresh: Segment, gone: frozenset[str]) -> None:
        self._segmenter, self._base, self._fresh, self._gone = segmenter, base, fresh, gone
        lost: Counter[str] = Counter()
        alive = np.ones(len(base.documents) + len(fresh.documents), dtype=np.bool_)
        for key in gone:
            place = base.places[key]
            alive[place] = False
            lost.update({word for word, _, _ in base.documents[place].readings})
        self._alive: Flags = alive
        self._documents: tuple[Analysed, ...] = (*base.documents, *fresh.documents)
        self.lexicon = Lexicons((base.lexicon, fresh.lexicon), lost)

    def __len__(self) -> int:
        return int(self._alive.sum())

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all documents, in order."""
        alive = zip(self._documents, self._alive, strict=True)
        return tuple(sorted(one.document.key for one, lives in alive if lives))

    def changed(self, put: Iterable[Document] = (), dropped: Collection[str] = ()) -> SearchIndex:
        """The next snapshot: ``put`` replaces documents of the same key, ``dropped`` go. This one stays as it is."""
        latest = {document.key: document for document in put}
        touched = latest.keys() | set(dropped)
        kept = [one for one in self._fresh.documents if one.document.key not in touched]
        fresh = [*kept, *(analyse(one, self._segmenter) for one in latest.values())]
        gone = self._gone | {key for key in touched if key in self._base.places}
        following = SearchIndex.__new__(SearchIndex)
        if len(fresh) + len(gone) > max(LEAST_FRESH, len(self._base.documents) // 20):
            base = [one for one in self._base.documents if one.document.key not in gone]
            following._set(self._segmenter, Segment([*base, *fresh]), Segment([]), frozenset())
        else:
            following._set(self._segmenter, self._base, Segment(fresh), frozenset(gone))
        return following

    def search(
        self,
        text: str,
        *,
        synonyms: Synonyms | None = None,
        visible: Visible | None = None,
        literal: bool = False,
    ) -> Found:
        """Everything the asker may know of that ``text`` finds, best first; ``literal`` corrects no slips.

        ``visible`` is asked about keys before anything is concluded from them: a document that may not be seen changes
        neither the hits nor the corrections. Never raises for any text.
        """
        return _Search(self, parse(text), synonyms or Synonyms(), visible, literal=literal).run()

    def suggest(self, beginning: str, *, visible: Visible | None = None, limit: int = 6) -> list[str]:
        """Words, folded, that go on from what was typed so far and that something the asker may know of holds."""
        return _Search(self, parse(beginning), Synonyms(), visible, literal=True).words(limit)

    def strengths(self, text: str) -> Scores:
        """How strongly each document holds the folded text; 0 for those that are gone."""
        held = np.concatenate((self._base.strengths(text), self._fresh.strengths(text)))
        return held * self._alive

    def document(self, place: int) -> Analysed:
        """The document at a place of ``strengths``."""
        return self._documents[place]

    @property
    def segmenter(self) -> Segmenter:
        """What cuts texts into words here."""
        return self._segmenter


class _Search:
    """One search: what it has found out so far."""

    def __init__(
        self, index: SearchIndex, query: ParsedQuery, synonyms: Synonyms, visible: Visible | None, *, literal: bool
    ) -> None:
        self.index, self.query, self.visible, self.literal = index, query, visible, literal
        self.resolver = Resolver(index.lexicon, index.segmenter, synonyms)
        self.seen: dict[int, bool] = {}
        self.held: dict[str, Scores] = {}

    def run(self) -> Found:
        if not self.query.asks:
            return Found(self.query)
        units, corrections, runs = self._units()
        units += [self.resolver.phrase(phrase) for phrase in self.query.phrases]
        strengths = [(unit, self._strength(unit)) for unit in units]
        known = [(unit, held) for unit, held in strengths if held.any()]
        unknown = tuple(unit.typed for unit, held in strengths if not held.any())
        hits = self._hits(known, runs, all_known=not unknown)
        return Found(self.query, hits, tuple(self._backed(unit) for unit, _ in known), corrections, unknown)

    def words(self, limit: int) -> list[str]:
        """Words that the last run of the query may become."""
        if not self.query.runs:
            return []
        run = self.query.runs[-1]
        lexicon = self.index.lexicon
        ways = (
            [lexicon.starting(run, 2 * limit)]
            if is_chinese(run)
            else [
                lexicon.spelled(run),
                lexicon.initialed(run),
                lexicon.beginning(run, 2 * limit),
                lexicon.starting(run, limit),
            ]
        )
        words = dict.fromkeys(word for way in ways for word in way[: 2 * limit] if len(word) > 1 and word != run)
        return [word for word in words if self._text(word).any()][:limit]

    def _backed(self, unit: Unit) -> Unit:
        """The unit with those of its alternatives alone that something visible holds."""
        return Unit(unit.typed, tuple(one for one in unit.alternatives if self._text(one.text).any()))

    def _units(self) -> tuple[list[Unit], tuple[Correction, ...], list[str]]:
        """What is looked for, slips corrected where nothing visible has all of a run as typed."""
        units: list[Unit] = []
        corrections: list[Correction] = []
        whole: list[str] = []
        for run, typed in self.resolver.units(self.query).items():
            meant, correction = self._taken(run, typed)
            corrections += [correction] if correction is not None else []
            units += [unit for unit in meant if unit not in units]
            if len(meant) > 1:
                whole.append(run if correction is None else correction.taken)
        return units, tuple(corrections), whole

    def _taken(self, run: str, typed: tuple[Unit, ...]) -> tuple[tuple[Unit, ...], Correction | None]:
        """What a run is taken for."""
        if not is_chinese(run) and self.resolver.is_loose(typed):
            return self._spoken(run, typed)
        singles = sum(len(unit.typed) == 1 for unit in typed)
        if self._together(typed) and (singles < 2 or self._text(run).any()):
            return typed, None
        held = all(self._strength(unit).any() for unit in typed)
        for units, correction in () if self.literal else self.resolver.corrected(run):
            if self._together(units) or (not held and all(self._strength(unit).any() for unit in units)):
                return units, correction
        if len(typed) > 1 and not is_chinese(run) and not self._together(typed):
            return (self.resolver.phrase(run),), None  # syllables that stand here and there are no word
        return typed, None

    def _spoken(self, run: str, syllables: Sequence[Unit]) -> tuple[tuple[Unit, ...], Correction | None]:
        """Syllables that make no known words: what documents have just so, one after the other."""
        together = np.minimum.reduce([self._strength(unit) for unit in syllables])
        places = np.argsort(-together, kind="stable")[:MOST_SPOKEN]
        unit = self.resolver.spoken(run, (self.index.document(at).folded for at in places if together[at] > 0))
        if unit is not None:
            return (unit,), None
        corrections = () if self.literal else self.resolver.corrected(run)
        return next(iter(corrections), ((self.resolver.phrase(run),), None))

    def _together(self, units: Sequence[Unit]) -> bool:
        """Whether some document has all of the units."""
        return bool(np.minimum.reduce([self._strength(unit) for unit in units]).any())

    def _text(self, text: str) -> Scores:
        """Strengths of a folded text in the documents that may be seen."""
        held = self.held.get(text)
        if held is None:
            held = self.index.strengths(text)
            self.held[text] = held = held * self._seen(held)
        return held

    def _seen(self, held: Scores) -> Flags:
        """Which of the documents that hold something may be seen; asked once about each."""
        flags = held > 0
        if self.visible is None:
            return flags
        places = np.flatnonzero(flags)
        new = [int(place) for place in places if int(place) not in self.seen]
        if new:
            keys = {self.index.document(place).document.key: place for place in new}
            allowed = self.visible(keys.keys())
            self.seen.update({place: key in allowed for key, place in keys.items()})
        flags[places] = [self.seen[int(place)] for place in places]
        return flags

    def _strength(self, unit: Unit) -> Scores:
        best: Scores = np.maximum.reduce([one.weight * self._text(one.text) for one in unit.alternatives])
        return best

    def _hits(self, units: Sequence[tuple[Unit, Scores]], runs: Sequence[str], *, all_known: bool) -> list[Hit]:
        if not units:
            return []
        size, number = len(units[0][1]), len(self.index)
        total, bonus, share, weight_sum = np.zeros(size), np.zeros(size), np.zeros(size), 0.0
        everything = np.ones(size, dtype=np.bool_)
        for _, held in units:
            has = held > 0
            weight = float(np.log1p((number - has.sum() + 0.5) / (has.sum() + 0.5)))
            total += weight * held
            share += weight * has
            everything &= has
            weight_sum += weight
        for run in runs:
            bonus = np.maximum(bonus, self._text(run))
        share /= weight_sum
        scores = (total / weight_sum) * share**2 * (1 - PHRASE_BONUS) + bonus * PHRASE_BONUS * share
        allowed = self._allowed(share, everything)
        places = [int(place) for place in np.flatnonzero(allowed)]
        hits = [
            Hit(
                self.index.document(place).document,
                float(round(scores[place], 6)),
                bool(everything[place]) and all_known,
            )
            for place in places
        ]
        order = {place: bool(everything[place]) for place in places}
        ranked = sorted(
            zip(places, hits, strict=True), key=lambda pair: (not order[pair[0]], -pair[1].score, pair[1].document.key)
        )
        return [hit for _, hit in ranked]

    def _allowed(self, share: Scores, everything: Flags) -> Flags:
        """Documents with enough of what was looked for, all phrases, and nothing excluded."""
        best = float(share.max())
        allowed: Flags = (share > 0) & (share >= min(LEAST_SHARE, 0.6 * best)) | everything & (share > 0)
        for phrase in self.query.phrases:
            allowed &= self._holding(phrase)
        for text in self.query.excluded:
            allowed &= ~self._holding(text)
        return allowed

    def _holding(self, text: str) -> Flags:
        """The documents that hold the folded text exactly as it is."""
        flags = self.index.strengths(text) > 0
        for place in np.flatnonzero(flags):
            flags[place] = text in self.index.document(int(place)).folded
        return flags
