"""Runs migrations over the connection it is handed; started by ``models.migrations.commands``."""

from __future__ import annotations

from typing import Any

from alembic import context

import models

connection = context.config.attributes["connection"]


def same_type(_context: Any, _column: Any, _metadata: Any, _database: Any, _mapped: Any) -> bool | None:
    """SQLite has no types to compare beyond affinity, so only PostgreSQL's are held against the mapping."""
    return False if connection.dialect.name == "sqlite" else None


context.configure(
    connection=connection,
    target_metadata=models.Base.metadata,
    compare_type=same_type,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
