"""Of two people who change one record at once, the second is told, and nothing of theirs is written."""

from __future__ import annotations

import pytest

from models import Need
from service.context import Context
from service.errors import Conflict
from tests.conftest import OpenContext
from tests.factories import add_need


def test_a_change_of_a_stale_record_is_refused(ctx: Context, open_ctx: OpenContext) -> None:
    number = add_need(ctx, title="原题").id
    ctx.commit()
    first, second = open_ctx(own_session=True), open_ctx(own_session=True)
    second.session.expire_on_commit = False
    stale = second.find(Need, number)
    second.session.commit()

    first.find(Need, number).title = "甲改的"
    first.commit()
    stale.title = "乙改的"
    with pytest.raises(Conflict, match="刷新"):
        second.commit()
    second.session.rollback()

    ctx.session.expire_all()
    after = ctx.find(Need, number)
    assert (after.title, after.version) == ("甲改的", 2)


def test_a_version_read_earlier_is_held_against_the_record(ctx: Context) -> None:
    need = add_need(ctx)
    ctx.check_version(need, 1)
    need.title = "新题"
    ctx.touch(need)
    ctx.flush()

    with pytest.raises(Conflict, match="版本 2，您看到的是版本 1"):
        ctx.check_version(need, 1)
