"""Who was introduced and who must not meet in the 示例 set."""

from __future__ import annotations

from datetime import date

from models import BlacklistEntry, Introduction, OrganizationTie, Role, TieKind
from service.seeding.demo.story import Story, moment


def keep_apart(story: Story) -> None:
    """One introduction of a chosen pair, one tie and one entry that has run out; none stands in the story's way."""
    story.add(
        Introduction(
            match_id=story.matches["methanol", "electrolyser"].id,
            introduced_by_id=story.accounts[Role.BROKER].id,
            note="示例：双方时间难以凑到活动当天，先请直接联系。",
            introduced_at=moment(date(2025, 6, 6), 10),
        ),
        moment(date(2025, 6, 6), 10),
    )
    story.add(
        OrganizationTie(
            organization_id=story.organizations["broker"].id,
            other_id=story.organizations["bureau"].id,
            kind=TieKind.AFFILIATED,
            note="示例：技术转移中心由主管部门委托运营。",
        ),
        moment(date(2025, 3, 3), 10),
    )
    story.add(
        BlacklistEntry(
            organization_id=story.organizations["farm"].id,
            other_id=story.organizations["chemistry"].id,
            reason="示例：一项委托检测的费用尚有争议",
            starts_on=date(2025, 3, 1),
            ends_on=date(2025, 4, 30),
            created_by_id=story.accounts[Role.ORGANIZER].id,
        ),
        moment(date(2025, 3, 1), 10),
    )
