"""What matching knows of one posting: a Profile."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """The texts, categories and conditions of one need (技术需求) or achievement (科技成果).

    A category is a path "scheme:10/101/10101": the taxonomy's name, then the codes from the root to the node.
    A string without ":" is a node of depth 1 in the scheme "". ``trl`` is an achievement's technology readiness level
    1–9, or the least level a need asks for. ``modes`` are codes of the ways of working together that the side would
    accept. ``money`` is a need's budget or an achievement's price in 分. ``region`` is an administrative division code
    (GB/T 2260, "150602"). ``targets`` is the part of a need's body that states its target indicators, where it is kept
    apart. ``asks`` says the side: True for a need, False for an achievement; conditions that mean
    different things on the two sides are compared only where both sides are known. All fields but ``id`` may be empty;
    None and "" are "not said".
    """

    id: str
    title: str = ""
    body: str = ""
    keywords: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    trl: int | None = None
    modes: tuple[str, ...] = ()
    money: int | None = None
    region: str = ""
    targets: str = ""
    asks: bool | None = None

    @property
    def sort_key(self) -> tuple[str, str, str, tuple[str, ...], tuple[str, ...], tuple[object, ...]]:
        """A total order over profiles that does not depend on where they came from."""
        conditions = (
            self.trl or 0,
            self.modes,
            -1 if self.money is None else self.money,
            self.region,
            self.targets,
            {None: 0, False: 1, True: 2}[self.asks],
        )
        return (self.id, self.title, self.body, self.keywords, self.categories, conditions)
