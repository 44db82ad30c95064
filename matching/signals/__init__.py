"""The signals in use: adding one is one file and one line here."""

from matching.signals.base import Signal
from matching.signals.category import CategorySignal
from matching.signals.characters import CharactersSignal
from matching.signals.coverage import CoverageSignal
from matching.signals.dense import DenseSignal
from matching.signals.indicators import IndicatorsSignal
from matching.signals.latent import LatentSignal
from matching.signals.maturity import MaturitySignal
from matching.signals.mode import ModeSignal
from matching.signals.money import MoneySignal
from matching.signals.region import RegionSignal
from matching.signals.title import TitleSignal
from matching.signals.words import WordsSignal

TOPICS: tuple[Signal, ...] = (
    TitleSignal(),
    CoverageSignal(),
    CharactersSignal(),
    WordsSignal(),
    LatentSignal(),
    DenseSignal(),
    CategorySignal(),
)
"""What both postings are about."""

CONDITIONS: tuple[Signal, ...] = (
    IndicatorsSignal(),
    MaturitySignal(),
    ModeSignal(),
    MoneySignal(),
    RegionSignal(),
)
"""Whether what they are about would do: counted only as far as the topics agree (``matching.segments``)."""

SIGNALS: tuple[Signal, ...] = TOPICS + CONDITIONS

LABELS: dict[str, str] = {signal.name: signal.label for signal in SIGNALS}
"""Signal name → the words people read."""

__all__ = ["CONDITIONS", "LABELS", "SIGNALS", "TOPICS", "Signal"]
