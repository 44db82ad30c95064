"""Ranking and seating as a pure library: text and numbers in, text and numbers out."""

from matching.alignment import Aligned, Passage
from matching.batch import evaluate_files, rank_files
from matching.categories import CategorySuggester, Suggestion, suggest_categories
from matching.duplicates import Duplicate, DuplicateFinder, near_duplicates
from matching.evaluation import EvaluationReport, Interval
from matching.evidence import Evidence, explain
from matching.files import InputError, read_judgments, read_profiles
from matching.profile import Profile
from matching.ranker import Ranked, Ranker, RankIndex
from matching.sentence import reason
from matching.signals import LABELS, SIGNALS
from matching.text import Sentence, normalise, sentences
from matching.words import Segmenter

__all__ = [
    "LABELS",
    "SIGNALS",
    "Aligned",
    "CategorySuggester",
    "Duplicate",
    "DuplicateFinder",
    "EvaluationReport",
    "Evidence",
    "InputError",
    "Interval",
    "Passage",
    "Profile",
    "RankIndex",
    "Ranked",
    "Ranker",
    "Segmenter",
    "Sentence",
    "Suggestion",
    "evaluate_files",
    "explain",
    "near_duplicates",
    "normalise",
    "rank_files",
    "read_judgments",
    "read_profiles",
    "reason",
    "sentences",
    "suggest_categories",
]
