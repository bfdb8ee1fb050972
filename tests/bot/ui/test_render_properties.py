"""Whatever an article, a reader or a person writes: limits hold, and nothing stays alive."""

from __future__ import annotations

import datetime as dt
import unicodedata

from discord_markdown import ALIVE, links, without_own_markup
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.qa.answer import Answer, AnswerReading, Citation
from bot.ui.render import render_answer
from index.article import Article, ArticleReference, Passage, ScoredPassage

SNIPPETS = [
    "@everyone", "@here", "<@123>", "<@!1>", "<@&1>", "<#1>", "<:a:1>", "<a:b:1>", "</ask:1>",
    "<t:1:R>", "<id:home>", "[x](https://evil.example)", "[x](<https://evil.example>)",
    "https://evil.example/@everyone", "<https://evil.example>", "discord.gg/evil", ":smile:",
    "# h", "-# s", "- l", "* l", "+ l", "1. l", "> q", ">>> q", "```", "`", "||", "**", "__", "~~",
    "\\", "\\\\", "\n", "\r\n", "\u2028", "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff",
    "\u00ad", "\x1b[31m", "\x00", "\u0301", "\u0301" * 40, "\u0e49" * 40, "\U000e0041", "\ufe0f",
    "\u3164", "\u094d", "\u0600", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9",
    " ", "word", "\u8a9e", "\u05d0", "\ue000", "\U000f002a",
]  # fmt: skip

hostile = st.lists(st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=20)), max_size=60).map(
    "".join
)
# No lone surrogates: an article cannot hold them. Questions and answers could.
storable = hostile.map(lambda text: text.encode("utf-8", "replace").decode())
urls = st.one_of(
    st.just(""),
    st.just("https://news.example/a?b=c&d=%20#e"),
    storable.map(lambda text: "https://news.example/" + text),
    storable,
)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    text = draw(storable.filter(str.strip)) * draw(st.sampled_from([1, 1, 1, 40]))
    return Article(
        id=draw(st.text("ab@<>*#", min_size=1, max_size=20)),
        title=draw(storable),
        date=draw(st.none() | st.dates(dt.date(1, 1, 1))),
        source=draw(storable),
        url=draw(urls),
        text=text,
        page_starts=tuple(sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))),
    )


@st.composite
def references(draw: st.DrawFn) -> ArticleReference:
    of = draw(articles())
    return ArticleReference(of.id, of.title, of.date, of.source, of.url)


@st.composite
def spans(draw: st.DrawFn) -> tuple[Article, int, int]:
    article = draw(articles())
    start = draw(st.integers(0, len(article.text) - 1))
    return article, start, draw(st.integers(start + 1, len(article.text)))


@st.composite
def citations(draw: st.DrawFn, n: int) -> Citation:
    article, start, end = draw(spans())
    if draw(st.booleans()):
        return Citation(n, article, start, end)
    first = draw(st.integers(start, end - 1))
    return Citation(n, article, start, end, first, draw(st.integers(first + 1, end)))


@st.composite
def readings(draw: st.DrawFn) -> AnswerReading:
    return AnswerReading(
        answer=draw(hostile) * draw(st.sampled_from([1, 1, 30])),
        confidence=draw(st.floats(0, 1)),
        citations=(draw(citations(1)),),
        stories=draw(st.integers(1, 30)),
        date=draw(st.none() | st.dates()),
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    cited = [draw(citations(n)) for n in range(1, draw(st.integers(0, 8)) + 1)]
    found = draw(st.lists(spans(), max_size=3))
    found += [(citation.article, citation.start, citation.end) for citation in cited[:2]]
    copies = tuple(draw(st.lists(references(), max_size=5)))
    return Answer(
        question=draw(hostile),
        answered=draw(st.booleans()),
        answer=draw(hostile) * draw(st.sampled_from([1, 1, 30])),
        confidence=draw(st.floats(0, 1)),
        citations=tuple(cited),
        context=draw(hostile),
        resolved=draw(st.sampled_from(["", "February 2022"])),
        readings=tuple(draw(st.lists(readings(), max_size=3))),
        passages=tuple(
            ScoredPassage(Passage(n, *span), score=1.0, also_in=copies)
            for n, span in enumerate(found)
        ),
    )


@settings(max_examples=100, deadline=None)
@given(answer=answers(), show_question=st.booleans())
def test_every_message_is_within_limits_and_harmless(answer: Answer, show_question: bool) -> None:
    messages = render_answer(answer, show_question=show_question)
    assert 1 <= len(messages) <= 4
    for message in messages:
        assert 0 < len(message.encode("utf-16-le")) // 2 <= 2000, "also with no surrogate left"
        assert message.strip() == message or message.endswith("> ")
        alive = ALIVE.search(without_own_markup(message))
        assert alive is None, (alive, message)
        for link in links(message):
            assert link.startswith(("https://", "http://"))
            assert link.isascii() and not set(link) & set("<>()[]\\@*|` \n")
        hidden = [c for c in message if _is_hidden(c)]
        assert hidden == [], message
        assert _longest_pile(message) <= 9, "a character with its marks"


def _is_hidden(character: str) -> bool:
    if character in "\n\u200c\u200d":  # joiners only where they join: see test_visible
        return False
    if character in "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2":
        return False  # signs of Arabic and Syriac: format characters that are seen
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") or (
        character in "\u3164\u2800\u115f\u1160"
    )


def _longest_pile(text: str) -> int:
    longest = pile = 0
    for character in text:
        pile = pile + 1 if unicodedata.category(character)[0] == "M" else 1
        longest = max(longest, pile)
    return longest
