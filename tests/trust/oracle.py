"""What somebody may know, read and do, written by hand from the promise (DESIGN §8); nothing here asks the service.

Confidentiality: 公开 for everybody, 会员可见 for whoever is signed in, 对接方可见 for brokers and the houses a chosen
pair brought together, 仅组织方 for organizers of the region and leaders. What is not published is for its own house,
and for the region's organizers once it was handed in.
"""

from __future__ import annotations

from models import Confidentiality, HandshakeEventState, PostingState, Role
from tests.trust.people import Person, Thing
from tests.trust.promise import PROMISES, Promise

R, T, P = Role, Confidentiality, PostingState
LETTERS = {
    "E": R.ENTERPRISE, "I": R.INSTITUTE, "B": R.BROKER, "O": R.ORGANIZER, "L": R.LEADER, "A": R.ADMIN,
    "S": R.SECURITY, "U": R.AUDITOR,
}  # fmt: skip
PUBLIC_STATES = {P.PUBLISHED, P.ENGAGED, P.CLOSED_WON, P.CLOSED, P.EXPIRED}
FOLLOWERS = {R.BROKER, R.LEADER, R.ADMIN, R.AUDITOR}
"""Those who follow everybody's work; organizers follow that of their region."""


def own(asker: Person, thing: Thing) -> bool:
    """Whether the asker's house has a stake."""
    return asker.house in thing.houses and asker.house != ""


def in_region(asker: Person, thing: Thing) -> bool:
    """Whether the asker is an organizer of the thing's region; what has none is every organizer's."""
    return asker.role is R.ORGANIZER and thing.region in ("", asker.region)


def follows(asker: Person, thing: Thing) -> bool:
    """Whether the thing is part of the work the asker follows."""
    return asker.role in FOLLOWERS or in_region(asker, thing)


def open_tiers(asker: Person, thing: Thing) -> set[Confidentiality]:
    """The tiers that are open to the asker for a thing of that region and those it was brought together with."""
    tiers = {T.PUBLIC}
    if asker.role is not None:
        tiers.add(T.MEMBERS)
    if asker.role is R.BROKER or asker.house in thing.met:
        tiers.add(T.COUNTERPARTS)
    if asker.role is R.LEADER or in_region(asker, thing):
        tiers |= {T.COUNTERPARTS, T.ORGANIZERS}
    return tiers


def knows(asker: Person, thing: Thing) -> bool:
    """Whether the asker may know that the record is there."""
    return _KNOWS[thing.kind](asker, thing)


def _posting(asker: Person, thing: Thing) -> bool:
    if own(asker, thing):
        return True
    if thing.state in PUBLIC_STATES:
        return thing.tier in open_tiers(asker, thing)
    return thing.state is not P.DRAFT and in_region(asker, thing)


def _match(asker: Person, thing: Thing) -> bool:
    if not all(_posting(asker, part) for part in thing.parts):
        return False
    open_to_all = thing.official and not thing.spoken and asker.role is not R.ORGANIZER
    return own(asker, thing) or follows(asker, thing) or open_to_all


def _event(asker: Person, thing: Thing) -> bool:
    announced = asker.role is not None and thing.state is not HandshakeEventState.PLANNED
    return announced or follows(asker, thing)


def _invitation(asker: Person, thing: Thing) -> bool:
    return (own(asker, thing) or follows(asker, thing)) and _event(asker, thing.part("HandshakeEvent"))


ASKED = ("E1", "I1", "E2", "I2")
"""Houses that are invited to every event, and so get its letter."""


def plans(asker: Person, event: Thing) -> bool:
    """Whether the asker is one of the event's organizers."""
    return asker.role is R.ORGANIZER and (own(asker, event) or in_region(asker, event))


def _meeting(asker: Person, thing: Thing) -> bool:
    """The sides know of their talk; those who follow the work, of talks about what is open to them."""
    if own(asker, thing) or in_region(asker, thing):
        return True
    return asker.role in FOLLOWERS and all(part.tier in open_tiers(asker, part) for part in thing.part("Match").parts)


def _work(asker: Person, thing: Thing) -> bool:
    return own(asker, thing) or follows(asker, thing)


def _account(asker: Person, thing: Thing) -> bool:
    return asker.role in (R.ADMIN, R.SECURITY) or (asker.leads and own(asker, thing))


def _joining(asker: Person, thing: Thing) -> bool:
    return asker.role is R.ADMIN or (asker.leads and own(asker, thing))


