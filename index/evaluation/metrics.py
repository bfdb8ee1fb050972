"""Measures of ranked search and of answers, as pure functions that name their source.

Every measure of one question lies in [0, 1] and larger is better; averaging is the caller's.
"""

from __future__ import annotations

import math
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

_ENGLISH_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_WORD = re.compile(r"[^\W_]+")


# Ranked search ---------------------------------------------------------------------------------


def hit_at_k(relevant: Sequence[bool], k: int) -> float:
    """1.0 if one of the first `k` results is relevant (`relevant[i]`: is rank i + 1?), else 0.0.

    Also called success@k (trec_eval), and top-k accuracy by Karpukhin et al., "Dense Passage
    Retrieval", EMNLP 2020.
    """
    _check_depth(k)
    return float(any(relevant[:k]))


def reciprocal_rank(relevant: Sequence[bool], k: int | None = None) -> float:
    """1 / rank of the first relevant result; 0.0 if there is none within the first `k`.

    Its mean over questions is the MRR of Voorhees, "The TREC-8 Question Answering Track Report",
    1999; with k = 10 the MRR@10 of MS MARCO.
    """
    if k is not None:
        _check_depth(k)
    for rank, is_relevant in enumerate(relevant[:k], start=1):
        if is_relevant:
            return 1.0 / rank
    return 0.0


def hit_within(pieces: Iterable[tuple[int, int | None]], budget: int) -> float:
    """1.0 if the gold text ends within the first `budget` characters of a ranked list, else 0.0.

    `pieces` are, best first, a piece's length and where in it the gold text ends (None: it does
    not have it), in characters. A fixed budget compares systems whose passages differ in length,
    which hit@k does not: the recall within a number of words of Chen et al., "Dense X Retrieval:
    What Retrieval Granularity Should We Use?", EMNLP 2024, counted in characters.
    """
    read = 0
    for length, gold_end in pieces:
        if gold_end is not None and read + gold_end <= budget:
            return 1.0
        read += length
        if read >= budget:
            break
    return 0.0


def ndcg_at_k(ranking: Sequence[str], grades: Mapping[str, float], k: int) -> float:
    """Normalised discounted cumulative gain of the first `k` ids of `ranking`.

    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002, in
    the form trec_eval and BEIR use: gain = grade, discount = log2(rank + 1), divided by the gain
    of the best possible order of `grades`. Ids without a grade count 0. 0.0 if no grade is
    positive. Raises ValueError if `ranking` names an id twice, which could exceed 1.
    """
    _check_depth(k)
    if len(set(ranking)) != len(ranking):
        raise ValueError("a ranking must name each id once")
    ideal = _discounted_gain(
        sorted((max(grade, 0.0) for grade in grades.values()), reverse=True)[:k]
    )
    gained = _discounted_gain(max(grades.get(id, 0.0), 0.0) for id in ranking[:k])
    return gained / ideal if ideal > 0 else 0.0


