"""Many people write to one ledger at once through a real server: nothing acknowledged is lost or counted twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import httpx2 as httpx
import pytest
from sqlalchemy import func, select

from models import AuditEntry, EntryKind, InvestmentEntry, ProjectState, Role
from service import clock
from service.chain import broken_link
from service.context import Context
from service.usecases.tokens import issue_token
from tests.factories import add_account, add_project

WRITERS, LINES_EACH = 8, 100

pytestmark = pytest.mark.drill


def test_many_writers_lose_no_line_of_the_ledger(ctx: Context, address: str) -> None:
    project = add_project(ctx, state=ProjectState.ACTIVE)
    token = issue_token(replace(ctx, now=clock.now()), add_account(ctx, Role.ORGANIZER, region_code="150600"))
    path = f"{address}/api/v1/projects/{project.id}/entries"
    project_id = project.id
    ctx.commit()

    def write(writer: int) -> list[int]:
        """The amounts in 分 the server said it has written."""
        kept = []
        with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=120) as client:
            for line in range(LINES_EACH):
                amount = 100 * (writer * LINES_EACH + line + 1)
                answer = client.post(
                    path,
                    json={
                        "kind": "RECEIVED",
                        "source": "ENTERPRISE",
                        "amount": f"{amount // 100}",
                        "occurred_on": date(2025, 6, 1).isoformat(),
                        "evidence": f"回单 {writer}-{line}",
                    },
                )
                assert answer.status_code == 201, answer.text
                kept.append(amount)
        return kept

    with ThreadPoolExecutor(WRITERS) as hands:
        acknowledged = [amount for kept in hands.map(write, range(WRITERS)) for amount in kept]

    lines = select(func.count(), func.sum(InvestmentEntry.amount_fen)).where(
        InvestmentEntry.project_id == project_id, InvestmentEntry.kind == EntryKind.RECEIVED
    )
    assert tuple(ctx.session.execute(lines).one()) == (len(acknowledged), sum(acknowledged))
    noted = select(func.count()).select_from(AuditEntry).where(AuditEntry.record_type == "InvestmentEntry")
    assert ctx.session.scalar(noted) == len(acknowledged)
    assert broken_link(ctx.session) is None
