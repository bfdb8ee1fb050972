"""Quotes found in articles: byte for byte, or as the true text that they nearly are."""

from __future__ import annotations

import pytest
from proof_sentences import passage

from bot.proof.quotes import MAX_PASSAGES, MAX_QUOTE, locate
from index.article import Article, Passage, ScoredPassage

TEXT = (
    "The mayor said \u201cwe won\u2019t pay $1.2 million\u201d on Thursday \u2014 twice. "
    "Al Quraishi blew himself up during a US raid in the town of Atme.\n\n"
    "Some 120 people were not hurt, the U.S. Army said. The plan is legal, and 12% agree.\n"
    "It cost 5 million euros... and more. Erdo\u011fan was there."
)


def found(quote: str, text: str = TEXT) -> str | None:
    located = locate(quote, [passage(text)])
    return located and located.text


def test_a_quote_is_found_byte_for_byte() -> None:
    located = locate("during a US raid", [passage(TEXT)])
    assert located is not None
    assert located.exact
    assert TEXT[located.start : located.end] == "during a US raid"


def test_only_the_passages_are_searched_not_the_rest_of_their_articles() -> None:
    article = Article("one", "", None, "", "", TEXT)
    assert locate("a US raid", [Passage(1, article, 0, 60)]) is None


def test_an_exact_place_in_a_later_passage_comes_before_a_near_one() -> None:
    near, exact = (
        passage("They said \u201cno\u201d to it."),
        passage('They said "no" to it.', id="two"),
    )
    located = locate('They said "no" to it.', [ScoredPassage(near, 1.0), exact])
    assert located is not None
    assert (located.article.id, located.exact) == ("two", True)


@pytest.mark.parametrize(
    ("quote", "true"),
    [
        ("The mayor said \"we won't pay", "The mayor said \u201cwe won\u2019t pay"),
        ("on Thursday - twice", "on Thursday \u2014 twice"),
        ("on  Thursday\u2013twice", "on Thursday \u2014 twice"),
        ("al quraishi BLEW himself up", "Al Quraishi blew himself up"),
        ("Erdogan was there", "Erdo\u011fan was there"),
        ('"It cost 5 million euros ..."', "It cost 5 million euros"),
        ("It cost 5 million euros\u2026 and more", "It cost 5 million euros... and more"),
        ("the U.S", "the U.S"),
    ],
)
def test_typography_is_mapped_back_to_the_true_text(quote: str, true: str) -> None:
    assert found(quote) == true


@pytest.mark.parametrize(
    "quote",
    [
        "Al Quraishi blew himself up during US raid in the town of Atme",
        "Al Quraishi blew hismelf up during a US raid in the town of Atme",
        "Al Quraishi blew himself up during a US raid in town of Atme.",
    ],
)
def test_slips_are_mapped_back_to_the_true_text(quote: str) -> None:
    true = found(quote)
    assert true is not None
    assert true.rstrip(".") == "Al Quraishi blew himself up during a US raid in the town of Atme"


@pytest.mark.parametrize(
    "quote",
    [
        "Al Qureishi blew himself up during a US raid in the town of Atme",  # name
        "Al Quraishi blew himself up during a UK raid in the town of Atme",
        "Some 130 people were not hurt, the U.S. Army said",  # number
        "we won\u2019t pay $1.3 million\u201d on Thursday",
        "we won\u2019t pay \u20ac1.2 million\u201d on Thursday",
        "Some 120 people were hurt, the U.S. Army said",  # negation
        "The mayor said we will pay $1.2 million on Thursday",
        "The plan is not legal, and 12% agree",
        "The plan is illegal, and 12% agree",
        "the plan is legal, and 12 agree",
        "Al Quraishi blew himself up ... in the town of Atme",  # joined from two places
        "Al Quraishi blew himself up [...] in the town of Atme",
        "Al Quraishi blew himself up in the town of Atme",
        "in the town of Atme. The plan is legal",
        "Nobody has ever said anything of the kind here",
    ],
)
def test_what_says_something_else_is_refused(quote: str) -> None:
    assert found(quote) is None


@pytest.mark.parametrize("quote", ["20 people", "Some 12", "legal, and 12", "ome 120", "It cost 5"])
def test_no_word_or_number_is_cut(quote: str) -> None:
    assert found(quote) is None


def test_a_whole_word_is_found_after_one_that_holds_it() -> None:
    located = locate("guilty", [passage("He is unguilty. She is guilty.")])
    assert located is not None
    assert located.start == 23


@pytest.mark.parametrize(
    "quote", ["", " \n", "...", "\u201c\u201d", "\u200b", "x" * (MAX_QUOTE + 1)]
)
def test_what_is_no_quote_is_not_looked_for(quote: str) -> None:
    assert found(quote, "x" * 2_000) is None


def test_hidden_characters_of_the_article_are_kept() -> None:
    text = "The bri\u00addge was \u200bopened in May."
    assert found("The bridge was opened in May.", text) == text


def test_an_endless_word_is_neither_cut_nor_searched_for_ever() -> None:
    endless = [passage("a" * 50_000, id=str(n)) for n in range(MAX_PASSAGES)]
    for quote in ("a", "a" * 100, "a" * 500 + "b" + "a" * 500):
        assert locate(quote, endless) is None
