"""The audit log tells when one of its lines was changed, taken out or slipped in behind the service's back."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update

from models import AuditEntry
from service.chain import GENESIS, broken_link
from service.context import Context
from tests.conftest import OpenContext
from tests.factories import add_need


@pytest.fixture
def chained(organizer: Context) -> Context:
    """Five entries, and the triggers that guard them gone."""
    for number in range(5):
        organizer.audit("looked", add_need(organizer), number=number, words="甲 & 乙", ratio=0.5)
        organizer.commit()
    on = "" if organizer.session.get_bind().dialect.name == "sqlite" else " ON audit_entries"
    for verb in ("update", "delete"):
        organizer.session.execute(text(f"DROP TRIGGER audit_entries_refuse_{verb}{on}"))
    return organizer


def _ids(ctx: Context) -> list[int]:
    return list(ctx.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)))


def test_an_untouched_chain_holds(chained: Context) -> None:
    entries = chained.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()

    assert len(entries) == 5
    assert entries[0].previous_digest == GENESIS
    assert [entry.previous_digest for entry in entries[1:]] == [entry.digest for entry in entries[:-1]]
    assert broken_link(chained.session) is None


def test_the_chain_goes_on_from_one_transaction_to_the_next_and_holds_after_a_rollback(chained: Context) -> None:
    chained.audit("looked", add_need(chained))
    chained.session.rollback()
    chained.written.clear()
    chained.audit("looked", None)
    chained.audit("looked", None)
    chained.commit()

    assert len(_ids(chained)) == 7
    assert broken_link(chained.session) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"actor_id": 999},
        {"actor_name": "别人"},
        {"action": "removed"},
        {"record_type": "Project"},
        {"record_id": 999},
        {"details": {"number": 3}},
        {"digest": "0" * 63 + "1"},
        {"previous_digest": "0" * 63 + "1"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_changed_entry_is_found(chained: Context, changed: dict[str, Any]) -> None:
    third = _ids(chained)[2]

    chained.session.execute(update(AuditEntry).where(AuditEntry.id == third).values(**changed))
    chained.session.expire_all()

    assert broken_link(chained.session) == third


def test_an_entry_set_at_another_time_is_found(chained: Context) -> None:
    third = _ids(chained)[2]
    entry = chained.find(AuditEntry, third)

    entry.at = entry.at + timedelta(microseconds=1)
    chained.session.flush()

    assert broken_link(chained.session) == third


@pytest.mark.parametrize("place", [0, 2])
def test_an_entry_taken_out_is_found(chained: Context, place: int) -> None:
    ids = _ids(chained)

    chained.session.execute(delete(AuditEntry).where(AuditEntry.id == ids[place]))
    chained.session.expire_all()

    assert broken_link(chained.session) == ids[place + 1]


def test_an_entry_slipped_in_is_found(chained: Context) -> None:
    columns = {"action": "looked", "record_type": "", "details": {}, "at": chained.now, "actor_name": "别人"}
    number = _ids(chained)[-1] + 1

    chained.session.execute(insert(AuditEntry).values(id=number, previous_digest="1" * 64, digest="2" * 64, **columns))

    assert broken_link(chained.session) == number


def test_writers_at_the_same_time_make_one_chain(ctx: Context, open_ctx: OpenContext) -> None:
    ctx.commit()
    contexts = [open_ctx(own_session=True) for _ in range(3)]
    failures: list[BaseException] = []

    def write(own: Context) -> None:
        try:
            for _ in range(6):
                own.audit("looked", None)
                own.commit()
        except BaseException as failure:  # noqa: BLE001 - handed to the test
            failures.append(failure)

    threads = [threading.Thread(target=write, args=(own,)) for own in contexts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert len(_ids(ctx)) == 18
    assert broken_link(ctx.session) is None
