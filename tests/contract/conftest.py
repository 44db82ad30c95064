"""A filled installation, and somebody with a token whom no request can switch off for long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Update, event, inspect, select, update

from models import Account, ApiToken, Role
from service import clock
from service.app import create_app
from service.config import Settings
from service.context import Context
from service.usecases.tokens import issue_token
from tests.contract.fuzzing import Run, explore
from tests.factories import add_account
from tests.queries.world import add_world

Explore = Callable[..., Run]


@pytest.fixture
def unlimited(settings: Settings) -> Settings:
    """The settings without limits on how often one may ask: the subject here is what is answered."""
    limits = ("reads_per_minute", "writes_per_minute", "exports_per_minute", "sign_ins_per_minute")
    return settings.model_copy(update=dict.fromkeys(limits, 0))


@pytest.fixture
def filled(ctx: Context, unlimited: Settings) -> Iterator[FastAPI]:
    """The application on a filled database that need not survive a power cut."""
    add_world(ctx)
    ctx.commit()
    app = create_app(unlimited)
    engine = app.state.installation.engine
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
    yield app
    engine.dispose()


@pytest.fixture
def explore_as(ctx: Context, filled: FastAPI) -> Explore:
    """``explore_as(role, examples=…, only=…)``: run everything as a new person of the role, or as nobody."""

    def run(role: Role | None, **options: Any) -> Run:
        if role is None:
            return explore(filled, {}, **options)
        today = Context(ctx.session, clock.now(), ctx.actor, ctx.settings, ctx.demands, written=ctx.written)
        account = add_account(ctx, role)
        token = issue_token(today, account)
        ctx.commit()
        token_row = ctx.session.scalars(select(ApiToken).where(ApiToken.account_id == account.id)).one()
        kept = [_copied(record) for record in (account, token_row)]
        ctx.commit()

        def restore() -> None:
            with filled.state.installation.engine.begin() as connection:
                for statement in kept:
                    connection.execute(statement)

        return explore(filled, {"Authorization": f"Bearer {token}"}, turned_away=restore, **options)

    return run


def _copied(record: Account | ApiToken) -> Update:
    """The statement that makes the row what it is now."""
    mapper = inspect(type(record))
    columns = {column.key: getattr(record, column.key) for column in mapper.column_attrs}
    itself = [column == columns[column.key] for column in mapper.primary_key]
    return update(type(record)).where(*itself).values(columns)
