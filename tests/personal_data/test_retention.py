"""What is past its term goes, and nothing else does; the rules on the page are the ones the jobs carry out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models import (
    Account,
    AccountInvitation,
    Achievement,
    ApiToken,
    Attendee,
    AuditEntry,
    EventLetter,
    IdempotentRequest,
    Invitation,
    Job,
    JobState,
    KnownDevice,
    LetterKind,
    Need,
    PersonalDataRequest,
    PostingState,
    RequestKind,
    Role,
    SignInFailure,
    SignInSession,
    SingleSignOnAttempt,
    VerificationCode,
)
from models.signing_in import CodePurpose
from service.context import Context
from service.jobs.registry import DAILY, JOBS
from service.queries.retention import RULES, kept
from service.usecases.retention import purge_personal_data, purge_sign_in_records
from tests.factories import add_account, add_achievement, add_attendee, add_event, add_invitation, add_need
from tests.factories.people import numbers

FOUR_YEARS = timedelta(days=4 * 366)
"""Past every term but the audit log's."""


def _row_of_each_rule(ctx: Context, age: timedelta, *, living: bool) -> None:
    """For every rule a row of that age; ``living``: closed, but not as long ago as the rule says."""
    at, then = ctx.now - age, ctx.now + (timedelta(hours=1) if living else -age)
    mark = f"{next(numbers)}".rjust(64, "0")
    account = add_account(ctx)
    times: dict[str, Any] = {"created_at": at, "expires_at": then}
    session = {"csrf_token": "c", "last_seen_at": at, "handle": mark[-32:], "token_digest": mark}
    ctx.session.add_all(
        [
            SignInSession(account_id=account.id, **session, **times),
            KnownDevice(account_id=account.id, token_digest=mark, last_used_at=at, **times),
            VerificationCode(account_id=account.id, purpose=CodePurpose.VERIFY_EMAIL, code_digest=mark, **times),
            SingleSignOnAttempt(state_digest=mark, browser_digest=mark, nonce="n", code_verifier="v", **times),
            IdempotentRequest(owner="1", key=mark, request_digest=mark, headers={}, **times),
            SignInFailure(account_key=mark, at=at),
            ApiToken(token_digest=mark, handle=mark[-32:], account_id=account.id, scopes=["read"], **times),
            Job(name="send_mail", payload={}, state=JobState.DONE, run_at=at, created_at=at, finished_at=at),
            Job(name="other", payload={}, state=JobState.DONE, run_at=at, created_at=at, finished_at=at),
        ]
    )
    invited = {"email": f"n{mark[-8:]}@example.cn", "name": "新人", "role": Role.ENTERPRISE, "token_digest": mark}
    ctx.add(AccountInvitation(organization_id=account.organization_id, expires_at=then, **invited))
    asked = {"kind": RequestKind.EXPLAIN, "text": "为什么", "answer": "因为", "answered_at": at}
    ctx.add(PersonalDataRequest(account_id=account.id, **asked))
    ended = [add_need(ctx, state=PostingState.CLOSED), add_achievement(ctx, state=PostingState.EXPIRED)]
    invited_then = add_invitation(ctx, event=add_event(ctx, starts_at=at), attendee="巴图")
    came = add_attendee(ctx, invitation=invited_then, name="巴图", email="batu@example.cn", phone="13900000000")
    ctx.add(EventLetter(attendee_id=came.id, kind=LetterKind.INVITATION, subject="邀请函", text="巴图", created_at=at))
    closed = add_account(ctx, is_active=False)
    ctx.flush()
    for record in (*ended, closed):
        record.updated_at = at
    ctx.flush()


def _due(ctx: Context) -> dict[str, int]:
    found = {}
    for rule in RULES:
        condition = rule.due(ctx)
        found[rule.label] = ctx.session.scalar(select(func.count()).select_from(rule.model).where(condition)) or 0
    return found


def test_what_is_past_its_term_goes_and_what_is_not_stays(ctx: Context) -> None:
    _row_of_each_rule(ctx, timedelta(minutes=1), living=True)
    before = {one.label: one.rows for one in kept(ctx)}
    _row_of_each_rule(ctx, FOUR_YEARS, living=False)
    assert [label for label, number in _due(ctx).items() if number < 1] == []

    removed = purge_sign_in_records(ctx) + purge_personal_data(ctx)

    assert set(_due(ctx).values()) == {0}
    assert removed >= len(RULES)
    after = {one.label: one for one in kept(ctx)}
    emptied = {rule.label for rule in RULES if rule.values is not None or rule.people}
    finishing = {"办完的后台任务", "已发的信"}
    short = {label: (rows, after[label].rows) for label, rows in before.items() if after[label].rows < rows}
    grown = {label for label, rows in before.items() if after[label].rows > rows}
    assert short == {}
    assert grown <= emptied | finishing | {"审计日志"}
    contacts = [*ctx.session.scalars(select(Need.contact_name)), *ctx.session.scalars(select(Achievement.contact_name))]
    assert sorted(contacts) == ["", "", "示例联系人", "示例联系人"]
    assert sorted(ctx.session.scalars(select(Invitation.attendee))) == ["", "巴图"]
    people = ctx.session.execute(select(Attendee.name, Attendee.email, Attendee.phone).order_by(Attendee.name)).all()
    assert people == [("", None, None), ("巴图", "batu@example.cn", "13900000000")]
    erased = ctx.session.scalars(select(Account).where(Account.erased_at.is_not(None))).all()
    switched_off = ctx.session.scalars(select(Account.name).where(Account.is_active.is_(False))).all()
    assert len(erased) == 1
    assert len(switched_off) == 2
    assert sum(name.startswith("已注销用户-") for name in switched_off) == 1


def test_the_log_is_never_shortened(ctx: Context) -> None:
    ctx.audit("sign_out")
    ctx.written[0].at = ctx.now - FOUR_YEARS
    ctx.commit()

    purge_sign_in_records(ctx)
    purge_personal_data(ctx)
    ctx.commit()

    assert ctx.session.scalar(select(func.min(AuditEntry.at))) == ctx.now - FOUR_YEARS
    assert kept(ctx)[-1].term.startswith("至少 400 天")


@pytest.mark.parametrize("job", sorted({rule.job for rule in RULES}))
def test_every_rule_is_carried_out_each_day(job: str) -> None:
    assert job in DAILY
    assert job in JOBS
