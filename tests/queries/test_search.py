"""Search over everything, on real rows: what one may not see leaves no trace, counts add up, nothing is stale."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import event

from models import Confidentiality, HandshakeEventState, Indicator, PostingState, Source, Synonym
from models.reference import Comparator
from service.context import Context
from service.queries.search import search_page, search_suggestions
from service.queries.search_index import search_room
from tests.conftest import OpenContext
from tests.factories import (
    add_achievement,
    add_category,
    add_contract,
    add_event,
    add_need,
    add_organization,
    add_project,
)

TITLE = "钠离子电池正极材料量产"


def _keys(ctx: Context, query: str, **filters: str) -> list[str]:
    return [one.key for one in search_page(ctx, {"q": query, **filters}).results]


def _facet(ctx: Context, key: str, query: str, **filters: str) -> dict[str, int]:
    facets = search_page(ctx, {"q": query, **filters}).facets
    return next(({one.value: one.count for one in facet.choices} for facet in facets if facet.key == key), {})


def test_every_kind_of_record_is_found_with_its_page(ctx: Context) -> None:
    need, achievement = add_need(ctx, title=f"{TITLE}需求"), add_achievement(ctx, title=f"{TITLE}成果")
    house = add_organization(ctx, name=f"{TITLE}公司", aliases=["钠电正极"])
    event, project = add_event(ctx, title=f"{TITLE}专场"), add_project(ctx, title=f"{TITLE}合作")
    contract = add_contract(ctx, title=f"{TITLE}合同", project=project)
    node = add_category(ctx, "77", name=f"{TITLE}领域")
    ctx.add(Source(key="S9", title=f"{TITLE}工作方案"))
    figure = ctx.add(
        Indicator(name=f"{TITLE}产能", value_text="3", comparator=Comparator.AT_LEAST, kind="target", unit="万吨")
    )

    page = search_page(ctx, {"q": TITLE})

    assert {one.key: one.href.partition("#")[0] for one in page.results} == {
        f"needs:{need.id}": f"/needs/{need.id}",
        f"achievements:{achievement.id}": f"/achievements/{achievement.id}",
        f"organizations:{house.id}": f"/organizations/{house.id}",
        f"handshake_events:{event.id}": f"/events/{event.id}",
        f"projects:{project.id}": f"/projects/{project.id}",
        f"contracts:{contract.id}": f"/projects/{project.id}",
        f"categories:{node.id}": f"/facts/taxonomies/{node.scheme}",
        "sources:S9": "/facts/sources/S9",
        f"indicators:{figure.id}": f"/facts/indicators/{figure.id}",
    }
    assert _keys(ctx, "nalizidianchi", kind="needs") == [f"needs:{need.id}"]
    assert _keys(ctx, "钠电正极")[0] == f"organizations:{house.id}"


@pytest.mark.parametrize("query", [TITLE, "nalizidianchi", "钠离子电迟", "钠离子"])
def test_a_hidden_record_leaves_no_trace(ctx: Context, anonymous: Context, query: str) -> None:
    add_need(ctx, title=TITLE, confidentiality=Confidentiality.MEMBERS)
    add_achievement(ctx, title=TITLE, state=PostingState.SUBMITTED)
    add_event(ctx, title=TITLE, state=HandshakeEventState.OPEN)
    add_project(ctx, title=TITLE)

    page = search_page(anonymous, {"q": query})
    offered = search_suggestions(anonymous, query)

    assert (page.total, list(page.results), list(page.facets), list(page.corrections)) == (0, [], [], [])
    assert (list(offered.words), list(offered.results)) == ([], [])
    assert search_page(ctx, {"q": query}).total == 4


def test_each_reads_what_their_role_may(ctx: Context, enterprise: Context, broker: Context, anonymous: Context) -> None:
    public = add_need(ctx, title=f"{TITLE}甲")
    members = add_need(ctx, title=f"{TITLE}乙", confidentiality=Confidentiality.MEMBERS)
    closed = add_need(ctx, title=f"{TITLE}丙", confidentiality=Confidentiality.ORGANIZERS)
    draft = add_need(enterprise, title=f"{TITLE}丁", state=PostingState.DRAFT)

    def found(who: Context) -> set[str]:
        return set(_keys(who, TITLE))

    assert found(anonymous) == {f"needs:{public.id}"}
    assert found(broker) == {f"needs:{public.id}", f"needs:{members.id}"}
    assert found(enterprise) == {f"needs:{public.id}", f"needs:{members.id}", f"needs:{draft.id}"}
    assert f"needs:{closed.id}" in found(ctx)


def test_a_masked_name_hides_the_organization_and_contacts_are_never_searched(
    ctx: Context, organizer: Context, anonymous: Context
) -> None:
    firm = add_organization(ctx, name="阿勒泰精密铸造有限公司")
    need = add_need(
        ctx, title="铸件缺陷在线检测", organization=firm, masked_name="某装备制造企业", contact_name="隐名联系人"
    )

    for who in (anonymous, organizer):
        assert _keys(who, "阿勒泰精密铸造") == [f"organizations:{firm.id}"]
        assert _keys(who, "某装备制造企业") == [f"needs:{need.id}"]
        assert _keys(who, '"隐名联系人"') == []
        assert _keys(who, "0477-8580000") == []
    [result] = search_page(anonymous, {"q": "铸件缺陷"}).results
    assert result.note == "某装备制造企业"
    assert _facet(anonymous, "organization_kind", "铸件缺陷") == {}


def test_counts_of_the_facets_are_those_of_the_narrowed_pages(ctx: Context) -> None:
    point = add_category(ctx, "1", scheme="point", name="储能")
    for at in range(3):
        add_need(ctx, title=f"{TITLE}需求{at}", region_code="150621", categories=[point])
    add_achievement(ctx, title=f"{TITLE}成果", region_code="150600")
    add_organization(ctx, name=f"{TITLE}公司", region_code="150602")
    total = search_page(ctx, {"q": TITLE}).total

    kinds = _facet(ctx, "kind", TITLE)

    assert total == sum(kinds.values()) == 5
    assert kinds == {"needs": 3, "achievements": 1, "organizations": 1}
    for key in ("kind", "region", "state", "point"):
        for value, count in _facet(ctx, key, TITLE).items():
            assert search_page(ctx, {"q": TITLE, key: value}).total == count, (key, value)
    assert _facet(ctx, "region", TITLE)["150600"] == 5
    assert _facet(ctx, "kind", TITLE, region="150621", kind="needs") == {"needs": 3}


def test_pages_follow_each_other_without_gap_or_repeat(ctx: Context) -> None:
    made = {f"needs:{add_need(ctx, title=f'{TITLE}{at}').id}" for at in range(7)}

    pages = [search_page(ctx, {"q": TITLE, "page": str(number)}, size=3) for number in (1, 2, 3)]

    assert [len(page.results) for page in pages] == [3, 3, 1]
    assert {one.key for page in pages for one in page.results} == made
    assert {page.pages for page in pages} == {3}
    assert search_page(ctx, {"q": TITLE, "page": "99999999999999999999"}, size=3).number == 3


def test_by_date_the_newest_comes_first_and_the_undated_last(ctx: Context) -> None:
    house = add_organization(ctx, name=TITLE)
    older = add_event(ctx, title=f"{TITLE}一", state=HandshakeEventState.HELD)
    newer = add_event(ctx, title=f"{TITLE}二")

    found = _keys(ctx, TITLE, sort="date")

    assert found == [f"handshake_events:{newer.id}", f"handshake_events:{older.id}", f"organizations:{house.id}"]


@pytest.mark.parametrize(
    "given", [{}, {"q": ""}, {"q": "-电池"}, {"kind": "needs"}, {"q": "x", "region": "'"}, {"q": "\x00", "year": "零"}]
)
def test_odd_searches_are_answered(ctx: Context, given: dict[str, str]) -> None:
    add_need(ctx)

    assert search_page(ctx, given).total == 0


def test_the_index_follows_every_change_of_its_own_transaction_and_forgets_what_was_taken_back(ctx: Context) -> None:
    need = add_need(ctx, title=TITLE)
    ctx.commit()
    assert _keys(ctx, TITLE) == [f"needs:{need.id}"]

    need.title = "矿井水深度处理"
    ctx.flush()
    assert (_keys(ctx, TITLE), _keys(ctx, "矿井水")) == ([], [f"needs:{need.id}"])

    ctx.discard()
    assert (_keys(ctx, TITLE), _keys(ctx, "矿井水")) == ([f"needs:{need.id}"], [])

    other = add_organization(ctx, name="另一家机构")
    ctx.commit()
    assert _keys(ctx, "另一家机构") == [f"organizations:{other.id}"]
    ctx.session.delete(other)
    ctx.commit()
    assert _keys(ctx, "另一家机构") == []


def test_another_process_sees_a_change_at_its_next_request(ctx: Context, open_ctx: OpenContext) -> None:
    ctx.commit()
    reader = open_ctx(own_session=True)
    assert _keys(reader, TITLE) == []
    reader.session.rollback()

    key = f"needs:{add_need(ctx, title=TITLE).id}"
    ctx.commit()

    assert _keys(reader, TITLE) == [key]


def test_a_renamed_organization_is_found_with_all_that_bears_its_name(ctx: Context) -> None:
    firm = add_organization(ctx, name="旧名矿业公司")
    need = add_need(ctx, title="井下通风", organization=firm)
    project = add_project(ctx, title="通风改造", demand=firm)
    ctx.commit()
    assert f"needs:{need.id}" in _keys(ctx, "旧名矿业")

    firm.name = "沙日塔拉矿业公司"
    ctx.commit()

    assert _keys(ctx, '"旧名矿业"') == []
    assert set(_keys(ctx, '"沙日塔拉"')) == {f"organizations:{firm.id}", f"needs:{need.id}", f"projects:{project.id}"}


def test_synonyms_are_used_as_soon_as_they_are_entered_and_no_longer_once_switched_off(ctx: Context) -> None:
    need = add_need(ctx, title="布鲁氏菌病快速检测")
    assert _keys(ctx, "布病") == []

    group = ctx.add(Synonym(words=["布鲁氏菌病", "布病"]))
    assert _keys(ctx, "布病") == [f"needs:{need.id}"]

    group.is_active = False
    ctx.flush()
    assert _keys(ctx, "布病") == []


def test_an_unchanged_catalogue_is_not_read_again(ctx: Context) -> None:
    add_need(ctx, title=TITLE)
    ctx.commit()

    room = search_room(ctx)

    assert search_room(ctx) is room


@pytest.fixture
def statements(ctx: Context) -> Callable[[Callable[[], object]], int]:
    """How many statements a call sends."""

    def count(call: Callable[[], object]) -> int:
        sent: list[str] = []
        engine = ctx.session.get_bind()

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            sent.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        call()
        event.remove(engine, "before_cursor_execute", note)
        return len(sent)

    return count


def test_more_results_ask_the_database_no_more_often(
    ctx: Context, statements: Callable[[Callable[[], object]], int]
) -> None:
    add_need(ctx, title=f"{TITLE}一")
    search_page(ctx, {"q": TITLE})
    one = statements(lambda: search_page(ctx, {"q": TITLE}))

    for at in range(5):
        add_need(ctx, title=f"{TITLE}{at}")
    search_page(ctx, {"q": TITLE})

    assert statements(lambda: search_page(ctx, {"q": TITLE})) == one
