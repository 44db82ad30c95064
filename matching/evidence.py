"""What the two texts of a pair share and what the achievement leaves out: the facts an explanation is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from matching.alignment import Aligned, Passage, align, highlights
from matching.boilerplate import without_office_phrases, word_weight
from matching.conditions import Condition, conditions
from matching.indicators import IndicatorFit, compare
from matching.profile import Profile
from matching.taxonomy import common_depth, parse_category
from matching.term_kinds import kind_of
from matching.terms import is_scale, occurrences, other_scale, scales, shared_terms, without_names
from matching.text import match_form, normalise, original_span
from matching.words import Segmenter

_READ_AT_MOST = 6_000
_TITLE_BONUS = 1.5
_KIND_VALUES = {"thing": 1.0, "method": 1.0, "action": 1.0, "quality": 0.8, "broad": 0.35}
_MISSING_AT_MOST = 6


@dataclass(frozen=True, slots=True)
class Evidence:
    """The facts of a pair.

    ``shared_terms``, most telling first, as the need writes them; ``in_titles`` says of each whether the need's title
    or keywords hold it, and the achievement's. ``lit`` are the folded words to highlight with the number of the term
    they belong to (a part of a term has the number of the whole). ``scales`` are words of scale both use alike
    (千标方级), ``other_scale`` those in which they differ (兆瓦级, 百兆瓦级). ``aligned`` are the sentences that met,
    best first. ``shared_categories`` are common parts of paths ("scheme:10/101"), deepest first. ``missing`` are the
    need's keywords and technical words that the achievement nowhere uses, in the need's order.
    """

    shared_terms: tuple[str, ...] = ()
    in_titles: tuple[tuple[bool, bool], ...] = ()
    lit: tuple[tuple[str, int], ...] = ()
    scales: tuple[str, ...] = ()
    other_scale: tuple[str, str] | None = None
    aligned: tuple[Aligned, ...] = ()
    shared_categories: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    indicators: tuple[IndicatorFit, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def numbered(self) -> tuple[str, ...]:
        """The terms and words of scale by the number that spans carry."""
        return (*self.shared_terms, *self.scales)

    @property
    def need(self) -> tuple[Passage, ...]:
        """The need's sentences that met, each once."""
        return tuple(dict.fromkeys(pair.need for pair in self.aligned))

    @property
    def offer(self) -> tuple[Passage, ...]:
        """The achievement's sentences that met, each once."""
        return tuple(dict.fromkeys(pair.offer for pair in self.aligned))

    def light(self, text: str) -> tuple[tuple[int, int, int], ...]:
        """Spans of the shared words in any text: (start, end, number of the term), in order, without overlap."""
        return highlights(text, self.lit)


def explain(
    need: Profile,
    offer: Profile,
    segmenter: Segmenter,
    *,
    rarity: Callable[[str], float] | None = None,
    terms: int = 8,
    passages: int = 4,
) -> Evidence:
    """The evidence for a pair: at most ``terms`` terms and ``passages`` aligned sentences.

    ``rarity`` says how telling a term is (``RankIndex.rarity``); without it longer terms come first. Each side's first
    6,000 characters of body are read. Never raises on odd text; two texts without a common term give none.
    """
    need_text, offer_text = _folded(need), _folded(offer)
    found = shared_terms(need_text, offer_text, segmenter) | shared_terms(offer_text, need_text, segmenter)
    written = _Written(need)
    scale = tuple(sorted(scales(need_text) & scales(offer_text), key=lambda one: (-len(one), one)))
    heads = _head(need), _head(offer)
    values = {term: _value(term, heads, rarity) for term in found if not is_scale(term)}
    ordered = sorted(values, key=lambda term: (-values[term], term))
    shown = tuple(_without_parts(ordered, heads))[:terms]
    lit = tuple(_lit(ordered, shown)) + tuple((word, len(shown) + at) for at, word in enumerate(scale))
    return Evidence(
        shared_terms=tuple(map(written.form, shown)),
        in_titles=tuple((term in heads[0], term in heads[1]) for term in shown),
        lit=lit,
        scales=tuple(map(written.form, scale)),
        other_scale=other_scale(scales(need_text), scales(offer_text)),
        aligned=align(_shortened(need), _shortened(offer), lit, [*(values[term] for term in shown)], passages),
        shared_categories=_shared_categories(need, offer),
        missing=tuple(map(written.form, _missing(need, offer_text, ordered, segmenter)))[:_MISSING_AT_MOST],
        indicators=compare(need, offer),
        conditions=conditions(need, offer),
    )


