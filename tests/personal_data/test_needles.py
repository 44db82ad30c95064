"""Who is named by a text, and how they are hidden: names stand in other words, numbers are written in many ways."""

from __future__ import annotations

import pytest

from service.personal_data.needles import Needles, mark_of

MARK = mark_of(7)
LONG = Needles(MARK, ("li.hong@example.cn", "13947731234", "0477-8580001"), "李红霞")
SHORT = Needles(MARK, (), "王伟")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("请联系李红霞教授", f"请联系{MARK}教授"),
        ("邮箱LI.Hong@example.cn，急", f"邮箱{MARK}，急"),
        ("电话139 4773 1234。", f"电话{MARK}。"),
        ("电话139-4773-1234转2", f"电话{MARK}转2"),
        ("0477 8580001", MARK),
        ("订单 2139477312340 号", "订单 2139477312340 号"),
        ("xli.hong@example.cn", "xli.hong@example.cn"),
        ("li.hong@example.cnx", "li.hong@example.cnx"),
        ("没有写到任何人", "没有写到任何人"),
    ],
)
def test_addresses_numbers_and_long_names_are_hidden_wherever_they_stand(before: str, after: str) -> None:
    assert LONG.hide(before) == after
    assert LONG.in_text(before) == (before != after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("王伟", MARK),
        ("联系人王伟，电话另告", f"联系人{MARK}，电话另告"),
        ("王伟教授到场", f"{MARK}教授到场"),
        ("请与王伟 联系", f"请与{MARK} 联系"),
        ("王伟业机械厂", "王伟业机械厂"),
        ("大王伟岸", "大王伟岸"),
        ("小王伟大的发明", "小王伟大的发明"),
    ],
)
def test_a_name_of_two_characters_is_not_cut_out_of_other_words(before: str, after: str) -> None:
    assert SHORT.hide(before) == after


def test_one_character_is_never_looked_for() -> None:
    assert Needles(MARK, (), "王").hide("王伟与国王") == "王伟与国王"


def test_json_is_gone_through_with_its_keys_and_other_values_stay() -> None:
    value = {"李红霞": ["13947731234", 3, None, True], "深": {"更深": "li.hong@example.cn"}}

    assert LONG.hide_in(value) == {MARK: [MARK, 3, None, True], "深": {"更深": MARK}}


def test_what_no_longer_fits_its_column_is_cut_and_the_mark_stays_whole() -> None:
    assert LONG.hide("李红霞", 50) == MARK
    assert LONG.hide("开头" * 10 + "李红霞", 22) == MARK[:22]
    assert LONG.hide("李红霞" + "结尾" * 10, 22).startswith(MARK)
    assert len(LONG.hide("李红霞" + "结尾" * 10, 22)) == 22
