"""One way of writing numbers and units, with the way back to the original: full width, ≧, ⁵, µ, ㎡, 萬."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import accumulate

from matching.text import match_form

_SIGNS = str.maketrans(
    {"≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤", "﹥": ">", "﹤": "<", "＞": ">", "＜": "<"}
    | dict.fromkeys("—–―～∼〜", "~")
    | dict.fromkeys("－−‐‑﹣", "-")
    | dict.fromkeys("•・∙⋅", "·")
    | dict.fromkeys("º˚", "°")
    | {"µ": "μ", "％": "%", "﹪": "%", "℃": "°C", "㎥": "m^3", "㎡": "m^2", "㎞": "km", "，": ",", "：": ":"}
)
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))


class _Signs(dict[str, str]):
    """Character → its folded form, worked out once for each character that is ever met."""

    def __missing__(self, character: str) -> str:
        folded = self[character] = _fold_sign(character)
        return folded


_FOLDED = _Signs({"·": "·"})  # match_form makes a blank of it, units need it


def _fold_sign(character: str) -> str:
    if character.isascii():
        return character
    plain = character.translate(_SIGNS)
    if plain != character:
        return plain
    plain = unicodedata.normalize("NFKC", character)
    return plain if plain.isascii() else match_form(character)[0]


def fold(text: str) -> tuple[str, Sequence[int]]:
    """``text`` as the reading wants it, and where each of its characters and its end came from.

    Unlike ``match_form`` it keeps capitals (MPa is not mPa) and powers: 10⁵ becomes 10^5, m³ becomes m^3.
    """
    pieces = [_FOLDED[character] for character in text]
    for place, character in enumerate(text) if any(map(text.__contains__, _RAISED)) else ():
        if character in _RAISED:
            pieces[place] = _RAISED[character] if text[place - 1 : place] in _RAISED else "^" + _RAISED[character]
    folded = "".join(pieces)
    if len(folded) == len(text) and all(pieces):
        return folded, range(len(text) + 1)
    ends = list(accumulate(map(len, pieces)))
    places = [0] * (len(folded) + 1)
    for place, (end, piece) in enumerate(zip(ends, pieces, strict=True)):
        places[end - len(piece) : end] = [place] * len(piece)
    places[-1] = len(text)
    return folded, places
