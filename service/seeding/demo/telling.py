"""Loads the 示例 set: a small, complete story from needs to money, in which every record says that it is an example."""

from __future__ import annotations

from sqlalchemy import select

from models import Account, Category
from service.context import Context
from service.errors import Conflict
from service.seeding.demo.aftermath import tell_after
from service.seeding.demo.cast import gather_cast
from service.seeding.demo.events import choose_matches, hold_event, open_event
from service.seeding.demo.files import add_files
from service.seeding.demo.postings import rank_postings, write_postings
from service.seeding.demo.projects import open_projects
from service.seeding.demo.story import Story
from service.seeding.demo.trust import keep_apart

DOOR_KEEPER = "demo-organizer@example.invalid"


def load_demo(ctx: Context) -> None:
    """Write the 示例 set unless it is there already; the caller commits.

    Its past lies in 2025 and early 2026 and is complete from April 2026 on; what is still open is dated from
    ``ctx.today``. Raises Conflict when the seeds have not been loaded before.
    """
    if ctx.session.scalar(select(Account.id).where(Account.email == DOOR_KEEPER)) is not None:
        return
    story = Story(ctx)
    nodes = ctx.session.execute(select(Category.scheme, Category.code, Category.id))
    story.categories = {f"{scheme}:{code}": node_id for scheme, code, node_id in nodes}
    if not story.categories:
        raise Conflict("请先装入目录（woshou seed），再装入示例数据。")
    gather_cast(story)
    write_postings(story)
    rank_postings(story)
    choose_matches(story)
    talks = hold_event(story)
    open_projects(story, talks)
    tell_after(story, talks)
    open_event(story)
    keep_apart(story)
    add_files(story)
    ctx.audit("load_demo")
