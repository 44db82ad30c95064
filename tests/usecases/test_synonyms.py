"""Groups of words that mean the same are kept by the administrator alone."""

from __future__ import annotations

import pytest

from service.commands import read
from service.context import Context
from service.errors import Conflict, Forbidden, Invalid
from service.queries.search import search_page
from service.usecases.synonyms import WriteSynonym, add_synonym, edit_synonym
from tests.factories import add_need


def test_words_are_typed_as_one_text_and_each_counts_once() -> None:
    command = read(WriteSynonym, {"words": "质子交换膜、PEM，ＰＥＭ；pem\n质子膜"})

    assert command.words == ["质子交换膜", "PEM", "质子膜"]


@pytest.mark.parametrize("words", ["", "PEM", "PEM、pem", "、".join(f"词{at}" for at in range(13)), "长" * 41 + "、短"])
def test_a_group_has_two_to_twelve_words(words: str) -> None:
    with pytest.raises(Invalid):
        read(WriteSynonym, {"words": words})


def test_an_entered_group_widens_the_search_until_it_is_switched_off(ctx: Context, admin: Context) -> None:
    need = add_need(ctx, title="退役动力电池拆解")
    group = add_synonym(admin, WriteSynonym(words=["动力电池", "车用锂电"]))
    assert [one.key for one in search_page(admin, {"q": "车用锂电"}).results] == [f"needs:{need.id}"]

    edit_synonym(admin, group.id, WriteSynonym(words=group.words, is_active=False, version=group.version))

    assert search_page(admin, {"q": "车用锂电"}).total == 0


def test_a_stale_or_foreign_change_is_refused(admin: Context, organizer: Context) -> None:
    group = add_synonym(admin, WriteSynonym(words=["甲", "乙"]))

    with pytest.raises(Conflict):
        edit_synonym(admin, group.id, WriteSynonym(words=["甲", "丙"], version=9))
    with pytest.raises(Conflict):
        edit_synonym(admin, group.id, WriteSynonym(words=["甲", "丙"]))
    with pytest.raises(Forbidden):
        add_synonym(organizer, WriteSynonym(words=["甲", "丙"]))
    assert group.words == ["甲", "乙"]
