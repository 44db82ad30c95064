"""The signals in use: adding one is one file and one line here."""

from matching.signals.base import Signal
from matching.signals.category import CategorySignal
from matching.signals.characters import CharactersSignal
from matching.signals.coverage import CoverageSignal
from matching.signals.title import TitleSignal
from matching.signals.words import WordsSignal

SIGNALS: tuple[Signal, ...] = (
    TitleSignal(),
    CoverageSignal(),
    CharactersSignal(),
    WordsSignal(),
    CategorySignal(),
)

LABELS: dict[str, str] = {signal.name: signal.label for signal in SIGNALS}
"""Signal name → the words people read."""

__all__ = ["LABELS", "SIGNALS", "Signal"]
