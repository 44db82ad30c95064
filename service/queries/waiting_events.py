"""Invitations and talks that wait for an answer or an outcome."""

from __future__ import annotations

from typing import Any

from service import visibility
from service.context import Context
from service.queries.invitations import INVITATIONS
from service.queries.meetings import MEETINGS
from service.queries.waiting import Item, Waiting, comes_in_words, waiting


def invitations_to_answer(ctx: Context) -> Waiting:
    """Invitations of one's own organization to events still to come, the nearest first."""
    params = {"waiting": "1", "organization": str(ctx.actor.organization_id or 0), "sort": "starts_at"}
    return waiting(
        ctx,
        "等您答复的邀请",
        INVITATIONS,
        params,
        lambda row: Item(
            f"/invitations/{row.id}", row.event, _held(ctx, row.starts_at, row.venue), "待复", "warning", row.is_demo
        ),
    )


def unanswered_invitations(ctx: Context) -> Waiting:
    """Everybody's unanswered invitations to events still to come, the nearest first."""
    return waiting(
        ctx,
        "未复的邀请",
        INVITATIONS,
        {"waiting": "1", "sort": "starts_at"},
        lambda row: Item(
            f"/invitations/{row.id}",
            row.organization,
            f"{row.event}，{comes_in_words(ctx, row.starts_at)}",
            "未复",
            "warning",
            row.is_demo,
        ),
    )


def _held(ctx: Context, moment: Any, place: str) -> str:
    return comes_in_words(ctx, moment) + (f"，{place}" if place else "")


def meetings_to_record(ctx: Context) -> Waiting:
    """Confirmed talks of events that have begun and have no outcome yet; an owner's own, or everybody's for staff."""
    staff = ctx.actor.role in visibility.SEES_ALL_WORK
    return waiting(
        ctx,
        "没有登记结果的洽谈" if staff else "等您反馈的洽谈",
        MEETINGS,
        {"unrecorded": "1", "sort": "starts_at", "mine": "" if staff else "1"},
        lambda row: Item(
            f"/meetings/{row.id}",
            f"{row.need_organization} × {row.offer_organization}",
            f"{row.event}，{comes_in_words(ctx, row.starts_at)}",
            "待反馈",
            "warning",
            row.is_demo,
        ),
    )
