"""Ranking and seating as a pure library: text and numbers in, text and numbers out."""

from matching.profile import Profile
from matching.ranker import Ranked, Ranker, RankIndex
from matching.words import Segmenter

__all__ = ["Profile", "RankIndex", "Ranked", "Ranker", "Segmenter"]
