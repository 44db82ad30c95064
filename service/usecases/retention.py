"""What is kept no longer than its term: removed, emptied, or its owner erased, by the rules of the registry."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from models import Account
from service.context import Context
from service.queries.retention import PERSONAL, RULES, SIGN_IN, Rule
from service.usecases.erasure import erase_person


def purge_sign_in_records(ctx: Context) -> int:
    """Remove ended sessions, failures, codes, letters, keys of repeated requests; how many rows went."""
    return _carry_out(ctx, SIGN_IN)


def purge_personal_data(ctx: Context) -> int:
    """Remove or empty what else is past its term; how many rows that were."""
    return _carry_out(ctx, PERSONAL)


def _carry_out(ctx: Context, job: str) -> int:
    count = sum(_apply(ctx, rule) for rule in RULES if rule.job == job)
    if count:
        ctx.audit(job, rows=count)
    return count


def _apply(ctx: Context, rule: Rule) -> int:
    if rule.people:
        closed = ctx.session.scalars(select(Account).where(rule.due(ctx)).order_by(Account.id)).all()
        for account in closed:
            erase_person(ctx, account)
        return len(closed)
    table = rule.model.__table__
    if rule.values is None:
        result: Any = ctx.session.execute(
            delete(rule.model).where(rule.due(ctx)), execution_options={"synchronize_session": False}
        )
        return int(result.rowcount)
    counted = {"version": table.c.version + 1} if "version" in table.c else {}
    result = ctx.session.execute(update(table).where(rule.due(ctx)).values({**rule.values, **counted}))
    ctx.session.expire_all()
    return int(result.rowcount)
