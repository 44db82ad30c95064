"""Nobody publishes what they wrote or were the last to edit, whatever they may do otherwise."""

from __future__ import annotations

import pytest

from models import PostingState
from service.context import Context
from service.errors import Forbidden
from service.kinds import KINDS, WriteNeed
from service.usecases.postings import MovePosting, edit_posting, publish_posting
from tests.factories import add_need


def test_whoever_edited_a_posting_last_may_not_publish_it(organizer: Context) -> None:
    need = add_need(organizer, state=PostingState.DRAFT, created_by_id=organizer.actor.account_id)
    need.created_by_id = None
    need.posted_on_behalf = True
    need.organization_id = organizer.actor.organization_id or need.organization_id
    edit_posting(
        organizer,
        KINDS["needs"],
        need.id,
        WriteNeed(
            title="矿井水处理",
            problem="含盐高",
            version=need.version,
            organization_id=need.organization_id,
            no_secret=True,
        ),
    )
    need.state = PostingState.SUBMITTED
    organizer.flush()

    with pytest.raises(Forbidden, match="另一位同事"):
        publish_posting(organizer, KINDS["needs"], need.id, MovePosting(version=need.version))

    assert need.state is PostingState.SUBMITTED
