"""What is counted once over all postings and then stands still: rarity of terms, lengths of texts, depths of trees."""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching import background
from matching.analysis import Analyser, Texts, word_key
from matching.boilerplate import OFFICE_WEIGHT, OFFICE_WORDS
from matching.latent import MOST_TEXTS, Latent, fit_latent, no_latent
from matching.profile import Profile
from matching.rows import WHOLE, Keys, Rows, Values, stacked, weighted
from matching.taxonomy import parse_category

ALGORITHM = "woshou-statistics-2"
_MAGIC = b"WOSHOUS2"
_USUAL_LENGTH: Mapping[background.Name, float] = {"characters": 60.0, "words": 25.0}
"""Terms in a text, where none has been counted."""


class DamagedStatistics(ValueError):
    """The bytes are no statistics of this version of the program; the message is Chinese, for people."""


@dataclass(frozen=True)
class Vocabulary:
    """How rare the terms of one view are: counted texts, blended with ``background.WEIGHT`` texts of plain Chinese.

    ``keys`` ascend; ``frequencies`` are the numbers of counted texts, ≥ 2, that hold them (a term seen once counts like
    one never seen, so only the others are kept); ``texts`` is how many were counted and ``mean_length`` how many terms
    they had on average.
    """

    view: background.Name
    keys: Keys
    frequencies: NDArray[np.uint32]
    texts: int
    mean_length: float

    def factors(self, keys: Keys) -> Values:
        """Rarity × weight of terms: ``ln((texts + 1) / (frequency + 1/2))`` (Robertson & Spärck Jones 1976, kept ≥ 0).

        A function of the key alone under these statistics.
        """
        names, rarities, rarest = self._blended
        if not names.size:
            return np.full(keys.size, rarest)
        at = np.searchsorted(names, keys)
        at[at == names.size] = 0
        return np.where(names[at] == keys, rarities[at], rarest)

    @cached_property
    def _blended(self) -> tuple[Keys, Values, float]:
        """All known terms with their factors, and the factor of the rest."""
        plain, shares = background.frequencies(self.view)
        names = np.union1d(np.union1d(self.keys, plain), _OFFICE_KEYS if self.view == "words" else plain[:0])
        often = np.ones(names.size)
        often[np.searchsorted(names, self.keys)] = self.frequencies
        often[np.searchsorted(names, plain)] += background.WEIGHT * shares.astype(np.float64)
        texts = self.texts + background.WEIGHT
        rarities = np.log((texts + 1.0) / (np.minimum(often, texts) + 0.5))
        if self.view == "words":
            rarities[np.searchsorted(names, _OFFICE_KEYS)] *= OFFICE_WEIGHT
        return names, rarities, float(np.log((texts + 1.0) / 1.5))


_OFFICE_KEYS: Keys = np.array(sorted({word_key(word) for word in OFFICE_WORDS}), dtype=np.uint32)


