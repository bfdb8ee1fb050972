"""Answers as messages: what they say, in which order, and where they are cut."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from discord_markdown import (
    ALIVE,
    block_quote,
    bold_in_block_quote,
    links,
    shield,
    unshield,
    without_own_markup,
)

from bot.qa.answer import Answer, AnswerReading, Citation
from bot.ui.render import DISAGREE, NO_ANSWER, UNSUPPORTED, render_answer, render_problem
from index.article import Article, ArticleReference, Passage, ScoredPassage
from index.filtering import FilterError


def article(text: str, **fields: object) -> Article:
    given: dict[str, object] = {
        "id": "a1",
        "title": "US admits raid",
        "date": dt.date(2022, 10, 6),
        "source": "Newswire",
        "url": "https://news.example/raid",
    }
    return Article(text=text, **(given | fields))  # type: ignore[arg-type]  # fields of the tests


def cited(
    text: str, answer: str = "yes", confidence: float = 0.5, copies: int = 1, **fields: object
) -> Answer:
    """An answer that cites the whole of `text`, in `copies` articles."""
    citations = tuple(
        Citation(n, article(text, **({"id": f"a{n}"} | fields)), 0, len(text))
        for n in range(1, copies + 1)
    )
    return Answer("why?", True, answer, confidence, citations)


def copied(answer: Answer, *copies: ArticleReference) -> Answer:
    """`answer`, with near copies of the article that its first citation quotes."""
    cited = answer.citations[0].article
    passage = ScoredPassage(Passage(1, cited, 0, len(cited.text)), 1.0, also_in=copies)
    return dataclasses.replace(answer, passages=(passage,))


def copy(source: str, title: str = "Raid", date: dt.date | None = None) -> ArticleReference:
    return ArticleReference("copy", title, date, source, "https://copy.example/")


def also_in(message: str) -> str:
    (line,) = [line for line in message.split("\n") if line.startswith("-# Also in: ")]
    return unshield(shield(line.removeprefix("-# Also in: ")))


def one(answer: Answer, *, show_question: bool = False) -> str:
    (message,) = render_answer(answer, show_question=show_question)
    return message


def test_order_of_an_answer() -> None:
    lines = one(cited("It was so.\nIt really was."), show_question=True).split("\n")
    assert lines[:4] == ["-# Question: why?", "**yes**", "> It was so.", "> It really was."]
    assert lines[4].startswith("— US admits raid · Newswire · 2022-10-06 · [open at the quote](<h")
    assert lines[5:] == ["-# Confidence 50%"]


@pytest.mark.parametrize(
    "quote",
    [
        'He said: "no", at 10:30 (UTC) — see https://x.example/a_b*c#d.',
        "# not a heading\n\n- not a list\n1. nor this\n> nor a quote\n-# nor small",
        "@everyone <@123> `code` ||spoiler|| ~~struck~~ __under__ \\o/",
        "می‌خواهم برم خونه",
        "👩🏽‍🚀 and 🇩🇪 and ❤️",
        "e\u0301te\u0301",
    ],
)
def test_the_quote_reads_as_the_quote(quote: str) -> None:
    assert block_quote(one(cited(quote))) == quote


def test_near_copies_stand_below_their_citation() -> None:
    day = dt.date(2022, 10, 7)
    answer = copied(cited("q"), copy("The Week", date=day), copy("Post"))
    lines = one(answer).split("\n")
    assert lines[2].startswith("— US admits raid")
    assert lines[3] == "-# Also in: The Week, 2022-10-07; Post"
    assert lines[4] == "-# Confidence 50%"


def test_three_copies_are_named_and_the_others_counted() -> None:
    answer = copied(cited("q"), *(copy(name) for name in "ABCDEFG"))
    assert also_in(one(answer)) == "A; B; C and 4 more"


def test_a_copy_that_its_source_does_not_tell_apart_is_named_by_its_title() -> None:
    nameless = copy("\u200b", title="\u202e")
    answer = copied(cited("q"), copy("Newswire", "Update"), copy("", "No source"), nameless)
    assert also_in(one(answer)) == "Update; No source; article copy"


def test_copies_with_hostile_names() -> None:
    evil = "@everyone <@123>\n# **b** [x](https://evil.example) \x1b[31m\u202e||s|| `c`"
    message = one(copied(cited("q"), copy(evil), copy("Newswire", evil), copy("", "*" * 5000)))
    assert ALIVE.search(without_own_markup(message)) is None
    assert len(message.split("\n")) == 5 and "\x1b" not in message and "\u202e" not in message
    assert also_in(message).count("@everyone") == 2
    assert also_in(message).endswith("*…")


def test_a_citation_at_its_largest_fits_into_a_message() -> None:
    long = "wörd* " * 500
    of = article(
        long,
        title=long,
        source=long,
        url="https://news.example/" + "x" * 565 + ".pdf",
        page_starts=tuple(range(1500)),
    )
    citations = (Citation(19, of, 1499, len(long)), Citation(20, of, 1499, len(long) - 1))
    many = tuple(copy(f"{n}{long}", date=dt.date(2022, 10, 7)) for n in range(5000))
    passages = (ScoredPassage(Passage(1, of, 0, 9), 1.0, also_in=many),)
    answer = Answer("why?", True, "so", 0.5, citations, passages)
    messages = render_answer(answer, show_question=False)
    assert all(len(message.encode("utf-16-le")) // 2 <= 2000 for message in messages)
    whole = "\n".join(messages)
    assert whole.count("page 1500 · [open at the quote](<") == 2
    assert whole.count("#page=1500>)") == 2
    assert whole.count(" and 4997 more\n") == 2
    assert all(len(quote) > 600 for quote in whole.split("\n") if quote.startswith("> "))


def test_the_page_of_a_quote() -> None:
    paged = {"page_starts": (0, 5), "url": "https://news.example/paper.pdf"}
    text = "First second"
    answer = dataclasses.replace(
        cited(text), citations=(Citation(1, article(text, **paged), 6, 12),)
    )
    assert "2022-10-06 · page 2 · [open at the quote]" in one(answer)
    assert links(one(answer)) == ["https://news.example/paper.pdf#page=2"]
    nowhere = article(text, title="", source="", date=None, **paged | {"url": ""})
    answer = dataclasses.replace(answer, citations=(Citation(1, nowhere, 0, 5),))
    assert "— article a1 · page 1\n" in one(answer)


def test_a_long_quote_is_shortened_visibly() -> None:
    message = one(cited("word* " * 1000))
    shown = block_quote(message)
    assert shown.startswith("word* word*") and shown.endswith("word*…")
    assert not message.split("…")[0].endswith("\\")


def test_a_quote_of_many_lines_is_shortened() -> None:
    shown = block_quote(one(cited("\n".join("abcdefghij"))))
    assert shown == "\n".join("abcdefghij")
    shown = block_quote(one(cited("a\n" * 500)))
    assert shown.count("\n") < 30 and shown.endswith("…")


def test_a_cut_leaves_graphemes_and_escapes_whole() -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    shown = block_quote(one(cited(family * 500)))
    assert set(shown.removesuffix("…").split(family)) == {""}
    shown = block_quote(one(cited("*" * 5000)))
    assert set(shown.removesuffix("…")) == {"*"}


def test_a_long_answer_is_split_between_words_each_part_bold() -> None:
    messages = render_answer(cited("q", answer="word " * 500), show_question=True)
    assert len(messages) == 2
    bolds = [line for m in messages for line in m.split("\n") if line.startswith("**")]
    assert len(bolds) == 2
    assert all(line.endswith("word**") for line in bolds)
    assert "…" not in "".join(messages)


def test_an_endless_answer_is_shortened() -> None:
    messages = render_answer(cited("q", answer="word " * 50_000), show_question=True)
    assert len(messages) <= 4
    assert any(line.endswith("word…**") for m in messages for line in m.split("\n"))


def test_an_answer_of_several_lines() -> None:
    assert one(cited("q", answer="a\n\nb\n")).startswith("**a**\n**b**\n> q")


def test_several_citations_are_numbered_and_each_shown_once() -> None:
    answer = cited("quote", copies=2)
    twice = dataclasses.replace(answer, citations=answer.citations * 2)
    message = one(twice)
    assert message.count("> quote") == 2
    assert "— \\[1\\] US" in message and "— \\[2\\] US" in message


def test_citations_beyond_the_room_are_counted() -> None:
    messages = render_answer(cited("word " * 400, copies=30), show_question=False)
    assert len(messages) == 4
    shown = sum(m.count("\n— ") for m in messages)
    assert f"{30 - shown} more citations not shown" in messages[-1]


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "file:///etc/passwd", "https://"])
def test_no_link_without_a_web_address(url: str) -> None:
    message = one(cited("q", url=url))
    assert links(message) == []
    assert "— US admits raid · Newswire · 2022-10-06\n" in message


def test_a_link_that_is_too_long_gives_way_to_the_article() -> None:
    words = " ".join(["語" * 100] * 12)
    assert links(one(cited(words))) == ["https://news.example/raid"]
    assert links(one(cited("q", url="https://news.example/" + "x" * 700))) == []


def test_an_article_without_any_name() -> None:
    message = one(cited("q", title="\u200b", date=None, source=" ", url="", id="a@1"))
    assert "— article a\\@1" in message


def test_nothing_visible_in_a_quote() -> None:
    assert "> \ufffd\n" in one(cited("\u200b\u200b"))


def test_an_answer_without_a_citation_says_so() -> None:
    assert UNSUPPORTED in one(Answer("why?", True, "because", 0.9))


@pytest.mark.parametrize("text", ["", " ", "\u200b"])
def test_an_answer_that_says_nothing_is_none(text: str) -> None:
    assert one(Answer("why?", True, text, 0.9)) == f"**{NO_ANSWER}**"


@pytest.mark.parametrize(
    ("confidence", "shown"), [(0.0, "0%"), (0.875, "88%"), (1.0, "100%"), (7.0, "100%")]
)
def test_confidence(confidence: float, shown: str) -> None:
    assert one(cited("q", confidence=confidence)).endswith(f"-# Confidence {shown}")


def test_closest_passages() -> None:
    of = article("First part. Second * part.")
    passages = tuple(ScoredPassage(Passage(n, of, 12, 26), 1.0) for n in range(4))
    message = one(Answer("why?", False, "", 0.2, (), passages))
    lines = message.split("\n")
    assert lines[:2] == [f"**{NO_ANSWER}**", "Closest, but no answer found:"]
    assert lines[2] == "> Second \\* part\\." or lines[2] == "> Second \\* part."
    assert lines[3].startswith("— US admits raid · Newswire · 2022-10-06 · [open at this passage]")
    assert message.count("> Second") == 3
    assert "Confidence" not in message


def test_closest_passages_have_pages_and_no_copies() -> None:
    of = article("First. Second.", page_starts=(0, 7), url="https://news.example/a.pdf")
    passage = ScoredPassage(Passage(1, of, 7, 14), 1.0, also_in=(copy("The Week"),))
    message = one(Answer("why?", False, "", 0.2, (), (passage,)))
    assert "· page 2 · [open at this passage](<https://news.example/a.pdf#page=2>)" in message
    assert "Also in" not in message


def test_no_passages_at_all() -> None:
    assert one(Answer("why?", False, "", 0.0)) == f"**{NO_ANSWER}**"


def test_the_question_is_one_short_line() -> None:
    answer = dataclasses.replace(cited("q"), question="a\n# b\n" + "<@1> " * 300)
    first = one(answer, show_question=True).split("\n")[0]
    assert shield(first).startswith("-# Question: a ")
    assert len(first) < 320 and first.endswith("…")


def test_a_problem_is_one_short_line_that_pings_nobody() -> None:
    message = render_problem(FilterError("no article has '@everyone\n<@1>': try " + "*a* " * 500))
    assert ALIVE.search(without_own_markup(message)) is None
    assert "\n" not in message and len(message) <= 500 and message.endswith("…")


def quoted(text: str, answer: str, n: int = 1, **fields: object) -> Citation:
    """A citation of the whole of `text`, `answer` being its words."""
    start = text.index(answer)
    return Citation(n, article(text, **fields), 0, len(text), start, start + len(answer))


RAID = "He blew himself up in the town of Atme, Idlib province in February."


def test_an_answer_with_its_context_and_its_words_in_the_quote() -> None:
    citations = (quoted(RAID, "the town of Atme, Idlib province"),)
    answer = Answer("where?", True, "the town of Atme, Idlib province", 0.8, citations)
    answer = dataclasses.replace(answer, context="western Syria")
    lines = one(answer).split("\n")
    assert lines[0] == "**the town of Atme, Idlib province** \\(western Syria\\)"
    assert lines[1].startswith("> He blew himself up in **the town of Atme, Idlib province** in F")
    assert lines[-1] == "-# Confidence 80%"


def test_a_date_in_full_stands_beside_the_answer() -> None:
    answer = Answer("when?", True, "in February", 0.8, (quoted(RAID, "in February"),))
    answer = dataclasses.replace(answer, resolved="February 2022")
    message = one(answer)
    assert message.startswith("**in February** \\(February 2022\\)\n")
    assert bold_in_block_quote(message) == ["in February"]


def test_a_context_from_outside_is_harmless_and_short() -> None:
    context = "@everyone <@123>\n# **b** [x](https://evil.example) ||s||" + "w* " * 200
    message = one(dataclasses.replace(cited("q"), context=context))
    assert ALIVE.search(without_own_markup(message)) is None
    first, *others = message.split("\n")
    assert len(first) < 150 and first.endswith("…\\)") and others[0] == "> q"


def test_a_quote_that_is_the_answer_has_no_bold_words() -> None:
    assert bold_in_block_quote(one(cited(RAID))) == []
    answer = dataclasses.replace(cited(RAID), citations=(quoted(RAID, RAID),))
    assert bold_in_block_quote(one(answer)) == []


def dead(number: str, date: dt.date | None, stories: int, **fields: object) -> AnswerReading:
    citation = quoted(f"Police said {number} people died.", number, **fields)
    return AnswerReading(number, 0.61, (citation,), stories, date)


def test_readings_that_disagree_are_listed_newest_first() -> None:
    readings = (
        dead("12", dt.date(2022, 10, 6), 1, id="old"),
        dead("14", dt.date(2022, 10, 7), 2, id="new", title="Update"),
    )
    answer = Answer("how many?", True, "12", 0.4, readings[0].citations, readings=readings)
    lines = one(answer, show_question=True).split("\n")
    assert lines[:2] == ["-# Question: how many?", f"**{DISAGREE}**"]
    assert lines[2] == "**14** · 2022-10-07 · 2 independent articles · confidence 61%"
    assert lines[3] == "> Police said **14** people died."
    assert lines[4].startswith("— Update · Newswire")
    assert lines[5] == "**12** · 2022-10-06 · 1 article · confidence 61%"
    assert lines[6] == "> Police said **12** people died."
    assert lines[7].startswith("— US admits raid") and len(lines) == 8


def test_a_reading_at_its_largest_fits_into_a_message() -> None:
    long = "wörd* " * 500
    fields = {"title": long, "source": long, "url": "https://news.example/" + "x" * 565 + ".pdf"}
    of = article(long, page_starts=tuple(range(1500)), **fields)
    reading = AnswerReading(long, 1.0, (Citation(1, of, 1499, 3000, 2800, 2900),), 10**6, None)
    passages = (
        ScoredPassage(
            Passage(1, of, 0, 9), 1.0, also_in=tuple(copy(f"{n}{long}") for n in range(9))
        ),
    )
    answer = Answer("?", True, long, 0.5, (), passages, readings=(reading,) * 6)
    messages = render_answer(dataclasses.replace(answer, question=long), show_question=True)
    assert len(messages) == 4
    assert all(len(message.encode("utf-16-le")) // 2 <= 2000 for message in messages)
    quotes = [line for m in messages for line in m.split("\n") if line.startswith("> ")]
    assert all(len(quote) > 250 for quote in quotes) and len(quotes) >= 3
    assert f"{6 - len(quotes)} more readings not shown" in messages[-1]
