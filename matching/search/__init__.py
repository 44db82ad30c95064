"""Search over records of any kind: words, pinyin and initials, synonyms, typing errors, phrases and exclusions."""

from matching.search.document import Document
from matching.search.index import SearchIndex
from matching.search.query import ParsedQuery, parse
from matching.search.resolve import Alternative, Correction, Unit
from matching.search.results import Found, Hit
from matching.search.snippets import Piece, highlighted, snippet
from matching.search.synonyms import Synonyms

__all__ = [
    "Alternative",
    "Correction",
    "Document",
    "Found",
    "Hit",
    "ParsedQuery",
    "Piece",
    "SearchIndex",
    "Synonyms",
    "Unit",
    "highlighted",
    "parse",
    "snippet",
]
