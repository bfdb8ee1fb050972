"""Near copies: signatures, what is shared, and the clusters of a growing archive."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_articles import article

from index import duplicates
from index.article import Article
from index.duplicates import (
    MAX_BUCKET,
    MAX_DAYS,
    PERMUTATIONS,
    SHINGLE_WORDS,
    SIGNATURE_BYTES,
    ClusterIndex,
    from_bytes,
    shared,
    shingles,
    signature,
    similarity,
    to_bytes,
)

DAY = dt.date(2023, 5, 17)


def story(seed: int, paragraphs: int = 12, words: int = 40) -> str:
    """Paragraphs of made-up words that no story of another seed has."""
    chance = random.Random(seed)
    return "\n\n".join(
        " ".join(f"w{seed}x{chance.randrange(500)}" for _ in range(words))
        for _ in range(paragraphs)
    )


def assigned(articles: Iterable[Article], index: ClusterIndex | None = None) -> list[int]:
    """The clusters of articles whose keys are 0, 1, 2 …, in that order."""
    known = list(articles)
    index = index or empty_index(lambda key: known[key])
    return [
        index.assign(key, signature(article.text), article) for key, article in enumerate(known)
    ]


def empty_index(article_of: Callable[[int], Article]) -> ClusterIndex:
    none = np.empty(0, np.int64)
    return ClusterIndex(none, none, np.empty((0, PERMUTATIONS), np.uint32), article_of=article_of)


# Signatures --------------------------------------------------------------------------------------


def test_a_signature_is_the_same_on_every_machine_and_with_every_release() -> None:
    """Archives hold signatures: a change here means that all of them have to be made again."""
    values = signature("The bridge over the Orle was opened on Thursday, and it cost €20 million.")
    assert values.dtype == np.uint32
    assert values[:4].tolist() == [436215964, 39085535, 743155402, 238985164]
    assert hex(int(np.bitwise_xor.reduce(values))) == "0x724ed177"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\u201cIt\u2019s over,\u201d she said \u2013 twice.", "IT'S OVER, she said: twice"),
        ("The café on the corner\nwas shut", "the cafe\u0301 on the corner was shut"),
        ("洪水が町を襲った。", "洪水が、町を襲った"),
    ],
)
def test_case_punctuation_and_line_breaks_do_not_count(one: str, other: str) -> None:
    assert np.array_equal(signature(one), signature(other))


def test_languages_without_spaces_have_shingles_too() -> None:
    assert len(shingles("洪水が町を襲った").hashes) == len("洪水が町を襲った") - SHINGLE_WORDS + 1


def test_a_text_shorter_than_a_shingle_is_one() -> None:
    assert len(shingles("Flood").hashes) == len(shingles("Flood stops").hashes) == 1
    assert not np.array_equal(signature("Flood"), signature("Flood stops"))
    assert np.array_equal(signature("Flood stops!"), signature("flood stops"))


@pytest.mark.parametrize("text", ["", "…", "\n\n-- 🎨 --\n"])
def test_a_text_without_words_has_no_shingles_and_a_signature_all_the_same(text: str) -> None:
    assert len(shingles(text).hashes) == 0
    assert signature(text).tolist() == [2**32 - 1] * PERMUTATIONS


@pytest.mark.parametrize("kept", [3, 6, 9])
def test_equal_places_estimate_the_jaccard_similarity(kept: int) -> None:
    """Averaged over ten pairs, whose estimate has a standard error below 0.014."""
    estimates, exact = [], []
    for seed in range(10):
        paragraphs = story(seed).split("\n\n")
        one = "\n\n".join(paragraphs)
        other = "\n\n".join(paragraphs[:kept] + story(1000 + seed, 12 - kept).split("\n\n"))
        first, second = set(shingles(one).hashes), set(shingles(other).hashes)
        exact.append(len(first & second) / len(first | second))
        estimates.append(float((signature(one) == signature(other)).mean()))
    assert np.mean(estimates) == pytest.approx(np.mean(exact), abs=0.05)


def test_the_blocks_of_a_long_text_make_one_signature() -> None:
    one, other = story(1, 150), story(2, 150)
    assert len(np.unique(shingles(one).hashes)) > duplicates._BLOCK
    # The minimum over a union is the minimum of the minima.
    both = np.minimum(signature(one), signature(other))
    assert (signature(one + "\n" + other) == both).mean() > 0.98  # two shingles join them


@given(st.text())
def test_any_text_survives_its_bytes(text: str) -> None:
    stored = to_bytes(signature(text))
    assert len(stored) == SIGNATURE_BYTES
    assert np.array_equal(from_bytes(stored), signature(text))


def test_stored_bytes_are_little_endian() -> None:
    assert to_bytes(np.arange(PERMUTATIONS, dtype=np.uint32))[:8] == bytes([0, 0, 0, 0, 1, 0, 0, 0])


def test_bytes_and_values_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="512 bytes, not 3"):
        from_bytes(b"abc")
    with pytest.raises(ValueError, match="128 values"):
        to_bytes(np.zeros(64, np.uint32))


# What is shared ----------------------------------------------------------------------------------


@given(st.text(), st.text())
def test_shares_lie_between_none_and_all(one: str, other: str) -> None:
    first, second = shingles(one), shingles(other)
    assert 0 <= shared(first, second) <= 1
    assert shared(first, first) == pytest.approx(float(len(first.hashes) > 0))
    assert similarity(first, second) == pytest.approx(similarity(second, first))


def test_the_half_of_a_story_is_shared_whole_one_way_and_half_the_other() -> None:
    whole, half = shingles(story(1)), shingles("\n\n".join(story(1).split("\n\n")[:6]))
    assert shared(half, whole) == pytest.approx(1)
    assert shared(whole, half) == pytest.approx(0.5, abs=0.01)


def test_line_breaks_do_not_decide() -> None:
    broken, unbroken = shingles(story(1)), shingles(" ".join(story(1).split()))
    assert shared(broken, unbroken) == shared(unbroken, broken) == pytest.approx(1)


def test_lines_too_short_for_a_shingle_are_taken_together() -> None:
    table = shingles("\n".join(f"w{number}" for number in range(50)))
    assert shared(table, table) == pytest.approx(1)


# Clusters ----------------------------------------------------------------------------------------


def test_copies_belong_to_the_first_of_them() -> None:
    update = story(1) + "\n\n" + story(3, 4)
    cut = "\n\n".join(story(1).split("\n\n")[:7])
    reheaded = "Read more in our paper every day of the week\n\n" + story(1)
    texts = [story(1), story(2), story(1), update, cut, reheaded, story(2).upper()]
    assert assigned(article(f"a{n}", text) for n, text in enumerate(texts)) == [0, 1, 0, 0, 0, 0, 1]


def test_a_shared_gallery_makes_no_copies() -> None:
    """Captions of a gallery are one paragraph of thousands of words, in many articles."""
    gallery = story(9, 1, 3000)
    texts = [story(n, 6) + "\n\n" + gallery for n in (1, 2)]
    sets = [set(shingles(text).hashes.tolist()) for text in texts]
    assert len(sets[0] & sets[1]) / len(sets[0] | sets[1]) > 0.7
    assert assigned(article(f"a{n}", text) for n, text in enumerate(texts)) == [0, 1]


def test_newsletters_with_the_same_header_and_footer_make_no_copies() -> None:
    header, footer = story(8, 3), story(9, 3)
    texts = ["\n\n".join((header, story(n, 8), footer)) for n in range(1, 6)]
    assert assigned(article(f"a{n}", text) for n, text in enumerate(texts)) == [0, 1, 2, 3, 4]


def test_a_roundup_is_no_copy_of_what_it_quotes() -> None:
    roundup = "\n\n".join(story(n, 4) for n in range(1, 6))
    assert assigned([article("brief", story(1, 4)), article("roundup", roundup)]) == [0, 1]


def test_last_years_column_with_this_years_facts_is_no_copy() -> None:
    first = article("first", story(1), date=DAY)
    changed = "\n\n".join(story(1).split("\n\n")[:11]) + "\n\n" + story(2, 1)
    soon = article("soon", changed, date=DAY + dt.timedelta(days=MAX_DAYS))
    later = article("later", changed, date=DAY + dt.timedelta(days=MAX_DAYS + 1))
    undated = article("undated", changed, date=None)
    reprint = article("reprint", story(1), date=DAY + dt.timedelta(days=5 * 365))
    assert assigned([first, soon]) == [0, 0]
    assert assigned([later, first]) == [0, 1]
    assert assigned([first, undated]) == [0, 0]
    assert assigned([first, reprint]) == [0, 0]


def test_the_most_similar_of_several_decides() -> None:
    paragraphs = story(1).split("\n\n")
    far = "\n\n".join(paragraphs[:6] + story(2, 6).split("\n\n"))
    other = "\n\n".join(paragraphs[:11] + story(3, 1).split("\n\n"))
    assert similarity(shingles(far), shingles(story(1))) == 0
    assert assigned([article("far", far), article("near", story(1)), article("x", other)]) == [
        0,
        1,
        1,
    ]


def test_stored_and_new_articles_are_found_alike() -> None:
    """Built at once, article by article, and across the sorting of the recent ones."""
    known = [article(f"a{n}", story(n % 700, 2, 30)) for n in range(1500)]
    signatures = np.stack([signature(one.text) for one in known])
    at_once = assigned(known)
    assert at_once == [n % 700 for n in range(1500)]
    keys = np.arange(1400, dtype=np.int64)
    stored = ClusterIndex(
        keys,
        np.array(at_once[:1400], dtype=np.int64),
        signatures[:1400],
        article_of=lambda key: known[key],
    )
    again = [stored.assign(key, signatures[key], known[key]) for key in range(1400, 1500)]
    assert again == at_once[1400:]


def test_the_caller_chooses_the_keys_and_a_clusters_first_article_may_be_gone() -> None:
    texts = {70: article("b", story(1)), 90: article("c", story(1))}
    index = ClusterIndex(
        np.array([70]), np.array([7]), signature(story(1))[np.newaxis], article_of=texts.__getitem__
    )
    assert index.find(signature(story(1)), texts[90]) == 7
    assert index.assign(90, signature(story(1)), texts[90]) == 7
    assert index.candidates(signature(story(1))) == [(70, 1.0), (90, 1.0)]
    assert index.candidates(signature(story(2))) == []


def test_articles_without_words_are_no_copies_of_each_other() -> None:
    assert assigned([article("a", "…"), article("b", "…")]) == [0, 1]


def test_few_texts_are_read_however_many_copies_there_are() -> None:
    read: list[int] = []
    copy = article("copy", story(1))

    def article_of(key: int) -> Article:
        read.append(key)
        return copy

    count = MAX_BUCKET * 2
    keys = np.arange(count, dtype=np.int64)
    index = ClusterIndex(
        keys, np.zeros_like(keys), np.tile(signature(copy.text), (count, 1)), article_of=article_of
    )
    assert index.assign(count, signature(copy.text), copy) == 0
    assert read == [0]
    assert len(index.candidates(signature(copy.text))) <= MAX_BUCKET + 1


def test_arrays_that_do_not_match_are_refused() -> None:
    two, three = np.arange(2), np.arange(3)
    rows = np.zeros((2, PERMUTATIONS), np.uint32)
    with pytest.raises(ValueError, match="clusters of"):
        ClusterIndex(two, three, rows, article_of=lambda key: article("a"))
    with pytest.raises(ValueError, match="2 keys, but signatures"):
        ClusterIndex(two, two, rows[:, :64], article_of=lambda key: article("a"))
