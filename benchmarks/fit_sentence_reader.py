"""Fits the weights in `bot/qa/sentence_model.py` and chooses the default of `abstain_below`.

    python benchmarks/fit_sentence_reader.py NEWSQA REALTIMEQA

Ranking: the likelihood of the sentence with the answer among the sentences of its article, over
NEWSQA's questions on articles that no standalone question is about (those are for measuring).
Confidence: a logistic regression on questions to an archive of a part of REALTIMEQA, as they are,
unanswerable, and with the articles that have the answer left out. The threshold is the one with
the best F1 of answering: precision is the share of answers that hold the gold answer, recall the
share of answerable questions answered so.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

if not __package__:  # run as a script: the checkout, not this folder, is where imports start
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from benchmarks.datasets import Dataset, Question, load_dataset
from benchmarks.leave_out import LeaveOut
from bot.qa.pipeline import AnswerPipeline
from bot.qa.sentence_features import NAMES, Sentence, features, sentences_of
from bot.qa.sentence_reader import SentenceReader
from index.analysis import Analyzer
from index.archive import Archive
from index.article import Article, Passage, ScoredPassage
from index.chunking import Chunker
from index.embedding import EmbeddingModel
from index.evaluation import metrics
from index.settings import IndexSettings

Array = NDArray[np.float64]
SEED = 5
RANKING_QUESTIONS = 700
ASKED, LEFT_OUT, OTHER_ARTICLES = 200, 120, 400
RIDGE = 1e-3
MODEL = EmbeddingModel()
ANALYZER = Analyzer()


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the sentence reader's weights.")
    parser.add_argument("newsqa", type=Path)
    parser.add_argument("realtimeqa", type=Path)
    options = parser.parse_args()
    weights = fit_ranking(options.newsqa)
    print("RANKING", dict(zip(NAMES, weights.round(3).tolist(), strict=True)))
    fit_confidence(options.realtimeqa, weights)


# -- ranking ---------------------------------------------------------------------------


def fit_ranking(folder: Path) -> Array:
    """Weights of NAMES that make the sentence with the answer the likeliest."""
    kept = {id for question in load_dataset(folder).questions for id in question.article_ids}
    dataset = load_dataset(folder, all_questions=True)
    questions = [question for question in dataset.questions if not question.article_ids & kept]
    random.Random(SEED).shuffle(questions)
    examples = []
    for question in questions[:RANKING_QUESTIONS]:
        (id,) = question.article_ids
        source = dataset.articles[id]
        article = Article(id, source.title, None, "", "", source.text)
        sentences, rows = evidence(question.text, nearest(article, question.text))
        right = np.array([holds_span(sentence, question) for sentence in sentences])
        if right.any():
            examples.append((rows, right))
    spread = np.concatenate([rows for rows, _ in examples]).std(axis=0)

    def loss(scaled: Array) -> tuple[float, Array]:
        total, gradient = RIDGE / 2 * float(scaled @ scaled), RIDGE * scaled
        for rows, right in examples:
            scores = rows / spread @ scaled
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            mass = float(likely[right].sum())
            total -= np.log(mass) / len(examples)
            gradient = gradient + (likely - likely * right / mass) @ (rows / spread) / len(examples)
        return total, gradient

    weights: Array = minimize(loss, np.zeros(len(NAMES)), jac=True).x / spread
    hits = [bool(right[np.argmax(rows @ weights)]) for rows, right in examples]
    print(f"{len(examples)} questions, right sentence first: {np.mean(hits):.3f}")
    return weights


def nearest(article: Article, question: str, k: int = 10) -> list[ScoredPassage]:
    """The article's own passages as a search result."""
    spans = Chunker(MODEL.count_tokens, IndexSettings().chunk_tokens).spans(article.text)
    passages = [Passage(number, article, *span) for number, span in enumerate(spans, start=1)]
    vectors = MODEL.encode_documents([passage.text for passage in passages])
    cosines = vectors @ MODEL.encode_queries([question])[0]
    return [
        ScoredPassage(passages[i], float(cosines[i]), float(cosines[i]))
        for i in np.argsort(-cosines)[:k]
    ]


def holds_span(sentence: Sentence, question: Question) -> bool:
    start, end = sentence.span
    return any(start <= first and last <= end for _, first, last in question.spans)


