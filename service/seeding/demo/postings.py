"""Writes the 示例 needs and achievements and takes each through its states; ranks those that were open in 2025."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import insert, select

from matching import Profile, Ranker
from matching.evidence import explain
from matching.sentence import reason
from models import Achievement, Category, Match, MatchRun, Need, PostingState, Role
from models.match import SCORE_SCALE
from service.kinds import KINDS, Kind
from service.profiles import profile_of
from service.seeding.demo.achievements import achievements
from service.seeding.demo.needs import needs
from service.seeding.demo.story import Story, moment
from service.seeding.demo.told import Told
from service.seeding.reader import seed_terms

RUN_TRIGGER = "demo"
"""Begins every title; says nothing about what the text is about, so the ranking does not read it."""
RANKED_ON = date(2025, 5, 26)
STILL_OPEN = timedelta(days=120)


def write_postings(story: Story) -> None:
    """Needs and achievements with their categories, in their states."""
    for told in (*needs(), *achievements()):
        _write(story, told)


def _write(story: Story, told: Told) -> None:
    posting = told.posting
    is_need = isinstance(posting, Need)
    author = story.accounts[Role.ENTERPRISE if is_need else Role.INSTITUTE]
    house = story.organizations[told.owner]
    by = author.role if author.organization_id == house.id else Role.BROKER
    posting.organization_id = house.id
    posting.created_by_id = story.accounts[by].id
    posting.contact_name, posting.contact_phone = "示例·联系人", "0477-0000000"
    drafted = told.drafted or story.ctx.today - timedelta(days=told.drafted_ago)
    story.add(posting, moment(drafted), by)
    if isinstance(posting, Need):
        if posting.deadline is not None:
            posting.deadline = max(posting.deadline, story.ctx.today + STILL_OPEN)
        story.needs[told.name] = posting
    else:
        story.achievements[told.name] = posting
    link = KINDS["needs" if is_need else "achievements"].link
    rows = [{"posting_id": posting.id, "category_id": story.categories[name]} for name in told.categories]
    story.ctx.session.execute(insert(link), rows)
    _move(story, told, by)


def _move(story: Story, told: Told, by: Role) -> None:
    posting = told.posting
    if told.submitted_ago is not None:
        submitted = story.ctx.today - timedelta(days=told.submitted_ago)
    elif told.published is not None:
        submitted = told.published - timedelta(days=1)
    else:
        return
    posting.submitted_at = moment(submitted, 15)
    story.move(posting, PostingState.SUBMITTED, moment(submitted, 15), by)
    if told.returned_ago is not None:
        posting.review_remark = told.remark
        returned = moment(story.ctx.today - timedelta(days=told.returned_ago), 11)
        story.move(posting, PostingState.RETURNED, returned, Role.ORGANIZER, told.remark)
    if told.published is not None:
        posting.published_at = moment(told.published, 9, 30)
        story.move(posting, PostingState.PUBLISHED, posting.published_at, Role.ORGANIZER, "内容完整，同意发布")
    if told.engaged is not None:
        story.move(posting, PostingState.ENGAGED, moment(told.engaged, 16), Role.BROKER, "握手活动后立项对接")
    if told.won is not None:
        story.move(posting, PostingState.CLOSED_WON, moment(told.won, 16), Role.BROKER, told.won_reason)
    story.ctx.flush()


def rank_postings(story: Story) -> None:
    """Rank the published needs against the published achievements with the product's own ranking; keep every pair."""
    asked = _profiles(story, _published(story.needs), KINDS["needs"])
    offers = _profiles(story, _published(story.achievements), KINDS["achievements"])
    short_names = {profile.id: name for name, profile in offers.items()}
    ranker = Ranker(dictionary=seed_terms())
    index = ranker.fit(list(offers.values()), background=list(asked.values()))
    names = dict(story.ctx.session.execute(select(Category.path, Category.name)).all())
    run = story.add(
        MatchRun(
            trigger=RUN_TRIGGER,
            index_version=index.version,
            settings={"weights": ranker.weights},
            needs_ranked=len(asked),
            achievements_ranked=len(offers),
            pairs_kept=0,
            started_at=moment(RANKED_ON, 8),
        ),
        moment(RANKED_ON, 8),
    )
    for name, profile in asked.items():
        for ranked in index.top(profile, k=len(offers)):
            offer = short_names[ranked.id]
            match = Match(
                run_id=run.id,
                need_id=story.needs[name].id,
                achievement_id=story.achievements[offer].id,
                score=round(ranked.score * SCORE_SCALE),
                contributions={key: round(points * SCORE_SCALE) for key, points in ranked.contributions.items()},
                reason=reason(ranked, explain(profile, offers[offer], ranker.segmenter), names),
            )
            story.matches[name, offer] = story.add(match, moment(RANKED_ON, 8))
    run.pairs_kept = len(story.matches)


def _published(postings: Mapping[str, Need | Achievement]) -> dict[str, Need | Achievement]:
    return {name: posting for name, posting in postings.items() if posting.published_at is not None}


def _profiles(story: Story, postings: Mapping[str, Need | Achievement], kind: Kind) -> dict[str, Profile]:
    """What the ranking sees of the postings, by short name."""
    return {name: profile_of(story.ctx, kind, posting) for name, posting in postings.items()}
