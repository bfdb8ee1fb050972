"""Spans made whole. In each text [[ and ]] mark what a model gave."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.qa.reading.widening import WORD_REACH, widen


def widened(marked: str) -> str:
    start = marked.index("[[")
    end = marked.index("]]") - 2
    text = marked.replace("[[", "").replace("]]", "")
    one, two = widen(text, start, end)
    return text[one:two]


@pytest.mark.parametrize(
    ("marked", "answer"),
    [
        ("Sal[[for]]d is wet.", "Salford"),
        ("A [[well]]-known singer.", "well-known"),
        ("The 12-[[year]]-old fled.", "12-year-old"),
        ("The U[[.S]]. envoy left.", "U.S."),
        ("It is 3[[.5]] miles away.", "3.5"),
        ("Sales fell [[3]],2 % in May.", "3,2 %"),
        ("Sales fell 3.2[[\u00a0%]] in May.", "3.2\u00a0%"),
        ("It cost $[[41]].75 then.", "$41.75"),
        ("It cost US$[[4]] million then.", "US$4 million"),
        ("It cost €4[[.5bn]] then.", "€4.5bn"),
        ("About [[12]] million left.", "12 million"),
        ("About 12 [[million]] left.", "12 million"),
        ("Some [[forty]] per cent left.", "forty per cent"),
        ("It fell by 2 [[percentage]] points.", "2 percentage points"),
        ("At [[8]] p.m. it ended.", "8 p.m."),
        ("It was -[[5]] °C there.", "-5 °C"),
        ("On 9/[[11]] he was away.", "9/11"),
        ("See [[example]].org for more.", "example.org"),
        ("A cafe\u0301[[ call]]ed Cafe\u0301 [[x]] Nord", "called"),
        ("the Caf[[e]]\u0301 there", "Cafe\u0301"),
        ("eine Stra[[ß]]e hier", "Straße"),
        ("他在[[北京]]工作", "北京"),
        ("הוא גר [[בירושל]]ים היום", "בירושלים"),
    ],
)  # fmt: skip
def test_whole_words_and_numbers(marked: str, answer: str) -> None:
    assert widened(marked) == answer


@pytest.mark.parametrize(
    ("marked", "answer"),
    [
        ("They chose Abu Yahya al-Hamdani al-[[Rawi]] as leader.", "Abu Yahya al-Hamdani al-Rawi"),
        ("They chose [[Abu]] Yahya al-Hamdani.", "Abu Yahya al-Hamdani"),
        ("a post of al [[Nusra]] there", "al Nusra"),
        ("Omar bin [[Rashid]] spoke.", "Omar bin Rashid"),
        ("It is by Jan van der [[Meer]], he said.", "Jan van der Meer"),
        ("It is by [[Luis]] de la Vega, he said.", "Luis de la Vega"),
        ("She left the University of [[Lund]] then.", "University of Lund"),
        ("She left the [[University of]] Lund then.", "University of Lund"),
        ("the Ministry of the [[Interior]] said", "Ministry of the Interior"),
        ("John Q. [[Publick]] won.", "John Q. Publick"),
        ("Otto [[Lind]] Jr. won.", "Otto Lind Jr."),
        ("the shop of Hart & [[Sons]] there", "Hart & Sons"),
        ("Anna [[May]] won in May 2019.", "Anna May"),
        ("Fighters of the [[Islamic]] State fled.", "Islamic State"),
    ],
)
def test_whole_names(marked: str, answer: str) -> None:
    assert widened(marked) == answer


@pytest.mark.parametrize(
    ("marked", "answer"),
    [
        ("Yesterday [[Lind]] won.", "Lind"),
        ("Suspected [[Lind]] supporters fled.", "Lind"),
        ("“Yesterday [[Lind]] won,” he said.", "Lind"),
        ("(CNN) -- Four [[Swedes]] left.", "Swedes"),
        ("President Otto [[Lind]] won.", "Otto Lind"),
        ("Prime Minister [[Lind]] won.", "Lind"),
        ("the [[Prime]] Minister", "Prime Minister"),
        ("Secretary of State Otto [[Lind]] won.", "Otto Lind"),
        ("the president of [[Sweden]] won", "Sweden"),
        ("President of [[Sweden]] since 2001", "Sweden"),
        ("On Monday [[Lind]] won.", "Lind"),
        ("In [[Lund]], Sweden, it rains.", "Lund"),
        ("the Malmo-based [[Lind]] group", "Lind"),
        ("[[Sweden]]'s Lund district", "Sweden"),
        ("in Sweden's [[Lund]] district", "Lund"),
        ("Two [[Killed]] In Raid On Northern Town Overnight", "Killed"),
        ("the mayor of Lund\n[[Otto]] won.", "Otto"),
    ],
)
def test_neighbours_are_left_alone(marked: str, answer: str) -> None:
    assert widened(marked) == answer


def test_a_first_word_that_is_written_small_elsewhere_is_no_name() -> None:
    assert widened("Marchers [[Lind]] and Berg led. The marchers sang.") == "Lind"
    assert widened("Marcus [[Lind]] and Berg led. The marchers sang.") == "Marcus Lind"


def test_names_in_lines_that_were_wrapped() -> None:
    line = "The committee, which met for the first time this year, chose Otto"
    assert widened(f"{line}\n[[Lind]] as its leader.") == "Otto\nLind"


@pytest.mark.parametrize(
    ("marked", "answer"),
    [
        ("It was [[in Atme]] then.", "Atme"),
        ("[[In Atme]], it rained.", "Atme"),
        ("It was in [[the town of Atme, Idlib,]] then.", "the town of Atme, Idlib"),
        ("It was [[the town of]] Atme then.", "the town"),
        ("It was in the [[town of Atme]] then.", "the town of Atme"),
        ("It was in the [[Bay of Fundy]] then.", "Bay of Fundy"),
        ("He went [[to the coast.]]", "the coast"),
        ("He did it [[to win the war.]]", "to win the war"),
        ("It killed [[at least 12]] people.", "at least 12"),
        ("It ends [[by 2030]], he said.", "by 2030"),
        ("He did it [[by asking]] twice.", "by asking"),
        ("She stood [[in front of the house]] then.", "in front of the house"),
        ("It was [[in]] Atme.", "in"),
        ("He said: [[“We won.”]]", "We won"),
        ("The agency ([[CIA)]] said so.", "CIA"),
        ("The [[Agency (CIA]]) said so.", "Agency (CIA)"),
        ("The film “The [[Ring” opened]] then.", "“The Ring” opened"),
        ('The film "The [[Ring" opened]] then.', '"The Ring" opened'),
        ("He (who [[knew) left early]] then", "(who knew) left early"),
        ("Berg [[(left]] as it never ends", "left"),
        ("x [[— 🎉 Atme 😀 …]] y", "Atme"),
    ],
)  # fmt: skip
def test_ends(marked: str, answer: str) -> None:
    assert widened(marked) == answer


@pytest.mark.parametrize(
    ("marked", "answer"),
    [
        ("He left. [[He came to Lund. It]] rained.", "He came to Lund"),
        ("He [[left. He came to the old town]] then.", "He came to the old town"),
        ("The old [[town\n\nIt]] rained.", "town"),
        ("It began at [[9 p.m. Monday]] there.", "9 p.m. Monday"),
        ("She is [[Dr. Anna Lind]] there.", "Dr. Anna Lind"),
    ],
)
def test_one_sentence(marked: str, answer: str) -> None:
    assert widened(marked) == answer


@pytest.mark.parametrize("text", [" ", "\u00a0\n", "...", "😀", "—"])
def test_spans_without_words_stay(text: str) -> None:
    assert widen(f"a {text} b", 2, 2 + len(text)) == (2, 2 + len(text))


@pytest.mark.parametrize("span", [(-1, 2), (2, 2), (3, 2), (0, 5)])
def test_what_is_no_span(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no span of a text of 4 characters"):
        widen("Atme", *span)


PIECES = (
    "a", "B", "Abu ", "al-", "al ", "Lind ", "President ", "University of ", "the ", "in ", "May ",
    "12", " million", " per cent", "$", "%", "-", "'s", "Gen. ", "of ", "King ", "Jr. ", " & ",
    "by ", "to ", "at least ", ".", "!", ",", " ", "\n", "\n\n", "\r\n", "\u00a0", "\u2028",
    "\u2029", "\u200b", "\u200d", "\u0301", "e\u0301", "😀", "👩\u200d👧", "“", "”", '"', "'",
    "\u2019", "(", ")", "[", "]", "U.S. ", "J. K. ", "p.m. ", "3.5", "İ", "ß", "中文。", "שלום",
    "The raid failed. ", "x" * 200,
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join) | st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80
)


@settings(deadline=None)
@given(TEXTS, st.data())
def test_widening_in_any_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    one, two = widen(text, start, end)
    assert 0 <= one < two <= len(text)
    assert start - WORD_REACH <= one and two <= end + WORD_REACH
    if text[start:end].strip():
        assert text[one:two] == text[one:two].strip()
        assert one < end and start < two, "what was found is in it"
    assert widen(text, one, two) == (one, two)