def evidence(question: str, found: Sequence[ScoredPassage]) -> tuple[list[Sentence], Array]:
    sentences = sentences_of(found)
    asked = MODEL.encode_queries([question])[0]
    texts = [sentence.text for sentence in sentences]
    cosines = (MODEL.encode_documents(texts) @ asked).tolist()
    return sentences, features(question, sentences, cosines, ANALYZER)


# -- confidence ------------------------------------------------------------------------


def fit_confidence(folder: Path, weights: Array) -> None:
    """Prints the logistic regression and the threshold with the best F1."""
    dataset = load_dataset(folder)
    chance = random.Random(SEED)
    questions = chance.sample(dataset.questions, ASKED)
    gold = {id for question in questions for id in question.article_ids}
    others = chance.sample(sorted(dataset.articles.keys() - gold), OTHER_ARTICLES)
    articles = [
        Article(id, dataset.articles[id].title, None, "", "", dataset.articles[id].text)
        for id in sorted(gold) + others
    ]
    with (
        TemporaryDirectory() as home,
        Archive.open(Path(home), model=MODEL) as archive,
    ):
        archive.index(articles)
        without = LeaveOut(
            AnswerPipeline(archive, SentenceReader(MODEL, abstain_below=0.0)), dataset.articles
        )
        rows, right, answerable = collect(dataset, questions, archive, without, weights)
    model = LogisticRegression(C=10, max_iter=5000)
    likely = cross_val_predict(model, rows, right, cv=5, method="predict_proba")[:, 1]
    model.fit(rows, right)
    print(
        f"{len(rows)} questions, {np.mean(right):.3f} right, AUROC by five-fold cross-validation "
        f"{roc_auc_score(right, likely):.3f}"
    )
    score, cosine = model.coef_[0]
    print(
        f"_SCORE, _PASSAGE_COSINE, _CONSTANT = {score:.3f}, {cosine:.3f}, {model.intercept_[0]:.3f}"
    )
    for threshold, f1 in best_thresholds(likely, right, int(answerable.sum())):
        given = likely >= threshold
        print(
            f"abstain below {threshold:.2f}: F1 {f1:.3f}, answerable answered "
            f"{given[answerable].mean():.3f}, others refused {1 - given[~answerable].mean():.3f}, "
            f"answers right {right[given].mean():.3f}"
        )


def collect(
    dataset: Dataset,
    questions: Sequence[Question],
    archive: Archive,
    without: LeaveOut,
    weights: Array,
) -> tuple[Array, NDArray[np.bool_], NDArray[np.bool_]]:
    """Score and passage cosine of the best sentence, whether it is right, whether one could be."""
    Search = Callable[[Question], list[ScoredPassage]]
    searches: list[tuple[Iterable[Question], Search, bool]] = [
        (questions, lambda question: archive.search(question.text), True),
        (dataset.unanswerable, lambda question: archive.search(question.text), False),
        (
            questions[:LEFT_OUT],
            lambda question: without.search(question, question.text, 10),
            False,
        ),
    ]
    rows, right, answerable = [], [], []
    for asked, search, can_be in searches:
        for question in asked:
            sentences, evidence_rows = evidence(question.text, search(question))
            if not sentences:
                continue
            scores = evidence_rows @ weights
            best = int(np.argmax(scores))
            rows.append([scores[best], sentences[best].passage_cosine])
            right.append(
                can_be
                and metrics.best_over_golds(
                    metrics.contains_gold, sentences[best].text, question.answers
                )
                > 0
            )
            answerable.append(can_be)
    return np.array(rows), np.array(right), np.array(answerable)


def best_thresholds(
    likely: Array, right: NDArray[np.bool_], answerable: int
) -> list[tuple[float, float]]:
    """The threshold with the best F1, and its neighbours, each with its F1."""
    f1 = {
        round(float(threshold), 2): 2
        * float(right[likely >= threshold].sum())
        / (float((likely >= threshold).sum()) + answerable)
        for threshold in np.arange(0.05, 0.7, 0.01)
    }
    best = max(f1, key=lambda threshold: f1[threshold])
    near = [t for t in sorted(f1) if abs(t - best) < 0.06]
    return [(threshold, f1[threshold]) for threshold in near]


if __name__ == "__main__":
    main()
