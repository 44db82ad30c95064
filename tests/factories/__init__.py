"""Rows for tests: each factory writes one record with sensible values, and any column may be given instead."""

from tests.factories.handshakes import (
    add_attendee,
    add_event,
    add_follow_up,
    add_invitation,
    add_match,
    add_meeting,
    add_run,
)
from tests.factories.outcomes import add_contract, add_entry, add_party, add_project
from tests.factories.people import (
    NOW,
    PASSWORD,
    REGIONS,
    a_uscc,
    actor_for,
    add_account,
    add_category,
    add_organization,
    add_region,
    add_regions,
    add_scientist,
)
from tests.factories.postings import add_achievement, add_need
from tests.factories.seatings import Fair, add_fair, add_person, add_topic, add_wish

__all__ = [
    "NOW",
    "PASSWORD",
    "REGIONS",
    "Fair",
    "a_uscc",
    "actor_for",
    "add_account",
    "add_achievement",
    "add_attendee",
    "add_category",
    "add_contract",
    "add_entry",
    "add_event",
    "add_fair",
    "add_follow_up",
    "add_invitation",
    "add_match",
    "add_meeting",
    "add_need",
    "add_organization",
    "add_party",
    "add_person",
    "add_project",
    "add_region",
    "add_regions",
    "add_run",
    "add_scientist",
    "add_topic",
    "add_wish",
]
