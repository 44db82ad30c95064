"""Random postings for property tests: real words, signs, emoji, nothing at all."""

from hypothesis import strategies as st

from matching import Profile

_PIECES = st.sampled_from(
    [
        "电解水",
        "制氢",
        "煤化工",
        "关键技术研究",
        "的",
        "和",
        "氫能",
        "CO₂",
        "㎡",
        "PEM",
        "50℃",
        "🚀",
        " ",
        "\n",
        "。",
        "，",
    ]
)
texts = st.one_of(st.lists(_PIECES, max_size=12).map("".join), st.text(max_size=40))
paths = st.sampled_from(["area:1", "area:1/11", "area:1/12", "area:2/21/211", "other:9", "氢能", "", ":", "area:"])
bodies = st.tuples(texts, texts, st.lists(texts, max_size=3).map(tuple), st.lists(paths, max_size=3).map(tuple))


def profiles(identifier: str) -> st.SearchStrategy[Profile]:
    """Profiles with this id."""
    return bodies.map(lambda parts: Profile(identifier, *parts))


catalogues = st.lists(bodies, max_size=6).map(lambda many: [Profile(f"P{at}", *parts) for at, parts in enumerate(many)])
