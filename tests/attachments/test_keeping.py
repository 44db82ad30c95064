"""Bytes are kept once, go when nobody has them any more, and survive somebody sending them again meanwhile."""

from __future__ import annotations

import io
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx2 as httpx
import pytest
from sqlalchemy import func, select

from models import Account, Attachment, AuditEntry, Job, Need, PostingState, Role, StateChange
from service import clock
from service.attachments.arrivals import receive
from service.attachments.store import ABANDONED_SECONDS, SETTLED_SECONDS, NotKept, Store
from service.context import Context
from service.errors import Forbidden, Invalid
from service.jobs.registry import DAILY, JOBS
from service.usecases.attachment_keeping import drop_file, sweep_files
from service.usecases.attachments import RemoveFile, erase_files_of, remove_file
from service.usecases.tokens import issue_token
from tests.attachments.filing import add_file
from tests.conftest import OpenContext
from tests.factories import (
    actor_for,
    add_account,
    add_achievement,
    add_entry,
    add_match,
    add_meeting,
    add_need,
    add_organization,
)
from tests.parts import ONLY_SQLITE


def _aged(store: Store, sha256: str, seconds: float = 2 * SETTLED_SECONDS) -> None:
    """Let the bytes have come in a while ago."""
    then = time.time() - seconds
    os.utime(store.path_of(sha256), (then, then))


@pytest.fixture
def store(ctx: Context) -> Store:
    return Store(ctx.settings.data_dir)


def test_equal_bytes_are_kept_once_and_go_with_the_last_that_has_them(ctx: Context, store: Store) -> None:
    need = add_need(ctx, state=PostingState.DRAFT)
    first = add_file(ctx, need, name="甲.txt")
    second = add_file(ctx, add_need(ctx, state=PostingState.DRAFT), name="乙.txt")
    assert first.sha256 == second.sha256
    assert list(store.digests()) == [first.sha256]
    _aged(store, first.sha256)

    remove_file(ctx, first.id, RemoveFile())
    assert drop_file(ctx, first.sha256) is False
    assert store.checked(first.sha256).read_bytes() == b"hello"
    remove_file(ctx, second.id, RemoveFile())
    waiting = ctx.session.scalars(select(Job.payload).where(Job.name == "drop_file")).all()
    JOBS["drop_file"](ctx, waiting[-1])

    with pytest.raises(NotKept):
        store.checked(first.sha256)
    assert (first.removed_at, first.name) == (ctx.now, "甲.txt")


def test_bytes_that_just_came_in_again_are_looked_at_later(ctx: Context, store: Store) -> None:
    one = add_file(ctx, add_need(ctx, state=PostingState.DRAFT))
    remove_file(ctx, one.id, RemoveFile())

    assert drop_file(ctx, one.sha256) is False

    later = ctx.session.scalars(select(Job).where(Job.unique_key == f"drop_file:{one.sha256}")).one()
    assert later.run_at > ctx.now
    assert store.checked(one.sha256)
    _aged(store, one.sha256)
    assert drop_file(ctx, one.sha256) is True


def test_the_daily_sweep_takes_what_nobody_has_and_leaves_the_rest(ctx: Context, store: Store) -> None:
    kept = add_file(ctx, add_need(ctx), content=b"kept")
    gone = add_file(ctx, add_need(ctx), content=b"gone", removed_at=ctx.now)
    fresh = add_file(ctx, add_need(ctx), content=b"fresh", removed_at=ctx.now)
    for one in (kept, gone):
        _aged(store, one.sha256)
    left = receive(ctx.settings, "half.txt", io.BytesIO(b"left half-way")).path
    arriving = receive(ctx.settings, "whole.txt", io.BytesIO(b"on its way")).path
    os.utime(left, (time.time() - ABANDONED_SECONDS - 60,) * 2)

    assert sweep_files(ctx) == 2

    assert sorted(store.digests()) == sorted([kept.sha256, fresh.sha256])
    assert (left.exists(), arriving.exists()) == (False, True)
    assert "sweep_files" in DAILY
    ctx.commit()
    told = select(AuditEntry.details).where(AuditEntry.action == "sweep_files")
    assert ctx.session.scalars(told).one() == {"rows": 2}


def test_evidence_goes_only_with_a_reason(ctx: Context) -> None:
    one = add_file(ctx, add_entry(ctx), name="回单.txt")

    with pytest.raises(Invalid, match="1") as owed:
        remove_file(ctx, one.id, RemoveFile())
    remove_file(ctx, one.id, RemoveFile(reason="传错了项目"))
    ctx.commit()

    assert owed.value.fields == {"reason": "请写明移除原因"}
    entry = ctx.session.scalars(select(AuditEntry).where(AuditEntry.action == "remove_file")).one()
    told = select(StateChange.reason).where(StateChange.record_type == "Attachment", StateChange.record_id == one.id)
    assert ctx.session.scalars(told).one() == "传错了项目"
    assert (entry.record_id, "传错了项目" in str(entry.details)) == (one.id, False)
    assert "回单" not in str(entry.details)


