"""What is kept no longer than it is needed: ended sessions, failures, codes, letters, keys of repeated requests."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from models import (
    AccountInvitation,
    IdempotentRequest,
    Job,
    JobState,
    KnownDevice,
    SignInFailure,
    SignInSession,
    SingleSignOnAttempt,
    VerificationCode,
)
from service.context import Context

LETTERS_KEPT = timedelta(days=1)
INVITATIONS_KEPT = timedelta(days=90)


def purge_sign_in_records(ctx: Context) -> int:
    """Remove what has run out; how many rows went."""
    long_ago = ctx.now - timedelta(days=ctx.settings.sign_in_log_days)
    gone = (
        delete(SignInSession).where(SignInSession.expires_at <= ctx.now),
        delete(KnownDevice).where(KnownDevice.expires_at <= ctx.now),
        delete(VerificationCode).where(VerificationCode.expires_at <= ctx.now - timedelta(hours=1)),
        delete(SingleSignOnAttempt).where(SingleSignOnAttempt.expires_at <= ctx.now),
        delete(IdempotentRequest).where(IdempotentRequest.expires_at <= ctx.now),
        delete(SignInFailure).where(SignInFailure.at <= long_ago),
        delete(AccountInvitation).where(AccountInvitation.expires_at <= ctx.now - INVITATIONS_KEPT),
        delete(Job).where(
            Job.name == "send_mail", Job.state == JobState.DONE, Job.finished_at <= ctx.now - LETTERS_KEPT
        ),
    )
    count = sum(ctx.session.execute(statement).rowcount for statement in gone)  # type: ignore[attr-defined] # a DELETE counts its rows
    if count:
        ctx.audit("purge_sign_in_records", rows=count)
    return count
