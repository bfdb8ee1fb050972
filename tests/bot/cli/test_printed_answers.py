"""Answers as they are printed for people, into a file and on a terminal."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import sys

import pytest

from bot.cli.answers import show_answer
from bot.cli.output import Output
from bot.qa.answer import Answer, AnswerReading, Citation
from index.article import Article, ArticleReference, Passage, ScoredPassage

RAID = "He blew himself up in the town of Atme,  Idlib province in February."
BOLD, NORMAL = "\x1b[1m", "\x1b[0m"


class Terminal(io.StringIO):
    """Takes what is printed, and says that it is a terminal."""

    def isatty(self) -> bool:
        return True


def on_terminal(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> str:
    """What a terminal gets to show `answer`."""
    stdout = Terminal()
    with monkeypatch.context() as patched:
        patched.setenv("TERM", "xterm-256color")
        patched.setenv("COLUMNS", "40")
        patched.delenv("NO_COLOR", raising=False)
        patched.setattr(sys, "stdout", stdout)
        show_answer(Output(json=False), answer)
    return stdout.getvalue()


def article(text: str, **fields: object) -> Article:
    given: dict[str, object] = {
        "id": "a1",
        "title": "US admits raid",
        "date": dt.date(2022, 10, 6),
        "source": "Newswire",
        "url": "https://news.example/raid",
    }
    return Article(text=text, **(given | fields))  # type: ignore[arg-type]  # fields of the tests


def quoted(text: str, answer: str, n: int = 1, **fields: object) -> Citation:
    start = text.index(answer)
    return Citation(n, article(text, **fields), 0, len(text), start, start + len(answer))


def answered(text: str, answer: str, **fields: object) -> Answer:
    return Answer("?", True, answer, 0.8, (quoted(text, answer, **fields),))


def printed(capsys: pytest.CaptureFixture[str], answer: Answer) -> list[str]:
    show_answer(Output(json=False), answer)
    return capsys.readouterr().out.split("\n")


def test_the_answer_its_context_and_its_numbered_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    place = "the town of Atme,  Idlib province"
    answer = answered(RAID, place)
    other = quoted("He died in Atme.", "Atme", 2, id="a2", url="", title="", source="Post")
    answer = dataclasses.replace(
        answer, citations=(*answer.citations, other), context="western Syria"
    )
    assert printed(capsys, answer) == [
        "the town of Atme,  Idlib province (western Syria)",
        "",
        "[1] US admits raid, 2022-10-06, Newswire",
        "    “He blew himself up in the town of Atme, Idlib province in February.”",
        f"    {answer.citations[0].link}",
        "",
        "[2] a2, 2022-10-06, Post",
        "    “He died in Atme.”",
        "",
    ]


def test_a_date_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    answer = dataclasses.replace(answered(RAID, "in February"), resolved="February 2022")
    assert printed(capsys, answer)[0] == "in February (February 2022)"


def test_readings_that_disagree_newest_first(capsys: pytest.CaptureFixture[str]) -> None:
    def dead(number: str, n: int, stories: int, date: dt.date | None) -> AnswerReading:
        citation = quoted(f"{number} people died.", number, n, url="", date=date)
        return AnswerReading(number, 0.4, (citation,), stories, date)

    readings = (
        dead("12", 1, 1, dt.date(2022, 10, 6)),
        dead("14", 2, 3, dt.date(2022, 10, 7)),
        dead("13", 3, 1, None),
    )
    answer = Answer("how many?", True, "12", 0.4, readings[0].citations, readings=readings)
    assert printed(capsys, answer) == [
        "The articles disagree:",
        "",
        "- 14 (2022-10-07, 3 independent articles)",
        "",
        "[2] US admits raid, 2022-10-07, Newswire",
        "    “14 people died.”",
        "",
        "- 12 (2022-10-06, 1 article)",
        "",
        "[1] US admits raid, 2022-10-06, Newswire",
        "    “12 people died.”",
        "",
        "- 13 (1 article)",
        "",
        "[3] US admits raid, Newswire",
        "    “13 people died.”",
        "",
    ]


def test_copies_stand_below_their_citation(capsys: pytest.CaptureFixture[str]) -> None:
    answer = answered(RAID, "February")
    copy = ArticleReference("b", "The raid", None, "Post", "")
    passage = Passage(1, answer.citations[0].article, 0, 5)
    answer = dataclasses.replace(answer, passages=(ScoredPassage(passage, 1.0, also_in=(copy,)),))
    assert printed(capsys, answer)[-2] == "    Also in: The raid, Post"


def test_no_answer(capsys: pytest.CaptureFixture[str]) -> None:
    passages = tuple(ScoredPassage(Passage(n, article(RAID), 0, 16), 1.0) for n in range(4))
    lines = printed(capsys, Answer("?", False, "", 0.1, (), passages))
    assert lines[:2] == ["No answer found.", "The closest passages:"]
    assert lines[2:] == [
        *["", "- US admits raid, 2022-10-06, Newswire", "    He blew himself"] * 3,
        "",
    ]
    assert printed(capsys, Answer("?", False, "", 0.1)) == ["No answer found.", ""]


def test_on_a_terminal_the_answers_words_are_bold_in_the_quote(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = on_terminal(monkeypatch, answered(RAID, "the town of Atme,  Idlib province"))
    assert shown.startswith("the town of Atme,  Idlib province\n\n[1] US admits raid")
    assert f"up in {BOLD}the town of Atme, Idlib province{NORMAL} in February.”\n" in shown
    assert shown.count("\x1b") == 2


def test_on_a_terminal_no_line_is_broken_and_no_markup_obeyed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "[red]word[/] :smile: " * 100 + "http://x.example 1234"
    shown = on_terminal(monkeypatch, answered(text, text[:9]))
    assert f"“{BOLD}[red]word{NORMAL}[/] :smile: {text[21:]}”\n" in shown


@pytest.mark.parametrize("at_terminal", [False, True])
@pytest.mark.parametrize(
    ("before", "words", "after"),
    [
        ("\x1b[31m a", "\x1b]8;;x\x07b\x9b2J", "\x07 c\u202e"),
        ("\x1b", "[31mb", " c"),
        ("a \x1b]8;;", "b", "\x07 c"),
        ("\ufdd0a\ufdd1 ", "\ufdd1b\ufdd0", " \ufdd0c"),
        ("a", " \n b \n", "c"),
        ("a ", "\r\n", " c"),
    ],
)
def test_nothing_in_a_quote_drives_a_terminal(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    before: str,
    words: str,
    after: str,
    at_terminal: bool,
) -> None:
    text = before + words + after
    citation = Citation(1, article(text), 0, len(text), len(before), len(before + words))
    answer = Answer("?", True, words, 0.8, (citation,), context="\x1b[2Jcontext\ufdd0")
    if at_terminal:
        shown = on_terminal(monkeypatch, answer).replace(BOLD, "").replace(NORMAL, "")
    else:
        shown = "\n".join(printed(capsys, answer))
    assert not set(shown) & set("\x1b\x07\x9b\r\u202e\ufdd0\ufdd1")
    assert "(context)" in shown
