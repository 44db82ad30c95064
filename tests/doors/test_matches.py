"""撮合台 through both doors: seen under the right names, decided, refused."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient

from models import Account, DismissalReason, Match, MatchState, Organization, OrganizationKind, PostingState, Role
from service.context import Context
from tests.doors.conftest import Browser
from tests.factories import add_account, add_achievement, add_match, add_need, add_organization

Browse = Callable[..., Browser]
Bearer = Callable[..., TestClient]


def _somebody(ctx: Context, role: Role, kind: OrganizationKind) -> tuple[Account, Organization]:
    organization = add_organization(ctx, kind=kind)
    return add_account(ctx, role, organization=organization), organization


def test_staff_shortlist_from_the_list_and_come_back_to_it(ctx: Context, browse: Browse) -> None:
    match = add_match(ctx)
    officer = browse(role=Role.ORGANIZER)

    answer = officer.post(
        f"/matches/{match.id}/shortlist", {"version": match.version, "back": "/matches?state=SUGGESTED"}
    )

    assert answer.status_code == 200
    assert answer.url.path == "/matches"
    assert "操作已完成" in answer.text
    ctx.session.expire_all()
    assert ctx.find(Match, match.id).state is MatchState.SHORTLISTED


def test_a_form_may_only_return_to_our_own_pages(ctx: Context, browse: Browse) -> None:
    for elsewhere in ("https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"):
        match = add_match(ctx)
        officer = browse(role=Role.ORGANIZER)

        answer = officer.post(
            f"/matches/{match.id}/shortlist", {"version": match.version, "back": elsewhere}, follow_redirects=False
        )

        assert answer.headers["location"].startswith(f"/matches/{match.id}?")


def test_dismissal_without_a_note_shows_the_page_again_with_what_was_chosen(ctx: Context, browse: Browse) -> None:
    match = add_match(ctx)
    officer = browse(role=Role.ORGANIZER)

    answer = officer.post(f"/matches/{match.id}/dismiss", {"version": match.version, "reason": "OTHER"})

    assert answer.status_code == 422
    assert "选了“其他”，请写明原因" in answer.text
    assert 'value="OTHER" selected' in answer.text
    ctx.session.expire_all()
    assert ctx.find(Match, match.id).state is MatchState.SUGGESTED


def test_both_sides_agree_and_the_pair_becomes_mutual(ctx: Context, browse: Browse) -> None:
    asker, enterprise = _somebody(ctx, Role.ENTERPRISE, OrganizationKind.ENTERPRISE)
    offerer, institute = _somebody(ctx, Role.INSTITUTE, OrganizationKind.INSTITUTE)
    need = add_need(ctx, organization=enterprise, masked_name="某制氢装备企业")
    match = add_match(
        ctx, need=need, achievement=add_achievement(ctx, organization=institute), state=MatchState.SHORTLISTED
    )
    engineer, scientist = browse(asker), browse(offerer)
    assert enterprise.name not in scientist.get(f"/matches/{match.id}").text

    for somebody in (engineer, scientist):
        ctx.session.expire_all()
        answer = somebody.post(
            f"/matches/{match.id}/answer", {"version": ctx.find(Match, match.id).version, "agrees": "true"}
        )
        assert answer.status_code == 200

    ctx.session.expire_all()
    assert ctx.find(Match, match.id).state is MatchState.MUTUAL
    assert enterprise.name in scientist.get(f"/matches/{match.id}").text


def test_masked_names_are_for_the_owner_and_staff(ctx: Context, browse: Browse, bearer: Bearer) -> None:
    _, enterprise = _somebody(ctx, Role.ENTERPRISE, OrganizationKind.ENTERPRISE)
    offerer, institute = _somebody(ctx, Role.INSTITUTE, OrganizationKind.INSTITUTE)
    need = add_need(ctx, organization=enterprise, masked_name="某制氢装备企业")
    match = add_match(ctx, need=need, achievement=add_achievement(ctx, organization=institute))
    scientist, officer, program = browse(offerer), browse(role=Role.ORGANIZER), bearer(offerer)

    for path in ("/matches", f"/matches/{match.id}", "/matches.csv"):
        assert "某制氢装备企业" in scientist.get(path).content.decode()
        assert enterprise.name not in scientist.get(path).content.decode()
    for path in ("/api/v1/matches", f"/api/v1/matches/{match.id}"):
        assert enterprise.name not in program.get(path).text
    assert enterprise.name in officer.get("/matches").text
    assert scientist.get("/matches", params={"q": enterprise.name}).text.count("data-row") == 0


def test_strangers_see_no_pair_and_visitors_only_official_ones(ctx: Context, browse: Browse, bearer: Bearer) -> None:
    match = add_match(ctx)
    official = add_match(
        ctx,
        need=add_need(ctx, title="官方文件中的需求", seed_key="N-1"),
        achievement=add_achievement(ctx, seed_key="A-1"),
    )
    stranger, visitor, program = browse(role=Role.ENTERPRISE), browse(), bearer(role=Role.ENTERPRISE)

    for somebody in (stranger, visitor):
        assert somebody.get(f"/matches/{match.id}").status_code == 404
        assert somebody.get(f"/matches/{official.id}").status_code == 200
    assert program.get("/api/v1/matches").json()["total"] == 1
    refused = stranger.post(f"/matches/{match.id}/shortlist", {"version": 1})
    assert refused.status_code == 403


def test_the_api_gives_parts_that_add_up_and_refuses_in_problem_details(ctx: Context, bearer: Bearer) -> None:
    match = add_match(ctx)
    program = bearer(role=Role.ORGANIZER)

    seen = program.get(f"/api/v1/matches/{match.id}").json()
    stale = program.post(f"/api/v1/matches/{match.id}/shortlist", json={"version": 99})
    dismissed = program.post(
        f"/api/v1/matches/{match.id}/dismiss", json={"version": seen["version"], "reason": "MATURITY"}
    )
    again = program.post(
        f"/api/v1/matches/{match.id}/dismiss", json={"version": dismissed.json()["version"], "reason": "PRICE"}
    )

    assert sum(part["points"] for part in seen["parts"]) == seen["score"]
    assert (stale.status_code, stale.headers["content-type"]) == (409, "application/problem+json")
    assert dismissed.json()["dismissal_reason"] == DismissalReason.MATURITY
    assert (again.status_code, again.json()["type"]) == (409, "/problems/illegal-transition")


def test_evidence_is_shown_for_postings_that_are_no_longer_open(ctx: Context, browse: Browse) -> None:
    closed = add_match(ctx, need=add_need(ctx, state=PostingState.CLOSED))
    officer = browse(role=Role.ORGANIZER)

    page = officer.get(f"/matches/{closed.id}")

    assert page.status_code == 200
    assert '<mark class="tint-0">' in page.text


def test_unknown_moves_and_pairs_are_not_found(ctx: Context, browse: Browse) -> None:
    match = add_match(ctx)
    officer = browse(role=Role.ORGANIZER)

    assert officer.post(f"/matches/{match.id}/explode", {"version": 1}).status_code == 404
    assert officer.get("/matches/999999").status_code == 404
