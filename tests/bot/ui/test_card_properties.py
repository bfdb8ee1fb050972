"""Whatever an article, a reader or a person writes: cards keep to limits, and nothing is alive."""

from __future__ import annotations

import dataclasses
import datetime as dt
import unicodedata

from card_reading import bold, bold_in_quotes, check_harmless, check_limits, links, marked_up, plain
from hypothesis import given, settings
from hypothesis import strategies as st
from test_render_properties import answers, citations, hostile

from bot.qa.answer import Answer, Citation
from bot.ui.cards import answer_card
from bot.ui.cite_card import citation_card, cite_card
from bot.ui.passages import page_count, passage_page
from bot.ui.visible import lines
from bot.ui.why import why_card
from index.filtering import SearchFilter

TODAY = dt.date(2022, 11, 23)
ROOM = "https://room.example/"

filters = st.builds(
    SearchFilter,
    since=st.none() | st.just(dt.date(2022, 1, 1)),
    until=st.none() | st.just(dt.date(2022, 12, 31)),
    sources=st.lists(hostile, max_size=30).map(tuple),
    article_sets=st.lists(hostile, max_size=3).map(tuple),
    tags=st.lists(hostile, max_size=3).map(tuple),
)
addresses = st.sampled_from(["", ROOM, ROOM + "a" * 700, "javascript:alert(1)", "own"])


def link_of(citation: Citation, address: str) -> str:
    return citation.link if address == "own" else address


@settings(max_examples=60, deadline=None)
@given(
    answer=answers(),
    asked_as=hostile,
    note=hostile,
    within=st.none() | filters,
    address=addresses,
    show=st.booleans(),
)
def test_an_answer(
    answer: Answer, asked_as: str, note: str, within: SearchFilter | None, address: str, show: bool
) -> None:
    card = answer_card(
        answer,
        link_of=lambda citation: link_of(citation, address),
        today=TODAY,
        show_question=show,
        asked_as=asked_as,
        note=note,
        within=within,
    )
    check_limits(card)
    check_harmless(card)
    text = card.description or ""
    assert all(ord(character) not in range(0xD800, 0xE000) for character in text)
    for _, found in links(text):
        assert f" · {found.split('/')[2]}" in plain(text), "the host of every link is shown"
    said = "\n".join(line for line in lines(answer.answer).split("\n") if line)
    if answer.answered and said and not answer.readings:
        shown = "\n".join(bold(text))
        whole = shown == said
        cut = shown.endswith("…") and squeezed(said).startswith(squeezed(shown[:-1]))
        assert whole or cut, (shown, said)
        check_counted(text, len({c.article.id + f" {c.start} {c.end}" for c in answer.citations}))
    if not answer.readings or not answer.answered or not said:
        return
    assert text.count("**") >= 2 * len(bold_in_quotes(text))


def check_counted(text: str, total: int) -> None:
    """Each citation is shown, or counted among those that are not."""
    shown = len(bold_in_quotes(text))
    if shown < total:
        more = total - shown
        assert text.endswith(f"-# {more} more citation{'s' * (more > 1)} not shown")
    assert shown or not total


def squeezed(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=60, deadline=None)
@given(answer=answers(), address=addresses, page=st.integers(-1, 9))
def test_passages(answer: Answer, address: str, page: int) -> None:
    card = passage_page(
        answer.passages * 3,
        page,
        link_of=lambda citation: link_of(citation, address),
        citations=answer.citations * 2,
    )
    check_limits(card)
    check_harmless(card)
    pages = page_count(answer.passages * 3)
    if answer.passages:
        assert f"Page {min(max(page, 1), pages)} of {pages}" in str(card.footer.text)


@settings(max_examples=40, deadline=None)
@given(
    answer=answers(), asked_as=hostile, generation=hostile, within=st.none() | filters,
    many=st.booleans(),
)  # fmt: skip
def test_why(
    answer: Answer, asked_as: str, generation: str, within: SearchFilter | None, many: bool
) -> None:
    answer = dataclasses.replace(
        answer,
        passages=answer.passages * (7 if many else 1),
        timings_ms={"retrieve": 12.3, "read": 1e9, "@everyone": 1.0},
    )
    card = why_card(answer, asked_as=asked_as, generation=generation, within=within, as_of=TODAY)
    check_limits(card)
    check_harmless(card)
    assert "@everyone" not in str(card.fields[-3].value)


@settings(max_examples=60, deadline=None)
@given(citation=citations(1), address=addresses)
def test_citing(citation: Citation, address: str) -> None:
    card = cite_card(citation, accessed=TODAY, link=link_of(citation, address))
    check_limits(card)
    check_harmless(card)
    assert [one.name for one in card.fields] == ["Markdown", "Plain text", "APA 7", "BibTeX"]
    posted = citation_card(citation, link_of=lambda one: link_of(one, address))
    check_limits(posted)
    check_harmless(posted)


@settings(max_examples=60, deadline=None)
@given(citation=citations(1))
def test_the_words_in_bold_are_the_answers(citation: Citation) -> None:
    (text,) = marked_up(citation_card(citation, link_of=lambda _: ""))
    (shown,) = bold_in_quotes(text)
    if citation.answer_start is None or text.count("…") > citation.quote.count("…"):
        return
    if (citation.answer_start, citation.answer_end) == (citation.start, citation.end):
        assert shown == []
        return
    words = citation.article.text[citation.answer_start : citation.answer_end]
    # A grapheme is bold as a whole, so marks beside the words may be bold with them.
    assert ink("".join(shown)) == ink(lines(words)) or unusual(citation)


def ink(text: str) -> str:
    kept = (c for c in text if unicodedata.category(c)[0] not in "MC" and not c.isspace())
    return "".join(kept).replace("\u25cc", "")


def unusual(citation: Citation) -> bool:
    """Whether a character beside the words' edges belongs to a grapheme that they cut."""
    text, edges = citation.article.text, (citation.answer_start, citation.answer_end)
    near = "".join(text[max(0, edge - 2) : edge + 2] for edge in edges if edge is not None)
    return any(c > "\u02ff" and not c.isalpha() for c in near) or "\r" in near
