"""Who may send files where, what limits there are, and that a refusal costs nothing but a line in the log."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from models import (
    Attachment,
    AuditEntry,
    AuditOutcome,
    Consent,
    ConsentKind,
    MeetingState,
    Need,
    PostingState,
    ProjectState,
    Role,
    SensitiveLevel,
    SensitiveWord,
)
from service.attachments.arrivals import receive
from service.attachments.scanning import LONGEST_SECONDS
from service.config import Settings
from service.context import Context
from service.errors import Illegal, Invalid, NotFound
from service.usecases.attachments import AttachFiles, attach_files
from tests.attachments.making import docx, pdf
from tests.conftest import OpenContext
from tests.doors.conftest import Browser
from tests.factories import (
    actor_for,
    add_account,
    add_contract,
    add_entry,
    add_meeting,
    add_need,
    add_organization,
    add_project,
)
from tests.parts import ONLY_SQLITE

PLEDGED = {"no_secret": "true"}


def _files(*names: str) -> list[tuple[str, tuple[str, bytes]]]:
    return [("file", (name, f"content of {name}".encode())) for name in names]


def _kept(settings: Settings) -> list[Path]:
    folder = settings.data_dir / "attachments"
    return [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]


def _attach(ctx: Context, need: Need, *names: str, command: AttachFiles | None = None) -> list[Attachment]:
    arrivals = [receive(ctx.settings, name, io.BytesIO(name.encode())) for name in names]
    return attach_files(ctx, "Need", need.id, command or AttachFiles(no_secret=True), arrivals)


@pytest.fixture
def owner(ctx: Context, open_ctx: OpenContext) -> Context:
    """Somebody of an enterprise."""
    return open_ctx(actor_for(ctx, add_account(ctx, Role.ENTERPRISE)))


@pytest.fixture
def draft(owner: Context) -> Need:
    """A draft of theirs."""
    return add_need(
        owner,
        state=PostingState.DRAFT,
        organization_id=owner.actor.organization_id,
        created_by_id=owner.actor.account_id,
    )


@ONLY_SQLITE
def test_the_form_of_each_kind_takes_several_files_and_shows_them(ctx: Context, browse: Callable[..., Browser]) -> None:
    account = add_account(ctx, Role.ORGANIZER, region_code="150600")
    project = add_project(ctx, state=ProjectState.ACTIVE, region_code="150600")
    need = add_need(ctx, state=PostingState.DRAFT, organization_id=account.organization_id, created_by_id=account.id)
    meeting = add_meeting(ctx, state=MeetingState.CONFIRMED)
    places = {
        f"/needs/{need.id}": f"/needs/{need.id}",
        f"/projects/{project.id}": f"/projects/{project.id}",
        f"/meetings/{meeting.id}": f"/meetings/{meeting.id}",
        f"/contracts/{add_contract(ctx, project=project).id}": "/attachments",
        f"/ledger/{add_entry(ctx, project=project).id}": "/attachments",
    }
    organizer = browse(account)

    for address, shown_at in places.items():
        form = organizer.get(f"{address}/attachments").text
        assert 'enctype="multipart/form-data"' in form
        assert "每个不超过 20 MB，一条记录最多 10 个" in form
        files = [("file", ("方案.docx", docx())), ("file", ("说明书.pdf", pdf()))]

        answer = organizer.post(f"{address}/attachments", PLEDGED, files=files)

        assert answer.status_code == 200
        assert str(answer.url.path).endswith(shown_at)
        assert all(one in answer.text for one in ("方案.docx", "说明书.pdf", "Word 文档", "PDF", "已保存"))
    page = organizer.get(f"/projects/{project.id}").text
    assert page.count("附件 2 个") == 2
    assert ctx.session.scalar(select(func.count(Attachment.id))) == 10
    assert len(_kept(ctx.settings)) == 2
    sent = ctx.session.scalars(select(AuditEntry).where(AuditEntry.action == "attach_file")).all()
    assert [entry.details["size"] for entry in sent if "方案" in str(entry.details)] == []
    assert len(sent) == 10


@ONLY_SQLITE
def test_whoever_may_not_edit_the_record_may_not_send(ctx: Context, browse: Callable[..., Browser]) -> None:
    own = add_account(ctx, Role.ENTERPRISE)
    need = add_need(ctx, state=PostingState.DRAFT, organization_id=own.organization_id)
    public = add_need(ctx)
    project = add_project(ctx)
    wanted = {
        None: {"draft": 401, "public": 401, "project": 401},
        Role.ENTERPRISE: {"draft": 404, "public": 403, "project": 403},
        Role.INSTITUTE: {"draft": 404, "public": 403, "project": 403},
        Role.LEADER: {"draft": 403, "public": 403, "project": 403},
        Role.ADMIN: {"draft": 403, "public": 403, "project": 403},
        Role.SECURITY: {"draft": 403, "public": 403, "project": 403},
        Role.AUDITOR: {"draft": 403, "public": 403, "project": 403},
    }
    addresses = {"draft": f"needs/{need.id}", "public": f"needs/{public.id}", "project": f"projects/{project.id}"}
    refused = 0

    for role, expected in wanted.items():
        browser = browse(role=role) if role is not None else browse()
        for what, status in expected.items():
            for root in ("/", "/api/v1/"):
                path = f"{root}{addresses[what]}/attachments"
                answer = browser.post(path, PLEDGED, files=_files("a.txt"), follow_redirects=False)
                assert answer.status_code == status, (role, what, path)
                refused += status == 403
    logged = select(func.count(AuditEntry.id)).where(AuditEntry.outcome == AuditOutcome.REFUSED)
    assert ctx.session.scalar(logged) == refused
    assert ctx.session.scalar(select(func.count(Attachment.id))) == 0
    assert _kept(ctx.settings) == []


@ONLY_SQLITE
def test_a_forged_form_sends_nothing(ctx: Context, browse: Callable[..., Browser]) -> None:
    account = add_account(ctx, Role.ENTERPRISE)
    need = add_need(ctx, state=PostingState.DRAFT, organization_id=account.organization_id)
    client = browse(account).client

    plain = client.post(f"/needs/{need.id}/attachments", data=PLEDGED, files=_files("a.txt"))
    crossed = client.post(
        f"/needs/{need.id}/attachments", data=PLEDGED, files=_files("a.txt"), headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert (plain.status_code, crossed.status_code) == (403, 403)
    assert ctx.session.scalar(select(func.count(Attachment.id))) == 0
    assert _kept(ctx.settings) == []


@ONLY_SQLITE
def test_a_wrong_file_is_said_at_the_field_and_none_of_the_others_is_kept(
    ctx: Context, browse: Callable[..., Browser]
) -> None:
    account = add_account(ctx, Role.ENTERPRISE)
    need = add_need(ctx, state=PostingState.DRAFT, organization_id=account.organization_id)
    browser = browse(account)
    files = [*_files("好.txt"), ("file", ("坏<b>.exe", b"MZ\0\0"))]

    answer = browser.post(f"/needs/{need.id}/attachments", PLEDGED, files=files)

    assert answer.status_code == 422
    assert "“坏b.exe”这是程序或安装包，不能上传" in answer.text
    assert "都没有保存" in answer.text
    assert 'id="f-no_secret"' in answer.text
    assert "checked" in answer.text.partition('id="f-no_secret"')[2][:200]
    assert _kept(ctx.settings) == []
    entry = ctx.session.scalars(select(AuditEntry).where(AuditEntry.action == "attach_file")).one()
    assert (entry.outcome, entry.record_type, entry.details["refusal"]) == (AuditOutcome.REFUSED, "Need", "program")


@ONLY_SQLITE
def test_programs_send_read_and_remove(ctx: Context, bearer: Callable[..., TestClient]) -> None:
    account = add_account(ctx, Role.ENTERPRISE)
    need = add_need(ctx, state=PostingState.DRAFT, organization_id=account.organization_id)
    program = bearer(account)
    place = f"/api/v1/needs/{need.id}/attachments"

    empty = program.post(place, data=PLEDGED)
    unpledged = program.post(place, files=_files("a.txt"))
    sent = program.post(place, data=PLEDGED, files=[("file", ("说明书.pdf", pdf()))])
    again = program.post(place, data=PLEDGED, files=[("file", ("另一个名字.pdf", pdf()))])
    [one] = sent.json()
    content = program.get(f"/api/v1/attachments/{one['id']}/content")
    removed = program.delete(f"/api/v1/attachments/{one['id']}")

    assert [error["field"] for error in empty.json()["errors"]] == ["file"]
    assert [error["field"] for error in unpledged.json()["errors"]] == ["no_secret"]
    assert (sent.status_code, one["name"], one["kind"], one["size"]) == (201, "说明书.pdf", "PDF", len(pdf()))
    assert "完全相同" in again.json()["errors"][0]["message"]
    assert (content.content, content.headers["content-type"]) == (pdf(), "application/pdf")
    assert content.headers["content-disposition"] == "attachment; filename*=UTF-8''%E8%AF%B4%E6%98%8E%E4%B9%A6.pdf"
    assert removed.status_code == 204
    assert program.get(place).json() == []


@ONLY_SQLITE
def test_sending_twice_under_one_key_sends_once(ctx: Context, bearer: Callable[..., TestClient]) -> None:
    account = add_account(ctx, Role.ENTERPRISE)
    need = add_need(ctx, state=PostingState.DRAFT, organization_id=account.organization_id)
    program = bearer(account)

    def send(*names: str) -> Any:
        key = {"Idempotency-Key": "once"}
        return program.post(f"/api/v1/needs/{need.id}/attachments", data=PLEDGED, files=_files(*names), headers=key)

    first, second, other = send("a.txt"), send("a.txt"), send("b.txt")

    assert (first.status_code, second.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == second.json()
    assert ctx.session.scalar(select(func.count(Attachment.id))) == 1


def test_limits_of_a_record_and_of_an_organization(owner: Context, draft: Need) -> None:
    owner.settings = owner.settings.model_copy(
        update={"attachments_per_record": 3, "attachment_mb": 1, "organization_attachment_mb": 1}
    )
    _attach(owner, draft, "a.txt", "b.txt")

    with pytest.raises(Invalid, match="1") as many:
        _attach(owner, draft, "c.txt", "d.txt")
    with pytest.raises(Invalid) as twice:
        _attach(owner, draft, "a.txt")
    with pytest.raises(Invalid) as none:
        _attach(owner, draft)
    owner.session.add(
        Attachment(
            record_type="Need", record_id=draft.id + 999, name="x", media_type="text/plain", size=1024 * 1024,
            sha256="0" * 64, organization_id=owner.actor.organization_id, created_at=owner.now,
        )
    )  # fmt: skip
    owner.flush()
    with pytest.raises(Invalid) as full:
        _attach(owner, draft, "c.txt")

    assert many.value.fields["file"] == "一条记录最多 3 个附件，已有 2 个，这次选了 2 个"
    assert "完全相同" in twice.value.fields["file"]
    assert none.value.fields == {"file": "请选择要上传的文件"}
    assert "合计不能超过 1.0 MB，已用 1.0 MB" in full.value.fields["file"]


def test_what_was_published_takes_no_more_files_until_it_is_withdrawn(owner: Context, draft: Need) -> None:
    draft.state = PostingState.PUBLISHED

    with pytest.raises(Illegal, match="请先撤回到草稿"):
        _attach(owner, draft, "a.txt")


def test_whoever_added_a_file_last_counts_as_the_last_to_edit(owner: Context, draft: Need) -> None:
    draft.edited_by_id = None

    _attach(owner, draft, "a.txt")

    assert draft.edited_by_id == owner.actor.account_id
    pledge = owner.session.scalars(select(Consent).where(Consent.kind == ConsentKind.NO_SECRET)).one()
    assert (pledge.record_type, pledge.record_id, pledge.account_id) == ("Need", draft.id, owner.actor.account_id)


def test_words_against_classified_content_are_looked_for_in_names(owner: Context, draft: Need) -> None:
    owner.add(SensitiveWord(word="绝密", level=SensitiveLevel.REFUSE))
    owner.add(SensitiveWord(word="内部", level=SensitiveLevel.PROMPT))

    with pytest.raises(Invalid) as refused:
        _attach(owner, draft, "绝 密-方案.txt")
    with pytest.raises(Invalid) as asked:
        _attach(owner, draft, "内部资料.txt")
    [added] = _attach(owner, draft, "内部资料.txt", command=AttachFiles(no_secret=True, checked_words=True))

    assert "绝密" in refused.value.fields["file"]
    assert "内部" in asked.value.fields["checked_words"]
    assert added.name == "内部资料.txt"


@pytest.mark.parametrize(("program", "reason"), [("#!/bin/sh\nexit 0\n", None), ("#!/bin/sh\nexit 1\n", "scanner")])
def test_the_outside_scanner_has_the_last_word(tmp_path: Path, program: str, reason: str | None) -> None:
    scanner = tmp_path / "scanner"
    scanner.write_text(program.replace("exit 0", 'grep -q hello "$2"'), encoding="ascii")
    scanner.chmod(0o700)
    settings = Settings(data_dir=tmp_path / "data", attachment_scan_command=f"{scanner} --quiet")

    arrival = receive(settings, "a.txt", io.BytesIO(b"hello"))

    assert (arrival.refusal.reason if arrival.refusal is not None else None) == reason
    assert LONGEST_SECONDS <= 120


def test_without_its_scanner_an_installation_takes_no_file(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, attachment_scan_command="no-such-scanner-here")

    arrival = receive(settings, "a.txt", io.BytesIO(b"hello"))

    assert arrival.refusal is not None
    assert "查毒程序没有应答" in arrival.refusal.sentence
    assert _kept(settings) == []


def test_a_draft_of_somebody_else_is_as_if_it_were_not_there(ctx: Context, open_ctx: OpenContext, draft: Need) -> None:
    stranger = open_ctx(actor_for(ctx, add_account(ctx, Role.ENTERPRISE, organization=add_organization(ctx))))

    with pytest.raises(NotFound, match="无权查看"):
        _attach(stranger, draft, "a.txt")
