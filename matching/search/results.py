"""What a search found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matching.search.document import Document
from matching.search.query import ParsedQuery
from matching.search.resolve import Correction, Unit


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found. ``complete``: it has everything that was looked for; score in [0, 1]."""

    document: Document
    score: float
    complete: bool


@dataclass(frozen=True, slots=True)
class Found:
    """All hits, best first, and how the query was read.

    ``corrections`` say which slips were taken for what; ``unknown`` what nobody has; ``lit`` the folded texts to light
    up in the hits.
    """

    query: ParsedQuery
    hits: Sequence[Hit] = ()
    units: Sequence[Unit] = ()
    corrections: Sequence[Correction] = ()
    unknown: Sequence[str] = ()

    @property
    def lit(self) -> tuple[str, ...]:
        """Folded texts that stand for what was looked for, longest first."""
        meant = (one for unit in self.units for one in unit.alternatives)
        texts = {part for one in meant for part in (one.text.split() if one.why == "parts" else [one.text])}
        texts.update(self.query.phrases)
        return tuple(sorted(texts, key=lambda text: (-len(text), text)))

    @property
    def complete(self) -> int:
        """How many hits have everything that was looked for."""
        return sum(hit.complete for hit in self.hits)
