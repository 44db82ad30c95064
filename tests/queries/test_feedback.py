"""Why postings were passed over: counts by posting, reason and year, without anybody's name."""

from __future__ import annotations

from models import (
    Achievement,
    DismissalReason,
    MatchState,
    MeetingOpinion,
    MeetingOutcome,
    MeetingState,
    Organization,
    OrganizationKind,
    Side,
)
from service.context import Context
from service.queries.feedback import FEEDBACK, feedback
from service.reports.tables import export
from tests.factories import NOW, add_achievement, add_match, add_meeting, add_need, add_organization

R = DismissalReason


def _own(ctx: Context, institute: Context, title: str = "质子交换膜") -> Achievement:
    house = ctx.find(Organization, institute.actor.organization_id or 0)
    return add_achievement(ctx, organization=house, title=title)


def _passed(ctx: Context, achievement: Achievement, reason: R, by: Side = Side.NEED, firm: str = "") -> None:
    need = add_need(ctx, organization=add_organization(ctx, **({"name": firm} if firm else {})))
    add_match(
        ctx, need=need, achievement=achievement, state=MatchState.DISMISSED, dismissal_reason=reason, dismissed_by=by
    )


def _talked(ctx: Context, achievement: Achievement, side: Side, reason: R | None, outcome: MeetingOutcome) -> None:
    match = add_match(ctx, achievement=achievement, state=MatchState.MUTUAL)
    talk = add_meeting(ctx, match=match, state=MeetingState.HELD, outcome=outcome)
    ctx.add(MeetingOpinion(meeting_id=talk.id, side=side, outcome=outcome, reason=reason))


def test_an_institute_reads_reasons_from_pairs_and_talks(organizer: Context, institute: Context) -> None:
    own = _own(organizer, institute)
    for reason in (R.PRICE, R.PRICE, R.MATURITY):
        _passed(organizer, own, reason)
    _passed(organizer, own, R.TIMING, by=Side.OFFER)
    _talked(organizer, own, Side.NEED, R.PRICE, MeetingOutcome.NONE)
    _talked(organizer, own, Side.OFFER, R.FIELD, MeetingOutcome.NONE)
    _talked(organizer, own, Side.NEED, None, MeetingOutcome.CONTINUE)
    _passed(organizer, add_achievement(organizer), R.FIELD)

    found = feedback(institute, "achievements", {})

    assert (found.total, dict(found.by_reason)) == (4, {R.PRICE: 3, R.MATURITY: 1})
    assert [(one.id, one.total, dict(one.by_reason)) for one in found.postings] == [
        (own.id, 4, {R.PRICE: 3, R.MATURITY: 1})
    ]
    assert found.years == [(NOW.year, 4)]
    assert feedback(organizer, "achievements", {}).total == 5


def test_one_pair_passed_over_twice_for_one_reason_is_told_once(organizer: Context, institute: Context) -> None:
    own = _own(organizer, institute)
    match = add_match(
        organizer,
        achievement=own,
        state=MatchState.DISMISSED,
        dismissal_reason=R.PRICE,
        dismissed_by=Side.NEED,
    )
    talk = add_meeting(organizer, match=match, state=MeetingState.HELD, outcome=MeetingOutcome.NONE)
    said = MeetingOpinion(meeting_id=talk.id, side=Side.NEED, outcome=MeetingOutcome.NONE, reason=R.PRICE)
    organizer.add(said)

    found = feedback(institute, "achievements", {"reason": "PRICE"})
    assert found.total == 1
    assert feedback(institute, "achievements", {"reason": "FIELD"}).total == 0


def test_no_firm_is_named_on_the_way_out(organizer: Context, institute: Context) -> None:
    _passed(organizer, _own(organizer, institute), R.MATURITY, firm="某某唯一企业")

    text = export(institute, FEEDBACK["achievements"], {}, "csv").decode("utf-8-sig")

    assert text.splitlines() == [
        "科技成果,原因,什么时候说的,年份,地区",
        f"质子交换膜,成熟度不够,看推荐时,{NOW.year},{text.splitlines()[1].rpartition(',')[2]}",
    ]
    assert "某某唯一企业" not in text


def test_an_enterprise_reads_the_mirror_and_nobody_elses(
    organizer: Context, enterprise: Context, institute: Context
) -> None:
    house = organizer.find(Organization, enterprise.actor.organization_id or 0)
    need = add_need(organizer, organization=house)
    other = add_organization(organizer, kind=OrganizationKind.INSTITUTE)
    add_match(
        organizer,
        need=need,
        achievement=add_achievement(organizer, organization=other),
        state=MatchState.DISMISSED,
        dismissal_reason=R.INDICATORS,
        dismissed_by=Side.OFFER,
    )

    assert dict(feedback(enterprise, "needs", {}).by_reason) == {R.INDICATORS: 1}
    assert feedback(institute, "needs", {}).total == 0
