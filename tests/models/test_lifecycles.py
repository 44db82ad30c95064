"""Every record's state moves by its table and in no other way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import service.kinds
from models import Base, IllegalTransition, Labelled, Need, PostingState, ProjectState, StateChange, Stateful
from models.project import GATES, IMPLEMENTED_STATES
from service.context import Context
from tests.factories import add_need

TONES = {"neutral", "info", "progress", "success", "warning", "danger"}
KINDS: list[type[Any]] = sorted(
    (mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Stateful)),
    key=lambda kind: kind.__name__,
)
CHOICES = sorted(Labelled.__subclasses__(), key=lambda kind: kind.__name__)


def _states(kind: type[Any]) -> type[Labelled]:
    states: type[Labelled] = type(kind.LIFECYCLE.initial)
    return states


def _a_record(kind: type[Any], state: Labelled) -> Any:
    return kind(id=1, state=state)


def test_there_are_lifecycles() -> None:
    assert [kind.__name__ for kind in KINDS] == [
        "Achievement",
        "Attendee",
        "FollowUp",
        "HandshakeEvent",
        "Invitation",
        "Match",
        "Meeting",
        "Need",
        "Project",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_table_names_every_state_and_no_other(kind: type[Any]) -> None:
    states = set(_states(kind))

    assert set(kind.LIFECYCLE.moves) == states
    for state in states:
        assert kind.LIFECYCLE.allowed(state) <= states
        assert state not in kind.LIFECYCLE.allowed(state)


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_is_reached_from_the_first(kind: type[Any]) -> None:
    reached = {kind.LIFECYCLE.initial}
    while more := {after for state in reached for after in kind.LIFECYCLE.allowed(state)} - reached:
        reached |= more

    assert reached == set(_states(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_record_begins_in_the_first_state(kind: type[Any]) -> None:
    assert kind.__table__.columns["state"].default.arg is kind.LIFECYCLE.initial


@pytest.mark.parametrize("choice", CHOICES)
def test_every_choice_has_a_chinese_label_and_a_known_tone(choice: type[Labelled]) -> None:
    members = list(choice)

    assert members
    assert len({member.label for member in members}) == len(members)
    for member in members:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in member.label), member
        assert member.tone in TONES, member
        assert member.value == member.name or choice.__module__.startswith("service.")


def test_choices_of_the_service_are_among_those_looked_at() -> None:
    assert service.kinds.CooperationMode in CHOICES


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_a_walk_follows_the_table(kind: type[Any], data: st.DataObject) -> None:
    record = _a_record(kind, kind.LIFECYCLE.initial)
    for target in data.draw(st.lists(st.sampled_from(list(_states(kind))), max_size=12)):
        before, allowed = record.state, kind.LIFECYCLE.allowed(record.state)
        assert record.may_move(target) is (target in allowed)
        if target in allowed:
            change = record.move_to(target, "因为")
            assert record.state is target
            assert (change.record_type, change.record_id) == (kind.__name__, 1)
            assert (change.from_state, change.to_state, change.reason) == (before.value, target.value, "因为")
        else:
            with pytest.raises(IllegalTransition) as refusal:
                record.move_to(target)
            assert record.state is before
            assert (refusal.value.current, refusal.value.target, refusal.value.allowed) == (before, target, allowed)


def test_a_move_is_written_down_with_who_and_when(organizer: Context) -> None:
    need = add_need(organizer, state=PostingState.SUBMITTED, is_demo=True)

    organizer.log(need.move_to(PostingState.RETURNED, "缺少指标"))
    organizer.commit()

    change = organizer.session.query(StateChange).one()
    assert (change.record_type, change.record_id, change.is_demo) == ("Need", need.id, True)
    assert (change.from_state, change.to_state, change.reason) == ("SUBMITTED", "RETURNED", "缺少指标")
    assert (change.actor_id, change.actor_name, change.at) == (
        organizer.actor.account_id,
        "",
        organizer.now,
    )
    assert organizer.find(Need, need.id).state is PostingState.RETURNED


def test_gates_name_real_columns_of_every_stage() -> None:
    assert set(GATES) == set(ProjectState)
    columns = set(Base.metadata.tables["projects"].columns.keys())
    for gate in GATES.values():
        for column, sentence in gate:
            assert column in columns | {"contracts"}
            assert sentence
    assert ProjectState.INTENT not in IMPLEMENTED_STATES
    assert ProjectState.TERMINATED not in IMPLEMENTED_STATES
