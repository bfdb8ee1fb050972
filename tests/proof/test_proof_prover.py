"""Sentences proved by their quotes, and what becomes of those that are not."""

from __future__ import annotations

import datetime as dt

import pytest
from proof_sentences import passage
from word_overlap import WordOverlap

from bot.proof.entailment import Entailment
from bot.proof.prover import MAX_CLAIM, Claimed, Problem, Proof, Prover, has_markup

BRIDGE = passage(
    "The new bridge over the river Elm was opened on Thursday. It cost 20 million pounds, twice "
    "as much as planned. Officials denied that the old bridge was sold to Boeing.\n\n"
    "Mayor Andriy Melnychuk called it \u201ca gift to the town\u201d.",
    dt.date(2022, 10, 6),
    "bridge",
)
MARKET = passage("The weekly market moves into the old station in November.", id="market")
PASSAGES = [BRIDGE, MARKET]


def prove(text: str, *quotes: str, entails: WordOverlap | None = None) -> Proof:
    prover = Prover(entails or WordOverlap(), threshold=0.6)
    (proof,) = prover.prove([Claimed(text, quotes)], PASSAGES)
    assert proof.text == text
    assert proof.proved == (proof.problem is None)
    return proof


def quotes(proof: Proof) -> list[str]:
    assert [citation.n for citation in proof.citations] == [*range(1, len(proof.citations) + 1)]
    return [citation.quote for citation in proof.citations]


def test_a_sentence_with_its_quote_is_proved() -> None:
    proof = prove("The bridge was opened on 6 October 2022.", "The new bridge over the river Elm")
    assert proof.problem is None
    assert proof.supported >= 0.6
    assert quotes(proof) == ["The new bridge over the river Elm was opened on Thursday."]


def test_a_quote_counts_as_the_whole_sentence_it_stands_in() -> None:
    proof = prove("The old bridge was sold to Boeing.", "the old bridge was sold to Boeing.")
    assert proof.problem is Problem.CONTRADICTED
    assert quotes(proof) == ["Officials denied that the old bridge was sold to Boeing."]


def test_a_near_quote_is_cited_as_the_true_text() -> None:
    proof = prove("It was called a gift to the town.", 'called it "a gift to the town"')
    assert quotes(proof) == ["Mayor Andriy Melnychuk called it \u201ca gift to the town\u201d."]


def test_quotes_that_are_not_needed_are_dropped() -> None:
    proof = prove(
        "The market moves into the old station.",
        "The new bridge over the river Elm",
        "moves into the old station",
        "It cost 20 million pounds",
    )
    assert quotes(proof) == [MARKET.text]


def test_quotes_that_are_all_needed_stay() -> None:
    proof = prove(
        "The bridge over the Elm cost \u00a320 million.", "It cost 20 million", "over the river Elm"
    )
    assert proof.problem is None
    assert len(quotes(proof)) == 2


def test_a_quote_that_is_nowhere_does_not_spoil_one_that_is_found() -> None:
    proof = prove("The market moves into the old station.", "Nobody said this", MARKET.text)
    assert quotes(proof) == [MARKET.text]


@pytest.mark.parametrize(
    ("text", "given", "problem"),
    [
        ("The bridge was opened.", [], Problem.NO_QUOTE),
        ("The bridge was opened.", [" ", ""], Problem.NO_QUOTE),
        ("The bridge was opened.", ["The bridge was closed"], Problem.QUOTE_NOT_FOUND),
        ("The bridge cost 30 million pounds.", ["It cost 20 million"], Problem.PARTICULAR_MISSING),
        ("It was opened on Friday.", ["was opened on Thursday"], Problem.PARTICULAR_MISSING),
        ("Mayor Anna Melnychuk praised it.", ["called it"], Problem.PARTICULAR_MISSING),
        ("Dogs bark at night.", ["was opened on Thursday"], Problem.NOT_ENTAILED),
        ("The bridge was not opened.", ["was opened on Thursday"], Problem.CONTRADICTED),
        ("See [this](https://x.example).", ["was opened on Thursday"], Problem.MARKUP),
        ("", ["was opened on Thursday"], Problem.MARKUP),
        ("a" * (MAX_CLAIM + 1), ["was opened on Thursday"], Problem.TOO_LONG),
    ],
)
def test_what_is_not_proved_says_why(text: str, given: list[str], problem: Problem) -> None:
    proof = prove(text, *given)
    assert proof.problem is problem


def test_what_is_missing_is_told_with_the_quotes_that_were_found() -> None:
    proof = prove("Nokia paid 30 million pounds.", "It cost 20 million")
    assert [one.text for one in proof.missing] == ["Nokia", "30 million pounds"]
    assert quotes(proof) == ["It cost 20 million pounds, twice as much as planned."]
    assert proof.supported == 0.0


def test_the_model_is_asked_once_for_all_claims_and_not_for_repeated_sentences() -> None:
    entails = WordOverlap()
    claims = [
        Claimed("The bridge was opened.", ("was opened on Thursday",)),
        Claimed("The weekly market moves into the old station in November", (MARKET.text,)),
        Claimed("The bridge cost 5 pounds.", ("It cost 20 million",)),
        Claimed("It cost 20 million pounds.", ("It cost 20 million", "was opened on Thursday")),
    ]
    proofs = Prover(entails, threshold=0.6).prove(claims, PASSAGES)
    assert [proof.proved for proof in proofs] == [True, True, False, True]
    assert proofs[1].supported == 1.0
    (asked,) = entails.asked
    assert [claim for claim, _ in asked] == [claims[0].text, *[claims[3].text] * 2]


def test_without_anything_to_weigh_the_model_is_not_asked() -> None:
    entails = WordOverlap()
    assert Prover(entails).prove([], PASSAGES) == []
    prove("The bridge was opened.", entails=entails)
    assert entails.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "<@123> fell", "<#1>", "@everyone fell", "**It** fell", "`rm`", "a\nb", "www.x.example",
        "HTTP://x", "||it||", "# It fell", "- it fell", "It fell [1].", "It \u202efell",
        "It\u200b fell", "It \\*fell\\*", "> It fell", "It \U000e0041fell",
    ],
)  # fmt: skip
def test_markup_is_seen(text: str) -> None:
    assert has_markup(text)


@pytest.mark.parametrize(
    "text",
    [
        "It fell - twice - by 5% (a record), \u201ctoo fast\u201d; O'Neill & Co. paid $5.",
        "He wrote [sic] to a@b.example, caf\u00e9 #1.",
        "Zelensky \u4e2d\u6587 said so.",
    ],
)
def test_plain_prose_is_no_markup(text: str) -> None:
    assert not has_markup(text)


@pytest.mark.parametrize("shares", [(0.5, 0.5, 0.5), (1.2, -0.2, 0.0), (float("nan"), 0.5, 0.5)])
def test_an_entailment_is_three_probabilities(shares: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="probabilities"):
        Entailment(*shares)
