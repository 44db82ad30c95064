"""The current snapshot of an index that several threads read and write, with compaction beside them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence

from matching.engine.rows import SparseRows
from matching.engine.segmented import Segmented

Change = Callable[[Segmented], Segmented]


class Live:
    """Holds the newest snapshot. Readers take ``snapshot`` and never wait; writers take turns."""

    def __init__(self, snapshot: Segmented) -> None:
        self.snapshot = snapshot
        self._writing = threading.Lock()
        self._compacting = threading.Lock()
        self._since: list[Change] | None = None

    def put(self, ids: Sequence[str], rows: SparseRows) -> None:
        """As ``Segmented.put``; found by every search that begins after this returns."""
        self._change(lambda snapshot: snapshot.put(ids, rows))

    def drop(self, ids: Iterable[str]) -> None:
        """As ``Segmented.drop``."""
        gone = tuple(ids)
        self._change(lambda snapshot: snapshot.drop(gone))

    def compact(self) -> bool:
        """Build a new base beside the old one, repeat what was written meanwhile, then swap; False: another is at it.

        May run in a thread of its own: reading and writing go on.
        """
        if not self._compacting.acquire(blocking=False):
            return False
        try:
            with self._writing:
                before, self._since = self.snapshot, []
            try:
                compacted = before.compacted()
                with self._writing:
                    for change in self._since:
                        compacted = change(compacted)
                    self.snapshot = compacted
            finally:
                self._since = None
        finally:
            self._compacting.release()
        return True

    def _change(self, change: Change) -> None:
        with self._writing:
            self.snapshot = change(self.snapshot)
            if self._since is not None:
                self._since.append(change)
