"""Who is at the door and what is behind it, as the oracle and the world speak of them; every text has its canary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models import Confidentiality, Role

HERE, THERE = "150621", "150622"
MARKS = {
    "Need": "ne",
    "Achievement": "ac",
    "Organization": "og",
    "Match": "ma",
    "HandshakeEvent": "ev",
    "Invitation": "iv",
    "Meeting": "me",
    "Project": "pr",
    "Contract": "co",
    "InvestmentEntry": "en",
    "Account": "at",
    "AccountInvitation": "ai",
    "SavedSearch": "ss",
    "OrganizationTie": "ti",
    "BlacklistEntry": "bl",
    "SensitiveWord": "sw",
    "Synonym": "sy",
    "Attendee": "ad",
    "EventLetter": "el",
    "EventTable": "et",
    "Scientist": "sc",
    "Wish": "wi",
}
KINDS_OF = {mark: kind for kind, mark in MARKS.items()}


@dataclass(frozen=True)
class Thing:
    """A record, and what of it the promise turns on.

    ``n`` is the number in its canaries; ``houses`` have a stake; ``met`` are the houses a chosen pair brought to it and
    ``acquainted`` those both sides agreed with or somebody introduced; ``parts`` are the records it is made of;
    ``official``: taken from documents; ``spoken``: somebody has said something about the pair.
    """

    kind: str
    n: int
    id: int
    houses: frozenset[str] = frozenset()
    region: str = ""
    state: Any = None
    tier: Confidentiality = Confidentiality.PUBLIC
    masked: bool = False
    met: frozenset[str] = frozenset()
    acquainted: frozenset[str] = frozenset()
    author: str = ""
    parts: tuple[Thing, ...] = ()
    official: bool = False
    spoken: bool = False
    introduced: bool = False

    def canary(self, of: str) -> str:
        """The text that stands in one of the fields."""
        return canary(self.kind, self.n, of)

    def part(self, kind: str) -> Thing:
        """The one part of that kind."""
        return next(part for part in self.parts if part.kind == kind)


def canary(kind: str, n: int, of: str) -> str:
    """A text that stands in one field of one record and nowhere else."""
    return f"Q{MARKS[kind]}{n}{of}Q"


@dataclass(frozen=True)
class Person:
    """Somebody at the door; ``leads``: keeps the accounts of their own house."""

    name: str
    role: Role | None = None
    house: str = ""
    region: str = ""
    leads: bool = False


ASKERS = (
    Person("anonymous"),
    Person("ENTERPRISE", Role.ENTERPRISE, "E1"),
    Person("ENTERPRISE other", Role.ENTERPRISE, "E2"),
    Person("ENTERPRISE financier", Role.ENTERPRISE, "E3"),
    Person("ENTERPRISE leads", Role.ENTERPRISE, "E1", leads=True),
    Person("INSTITUTE", Role.INSTITUTE, "I1"),
    Person("INSTITUTE other", Role.INSTITUTE, "I2"),
    Person("BROKER", Role.BROKER, "B1"),
    Person("ORGANIZER here", Role.ORGANIZER, "G1", HERE),
    Person("ORGANIZER there", Role.ORGANIZER, "G2", THERE),
    Person("LEADER", Role.LEADER, "G1"),
    Person("ADMIN", Role.ADMIN, "G1"),
    Person("SECURITY", Role.SECURITY, "G1"),
    Person("AUDITOR", Role.AUDITOR, "G1"),
)
