"""A posting being written, part by part, and what a check-up finds in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["title", "problem", "present", "targets"]
"""What a part is for: its name, the matter itself, how things stand (or where it was used), the numbers."""

Severity = Literal["must", "should", "could"]


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form: its name, what it is for, its label on the page, and what is written there."""

    field: str
    role: Role
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A need (``asks``) or an achievement as far as it is written; ``filed`` says whether a category is chosen."""

    asks: bool
    parts: tuple[Part, ...]
    keywords: tuple[str, ...] = ()
    filed: bool = False

    def part(self, role: Role) -> Part:
        """The part with this role. Raises KeyError where the form has none."""
        for part in self.parts:
            if part.role == role:
                return part
        raise KeyError(role)

    def text(self, *roles: Role) -> str:
        """The texts of some roles (of all without any), a line each."""
        return "\n".join(part.text for part in self.parts if part.text and (not roles or part.role in roles))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: where (``text[start:end]`` of a field; an empty span is the whole field), and how.

    ``kind`` groups findings of one sort; ``advice`` is a sentence that says what to change and never adds a fact.
    """

    kind: str
    severity: Severity
    field: str
    start: int
    end: int
    excerpt: str
    advice: str
