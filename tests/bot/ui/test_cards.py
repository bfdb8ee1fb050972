"""Cards: what they say, in which order, and when."""

from __future__ import annotations

import dataclasses
import datetime as dt

import discord
import pytest
from card_reading import bold, bold_in_quotes, check_harmless, check_limits, links, plain
from test_render import RAID, article, cited, copied, copy, dead, quoted

from bot.qa.answer import Answer, Citation
from bot.ui.cards import AMBER, GREEN, GREY, answer_card, confidence_word
from bot.ui.cite_card import cite_card
from bot.ui.parts import NO_ANSWER, UNSUPPORTED
from bot.ui.passages import NO_PASSAGES, passage_page
from bot.ui.why import why_card
from index.article import Passage, ScoredPassage
from index.filtering import SearchFilter

SOON = dt.date(2022, 10, 20)
LATER = dt.date(2022, 11, 6)
WHERE = Answer(
    "where?", True, "the town of Atme", 0.84, (quoted(RAID, "the town of Atme"),),
    context="western Syria",
)  # fmt: skip


def card(answer: Answer, **options: object) -> discord.Embed:
    given: dict[str, object] = {
        "link_of": lambda _: "https://room.example/1",
        "today": SOON,
        "show_question": False,
    }
    shown = answer_card(answer, **(given | options))  # type: ignore[arg-type]
    check_limits(shown)
    check_harmless(shown)
    return shown


def text(shown: discord.Embed) -> str:
    return shown.description or ""


def test_order_of_a_card() -> None:
    shown = card(WHERE, show_question=True)
    assert plain(text(shown)).split("\n") == [
        "Question: where?",
        "the town of Atme (western Syria)",
        RAID,
        "[1] US admits raid, Newswire, 6 Oct 2022 · room.example",
    ]
    assert bold(text(shown)) == ["the town of Atme"]
    assert bold_in_quotes(text(shown)) == [["the town of Atme"]]
    assert links(text(shown)) == [
        ("[1] US admits raid, Newswire, 6 Oct 2022", "https://room.example/1")
    ]
    assert shown.footer.text == "Sure" and shown.colour == discord.Colour(GREEN)


@pytest.mark.parametrize(
    ("confidence", "word"),
    [(1, "sure"), (0.8, "sure"), (0.79, "likely"), (0.5, "likely"), (0.49, "unsure")],
)
def test_confidence_in_words(confidence: float, word: str) -> None:
    assert confidence_word(confidence) == word
    shown = card(dataclasses.replace(WHERE, confidence=confidence))
    assert shown.footer.text == word.capitalize()


@pytest.mark.parametrize(
    ("today", "footer"),
    [(dt.date(2022, 11, 5), "Sure"), (LATER, "Sure · as of 6 Oct 2022"), (dt.date.min, "Sure")],
)
def test_evidence_over_thirty_days_old_is_dated(today: dt.date, footer: str) -> None:
    assert card(WHERE, today=today).footer.text == footer


def test_evidence_without_a_date_has_no_age() -> None:
    undated = dataclasses.replace(WHERE, citations=(quoted(RAID, "Atme", date=None),))
    assert card(undated, today=dt.date(2030, 1, 1)).footer.text == "Sure"


def test_what_was_searched_is_shown_where_it_is_not_the_question() -> None:
    assert "Searching" not in text(card(WHERE, asked_as=" where? "))
    shown = text(card(WHERE, asked_as="Where was he killed?"))
    assert shown.startswith("-# Searching: Where was he killed?\n")


def test_a_correction_is_a_field_of_its_own() -> None:
    (field,) = card(WHERE, note="8 Oct 2022: the article was changed\n@everyone").fields
    assert field.name == "Correction"
    assert plain(str(field.value)) == "8 Oct 2022: the article was changed @everyone"


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "https://" + "a." * 60 + "example"])
def test_a_link_that_cannot_be_shown_leaves_the_plain_line(address: str) -> None:
    nowhere = dataclasses.replace(WHERE, citations=(quoted(RAID, "Atme", url="", title="[A] b"),))
    shown = text(card(nowhere, link_of=lambda _: address))
    assert links(shown) == []
    assert plain(shown).endswith("\n[1] [A] b, Newswire, 6 Oct 2022")


def test_brackets_never_end_a_link() -> None:
    title = "[x](https://evil.example) ]( [["
    answer = dataclasses.replace(WHERE, citations=(quoted(RAID, "Atme", title=title),))
    ((label, address),) = links(text(card(answer)))
    assert label.startswith("[1] (x)(https://evil.example) )( ((, Newswire")
    assert address == "https://room.example/1"


def test_near_copies() -> None:
    shown = plain(text(card(copied(cited("q"), copy("The Week", date=dt.date(2022, 10, 7))))))
    assert shown.endswith("\nAlso in: The Week, 7 Oct 2022")


def test_readings_that_disagree_newest_first() -> None:
    readings = (
        dead("12", dt.date(2022, 10, 6), 1, id="old"),
        dead("14", dt.date(2022, 10, 7), 2, id="new", title="Update"),
    )
    answer = Answer("how many?", True, "12", 0.4, readings[0].citations, readings=readings)
    shown = card(answer, today=dt.date(2022, 11, 7))
    assert plain(text(shown)).split("\n") == [
        "The articles disagree:",
        "14 · 7 Oct 2022 · 2 independent articles · likely",
        "Police said 14 people died.",
        "Update, Newswire, 6 Oct 2022 · room.example",
        "",
        "12 · 6 Oct 2022 · 1 article · likely",
        "Police said 12 people died.",
        "US admits raid, Newswire, 6 Oct 2022 · room.example",
    ]
    assert bold_in_quotes(text(shown)) == [["14"], ["12"]]
    assert shown.footer.text == "As of 7 Oct 2022" and shown.colour == discord.Colour(AMBER)


