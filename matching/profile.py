"""What matching knows of one posting: a Profile."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """The texts and categories of one need (技术需求) or achievement (科技成果).

    A category is a path "scheme:10/101/10101": the taxonomy's name, then the codes from the root to the node.
    A string without ":" is a node of depth 1 in the scheme "". All fields but ``id`` may be empty.
    """

    id: str
    title: str = ""
    body: str = ""
    keywords: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    @property
    def sort_key(self) -> tuple[str, str, str, tuple[str, ...], tuple[str, ...]]:
        """A total order over profiles that does not depend on where they came from."""
        return (self.id, self.title, self.body, self.keywords, self.categories)
