"""The service standing on the whole world of the trust tests, with a session of everybody kept open."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio.to_thread
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service import clock
from service.app import create_app
from service.config import Settings
from service.context import SYSTEM, Context
from service.policy import demand
from service.usecases.sessions import open_session
from service.web.identity import SESSION_COOKIE, VISITOR_COOKIE
from tests.factories import add_regions
from tests.trust.asking import Answer, Asker, hasten
from tests.trust.people import ASKERS, Person
from tests.trust.world import World, write_world

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
UNPACED = dict.fromkeys(("reads_per_minute", "writes_per_minute", "exports_per_minute", "sign_ins_per_minute"), 0)
TOO_LONG = "k" * 201
"""A key against repeats that is refused before anything is done, and after it was asked who comes."""


@dataclass
class Standing:
    """The world, and everybody at the door; ``whole``: with every variant of each kind."""

    world: World
    engine: Engine
    whole: bool = True
    at_door: dict[str, Asker] = field(default_factory=dict)

    def get(self, asker: Person, path: str) -> Answer:
        """What a page, file or list tells the asker."""
        return self.at_door[asker.name].get(path)

    def send(self, asker: Person, method: str, path: str) -> Answer:
        """A request that goes no further than the question who comes, where it is a write."""
        door = self.at_door[asker.name]
        if method == "GET":
            return door.get(path)
        if path.startswith("/api/"):
            return door.program(method, path, [], **{"idempotency-key": TOO_LONG})
        return door.form(path, **{"idempotency-key": TOO_LONG})


async def _at_once(act: Any, *args: Any, **_options: Any) -> Any:
    """One request at a time needs no second thread."""
    return act(*args)


@contextmanager
def standing_on(settings: Settings, *, whole: bool, patch: pytest.MonkeyPatch) -> Iterator[Standing]:
    """Write the world and open a session for everybody in it."""
    patch.setattr(anyio.to_thread, "run_sync", _at_once)
    app = create_app(settings.model_copy(update=UNPACED))
    hasten(app)
    engine = app.state.installation.engine
    loop = asyncio.new_event_loop()
    with Session(engine, expire_on_commit=False) as session:
        ctx = Context(session=session, now=clock.now(), actor=SYSTEM, settings=settings, demands=demand)
        add_regions(ctx)
        standing = Standing(write_world(ctx, whole=whole), engine, whole)
        cookies = {asker.name: open_session(ctx, standing.world.accounts[asker.name]) for asker in ASKERS if asker.role}
        ctx.commit()
        for asker in ASKERS:
            door = Asker(app, loop)
            if asker.role is not None:
                door.cookies[SESSION_COOKIE] = cookies[asker.name]
            page = door.get("/facts")
            found = TOKEN.search(page.text)
            assert found is not None
            door.token = found[1]
            if asker.role is None:
                door.cookies[VISITOR_COOKIE] = door.token
            standing.at_door[asker.name] = door
        yield standing
    loop.close()
    engine.dispose()
