"""Claims against an archive and against given texts."""

from __future__ import annotations

import datetime as dt

import pytest
from word_overlap import WordOverlap

from bot.proof.checking import Check, ClaimChecker, Verdict
from index.archive import Archive
from index.article import Article
from index.errors import NoIndexError

EVIDENCE = (
    "The new bridge was opened by Andriy Melnychuk. The mayor praised it. It cost 20 million "
    "pounds.",
    "The weekly market was never moved into the old station.",
)


def check(claim: str, *evidence: str) -> Check:
    checker = ClaimChecker(None, WordOverlap(), supported_from=0.7, contradicted_from=0.7)
    return checker.check_against(claim, evidence or EVIDENCE)


def test_a_claim_that_a_sentence_says_is_supported_by_that_sentence() -> None:
    found = check("Andriy Melnychuk opened the new bridge.")
    assert found.verdict is Verdict.SUPPORTED
    assert [c.quote for c in found.citations] == ["The new bridge was opened by Andriy Melnychuk."]
    assert found.missing == ()


def test_a_claim_over_two_sentences_is_supported_by_both() -> None:
    found = check("The new bridge of Andriy Melnychuk cost \u00a320 million, pounds.")
    assert found.verdict is Verdict.SUPPORTED
    assert [(c.n, c.quote) for c in found.citations] == [
        (1, "The new bridge was opened by Andriy Melnychuk."),
        (2, "It cost 20 million pounds."),
    ]


def test_a_claim_with_another_number_or_name_is_not_supported() -> None:
    for claim in (
        "The new bridge cost 30 million pounds.",
        "Anna Melnychuk opened the new bridge.",
    ):
        found = check(claim)
        assert found.verdict is Verdict.NOT_FOUND
        assert found.missing
        assert found.citations == ()
        assert 0 <= found.score <= 1


def test_a_claim_that_a_sentence_denies_is_contradicted() -> None:
    found = check("The weekly market moved into the old station.")
    assert found.verdict is Verdict.CONTRADICTED
    assert [c.quote for c in found.citations] == [EVIDENCE[1]]
    assert found.to_json() == {
        "verdict": "contradicted",
        "score": round(found.score, 4),
        "quotes": [EVIDENCE[1]],
    }


def test_a_claim_that_nothing_speaks_of_is_not_found() -> None:
    found = check("Elephants swim.")
    assert (found.verdict, found.citations, found.score) == (Verdict.NOT_FOUND, (), 1.0)


def test_without_evidence_nothing_is_found() -> None:
    assert check("The bridge fell.", "", " \n").verdict is Verdict.NOT_FOUND


def test_a_claim_that_repeats_a_sentence_is_not_weighed() -> None:
    found = check("the mayor praised it", "The mayor  praised it.")
    assert (found.verdict, found.score) == (Verdict.SUPPORTED, 1.0)


@pytest.mark.parametrize(("claim", "why"), [(" \n", "empty"), ("x" * 2_000, "2000 characters")])
def test_what_is_no_claim_is_refused(claim: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        check(claim)


def test_a_claim_is_checked_against_the_archive(archive: Archive) -> None:
    checker = ClaimChecker(archive, WordOverlap(), supported_from=0.7)
    with pytest.raises(NoIndexError):
        checker.check("The bridge fell.")
    day = dt.date(2022, 10, 6)
    archive.index([Article(f"a{n}", "", day, "", "", text) for n, text in enumerate(EVIDENCE)])
    found = checker.check("Andriy Melnychuk opened the new bridge.")
    assert found.verdict is Verdict.SUPPORTED
    assert [citation.article.id for citation in found.citations] == ["a0"]
    with pytest.raises(ValueError, match="no archive"):
        ClaimChecker(None, WordOverlap()).check("The bridge fell.")
