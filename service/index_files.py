"""The index files in the data folder: a start-up aid that may be deleted at any time and is made anew."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from pathlib import Path

from matching import Ranker, RankIndex
from matching.engine import DamagedFile
from matching.statistics import Statistics
from service.config import Settings

log = logging.getLogger(__name__)

_NAME = re.compile(r"(?P<kind>[a-z]+)-(?P<statistics>[0-9a-f]+)-(?P<seq>[0-9]+)-(?P<stamp>[0-9a-f]*)\.index")


@dataclass(frozen=True)
class SavedIndex:
    """One file: the catalogue's state it was saved at."""

    path: Path
    seq: int
    stamp: str

    def open(self, ranker: Ranker, statistics: Statistics) -> RankIndex | None:
        """The index, memory-mapped; None (and the file removed) when it is damaged or made by another version."""
        try:
            return ranker.load(self.path, statistics)
        except DamagedFile as error:
            log.warning("index file %s is set aside: %s", self.path.name, error)
            self.path.unlink(missing_ok=True)
            return None


class IndexFiles:
    """The folder of index files of one installation."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.data_dir / "index"

    def of(self, kind: str, statistics: str) -> list[SavedIndex]:
        """The files of a kind under given statistics, newest first."""
        found = [
            SavedIndex(path, int(match["seq"]), match["stamp"])
            for path in self._folder.glob(f"{kind}-*.index")
            if (match := _NAME.fullmatch(path.name)) is not None and match["statistics"] == statistics
        ]
        return sorted(found, key=lambda saved: -saved.seq)

    def save(self, kind: str, statistics: str, seq: int, stamp: str, index: RankIndex) -> None:
        """Save an index and remove the kind's older files; a folder that cannot be written to is only told of."""
        path = self._folder / f"{kind}-{statistics}-{seq}-{stamp}.index"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                index.save(path)
            for other in self._folder.glob(f"{kind}-*.index"):
                if other != path:
                    other.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the index was not saved: %s", error)

    def clear(self) -> None:
        """Remove all of them; the next process makes its own."""
        for path in self._folder.glob("*.index"):
            path.unlink(missing_ok=True)
