"""Need check-up (需求体检): what a posting being written lacks, says vaguely, or takes on too much of."""

from __future__ import annotations

from collections.abc import Sequence

from matching.checkup.draft import Draft, Finding, Part, Role, Severity
from matching.checkup.gaps import (
    missing_indicators,
    missing_numbers,
    missing_present,
    missing_scene,
    missing_text,
    too_broad,
)
from matching.checkup.keywords import suggested_keywords
from matching.checkup.vagueness import vague
from matching.profile import Profile
from matching.words import Segmenter

__all__ = ["ORDER", "Draft", "Finding", "Part", "Role", "Severity", "check", "suggested_keywords"]

_ORDER_TEXT = """
text numbers several general indicators change level present state tried scene slogan unnamed degree unfinished
keywords categories
"""
ORDER = tuple(_ORDER_TEXT.split())
"""Sorts of findings, those first that help matching most when mended."""


def check(draft: Draft, comparables: Sequence[Profile], words: Segmenter) -> list[Finding]:
    """What to mend in a draft, most useful first; empty for one in which hardly anything is written yet.

    ``comparables`` are published postings on the same matter; what numbers they give says what is missing here.
    """
    if sum(map(str.isalnum, draft.text())) < 4:
        return []
    found = [
        *missing_text(draft),
        *missing_numbers(draft),
        *too_broad(draft, words),
        *missing_indicators(draft, comparables),
    ]
    if not any(finding.kind == "text" for finding in found):
        found += [*missing_scene(draft), *missing_present(draft)]
    for part in draft.parts:
        if part.role != "title":
            found += vague(part)
    if not draft.keywords:
        found.append(
            Finding("keywords", "could", "keywords", 0, 0, "", "还没有关键词：写两三个技术词，或点下面建议的。")
        )
    if not draft.filed:
        found.append(
            Finding("categories", "could", "categories", 0, 0, "", "还没有选技术领域：下面有建议，点一下即可。")
        )
    return sorted(found, key=lambda finding: ORDER.index(finding.kind))