def _discounted_gain(gains: Iterable[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _check_depth(k: int) -> None:
    if k < 1:
        raise ValueError(f"the depth k must be at least 1, not {k}")


# Answers ---------------------------------------------------------------------------------------


def normalize_answer(text: str) -> str:
    """Lower case, without ASCII punctuation, the words a, an, the, and superfluous white space.

    `normalize_answer` of the official SQuAD 1.1 evaluation script (Rajpurkar et al., "SQuAD:
    100,000+ Questions for Machine Comprehension of Text", EMNLP 2016).
    """
    bare = text.lower().translate(_PUNCTUATION)
    return " ".join(_ENGLISH_ARTICLES.sub(" ", bare).split())


def exact_match(answer: str, gold: str) -> float:
    """1.0 if both are equal after `normalize_answer` (SQuAD's EM), else 0.0."""
    return float(normalize_answer(answer) == normalize_answer(gold))


def token_f1(answer: str, gold: str) -> float:
    """Harmonic mean of the precision and recall of normalised words (SQuAD's F1).

    As in SQuAD 2.0's script: if either side has no words left, 1.0 if both are so, else 0.0.
    """
    answer_words, gold_words = normalize_answer(answer).split(), normalize_answer(gold).split()
    if not answer_words or not gold_words:
        return float(answer_words == gold_words)
    shared = sum((Counter(answer_words) & Counter(gold_words)).values())
    return 2 * shared / (len(answer_words) + len(gold_words))


def searchable_words(text: str) -> str:
    """The words of `text`, case-folded, with one space around each, for `contains_words`.

    A word is a run of letters and digits, as in the answer matching of Karpukhin et al., "Dense
    Passage Retrieval", EMNLP 2020 (so that "Obama's" holds "Obama" but "party" not "art"). Unlike
    theirs, punctuation and the words a, an, the are not compared, as in SQuAD's normalisation.
    """
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return f" {' '.join(word for word in words if word not in ('a', 'an', 'the'))} "


def contains_words(searchable: str, gold: str) -> bool:
    """Whether `searchable` (made by `searchable_words`) has the words of `gold` in a row.

    A gold answer without a word is never contained.
    """
    words = searchable_words(gold)
    return bool(words.strip()) and words in searchable


def contains_gold(answer: str, gold: str) -> float:
    """1.0 if the words of `gold` stand in a row in `answer` (see `searchable_words`), else 0.0."""
    return float(contains_words(searchable_words(answer), gold))


def contains_either(answer: str, gold: str) -> float:
    """1.0 if one of the two has the words of the other in a row in it, else 0.0.

    Gentler than `contains_gold` where a gold answer is longer than it needs to be.
    """
    return max(contains_gold(answer, gold), contains_gold(gold, answer))


def best_over_golds(
    measure: Callable[[str, str], float], answer: str, golds: Collection[str]
) -> float:
    """The best `measure(answer, gold)` over all gold answers, as SQuAD scores EM and F1.

    Raises ValueError if there is no gold answer.
    """
    if not golds:
        raise ValueError("a question without a gold answer cannot be scored")
    return max(measure(answer, gold) for gold in golds)


# Refusal ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RefusalScores:
    """How well a system refuses. `precision` and `recall` are None where they are undefined."""

    refused: int
    unanswerable: int
    rightly_refused: int

    @property
    def precision(self) -> float | None:
        """Share of refusals that were right; None if nothing was refused."""
        return self.rightly_refused / self.refused if self.refused else None

    @property
    def recall(self) -> float | None:
        """Share of unanswerable questions refused; None if there were none."""
        return self.rightly_refused / self.unanswerable if self.unanswerable else None


def refusal_scores(outcomes: Iterable[tuple[bool, bool]]) -> RefusalScores:
    """Precision and recall of refusing, from one (answerable, refused) pair a question.

    The retrieval measures (van Rijsbergen, "Information Retrieval", 1979) with the unanswerable
    questions as what is to be found and refusal as finding them.
    """
    counts = Counter(outcomes)
    return RefusalScores(
        refused=counts[True, True] + counts[False, True],
        unanswerable=counts[False, True] + counts[False, False],
        rightly_refused=counts[False, True],
    )


# Summaries -------------------------------------------------------------------------------------


def mean(values: Iterable[float]) -> float | None:
    """Arithmetic mean; None of nothing."""
    numbers = list(values)
    return math.fsum(numbers) / len(numbers) if numbers else None


def percentile(values: Iterable[float], percent: float) -> float | None:
    """The `percent`-th percentile (0 to 100) by linear interpolation; None of nothing.

    Definition 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American
    Statistician 1996, which is numpy's default. Raises ValueError outside 0 to 100.
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"a percentile lies between 0 and 100, not at {percent}")
    ordered = sorted(values)
    if not ordered:
        return None
    place = (len(ordered) - 1) * percent / 100
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