def test_an_abstention_shows_the_closest_and_what_to_try() -> None:
    of = article("First part. Second part.")
    passages = tuple(ScoredPassage(Passage(n, of, 12, 24), 1.0) for n in range(4))
    none = Answer("why?", False, "", 0.2, (), passages)
    seen: list[Citation] = []
    shown = card(none, link_of=lambda one: seen.append(one) or "https://room.example/1")  # type: ignore[func-returns-value]
    assert bold(text(shown)) == [NO_ANSWER] and text(shown).count("> Second part") == 3
    assert [(one.n, one.quote) for one in seen] == [(n, "Second part.") for n in (1, 2, 3)]
    (field,) = shown.fields
    assert field.name == "What to try" and str(field.value).count("\n") == 1
    assert shown.footer.text is None and shown.colour == discord.Colour(GREY)
    within = SearchFilter(since=SOON, sources=("Newswire",), tags=("a",))
    (field,) = card(none, within=within).fields
    assert str(field.value).count("\n- Leave out") == 3


def test_an_answer_without_a_citation_says_so() -> None:
    shown = card(Answer("why?", True, "because", 0.9))
    assert shown.footer.text == f"Sure · {UNSUPPORTED}"


def test_citations_beyond_the_room_are_counted() -> None:
    shown = text(card(cited("word " * 400, copies=30)))
    count = shown.count("\\[")
    assert 4 <= count < 30 and shown.endswith(f"\n-# {30 - count} more citations not shown")


def test_a_card_at_its_largest_holds_its_first_citation() -> None:
    long = "wörd* " * 900
    of = article(long, title=long, source=long, page_starts=tuple(range(1500)))
    answer = copied(cited("q", answer=long), *(copy(long, date=SOON) for _ in range(9)))
    answer = dataclasses.replace(
        answer,
        question=long,
        context=long,
        citations=(Citation(1, of, 1499, 3000, 2800, 2900),),
        passages=(ScoredPassage(Passage(1, of, 0, 9), 1.0, also_in=answer.passages[0].also_in),),
    )
    address = f"https://{'a.' * 45}example/{'x' * 480}"
    shown = card(answer, show_question=True, asked_as="so " + long, note=long,
                 link_of=lambda _: address)  # fmt: skip
    assert len(bold_in_quotes(text(shown))) == 1 and links(text(shown))
    assert bold(text(shown))[0].endswith("…") and str(shown.fields[0].value).endswith("…")


def test_pages_of_passages() -> None:
    of = article("One sentence. Two sentences. Three.")
    passages = [ScoredPassage(Passage(n, of, 0, 35), 1.0) for n in range(3)]
    quotes = (Citation(1, of, 0, 13), Citation(2, of, 29, 35), Citation(3, of, 30, 33))
    other = Citation(4, article("One sentence. Two", id="other"), 0, 17)
    page = passage_page(passages, 1, link_of=lambda _: "", citations=(*quotes, other))
    check_limits(page)
    assert bold_in_quotes(text(page)) == [["One sentence.", "Three."]] * 2
    assert plain(text(page)).startswith("1. US admits raid, Newswire, 6 Oct 2022 · news.example\n")
    assert page.footer.text == "Page 1 of 2 · passages 1 and 2 of 3"
    assert passage_page(passages, 9, link_of=lambda _: "").footer.text == (
        "Page 2 of 2 · passage 3 of 3"
    )
    assert text(passage_page([], 1, link_of=lambda _: "")) == NO_PASSAGES


def test_why() -> None:
    of = article("One.")
    answer = dataclasses.replace(
        WHERE,
        passages=(ScoredPassage(Passage(1, of, 0, 4), 0.5, cosine=0.25, bm25=3.14),),
        timings_ms={"retrieve": 12.4, "read": 100.0, "total": 112.4},
    )
    within = SearchFilter(until=SOON, sources=("Newswire", "Post"))
    shown = why_card(answer, asked_as="Where?", within=within, as_of=LATER, generation="7")
    check_limits(shown)
    assert {one.name: plain(str(one.value)) for one in shown.fields} == {
        "Confidence": "84%, sure",
        "Generation": "7",
        "Time": "search 12 ms, read 100 ms, together 112 ms",
        "Searched": "Where?\nuntil 20 Oct 2022\nsource: Newswire; Post\nas of 6 Nov 2022",
        "Passages": "1. US admits raid: 0.5, meaning 0.25, words 3.1",
    }


def test_why_of_an_abstention() -> None:
    shown = why_card(Answer("why?", False, "", 0.2))
    values = [str(one.value) for one in shown.fields]
    assert values == ["20%, not enough to answer", "why?", "none"]


def test_a_citation_too_long_is_shortened_in_every_style() -> None:
    long = article("word% " * 900, title="t_" * 900, authors=("Nora Name",) * 40)
    shown = cite_card(Citation(2, long, 0, 5000), accessed=SOON, link="https://room.example/1")
    check_limits(shown)
    check_harmless(shown)
    assert shown.title == "Cite [2]"
    assert all("…" in str(one.value) for one in shown.fields)
    assert str(shown.fields[3].value).endswith("},\n}\n```")
