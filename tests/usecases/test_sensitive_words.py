"""Words against classified content: found however they are written, refused or confirmed, and the pledge kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import (
    Consent,
    ConsentKind,
    MatchState,
    MeetingOutcome,
    MeetingState,
    PostingState,
    SensitiveLevel,
    SensitiveWord,
)
from service.context import Context
from service.errors import Forbidden, Invalid
from service.kinds import KINDS, WriteNeed
from service.queries.sensitive_words import found
from service.usecases.events import WriteEvent, plan_event
from service.usecases.introductions import IntroduceMatch, introduce_match
from service.usecases.ledger import AddEntry, add_entry
from service.usecases.matches import AnswerMatch, answer_match
from service.usecases.opinions import RecordOutcome, record_outcome
from service.usecases.postings import MovePosting, edit_posting, submit_posting, write_posting
from service.usecases.projects import EditProject, edit_project
from service.usecases.sensitive_words import (
    PLEDGE_VERSION,
    WriteSensitiveWord,
    add_sensitive_word,
    edit_sensitive_word,
)
from tests.factories import NOW, add_match, add_meeting, add_project

NEEDS = KINDS["needs"]
pytestmark = pytest.mark.usefixtures("listed")


@pytest.fixture
def listed(ctx: Context) -> Context:
    """A list of one word of each level."""
    ctx.add(SensitiveWord(word="机密★", level=SensitiveLevel.REFUSE))
    ctx.add(SensitiveWord(word="国防", level=SensitiveLevel.PROMPT))
    return ctx


@pytest.mark.parametrize("text", ["国防", "國防", "国 防", "国\u200b防", "国　防", "国\u2060防", "国-防", "国\n防"])
def test_a_word_is_found_however_it_is_written(listed: Context, text: str) -> None:
    assert [flag.word for flag in found(listed, {"title": f"某{text}项目"})] == ["国防"]


def test_other_text_is_left_alone(listed: Context) -> None:
    assert found(listed, {"title": "商业机密保护与国内防水材料"}) == []


def _write(**columns: object) -> WriteNeed:
    given = {"title": "矿井水处理", "problem": "含盐高", "keywords": ["矿井水"], "no_secret": True, **columns}
    return WriteNeed.model_validate(given)


@pytest.mark.parametrize("field", ["title", "problem", "keywords", "masked_name"])
def test_a_refused_word_is_not_even_stored_and_is_named_at_its_field(enterprise: Context, field: str) -> None:
    held: object = ["机密★"] if field == "keywords" else "机密★五年"

    with pytest.raises(Invalid) as refused:
        write_posting(enterprise, NEEDS, _write(**{field: held}))

    assert "不得" in refused.value.fields[field]


def test_a_prompted_word_wants_a_confirmation_that_the_reviewer_sees(enterprise: Context) -> None:
    need = write_posting(enterprise, NEEDS, _write(problem="曾用于国防的材料"))

    with pytest.raises(Invalid) as asked:
        submit_posting(enterprise, NEEDS, need.id, MovePosting(version=need.version))
    assert "“国防”" in asked.value.fields["checked_words"]
    assert need.state is PostingState.DRAFT

    submit_posting(enterprise, NEEDS, need.id, MovePosting(version=need.version, checked_words=True))

    assert need.flagged_words == ["国防"]
    assert need.state is PostingState.SUBMITTED


def test_the_pledge_is_kept_with_who_when_and_wording_and_given_anew_when_the_text_changes(enterprise: Context) -> None:
    enterprise.address = "192.0.2.7"
    need = write_posting(enterprise, NEEDS, _write())
    edit_posting(enterprise, NEEDS, need.id, _write(version=need.version))
    edit_posting(enterprise, NEEDS, need.id, _write(problem="含盐很高", version=need.version))

    pledges = enterprise.session.scalars(select(Consent).where(Consent.kind == ConsentKind.NO_SECRET)).all()

    told = {(one.account_id, one.notice_number, one.record_id, one.address, one.given_at) for one in pledges}
    assert told == {(enterprise.actor.account_id, PLEDGE_VERSION, need.id, "192.0.2.7", enterprise.now)}
    assert len(pledges) == 2


def test_only_the_security_administrator_keeps_the_list_and_a_word_stands_once(
    ctx: Context, organizer: Context
) -> None:
    with pytest.raises(Forbidden):
        add_sensitive_word(organizer, WriteSensitiveWord(word="军品"))
    word = add_sensitive_word(ctx, WriteSensitiveWord(word="军品"))
    with pytest.raises(Invalid):
        add_sensitive_word(ctx, WriteSensitiveWord(word="軍 品"))

    edit_sensitive_word(ctx, word.id, WriteSensitiveWord(word="军品", is_active=False, version=word.version))

    assert found(ctx, {"title": "军品"}) == []


def _outcome(organizer: Context) -> object:
    meeting = add_meeting(organizer, state=MeetingState.CONFIRMED)
    command = RecordOutcome(outcome=MeetingOutcome.CONTINUE, note="谈到机密★五年", version=meeting.version)
    return record_outcome(organizer, meeting.id, command)


def _introduction(organizer: Context) -> object:
    match = add_match(organizer, state=MatchState.SHORTLISTED)
    return introduce_match(organizer, match.id, IntroduceMatch(note="机密★的事", version=match.version))


def _project(organizer: Context) -> object:
    project = add_project(organizer)
    command = EditProject.model_construct(summary="某机密★项目", version=project.version)
    return edit_project(organizer, project.id, command)


def _event(organizer: Context) -> object:
    when = {"starts_at": NOW + timedelta(days=9), "slots": 4, "slot_minutes": 25, "break_minutes": 5, "tables": 3}
    command = WriteEvent.model_validate({"title": "机密★专场", "region_code": "150600", **when})
    return plan_event(organizer, command)


def _money(organizer: Context) -> object:
    amount = {"kind": "RECEIVED", "source": "ENTERPRISE", "amount": "1", "occurred_on": "2025-06-01"}
    command = AddEntry.model_validate({"evidence": "机密★字第 1 号", **amount})
    return add_entry(organizer, add_project(organizer).id, command)


def _answer(organizer: Context) -> object:
    match = add_match(organizer, state=MatchState.SHORTLISTED)
    return answer_match(organizer, match.id, AnswerMatch.model_construct(agrees=True, remark="机密★", version=1))


@pytest.mark.parametrize(
    ("deed", "field"),
    [
        (_outcome, "note"),
        (_introduction, "note"),
        (_project, "summary"),
        (_event, "title"),
        (_money, "evidence"),
        (_answer, "remark"),
    ],
)
def test_a_refused_word_is_refused_in_whatever_is_written_down(
    organizer: Context, deed: Callable[[Context], object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        deed(organizer)

    assert "不得" in refused.value.fields[field]
