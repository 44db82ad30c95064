"""Every job by name: a function of a context and the job's payload."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from models import MatchRun, Need, PostingState
from models.posting import OPEN_STATES
from service import mail
from service.chain import drop_anchor
from service.context import Context
from service.usecases.after_erasure import finish_erasure
from service.usecases.attachment_keeping import drop_file, sweep_files
from service.usecases.conflicts import follow_terms
from service.usecases.event_letters import remind_unanswered
from service.usecases.follow_up_reminders import remind_follow_ups
from service.usecases.ranking import advance_run, begin_run, needs_run
from service.usecases.retention import purge_personal_data, purge_sign_in_records
from service.usecases.searches import check_searches
from service.usecases.seating_plans import compute_seating
from service.usecases.weights import retrain_weights

JobFunction = Callable[[Context, Mapping[str, Any]], None]


def refresh_matches(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Bring all suggested pairs in line with the catalogue as it is now, one step at a time.

    Each step is a job of its own, so a worker that dies loses one step at most and others need not wait for all. A
    nightly run with nothing new to rank is left out; one that somebody asked for is not.
    """
    if "day" in payload and not needs_run(ctx):
        return
    if "run" in payload and ctx.find(MatchRun, payload["run"]).finished_at is not None:
        return
    run = begin_run(ctx)
    if not advance_run(ctx, run):
        ctx.enqueue("refresh_matches", unique_key=f"refresh_matches:{run.id}", run=run.id)


def expire_postings(ctx: Context, _payload: Mapping[str, Any]) -> None:
    """Needs whose deadline has passed leave the ranking."""
    overdue = select(Need).where(Need.state.in_(OPEN_STATES), Need.deadline < ctx.today)
    for need in ctx.session.scalars(overdue):
        ctx.touch(need)
        ctx.log(need.move_to(PostingState.EXPIRED, "期限已过"))


def learn_weights(ctx: Context, _payload: Mapping[str, Any]) -> None:
    """Learn the signals' weights from what people decided; they count only when a trial finds them better."""
    retrain_weights(ctx)


def look_for_news(ctx: Context, _payload: Mapping[str, Any]) -> None:
    """Look for new results of the searches people keep."""
    check_searches(ctx)


def send_mail(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Send one letter that was queued."""
    mail.send(ctx.settings, payload["letter"])


def purge_records(ctx: Context, _payload: Mapping[str, Any]) -> None:
    """Remove sign-in records and letters that have done their work."""
    purge_sign_in_records(ctx)


def keep_apart(ctx: Context, _payload: Mapping[str, Any]) -> None:
    """Follow the terms of the blacklist, from the day an entry begins to the day after it ended."""
    follow_terms(ctx)


def purge_what_is_past_its_term(ctx: Context, _payload: Mapping[str, Any]) -> None:
    """Remove personal data that is past its term."""
    purge_personal_data(ctx)


def clean_up_after_erasure(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Take an erased person out of what lies outside the records."""
    finish_erasure(ctx, payload["account"], postings=payload["postings"])


def remind_of_replies(ctx: Context, _payload: Mapping[str, Any]) -> None:
    """Remind those who have not answered an event's invitation, shortly before its deadline."""
    remind_unanswered(ctx)


def anchor_audit(ctx: Context, _payload: Mapping[str, Any]) -> None:
    """Write down outside the database how far the audit log has come."""
    drop_anchor(ctx.session, ctx.settings, ctx.now)


def drop_bytes(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Remove the bytes of a file that was removed."""
    drop_file(ctx, payload["sha256"])


def remind_of_follow_ups(ctx: Context, _payload: Mapping[str, Any]) -> None:
    """Remind those who have something to do after a talk."""
    remind_follow_ups(ctx)


def sweep_bytes(ctx: Context, _payload: Mapping[str, Any]) -> None:
    """Remove bytes that no file has any more."""
    sweep_files(ctx)


def seat_event(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Compute one seating that was asked for."""
    compute_seating(ctx, payload["plan"], time.monotonic)


JOBS: Mapping[str, JobFunction] = {
    "anchor_audit": anchor_audit,
    "check_searches": look_for_news,
    "purge_sign_in_records": purge_records,
    "refresh_matches": refresh_matches,
    "expire_postings": expire_postings,
    "keep_apart": keep_apart,
    "finish_erasure": clean_up_after_erasure,
    "purge_personal_data": purge_what_is_past_its_term,
    "retrain_weights": learn_weights,
    "seat_event": seat_event,
    "send_mail": send_mail,
    "drop_file": drop_bytes,
    "remind_of_replies": remind_of_replies,
    "sweep_files": sweep_bytes,
    "remind_follow_ups": remind_of_follow_ups,
}

DAILY = (
    "anchor_audit",
    "expire_postings",
    "purge_sign_in_records",
    "purge_personal_data",
    "sweep_files",
    "keep_apart",
    "check_searches",
    "remind_follow_ups",
    "remind_of_replies",
    "refresh_matches",
)
"""Jobs that run once a day."""

WEEKLY = ("retrain_weights",)
"""Jobs that run once a week, by the ISO week of today's date in China."""