@dataclass(frozen=True)
class Statistics:
    """Counts over a catalogue, frozen; what is computed with the same statistics can be compared.

    ``depths`` maps a taxonomy to the number of levels that its paths reach; ``dictionary`` is the segmenter's.
    """

    characters: Vocabulary
    words: Vocabulary
    depths: Mapping[str, int]
    dictionary: tuple[str, ...]
    latent: Latent

    @cached_property
    def version(self) -> str:
        """16 hexadecimal digits of the content."""
        digest = hashlib.sha256(ALGORITHM.encode())
        digest.update(self._settings().encode())
        for array in self._arrays().values():
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:16]

    def to_bytes(self) -> bytes:
        """Everything, compressed: a digest, then settings and arrays."""
        settings = self._settings().encode()
        parts = [len(settings).to_bytes(8, "little"), settings, *(a.tobytes() for a in self._arrays().values())]
        packed = zlib.compress(b"".join(parts), 6)
        return _MAGIC + hashlib.sha256(packed).digest() + packed

    @classmethod
    def from_bytes(cls, data: bytes) -> Statistics:
        """The statistics of ``to_bytes``. Raises DamagedStatistics for anything else."""
        start = len(_MAGIC) + hashlib.sha256().digest_size
        if data[: len(_MAGIC)] != _MAGIC or hashlib.sha256(data[start:]).digest() != data[len(_MAGIC) : start]:
            raise DamagedStatistics("匹配统计已损坏或不是匹配统计，请重新统计")
        plain = zlib.decompress(data[start:])
        length = 8 + int.from_bytes(plain[:8], "little")
        settings = json.loads(plain[8:length])
        known = (ALGORITHM, _background_version())
        if (settings["algorithm"], settings["background"]) != known:
            raise DamagedStatistics("匹配统计由另一版本的程序生成，请重新统计")
        arrays: dict[str, NDArray[Any]] = {}
        for name, (kind, shape) in settings["arrays"].items():
            arrays[name] = np.frombuffer(plain, np.dtype(kind), math.prod(shape), length).reshape(shape).copy()
            length += arrays[name].nbytes
        return cls(
            _vocabulary("characters", settings, arrays),
            _vocabulary("words", settings, arrays),
            settings["depths"],
            tuple(settings["dictionary"]),
            Latent(arrays["latent.keys"], arrays["latent.projection"]),
        )

    def _settings(self) -> str:
        settings = {
            "algorithm": ALGORITHM,
            "dictionary": self.dictionary,
            "depths": dict(sorted(self.depths.items())),
            "characters": {"texts": self.characters.texts, "mean_length": self.characters.mean_length},
            "words": {"texts": self.words.texts, "mean_length": self.words.mean_length},
            "background": _background_version(),
            "arrays": {name: [array.dtype.str, list(array.shape)] for name, array in self._arrays().items()},
        }
        return json.dumps(settings)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {
            "characters.keys": self.characters.keys,
            "characters.frequencies": self.characters.frequencies,
            "words.keys": self.words.keys,
            "words.frequencies": self.words.frequencies,
            "latent.keys": self.latent.keys,
            "latent.projection": self.latent.projection,
        }


def _vocabulary(name: background.Name, settings: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Vocabulary:
    counted = settings[name]
    return Vocabulary(name, arrays[f"{name}.keys"], arrays[f"{name}.frequencies"], **counted)


@cache
def _background_version() -> str:
    digest = hashlib.sha256(str(background.WEIGHT).encode())
    for view in _USUAL_LENGTH:
        for array in background.frequencies(view):
            digest.update(array.tobytes())
    return digest.hexdigest()[:16]


def count(texts: Sequence[Profile], analyser: Analyser, *, directions: bool = True) -> Statistics:
    """Count over ``texts``; equal texts count once, their order does not matter.

    Without ``directions`` the (slow) latent directions are left out.
    """
    ordered = sorted(set(texts), key=lambda profile: profile.sort_key)
    return counted_over(list(analyser.blocks(ordered)), analyser.dictionary, directions=directions)


def counted_over(blocks: Sequence[Texts], dictionary: tuple[str, ...], *, directions: bool = True) -> Statistics:
    """As ``count`` for texts that have been analysed and are all different."""
    depths: dict[str, int] = {}
    for block in blocks:
        for text in block:
            for category in text.profile.categories:
                scheme, path = parse_category(category)
                depths[scheme] = max(depths.get(scheme, 1), len(path))
    characters = _counted("characters", [block.characters for block in blocks])
    words = _counted("words", [block.words for block in blocks])
    latent = no_latent()
    if directions:
        latent = fit_latent(_sample([block.characters for block in blocks]), characters)
    return Statistics(characters, words, depths, dictionary, latent)


def _sample(parts: Sequence[Rows]) -> Rows:
    """An even sample of at most ``MOST_TEXTS`` rows."""
    step = -(-sum(map(len, parts)) // MOST_TEXTS) or 1
    chosen, start = [], 0
    for part in parts:
        chosen.append(part.taken(np.arange(-start % step, len(part), step)))
        start += len(part)
    return stacked(chosen)


def _counted(view: background.Name, every: Sequence[Rows]) -> Vocabulary:
    texts = sum(len(rows) for rows in every)
    length = sum(int(weighted(rows.counts, WHOLE).sum()) for rows in every)
    keys, frequencies = np.unique(
        np.concatenate([rows.keys for rows in every]) if every else np.zeros(0, np.uint32), return_counts=True
    )
    often = frequencies >= 2
    mean = length / texts if length else _USUAL_LENGTH[view]
    return Vocabulary(view, keys[often], frequencies[often].astype(np.uint32), texts, mean)
