"""What of a posting is compared for near-duplicates: the signs of its title, of the title's core, of its body."""

from __future__ import annotations

from dataclasses import dataclass

from matching.boilerplate import without_office_phrases
from matching.profile import Profile
from matching.text import normalise

TITLE_SIGNS = 512
BODY_SIGNS = 400
SHORTEST_BODY = 30
MARKS_COUNTED = 8


@dataclass(frozen=True, slots=True)
class Wording:
    """Letters and digits of one posting, folded: at most ``TITLE_SIGNS`` of the title, ``BODY_SIGNS`` of the body.

    ``core`` is the title without project language (the title where nothing else is left). ``span`` is the title's
    length with its punctuation and blanks, of which at most ``MARKS_COUNTED`` count.
    """

    title: str
    core: str
    body: str
    span: int

    @classmethod
    def of(cls, profile: Profile) -> Wording:
        """The wording of a posting."""
        folded = normalise(profile.title)
        title = _signs(folded)[:TITLE_SIGNS]
        core = _signs(without_office_phrases(folded))[:TITLE_SIGNS]
        body = _signs(normalise(profile.body[: 4 * BODY_SIGNS]))[:BODY_SIGNS]
        span = min(len(folded), len(title) + MARKS_COUNTED)
        return cls(title, core or title, body if len(body) >= SHORTEST_BODY else "", max(span, len(title)))


def _signs(folded: str) -> str:
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))
