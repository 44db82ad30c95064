"""One row or more in every table, for tests that go through all of them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from models import (
    AccountInvitation,
    ApiToken,
    Attachment,
    AttendeeTopic,
    AuditHead,
    BlacklistEntry,
    Citation,
    CodePurpose,
    Comparator,
    Consent,
    ConsentKind,
    DataIncident,
    DoorMark,
    DoorMarkKind,
    EventLetter,
    EventTable,
    FollowUp,
    FollowUpKind,
    IdempotentRequest,
    Indicator,
    Introduction,
    Invitation,
    Job,
    KeyTechnology,
    KnownDevice,
    LetterKind,
    Match,
    Meeting,
    MeetingOpinion,
    MeetingState,
    OrganizationTie,
    PersonalDataRequest,
    PostingState,
    PrivacyNotice,
    Programme,
    ProjectState,
    RankingStatistics,
    RankingWeights,
    RecoveryCode,
    RequestKind,
    Role,
    SavedSearch,
    SeatingPlan,
    SeatingStatus,
    SensitiveWord,
    Side,
    SignInFailure,
    SignInSession,
    SingleSignOnAttempt,
    Source,
    Synonym,
    TieKind,
    UsedPassword,
    VerificationCode,
    WeightsOrigin,
    WeightsState,
    Wish,
    WishLevel,
)
from service.context import Context
from tests.factories import (
    add_account,
    add_achievement,
    add_attendee,
    add_category,
    add_contract,
    add_entry,
    add_event,
    add_invitation,
    add_match,
    add_meeting,
    add_need,
    add_project,
    add_scientist,
)


def write_everything(ctx: Context) -> None:
    """Fill every table and commit."""
    root = add_category(ctx, "01")
    leaf = add_category(ctx, "0101", parent=root)
    account = add_account(ctx)
    ctx.add(
        SignInSession(
            token_digest="a" * 64,
            handle="a" * 16,
            account_id=account.id,
            csrf_token="b",
            created_at=ctx.now,
            last_seen_at=ctx.now,
            expires_at=ctx.now + timedelta(hours=12),
        )
    )
    ctx.add(
        ApiToken(
            token_digest="c" * 64,
            handle="c" * 16,
            account_id=account.id,
            name="脚本",
            scopes=["read"],
            created_at=ctx.now,
            expires_at=ctx.now + timedelta(days=30),
        )
    )
    ctx.add(Source(key="S1", title="实施方案"))
    need = add_need(ctx, categories=[leaf], state=PostingState.SUBMITTED, created_by_id=account.id)
    achievement = add_achievement(ctx, categories=[root])
    _write_trust(ctx, account.id, need.organization_id, achievement.organization_id)
    ctx.add(Citation(source_key="S1", record_type="Need", record_id=need.id, origin_key="N1", evidence="原文"))
    ctx.add(KeyTechnology(number="1", industry="氢能", name="电解水制氢"))
    ctx.add(Programme(subtype="plan", name="科技“突围”工程"))
    ctx.add(
        Indicator(
            name="握手行动",
            value_text="百余次",
            value=Decimal("100.5"),
            comparator=Comparator.MORE_THAN,
            kind="result",
            region_code="150600",
        )
    )
    event = add_event(ctx, point_id=root.id)
    meeting = add_meeting(ctx, event=event, match=add_match(ctx, need=need, achievement=achievement))
    held = add_meeting(ctx, state=MeetingState.HELD)
    _write_event(ctx, event.id, add_invitation(ctx, event=event), meeting)
    project = add_project(ctx, state=ProjectState.ACTIVE, meeting=held)
    line = add_entry(ctx, project=project, contract_id=add_contract(ctx, project=project).id)
    add_entry(ctx, reverses=line)
    ctx.log(need.move_to(PostingState.PUBLISHED, "材料齐全"))
    ctx.log(meeting.move_to(MeetingState.CONFIRMED))
    ctx.add(RankingStatistics(seq=1, texts=2, digest="d" * 64, data=b"statistics", created_at=ctx.now))
    ctx.add(
        RankingWeights(
            origin=WeightsOrigin.HAND,
            state=WeightsState.ACTIVE,
            weights={"title": 0.5},
            metrics={},
            created_by_id=account.id,
            created_at=ctx.now,
            activated_at=ctx.now,
        )
    )
    ctx.add(SavedSearch(account_id=account.id, name="制氢", query="电解水", filters={}, seen=["needs:1"], fresh=[]))
    ctx.add(Synonym(words=["质子交换膜", "PEM"], seed_key="Y1"))
    ctx.add(Job(name="rank", payload={"need_id": need.id}, unique_key="rank", run_at=ctx.now, created_at=ctx.now))
    ctx.add(Introduction(match_id=meeting.match_id, introduced_at=ctx.now))
    ctx.commit()


def _write_event(ctx: Context, event_id: int, invitation: Invitation, meeting: Meeting) -> None:
    """A row in each table about who comes to an event, how they are seated and what follows."""
    attendee = add_attendee(ctx, invitation=invitation, scientist_id=add_scientist(ctx).id)
    match = ctx.find(Match, meeting.match_id)
    ctx.add(AttendeeTopic(attendee_id=attendee.id, need_id=match.need_id))
    ctx.add(AttendeeTopic(attendee_id=attendee.id, achievement_id=match.achievement_id))
    ctx.add(Wish(invitation_id=invitation.id, match_id=meeting.match_id, level=WishLevel.WANTED))
    ctx.add(EventTable(handshake_event_id=event_id, number=1, equipment=["投影"], closed_slots=[]))
    ctx.add(
        SeatingPlan(
            handshake_event_id=event_id,
            kind="new",
            status=SeatingStatus.OPTIMAL,
            settings={},
            basis="n" * 64,
            result={},
            milliseconds=1,
        )
    )
    ctx.add(
        DoorMark(
            handshake_event_id=event_id,
            attendee_id=attendee.id,
            key="k" * 36,
            badge="H7K2MQ",
            kind=DoorMarkKind.ARRIVED,
            at=ctx.now,
            received_at=ctx.now,
        )
    )
    ctx.add(MeetingOpinion(meeting_id=meeting.id, side=Side.NEED, fit=4, satisfaction=5))
    ctx.add(FollowUp(meeting_id=meeting.id, kind=FollowUpKind.DAY_7, due_on=ctx.today))
    ctx.add(
        EventLetter(
            attendee_id=attendee.id, kind=LetterKind.INVITATION, subject="邀请", text="敬请光临", created_at=ctx.now
        )
    )


def _write_trust(ctx: Context, account_id: int, enterprise_id: int, institute_id: int) -> None:
    """A row in each table about proving who one is, consent, conflicts and files."""
    later = ctx.now + timedelta(minutes=10)
    ctx.add(
        KnownDevice(
            account_id=account_id, token_digest="d" * 64, created_at=ctx.now, last_used_at=ctx.now, expires_at=later
        )
    )
    ctx.add(SignInFailure(account_key="e" * 64, address="127.0.0.1", at=ctx.now))
    ctx.add(RecoveryCode(account_id=account_id, digest="f" * 64))
    ctx.add(UsedPassword(account_id=account_id, password_hash="hash", created_at=ctx.now))
    ctx.add(
        VerificationCode(
            account_id=account_id,
            purpose=CodePurpose.VERIFY_EMAIL,
            code_digest="g" * 64,
            created_at=ctx.now,
            expires_at=later,
        )
    )
    ctx.add(
        AccountInvitation(
            email="new@example.cn",
            name="新同事",
            role=Role.ENTERPRISE,
            organization_id=enterprise_id,
            token_digest="h" * 64,
            invited_by_id=account_id,
            expires_at=later,
        )
    )
    ctx.add(
        SingleSignOnAttempt(
            state_digest="i" * 64,
            browser_digest="j" * 64,
            nonce="n",
            code_verifier="v",
            created_at=ctx.now,
            expires_at=later,
        )
    )
    ctx.add(PrivacyNotice(number=1, text="个人信息处理规则", published_at=ctx.now))
    ctx.add(Consent(account_id=account_id, kind=ConsentKind.PRIVACY, notice_number=1, given_at=ctx.now))
    ctx.add(PersonalDataRequest(account_id=account_id, kind=RequestKind.CORRECT, text="姓名写错了"))
    ctx.add(DataIncident(title="演练", started_at=ctx.now, ended_at=later))
    ctx.add(OrganizationTie(organization_id=enterprise_id, other_id=institute_id, kind=TieKind.AFFILIATED))
    ctx.add(BlacklistEntry(organization_id=enterprise_id, reason="失信", starts_on=ctx.today))
    ctx.add(SensitiveWord(word="绝密"))
    ctx.add(
        Attachment(
            record_type="Organization",
            record_id=enterprise_id,
            name="说明.pdf",
            media_type="application/pdf",
            size=3,
            sha256="k" * 64,
            created_at=ctx.now,
        )
    )
    ctx.add(
        IdempotentRequest(
            owner="1", key="once", request_digest="l" * 64, headers={}, created_at=ctx.now, expires_at=later
        )
    )
    ctx.add(AuditHead(id=1, entries=0, last_entry_id=0, digest="0" * 64, seal="m" * 64))
