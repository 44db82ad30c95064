"""Made ready before anybody asks: the catalogue, the search index and the machine code that both run on."""

from __future__ import annotations

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from service.context import SYSTEM
from service.kinds import KINDS
from service.queries.search import search_page
from service.ranking import catalogue
from service.web.installation import Installation

log = logging.getLogger(__name__)


def warm_up_beside(installation: Installation) -> None:
    """Warm up in a thread of its own, so that the first page does not wait for it."""
    threading.Thread(target=_warm_up_or_tell, args=(installation,), name="woshou-warming", daemon=True).start()


def warm_up(installation: Installation) -> None:
    """Rank, look for duplicates and search once."""
    with installation.session(reads=True) as session:
        ctx = installation.context(session, SYSTEM)
        room = catalogue(ctx)
        for kind in KINDS.values():
            for entry in list(room.entries[kind.plural].values())[:1]:
                room.indexes[kind.counterpart].top(entry.profile, 1)
                room.finders[kind.plural].find(entry.profile, 1)
        search_page(ctx, {"q": "握手"})


def _warm_up_or_tell(installation: Installation) -> None:
    try:
        warm_up(installation)
    except SQLAlchemyError:
        log.warning("not warmed up: the first request will take longer", exc_info=True)
