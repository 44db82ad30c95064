"""The engine: exact best k over sparse rows, in plain arrays that can be changed, saved and memory-mapped."""

from matching.engine.live import Live
from matching.engine.postings import Postings
from matching.engine.rows import SparseRows
from matching.engine.segmented import Segmented
from matching.engine.store import DamagedFile

__all__ = ["DamagedFile", "Live", "Postings", "Segmented", "SparseRows"]