class _Written:
    """A text that says how it writes a folded term: pem → PEM."""

    def __init__(self, profile: Profile) -> None:
        self._text = "\n".join((profile.title, *profile.keywords, profile.body[:_READ_AT_MOST]))
        self._folded, self._offsets = match_form(self._text)

    def form(self, term: str) -> str:
        """The term as it first stands; itself where only folding across blanks finds it."""
        for start, end in occurrences(term, self._folded):
            first, last = original_span(self._offsets, start, end)
            return self._text[first:last]
        return term


def _folded(profile: Profile) -> str:
    return "\n".join((normalise(profile.title), normalise(profile.body[:_READ_AT_MOST]), _keywords(profile)))


def _head(profile: Profile) -> str:
    return normalise(profile.title) + "\n" + _keywords(profile)


def _keywords(profile: Profile) -> str:
    return "\n".join(normalise(keyword) for keyword in profile.keywords)


def _shortened(profile: Profile) -> tuple[str, str, tuple[str, ...]]:
    return profile.title, profile.body[:_READ_AT_MOST], profile.keywords


def _value(term: str, heads: tuple[str, str], rarity: Callable[[str], float] | None) -> float:
    weight = rarity(term) if rarity is not None else 1.0
    in_heads = sum(term in head for head in heads)
    length: float = min(len(term), 8) ** 0.5
    return weight * length * _TITLE_BONUS**in_heads * _KIND_VALUES[kind_of(term)]


def _without_parts(ordered: Sequence[str], heads: tuple[str, str]) -> Iterator[str]:
    """Terms that are no part of a longer one, unless more titles hold the part than the whole."""
    held = {term: sum(term in head for head in heads) for term in ordered}
    for term in ordered:
        if not any(term != longer and term in longer and held[longer] >= held[term] for longer in ordered):
            yield term


def _lit(ordered: Iterable[str], shown: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Each found word with the number of the shown term it is, or is a part of."""
    for word in ordered:
        whole = [at for at, term in enumerate(shown) if word == term] or [
            at for at, term in enumerate(shown) if word in term
        ]
        if whole:
            yield word, whole[0]


def _missing(need: Profile, offer_text: str, found: Sequence[str], segmenter: Segmenter) -> Iterator[str]:
    """Keywords of the need, and words of the field in its title, that the other text does not use.

    A compound counts as used when what it has beside shared words stands there too or says little (储能|示范).
    Without keywords and known words, the longer words of the title stand for them.
    """
    title = without_names(normalise(need.title))
    words = [word for part in without_office_phrases(title).split("|") for word in segmenter.cut(part)]
    known = set(segmenter.dictionary)
    wanted = [normalise(keyword) for keyword in need.keywords] + [word for word in words if word in known]
    kept: list[str] = []
    for word in wanted or [word for word in words if len(word) > 2]:
        rest = _rest(word, found)
        telling = len(rest) >= 2 and word_weight(rest) == 1.0 and kind_of(word) != "broad" and kind_of(rest) != "broad"
        if telling and rest not in offer_text and not any(word in one or one in word for one in kept):
            kept.append(word)
    whole = _folded(need)
    return iter(sorted(kept, key=whole.find))


def _rest(word: str, found: Sequence[str]) -> str:
    """What a word has beside the longest shared one in it: 电解水制氢 beside 制氢 is 电解水."""
    inside = [term for term in found if term in word]
    return word.replace(max(inside, key=len), "", 1) if inside else word


def _shared_categories(need: Profile, offer: Profile) -> tuple[str, ...]:
    shared: set[tuple[int, str]] = set()
    for scheme, path in map(parse_category, need.categories):
        for their_scheme, their_path in map(parse_category, offer.categories):
            depth = common_depth(path, their_path)
            if scheme == their_scheme and depth:
                codes = "/".join(path[:depth])
                shared.add((-depth, f"{scheme}:{codes}" if scheme else codes))
    return tuple(path for _, path in sorted(shared))
