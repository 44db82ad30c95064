"""What one running program holds: its settings and its engines."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from models.sealed import KEY_RING
from service import clock
from service.config import Settings
from service.context import Actor, Context
from service.database import READ_ONLY, open_engine
from service.keys import key_of
from service.policy import demand


@dataclass(frozen=True)
class Installation:
    """The settings and the database of a running program."""

    settings: Settings
    engine: Engine

    def session(self, *, reads: bool = False) -> Session:
        """A new session; one that only reads does not wait for writers."""
        return Session(self.engine.execution_options(**READ_ONLY) if reads else self.engine, expire_on_commit=False)

    def reading(self) -> Connection:
        """A connection that only reads."""
        return self.engine.execution_options(**READ_ONLY).connect()

    def context(self, session: Session, actor: Actor) -> Context:
        """A unit of work for ``actor`` at this moment."""
        return Context(session=session, now=clock.now(), actor=actor, settings=self.settings, demands=demand)


def open_installation(settings: Settings) -> Installation:
    """Connect to the database the settings name, and lay the key of its sealed columns ready."""
    KEY_RING.use(key_of(settings, "columns"))
    return Installation(settings, open_engine(settings.url))