_KNOWS = {
    "Need": _posting,
    "Achievement": _posting,
    "Match": _match,
    "HandshakeEvent": _event,
    "Invitation": _invitation,
    "Attendee": _invitation,
    "EventLetter": _invitation,
    "EventTable": lambda asker, thing: _event(asker, thing.part("HandshakeEvent")),
    "Scientist": lambda _asker, _thing: True,
    "Wish": _invitation,
    "Meeting": _meeting,
    "Project": _work,
    "Contract": _work,
    "InvestmentEntry": _work,
    "Organization": lambda _asker, _thing: True,
    "Account": _account,
    "AccountInvitation": _joining,
    "SavedSearch": lambda asker, thing: asker.name == thing.author,
    "OrganizationTie": lambda asker, _thing: asker.role in (R.SECURITY, R.ORGANIZER),
    "BlacklistEntry": lambda asker, _thing: asker.role in (R.SECURITY, R.ORGANIZER),
    "SensitiveWord": lambda asker, _thing: asker.role is R.SECURITY,
    "Synonym": lambda asker, _thing: asker.role is R.ADMIN,
}


def may_read(asker: Person, thing: Thing, of: str) -> bool:
    """Whether the asker may read one text of the record, on whatever page or file."""
    if thing.kind in ("Need", "Achievement"):
        return _reads_posting(asker, thing, of)
    if thing.kind == "Match" and of in ("remark", "introduction"):
        return _match(asker, thing) and (own(asker, thing) or follows(asker, thing))
    if thing.kind == "HandshakeEvent" and of == "letter":
        return plans(asker, thing) or (asker.house in ASKED and _event(asker, thing))
    if thing.kind in ("EventLetter", "Wish") or (thing.kind == "Attendee" and of in ("note", "feedback")):
        return knows(asker, thing) and (own(asker, thing) or in_region(asker, thing))
    if thing.kind == "EventTable" and of == "remote":
        return in_region(asker, thing)
    if thing.kind == "Scientist":
        return own(asker, thing) or asker.role is R.ORGANIZER
    if thing.kind == "Account":
        named_in_the_log = of == "name" and asker.role is R.AUDITOR
        return _account(asker, thing) or thing.author == asker.name or named_in_the_log
    return knows(asker, thing)


def _reads_posting(asker: Person, thing: Thing, of: str) -> bool:
    if of in ("title", "mask") and at_the_table(asker, thing):
        return True
    if not _posting(asker, thing):
        return False
    if of in ("contact", "phone"):
        return own(asker, thing) or asker.role is R.BROKER or in_region(asker, thing) or asker.house in thing.acquainted
    if of in ("remark", "reason", "actor"):
        return own(asker, thing) or asker.role in FOLLOWERS or asker.role is R.ORGANIZER
    return True


def at_the_table(asker: Person, thing: Thing) -> bool:
    """Whether the asker's house talks with the posting's: it knows at least what the talk is about."""
    return asker.house in thing.met or asker.house in thing.acquainted


def reads_name(asker: Person, thing: Thing) -> bool:
    """Whether the asker may know whose a posting is that shows another name to the public."""
    bring_together = asker.role in (R.ORGANIZER, R.BROKER, R.LEADER)
    return not thing.masked or own(asker, thing) or bring_together or asker.house in thing.acquainted


def may_come_in(asker: Person, promise: Promise) -> bool:
    """Whether the address is there for somebody like the asker at all."""
    if "all" in promise.who:
        return True
    if asker.role is None:
        return False
    letters = {letter for letter, role in LETTERS.items() if role is asker.role} | ({"X"} if asker.leads else set())
    return "members" in promise.who or bool(letters & promise.who.keys())


def reaches(asker: Person, promise: Promise, thing: Thing) -> bool:
    """Whether what the address does may be done by the asker to this record."""
    if {"all", "members"} & promise.who.keys():
        return True
    for letter, how_far in promise.who.items():
        if not (asker.leads if letter == "X" else LETTERS[letter] is asker.role):
            continue
        if {
            "": True,
            "own": own(asker, thing),
            "author": own(asker, thing),
            "region": own(asker, thing) or in_region(asker, thing),
        }[how_far]:
            return True
    return False


def expected(asker: Person, promise: Promise, thing: Thing | None) -> int:
    """401, 403 or 404, or 0 where the asker is let in; ``thing`` None: a number nothing has."""
    if not may_come_in(asker, promise):
        return 401 if asker.role is None else 403
    if not promise.kind:
        return 0
    if thing is None or not knows(asker, thing):
        return 404
    return 0 if reaches(asker, promise, thing) else 403


__all__ = ["PROMISES", "expected", "knows", "may_come_in", "may_read", "reaches", "reads_name"]