def test_what_was_public_is_removed_by_the_organizer_alone_and_with_a_reason(
    ctx: Context, organizer: Context, enterprise: Context
) -> None:
    need = add_need(ctx, organization_id=enterprise.actor.organization_id)
    one = add_file(ctx, need, organization_id=enterprise.actor.organization_id)

    with pytest.raises(Forbidden):
        remove_file(enterprise, one.id, RemoveFile(reason="不想给看"))
    with pytest.raises(Invalid):
        remove_file(organizer, one.id, RemoveFile())
    remove_file(organizer, one.id, RemoveFile(reason="疑似涉密"))

    assert one.removed_at is not None


def test_one_side_of_a_talk_does_not_remove_the_others_files(
    ctx: Context, enterprise: Context, institute: Context
) -> None:
    need = add_need(ctx, organization_id=enterprise.actor.organization_id)
    offer = add_achievement(ctx, organization_id=institute.actor.organization_id)
    meeting = add_meeting(ctx, match=add_match(ctx, need=need, achievement=offer))
    one = add_file(ctx, meeting, organization_id=enterprise.actor.organization_id)

    with pytest.raises(Forbidden, match="对方单位"):
        remove_file(institute, one.id, RemoveFile())
    remove_file(enterprise, one.id, RemoveFile())

    assert one.removed_at is not None


def test_a_person_who_is_erased_leaves_no_name_on_files(ctx: Context) -> None:
    account = add_account(ctx, Role.ENTERPRISE, name="欧阳格日勒", email="ouyang@example.cn")
    other = add_account(ctx, Role.ENTERPRISE, name="王")
    need = add_need(ctx)
    own = add_file(ctx, need, name="技术方案.docx.txt", created_by_id=account.id)
    named = add_file(ctx, need, name="欧阳格日勒的简历.txt", content=b"1", created_by_id=other.id)
    mailed = add_file(ctx, need, name="OUYANG@example.cn 来信.txt", content=b"2", removed_at=ctx.now)
    plain = add_file(ctx, need, name="王府井项目.txt", content=b"3", created_by_id=other.id)

    assert erase_files_of(ctx, account) == 3
    assert erase_files_of(ctx, other) == 2

    assert (own.created_by_id, own.name) == (None, "技术方案.docx.txt")
    assert (named.name, named.created_by_id) == (f"附件-{named.id}.txt", None)
    assert mailed.name == f"附件-{mailed.id}.txt"
    assert plain.name == "王府井项目.txt"
    assert Store(ctx.settings.data_dir).checked(own.sha256)


def _sender(ctx: Context, address: str, account: Account) -> httpx.Client:
    token = issue_token(replace(ctx, now=clock.now()), account)
    ctx.commit()
    return httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60)


def test_files_sent_at_once_do_not_go_over_the_limit(
    ctx: Context, open_ctx: OpenContext, address: str, store: Store
) -> None:
    account = add_account(ctx, Role.ENTERPRISE)
    owner = open_ctx(actor_for(ctx, account))
    need: Need = add_need(owner, state=PostingState.DRAFT, organization_id=account.organization_id)
    number, hands = need.id, 14
    started = threading.Barrier(hands)

    with _sender(ctx, address, account) as program:

        def send(hand: int) -> int:
            started.wait(timeout=60)
            files = {"file": (f"{hand}.txt", b"file %d" % hand)}
            place = f"/api/v1/needs/{number}/attachments"
            return program.post(place, data={"no_secret": "true"}, files=files).status_code

        with ThreadPoolExecutor(hands) as pool:
            answers = list(pool.map(send, range(hands)))

    print(f"sent at once: {hands}, kept: {answers.count(201)}, refused: {answers.count(422)}")
    assert sorted(answers) == [201] * 10 + [422] * 4
    rows = ctx.session.scalars(select(Attachment.sha256).where(Attachment.record_id == number)).all()
    assert len(rows) == 10
    assert sorted(store.digests()) == sorted(rows)
    ctx.session.rollback()


def test_the_same_bytes_sent_at_once_to_two_records_are_kept_once(ctx: Context, address: str, store: Store) -> None:
    account = add_account(ctx, Role.ENTERPRISE)
    needs = [add_need(ctx, state=PostingState.DRAFT, organization_id=account.organization_id).id for _ in range(2)]
    started = threading.Barrier(2)

    with _sender(ctx, address, account) as program:

        def send(number: int) -> int:
            started.wait(timeout=60)
            place = f"/api/v1/needs/{number}/attachments"
            files = {"file": ("a.txt", b"x" * 300_000)}
            return program.post(place, data={"no_secret": "true"}, files=files).status_code

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(send, needs))

    assert answers == [201, 201]
    assert ctx.session.scalar(select(func.count(Attachment.id))) == 2
    assert len(list(store.digests())) == 1
    ctx.session.rollback()


@ONLY_SQLITE
def test_two_who_keep_the_same_at_once_leave_one_whole_file(ctx: Context, store: Store) -> None:
    content = b"y" * 1_000_000
    arrivals = [receive(ctx.settings, "a.txt", io.BytesIO(content)) for _ in range(8)]
    keep: Callable[[int], None] = lambda at: store.keep(arrivals[at].path, arrivals[at].sha256)  # noqa: E731 - one line

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep, range(8)))

    assert store.checked(arrivals[0].sha256).stat().st_size == 1_000_000
    assert not any(arrival.path.exists() for arrival in arrivals)
    assert add_organization(ctx).id
