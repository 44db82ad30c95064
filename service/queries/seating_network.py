"""Who meets whom at an event, or has met: two columns of organizations and the lines between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from models import HandshakeEvent, MeetingOutcome, MeetingState
from service.context import Context
from service.queries.events import Seat, event_programme

ROW, TOP, LEFT, RIGHT, BESIDE = 26, 20, 300, 620, 4
"""Geometry of the picture, in its own units; further talks of the same two run so far beside the first."""


@dataclass(frozen=True)
class Node:
    """One organization on one side of the picture."""

    organization_id: int
    name: str
    talks: int
    y: float

    @property
    def short(self) -> str:
        """The name as far as it fits."""
        return self.name if len(self.name) <= 18 else f"{self.name[:17]}…"


@dataclass(frozen=True)
class Line:
    """One talk: between which heights it runs, what came of it, and how it is drawn."""

    seat: Seat
    y1: float
    y2: float

    @property
    def path(self) -> str:
        """The curve, as SVG writes it."""
        middle = (LEFT + RIGHT) / 2
        return f"M{LEFT} {self.y1:g}C{middle:g} {self.y1:g} {middle:g} {self.y2:g} {RIGHT} {self.y2:g}"

    @property
    def label(self) -> str:
        """The outcome, or how far the talk is."""
        sitting = self.seat.sitting
        return (sitting.outcome or sitting.state).label

    @property
    def look(self) -> str:
        """The class of its colour: what came of it, or that it is still to come."""
        sitting = self.seat.sitting
        if sitting.outcome is not None:
            return {
                MeetingOutcome.NONE: "line-none",
                MeetingOutcome.CONTINUE: "line-continue",
                MeetingOutcome.INTENT: "line-intent",
                MeetingOutcome.SIGNED: "line-signed",
            }[sitting.outcome]
        return "line-missed" if sitting.state is MeetingState.NOT_HELD else "line-planned"


@dataclass(frozen=True)
class Network:
    """The picture and, line by line, what a table beside it says."""

    askers: Sequence[Node]
    offerers: Sequence[Node]
    lines: Sequence[Line]

    @property
    def height(self) -> int:
        """How high the picture is."""
        return 2 * TOP + ROW * max(len(self.askers), len(self.offerers), 1)


def event_network(ctx: Context, event: HandshakeEvent, organization: int | None = None) -> Network:
    """The event's talks the actor may know of, each side in the order that crosses least."""
    seats = list(event_programme(ctx, event, of_organization=organization).seats.values())
    left = _names(seats, 0)
    right = _names(seats, 1)
    left_order, right_order = sorted(left, key=lambda one: left[one]), sorted(right, key=lambda one: right[one])
    edges = [seat.sitting.organizations for seat in seats]
    for _ in range(8):
        right_order = _by_middle(right_order, left_order, [(b, a) for a, b in edges])
        left_order = _by_middle(left_order, right_order, edges)
    height = max(len(left_order), len(right_order), 1)
    askers = _nodes(left_order, left, [a for a, _ in edges], height)
    offerers = _nodes(right_order, right, [b for _, b in edges], height)
    y1 = {node.organization_id: node.y for node in askers}
    y2 = {node.organization_id: node.y for node in offerers}
    lines = []
    drawn: Counter[tuple[int, int]] = Counter()
    for seat, (a, b) in zip(seats, edges, strict=True):
        beside = BESIDE * drawn[a, b]
        drawn[a, b] += 1
        lines.append(Line(seat, y1[a] + beside, y2[b] + beside))
    return Network(askers, offerers, lines)


def _names(seats: Sequence[Seat], side: int) -> dict[int, str]:
    return {seat.sitting.organizations[side]: (seat.need_organization, seat.offer_organization)[side] for seat in seats}


def _by_middle(order: list[int], others: list[int], edges: Sequence[tuple[int, int]]) -> list[int]:
    """Each at the mean height of whom it meets."""
    at = {one: place for place, one in enumerate(others)}
    heights: dict[int, list[int]] = {}
    for one, other in edges:
        heights.setdefault(one, []).append(at[other])
    return sorted(order, key=lambda one: (sum(heights[one]) / len(heights[one]), one))


def _nodes(order: list[int], names: dict[int, str], ends: Sequence[int], height: int) -> list[Node]:
    gap = ROW * height / max(1, len(order))
    return [Node(one, names[one], ends.count(one), TOP + gap * (place + 0.5)) for place, one in enumerate(order)]
