"""Small articles for lexical search: a fixed corpus, and what to draw others from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st
from small_articles import article

from index.article import Passage

HEADLINES = {
    "raid": "Leader of the group killed in Syria",
    "town": "Council votes on libraries",
    "shares": "",
}
CORPUS = {
    11: ("raid", "US helicopters landed in the village after midnight."),
    12: ("raid", "The raid was the first known raid in the village; a raid like no other raid."),
    15: ("raid", "Al Quraishi blew himself up during a US raid in the town of Atme."),
    19: ("town", "The town council voted to close two libraries in town."),
    23: ("town", "It had met after midnight."),
    24: ("shares", "Shares fell after the company said that sales had slowed in March."),
}
WORDS = ("raid", "raids", "town", "Quraishi", "Al-Quraishi", "vote", "storm", "the", "…")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
ARTICLES = st.lists(
    st.tuples(st.just("") | TEXTS, st.lists(TEXTS, min_size=1, max_size=4)), max_size=8
)
"""Of each article, the title and the passages."""
QUERIES = ("raid in the village", "US raid town", "raid raid Atme", "sales in March", "Syria met")


def corpus() -> list[Passage]:
    """Passages in articles that are all their passages, in order."""
    made = []
    for name, title in HEADLINES.items():
        parts = {id: text for id, (owner, text) in CORPUS.items() if owner == name}
        whole = article(name, "\n\n".join(parts.values()), title=title)
        for id, text in parts.items():
            start = whole.text.index(text)
            made.append(Passage(id, whole, start, start + len(text)))
    return made


def passages_of(
    articles: Iterable[tuple[str, Sequence[str]]], *, first: int = 1, name: str = "a"
) -> list[Passage]:
    """The passages of articles, given as titles and passages; ids ascend with gaps."""
    made: list[Passage] = []
    for number, (title, texts) in enumerate(articles):
        whole = article(f"{name}{number}", "\n".join(texts), title=title)
        start = 0
        for text in texts:
            made.append(Passage(first + 2 * len(made), whole, start, start + len(text)))
            start += len(text) + 1
    return made
