"""A catalogue derived change by change equals one read anew, in this process and in another."""

from __future__ import annotations

import pytest
from sqlalchemy import delete

import service.ranking as shelf
from models import Achievement, CatalogueChange, PostingState
from service.config import Settings
from service.context import Context
from service.following import Shelf
from service.index_files import IndexFiles
from service.ranking import Catalogue, catalogue, keep_statistics, save_indexes
from tests.conftest import OpenContext
from tests.factories import add_achievement, add_category, add_need
from tests.parts import ONLY_POSTGRESQL


def _ranked(room: Catalogue) -> dict[str, list[tuple[str, float, dict[str, float]]]]:
    return {
        key: [(one.id, one.score, one.contributions) for one in room.indexes["achievements"].top(profile, 20)]
        for key, profile in room.profiles["needs"].items()
    }


def _anew(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    """The catalogue as a process that has just started sees it."""
    monkeypatch.setattr(shelf, "_SHELF", Shelf(shelf.state_of, shelf._next))
    return catalogue(ctx)


@pytest.fixture
def filled(ctx: Context) -> Context:
    for topic in ("电解水制氢隔膜", "煤制烯烃催化剂", "羊绒分梳设备"):
        add_need(ctx, title=f"{topic}寿命短", problem=f"{topic}运行不稳，需要国产替代")
        add_achievement(ctx, title=f"长寿命{topic}", abstract=f"{topic}的成套技术")
    keep_statistics(ctx)
    ctx.commit()
    return ctx


def test_a_derived_catalogue_equals_one_read_anew(filled: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    before = catalogue(filled)
    need = add_need(filled, title="隔膜国产替代", problem="进口电解水隔膜价格高")
    achievement = filled.session.query(Achievement).order_by(Achievement.id).first()
    assert achievement is not None
    achievement.abstract = "换成复合膜，寿命两万小时"
    filled.flush()
    gone = add_achievement(filled, categories=[add_category(filled, "01")])
    catalogue(filled)
    gone.move_to(PostingState.TAKEN_DOWN, "重复")
    derived = catalogue(filled)

    anew = _anew(filled, monkeypatch)

    assert before.version != derived.version == anew.version
    assert derived.profiles == anew.profiles
    assert str(need.id) in derived.profiles["needs"]
    assert str(gone.id) not in derived.profiles["achievements"]
    assert _ranked(derived) == _ranked(anew)


def test_the_same_state_is_the_same_catalogue(filled: Context) -> None:
    assert catalogue(filled) is catalogue(filled)


def test_a_change_that_was_taken_back_is_nowhere(filled: Context) -> None:
    before = catalogue(filled)
    add_need(filled, title="写了又撤回的需求")
    private = catalogue(filled)
    assert len(private.profiles["needs"]) == 4
    filled.discard()
    assert catalogue(filled).profiles["needs"] == before.profiles["needs"]

    other = add_need(filled, title="另一条需求，编号恰好相同")
    filled.commit()

    room = catalogue(filled)
    assert room.version == private.version, "the number is given anew"
    assert room.profiles["needs"][str(other.id)].title == "另一条需求，编号恰好相同"


@ONLY_POSTGRESQL  # an embedded database has one writer: a second transaction would wait for it
def test_others_do_not_see_what_is_not_committed(filled: Context, open_ctx: OpenContext) -> None:
    add_need(filled, title="还没有提交")
    mine = catalogue(filled)
    theirs = catalogue(open_ctx(own_session=True))

    assert len(mine.profiles["needs"]) == 4
    assert len(theirs.profiles["needs"]) == 3


def test_too_many_changes_are_read_anew(filled: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue(filled)
    monkeypatch.setattr(shelf, "STEPS_AT_MOST", 1)
    added = [add_need(filled), add_need(filled)]

    room = catalogue(filled)

    assert {str(need.id) for need in added} <= room.profiles["needs"].keys()


def test_forgotten_changes_are_read_anew(filled: Context) -> None:
    add_need(filled)
    catalogue(filled)
    filled.session.execute(delete(CatalogueChange))
    late = add_need(filled)

    assert str(late.id) in catalogue(filled).profiles["needs"]


def test_a_saved_index_is_opened_and_brought_up_to_date(
    filled: Context, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = catalogue(filled)
    save_indexes(filled, room)
    opened: list[str] = []
    plain = shelf._from_file

    def noting(*given: object) -> object:
        found = plain(*given)  # type: ignore[arg-type]
        opened.append("file" if found is not None else "none")
        return found

    monkeypatch.setattr(shelf, "_from_file", noting)
    add_achievement(filled, title="电解水隔膜检测")

    late = _anew(filled, monkeypatch)

    assert opened == ["file", "file"]
    assert len(late.profiles["achievements"]) == 4
    for saved in IndexFiles(settings).of("achievements", late.statistics.version):
        saved.path.unlink()
    assert _ranked(_anew(filled, monkeypatch)) == _ranked(late)
    assert opened[2:] == ["file", "none"]


def test_a_damaged_index_file_is_set_aside(
    filled: Context, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = catalogue(filled)
    save_indexes(filled, room)
    (saved,) = IndexFiles(settings).of("achievements", room.statistics.version)
    content = bytearray(saved.path.read_bytes())
    content[len(content) // 2] ^= 0x40
    saved.path.write_bytes(content)

    anew = _anew(filled, monkeypatch)

    assert _ranked(anew) == _ranked(room)
    assert not saved.path.exists()
