"""The kinds of record that search knows: what of each is searched, who may see it, and what it is narrowed by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, false, literal, null, select, true
from sqlalchemy.orm import aliased

from matching.search import Document
from models import (
    Category,
    Contract,
    HandshakeEvent,
    Indicator,
    KeyTechnology,
    Labelled,
    Organization,
    PartyRole,
    Programme,
    Project,
    ProjectParty,
    ProjectState,
    Source,
    Taxonomy,
)
from models.handshake_event import HandshakeEventState
from models.posting import PostingState
from service import visibility
from service.context import Context
from service.kinds import KINDS, Kind
from service.queries.facts import in_words
from service.queries.naming import public_name

Ids = Collection[int] | None
"""Numbers of records; None for all of them."""


@dataclass(frozen=True)
class SearchKind:
    """One kind, by its table.

    ``documents`` reads what is searched of the records with these numbers; ``shown`` selects what a result says beside
    its text, for those records that the actor may know of: columns id, note, region, state, day, organization_kind,
    point, place (what the page's address needs beside the id) and is_demo.
    """

    key: str
    label: str
    tone: str
    documents: Callable[[Context, Ids], Iterable[Document]]
    shown: Callable[[Context], Select[Any]]
    href: Callable[[Row[Any]], str]
    states: type[Labelled] | None = None
    identity: Any = None

    def state_label(self, state: str) -> str:
        """A state of this kind in its own words."""
        if self.states is None:
            return ""
        member = self.states(state)
        return KINDS[self.key].state_label(PostingState(state)) if self.key in KINDS else member.label

    def state_tone(self, state: str) -> str:
        """The tone a state is shown in."""
        return self.states(state).tone if self.states is not None else "neutral"


def _among(query: Any, column: Any, ids: Ids) -> Any:
    return query if ids is None else query.where(column.in_(ids))


def _said(*texts: str | None) -> str:
    return "\n".join(text for text in texts if text)


def _shown(
    identity: Any,
    visible: ColumnElement[bool],
    *,
    note: Any = None,
    region: Any = None,
    state: Any = None,
    day: Any = None,
    organization_kind: Any = None,
    point: Any = None,
    place: Any = None,
    is_demo: Any = None,
) -> Select[Any]:
    query: Select[Any] = select(
        identity.label("id"),
        (literal("") if note is None else note).label("note"),
        (null() if region is None else region).label("region"),
        (null() if state is None else state).label("state"),
        (null() if day is None else day).label("day"),
        (null() if organization_kind is None else organization_kind).label("organization_kind"),
        (null() if point is None else point).label("point"),
        (null() if place is None else place).label("place"),
        (false() if is_demo is None else is_demo).label("is_demo"),
    ).where(visible)
    return query


def _posting(kind: Kind) -> SearchKind:
    model = kind.model

    def documents(ctx: Context, ids: Ids) -> Iterable[Document]:
        """Under the name the posting shows to the public: a masked one is not found by its real name."""
        query = select(model, public_name(model, Organization)).join(
            Organization, Organization.id == model.organization_id
        )
        for posting, name in ctx.session.execute(_among(query, model.id, ids)):
            yield Document(
                kind.plural, str(posting.id), posting.title, posting.body(), tuple(posting.keywords), (name,)
            )

    def shown(ctx: Context) -> Select[Any]:
        return _shown(
            model.id,
            visibility.postings(ctx, model),
            note=public_name(model, Organization),
            region=model.region_code,
            state=model.state,
            day=model.published_at,
            organization_kind=case((model.masked_name != "", null()), else_=Organization.kind),
            is_demo=model.is_demo,
        ).join(Organization, Organization.id == model.organization_id)

    return SearchKind(
        kind.plural,
        kind.label,
        "info" if kind.plural == "needs" else "success",
        documents,
        shown,
        lambda row: f"/{kind.plural}/{row.id}",
        PostingState,
        model.id,
    )


def _organizations(ctx: Context, ids: Ids) -> Iterable[Document]:
    query = select(Organization.id, Organization.name, Organization.profile, Organization.aliases, Organization.uscc)
    for row in ctx.session.execute(_among(query, Organization.id, ids)):
        names = (*row.aliases, *filter(None, (row.uscc,)))
        yield Document("organizations", str(row.id), row.name, row.profile, (), names)


def _events(ctx: Context, ids: Ids) -> Iterable[Document]:
    query = select(
        HandshakeEvent.id, HandshakeEvent.title, HandshakeEvent.theme, HandshakeEvent.venue, Organization.name
    ).join(Organization, Organization.id == HandshakeEvent.organizer_id)
    for row in ctx.session.execute(_among(query, HandshakeEvent.id, ids)):
        names = tuple(filter(None, (row.venue, row.name)))
        yield Document("handshake_events", str(row.id), row.title, row.theme, (), names)


def _projects(ctx: Context, ids: Ids) -> Iterable[Document]:
    parties: dict[int, list[str]] = {}
    named = select(ProjectParty.project_id, Organization.name).join(
        Organization, Organization.id == ProjectParty.organization_id
    )
    for project_id, name in ctx.session.execute(
        _among(named, ProjectParty.project_id, ids).where(ProjectParty.role != PartyRole.ORGANIZING).order_by("name")
    ):
        parties.setdefault(project_id, []).append(name)
    query = select(Project.id, Project.title, Project.summary)
    for row in ctx.session.execute(_among(query, Project.id, ids)):
        yield Document("projects", str(row.id), row.title, row.summary, (), tuple(parties.get(row.id, ())))


def _contracts(ctx: Context, ids: Ids) -> Iterable[Document]:
    buyer, seller = aliased(Organization), aliased(Organization)
    query = (
        select(Contract.id, Contract.title, Contract.registration_number, buyer.name, seller.name)
        .join(buyer, buyer.id == Contract.buyer_id)
        .join(seller, seller.id == Contract.seller_id)
    )
    for contract_id, title, number, *names in ctx.session.execute(_among(query, Contract.id, ids)):
        yield Document("contracts", str(contract_id), title, "", tuple(filter(None, (number,))), tuple(names))


def _key_technologies(ctx: Context, ids: Ids) -> Iterable[Document]:
    query = select(KeyTechnology.id, KeyTechnology.name, KeyTechnology.industry)
    for row in ctx.session.execute(_among(query, KeyTechnology.id, ids)):
        yield Document("key_technologies", str(row.id), row.name, "", (row.industry,))


def _programmes(ctx: Context, ids: Ids) -> Iterable[Document]:
    query = select(Programme.id, Programme.name, Programme.note)
    for row in ctx.session.execute(_among(query, Programme.id, ids)):
        yield Document("programmes", str(row.id), row.name, row.note)


def _indicators(ctx: Context, ids: Ids) -> Iterable[Document]:
    for one in ctx.session.scalars(_among(select(Indicator), Indicator.id, ids)):
        figure = in_words(one.comparator, one.value_text, one.unit)
        yield Document("indicators", str(one.id), one.name, _said(f"{figure}（{one.period}）", one.note))


def _sources(ctx: Context, _ids: Ids) -> Iterable[Document]:
    for row in ctx.session.execute(select(Source.key, Source.title, Source.issuer, Source.note)):
        yield Document("sources", row.key, row.title, row.note, (), tuple(filter(None, (row.issuer,))))


def _categories(ctx: Context, ids: Ids) -> Iterable[Document]:
    query = select(Category.id, Category.name, Category.aliases)
    for row in ctx.session.execute(_among(query, Category.id, ids)):
        yield Document("categories", str(row.id), row.name, "", tuple(row.aliases))


SEARCH_KINDS: Mapping[str, SearchKind] = {
    kind.key: kind
    for kind in (
        *map(_posting, KINDS.values()),
        SearchKind(
            "organizations",
            "机构",
            "progress",
            _organizations,
            lambda _ctx: _shown(
                Organization.id,
                true(),
                region=Organization.region_code,
                organization_kind=Organization.kind,
                is_demo=Organization.is_demo,
            ),
            lambda row: f"/organizations/{row.id}",
            identity=Organization.id,
        ),
        SearchKind(
            "handshake_events",
            "握手活动",
            "warning",
            _events,
            lambda ctx: _shown(
                HandshakeEvent.id,
                visibility.events(ctx),
                note=HandshakeEvent.venue,
                region=HandshakeEvent.region_code,
                state=HandshakeEvent.state,
                day=HandshakeEvent.starts_at,
                point=HandshakeEvent.point_id,
                is_demo=HandshakeEvent.is_demo,
            ),
            lambda row: f"/events/{row.id}",
            HandshakeEventState,
            HandshakeEvent.id,
        ),
        SearchKind(
            "projects",
            "合作项目",
            "warning",
            _projects,
            lambda ctx: _shown(
                Project.id,
                visibility.projects(ctx),
                region=Project.region_code,
                state=Project.state,
                day=Project.opened_on,
                point=Project.point_id,
                is_demo=Project.is_demo,
            ),
            lambda row: f"/projects/{row.id}",
            ProjectState,
            Project.id,
        ),
        SearchKind(
            "contracts",
            "技术合同",
            "warning",
            _contracts,
            lambda ctx: _shown(
                Contract.id,
                visibility.contracts(ctx),
                note=Project.title,
                region=Project.region_code,
                day=Contract.signed_on,
                place=Contract.project_id,
                is_demo=Contract.is_demo,
            ).join(Project, Project.id == Contract.project_id),
            lambda row: f"/projects/{row.place}",
            identity=Contract.id,
        ),
        SearchKind(
            "key_technologies",
            "关键技术",
            "neutral",
            _key_technologies,
            lambda _ctx: _shown(KeyTechnology.id, true(), note=KeyTechnology.industry),
            lambda row: f"/facts/key-technologies/{row.id}",
            identity=KeyTechnology.id,
        ),
        SearchKind(
            "programmes",
            "计划与政策",
            "neutral",
            _programmes,
            lambda _ctx: _shown(Programme.id, true()),
            lambda row: f"/facts/programmes/{row.id}",
            identity=Programme.id,
        ),
        SearchKind(
            "indicators",
            "官方指标",
            "neutral",
            _indicators,
            lambda _ctx: _shown(Indicator.id, true(), note=Indicator.period, region=Indicator.region_code),
            lambda row: f"/facts/indicators/{row.id}",
            identity=Indicator.id,
        ),
        SearchKind(
            "sources",
            "来源文件",
            "neutral",
            _sources,
            lambda _ctx: _shown(Source.key, true(), note=Source.issued),
            lambda row: f"/facts/sources/{row.id}",
            identity=Source.key,
        ),
        SearchKind(
            "categories",
            "技术领域",
            "neutral",
            _categories,
            lambda _ctx: _shown(Category.id, true(), note=Taxonomy.name, place=Category.scheme).join(
                Taxonomy, Taxonomy.scheme == Category.scheme
            ),
            lambda row: f"/facts/taxonomies/{row.place}#category-{row.id}",
            identity=Category.id,
        ),
    )
}
"""All kinds in the order their counts are shown."""


def hanging_on(ctx: Context, organization_ids: Collection[int]) -> dict[str, set[int]]:
    """The records whose searched text names one of these organizations, by kind."""
    owned = [
        ("needs", KINDS["needs"].model.id, KINDS["needs"].model.organization_id),
        ("achievements", KINDS["achievements"].model.id, KINDS["achievements"].model.organization_id),
        ("handshake_events", HandshakeEvent.id, HandshakeEvent.organizer_id),
        ("projects", ProjectParty.project_id, ProjectParty.organization_id),
        ("contracts", Contract.id, Contract.buyer_id),
        ("contracts", Contract.id, Contract.seller_id),
    ]
    found: dict[str, set[int]] = {}
    for kind, identity, owner in owned:
        found.setdefault(kind, set()).update(ctx.session.scalars(select(identity).where(owner.in_(organization_ids))))
    return found
