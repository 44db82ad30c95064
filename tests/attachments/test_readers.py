"""Who reads the files of which record, cell by cell; each download and each refusal is in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from models import (
    Account,
    Attachment,
    AuditEntry,
    AuditOutcome,
    Confidentiality,
    MatchState,
    MeetingState,
    Organization,
    OrganizationKind,
    PartyRole,
    PostingState,
    ProjectState,
    Role,
)
from service.context import Context
from tests.attachments.filing import add_file
from tests.doors.conftest import Browser
from tests.factories import (
    add_account,
    add_achievement,
    add_contract,
    add_entry,
    add_event,
    add_match,
    add_meeting,
    add_need,
    add_organization,
    add_party,
    add_project,
)
from tests.parts import ONLY_SQLITE

HERE, THERE = "150621", "150100"
STAFF = {"broker", "organizer", "leader"}
READS: dict[str, set[str]] = {
    "public": {
        "own",
        "other",
        "partner",
        "broker",
        "organizer",
        "far organizer",
        "leader",
        "admin",
        "security",
        "auditor",
    },
    "masked": {"own", "partner", *STAFF, "far organizer"},
    "organizers' own": {"own", "organizer", "leader"},
    "draft": {"own"},
    "project": {"own", *STAFF, "admin", "auditor"},
    "contract": {"own", *STAFF, "admin", "auditor"},
    "entry": {"own", *STAFF, "admin", "auditor"},
    "meeting": {"own", "partner", *STAFF, "admin", "auditor"},
    "masked meeting": {"own", *STAFF},
}
"""Record → whose readers are expected, as DESIGN and docs/security.md promise."""
PAGE_OF = {
    "Need": "needs",
    "Project": "projects",
    "Meeting": "meetings",
    "Contract": "contracts",
    "InvestmentEntry": "ledger",
}
NOUN_OF = {**PAGE_OF, "InvestmentEntry": "entries"}


def _records(ctx: Context, own: Account, partner: Account) -> dict[str, Any]:
    house = {"organization_id": own.organization_id, "region_code": HERE}
    masked = add_need(ctx, masked_name="某装备企业", **house)
    offer = add_achievement(ctx, organization_id=partner.organization_id, region_code=HERE)
    add_match(ctx, need=masked, achievement=offer, state=MatchState.MUTUAL)
    public = add_need(ctx, **house)
    event = add_event(ctx, region_code=HERE)
    shown = add_match(ctx, need=public, achievement=offer, state=MatchState.SHORTLISTED)
    other_offer = add_achievement(ctx, organization_id=partner.organization_id, region_code=HERE)
    strange = add_need(ctx, masked_name="某煤化工企业", **house)
    hidden = add_match(ctx, need=strange, achievement=other_offer, state=MatchState.SHORTLISTED)
    project = add_project(ctx, state=ProjectState.ACTIVE, region_code=HERE)
    add_party(ctx, project, ctx.find(Organization, own.organization_id), PartyRole.DEMAND)
    return {
        "public": public,
        "masked": masked,
        "organizers' own": add_need(ctx, confidentiality=Confidentiality.ORGANIZERS, **house),
        "draft": add_need(ctx, state=PostingState.DRAFT, **house),
        "project": project,
        "contract": add_contract(ctx, project=project),
        "entry": add_entry(ctx, project=project),
        "meeting": add_meeting(ctx, event=event, match=shown, state=MeetingState.CONFIRMED),
        "masked meeting": add_meeting(ctx, event=event, match=hidden, state=MeetingState.CONFIRMED, slot=3),
    }


@pytest.fixture
def people(ctx: Context, browse: Callable[..., Browser]) -> dict[str, Browser]:
    own = add_account(ctx, Role.ENTERPRISE)
    partner = add_account(ctx, Role.INSTITUTE, organization=add_organization(ctx, kind=OrganizationKind.INSTITUTE))
    people = {"own": browse(own), "partner": browse(partner), "nobody": browse()}
    for name, role, region in (
        ("other", Role.ENTERPRISE, None),
        ("broker", Role.BROKER, None),
        ("organizer", Role.ORGANIZER, "150600"),
        ("far organizer", Role.ORGANIZER, THERE),
        ("leader", Role.LEADER, None),
        ("admin", Role.ADMIN, None),
        ("security", Role.SECURITY, None),
        ("auditor", Role.AUDITOR, None),
    ):
        people[name] = browse(add_account(ctx, role, region_code=region))
    return people


@ONLY_SQLITE
def test_files_are_for_those_who_may_read_the_names_beside_them(ctx: Context, people: dict[str, Browser]) -> None:
    own, partner = people["own"].account, people["partner"].account
    assert own is not None
    assert partner is not None
    files = {
        what: add_file(ctx, record, name=f"机密{number}号.txt", content=b"kept %d" % number)
        for number, (what, record) in enumerate(_records(ctx, own, partner).items())
    }
    told = {what: (one.id, one.name, one.record_type, one.record_id) for what, one in files.items()}
    ctx.commit()
    cells, wrong, downloads, digests = 0, [], 0, {what: one.sha256 for what, one in files.items()}

    for what, (number, name, kind, record_id) in told.items():
        for person, browser in people.items():
            reads = person in READS[what]
            missing = 401 if person == "nobody" else 404
            page, noun = f"/{PAGE_OF[kind]}/{record_id}", f"/api/v1/{NOUN_OF[kind]}/{record_id}"
            in_turn = (f"/api/v1/attachments/{number}", f"/api/v1/attachments/{number}/content", f"{page}/attachments")
            for address in (f"/attachments/{number}", f"{noun}/attachments", in_turn[cells % 3]):
                answer = browser.get(address, follow_redirects=False)
                cells += 1
                downloads += answer.status_code == 200 and (
                    address.endswith("content") or address.startswith("/attachments")
                )
                if (answer.status_code == 200) is not reads or (not reads and answer.status_code != missing):
                    wrong.append(f"{person} {what} {address}: {answer.status_code}")
                if not reads and (name in answer.text or digests[what] in answer.text):
                    wrong.append(f"{person} {what} {address} leaves a trace")
            if kind in ("Need", "Project", "Meeting"):
                cells += 1
                seen = browser.get(page)
                if (name in seen.text) is not reads or (not reads and "附件" in seen.text and seen.status_code == 200):
                    wrong.append(f"{person} {what} {page}: {seen.status_code}, name shown: {name in seen.text}")
    print(f"cells: {cells}, wrong: {len(wrong)}")
    assert wrong == []
    logged = select(func.count(AuditEntry.id)).where(AuditEntry.action == "download_file")
    assert ctx.session.scalar(logged) == downloads > 60


@ONLY_SQLITE
def test_a_download_is_written_down_without_the_files_name(ctx: Context, browse: Callable[..., Browser]) -> None:
    need = add_need(ctx)
    number = add_file(ctx, need, name="张三的身份证.txt").id
    ctx.commit()
    broker = browse(role=Role.BROKER)

    answer = broker.get(f"/attachments/{number}")

    entry = ctx.session.scalars(select(AuditEntry).where(AuditEntry.action == "download_file")).one()
    assert answer.content == b"hello"
    assert (entry.record_type, entry.record_id, entry.outcome) == ("Attachment", number, AuditOutcome.DONE)
    assert entry.actor_id == broker.account.id
    assert entry.details["of"] == f"Need {need.id}"
    assert "张三" not in str(entry.details)


@ONLY_SQLITE
def test_bytes_that_are_not_what_they_were_are_not_handed_out(ctx: Context, browse: Callable[..., Browser]) -> None:
    one = add_file(ctx, add_need(ctx))
    number, path = one.id, ctx.settings.data_dir / "attachments" / one.sha256[:2] / one.sha256
    ctx.commit()
    broker = browse(role=Role.BROKER)

    path.write_bytes(b"hellp")
    altered = broker.get(f"/attachments/{number}")
    path.unlink()
    gone = broker.get(f"/attachments/{number}")

    assert (altered.status_code, gone.status_code) == (503, 503)
    assert "从备份恢复" in altered.text
    assert b"hellp" not in altered.content


@ONLY_SQLITE
def test_a_removed_file_is_as_if_it_had_never_been(ctx: Context, browse: Callable[..., Browser]) -> None:
    number = add_file(ctx, add_need(ctx), removed_at=ctx.now).id
    never = ctx.session.scalar(select(func.max(Attachment.id))) or 0
    ctx.commit()
    broker = browse(role=Role.BROKER)

    removed, unknown = (broker.get(f"/api/v1/attachments/{one}") for one in (number, never + 1))

    assert (removed.status_code, unknown.status_code) == (404, 404)
    assert removed.json()["detail"] == unknown.json()["detail"]
