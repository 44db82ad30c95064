"""Money: whole 分 inside, Decimal at the edges, 万元 and 亿元 only when shown."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

FEN_PER_YUAN = 100
_WIDE = str.maketrans("０１２３４５６７８９，．＋－￥", "0123456789,.+-¥")
WAN = Decimal(10_000)
YI = Decimal(100_000_000)
LARGEST_FEN = 10**15
"""Ten trillion yuan: past any project, and well inside a 64-bit integer when summed."""

_AMOUNT = re.compile(r"([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?)\s*(亿|万)?\s*元?")
_LONGEST = 28


class NotMoney(ValueError):
    """The text is no amount of money; the message is a Chinese sentence that says what to change."""


def parse_yuan(text: str | int | Decimal) -> int:
    """The amount in 分 of ``"1,280,000.50"``, ``"128万元"`` or a Decimal in 元.

    Raises NotMoney for text that is no number, a fraction of a 分, a negative or an absurdly large amount.
    """
    if isinstance(text, float):
        raise NotMoney("金额请用文本或整数传入，不要用浮点数，以免丢分")
    given = f"{text:f}" if isinstance(text, Decimal) and text.is_finite() else str(text)
    folded = given.translate(_WIDE).strip().lstrip("¥").strip()
    matched = _AMOUNT.fullmatch(folded)
    if matched is None or len(folded) > _LONGEST:
        raise NotMoney("金额请填写数字，单位为元，例如 1280000.50，也可以写 128万元")
    try:
        yuan = Decimal(matched[1].replace(",", "")) * {"亿": YI, "万": WAN}.get(matched[2], Decimal(1))
    except InvalidOperation as error:
        raise NotMoney("金额请填写数字，单位为元，例如 1280000.50") from error
    fen = yuan * FEN_PER_YUAN
    if fen != fen.to_integral_value():
        raise NotMoney("金额最多精确到分，即小数点后两位")
    if fen < 0:
        raise NotMoney("金额不能为负数")
    if fen > LARGEST_FEN:
        raise NotMoney("金额过大，请检查单位是否为元")
    return int(fen)


def yuan(fen: int) -> Decimal:
    """The amount in 元 with two decimals."""
    return (Decimal(fen) / FEN_PER_YUAN).quantize(Decimal("0.01"))


def shown(fen: int | None) -> str:
    """How an amount is shown: below 1 亿 in 万元, else in 亿元, both with two decimals; None is “—”."""
    if fen is None:
        return "—"
    whole = Decimal(fen) / FEN_PER_YUAN
    unit, name = (YI, "亿元") if abs(whole) >= YI else (WAN, "万元")
    return f"{whole / unit:z,.2f} {name}"
