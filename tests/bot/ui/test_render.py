"""Answers as messages: what they say, in which order, and where they are cut."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from discord_markdown import block_quote, links, shield

from bot.qa.answer import Answer, Citation
from bot.ui.render import NO_ANSWER, UNSUPPORTED, render_answer
from index.article import Article, Passage, ScoredPassage


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


def test_no_passages_at_all() -> None:
    assert one(Answer("why?", False, "", 0.0)) == f"**{NO_ANSWER}**"


def test_the_question_is_one_short_line() -> None:
    answer = dataclasses.replace(cited("q"), question="a\n# b\n" + "<@1> " * 300)
    first = one(answer, show_question=True).split("\n")[0]
    assert shield(first).startswith("-# Question: a ")
    assert len(first) < 320 and first.endswith("…")
