"""What becomes of the spans that a model finds; the model is scripted, all else is real."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pytest

from bot.qa.answer import Answer
from bot.qa.reading.spans import Span
from bot.qa.sentence_answers import SentenceAnswers
from bot.qa.sentence_reader import SentenceRanker
from bot.qa.span_reader import QUOTES, SpanReader
from index.article import Article, Passage, ScoredPassage
from index.embedding import EmbeddingModel

RAID = (
    "The smuggler Omar Zahir was killed in a police operation in western Morland. Zahir shot "
    "himself on Tuesday in the town of Kelm, Ostrava province. Ostrava, in western Morland, is "
    "rural."
)


class Scripted:
    """Finds the given words wherever they stand, with the given scores."""

    def __init__(self, scores: Mapping[str, float]) -> None:
        self._scores = scores

    def spans(
        self, question: str, texts: Sequence[str], *, best: int = 5, extents: bool = False
    ) -> list[list[Span]]:
        return [
            sorted(
                (
                    Span(text.index(words), text.index(words) + len(words), score)
                    for words, score in self._scores.items()
                    if words in text
                ),
                key=lambda span: -span.score,
            )[:best]
            for text in texts
        ]


@pytest.fixture(scope="module")
def sentences() -> SentenceAnswers:
    return SentenceAnswers(SentenceRanker(EmbeddingModel()))


def article(text: str, id: str = "a", date: dt.date | None = dt.date(2022, 10, 6)) -> Article:
    return Article(id, f"Title of {id}", date, "The Example", "", text)


def found(*articles: Article) -> list[ScoredPassage]:
    return [
        ScoredPassage(Passage(n, one, 0, len(one.text)), 1 / n, cosine=0.8)
        for n, one in enumerate(articles, 1)
    ]


def read(
    sentences: SentenceAnswers,
    question: str,
    scores: Mapping[str, float],
    *articles: Article,
    abstain_below: float = 0.0,
) -> Answer:
    reader = SpanReader(Scripted(scores), sentences, abstain_below=abstain_below)
    answer = reader.read(question, found(*articles))
    for citation in answer.citations:
        assert citation.quote == citation.article.text[citation.start : citation.end]
    return answer


def test_the_exact_place_answers_and_the_vague_one_is_its_context(
    sentences: SentenceAnswers,
) -> None:
    scores = {"western Morland": 8.0, "the town of Kelm, Ostrava province": 5.0}
    answer = read(sentences, "Where was Omar Zahir killed?", scores, article(RAID))
    assert answer.answered
    assert "Kelm" in answer.answer
    assert answer.kind == "place"
    first = answer.citations[0]
    assert first.article.text[first.answer_start : first.answer_end] == answer.answer
    assert first.quote.startswith("Zahir shot himself")


def test_one_quote_a_story_best_first_and_no_more_than_allowed(sentences: SentenceAnswers) -> None:
    told = [
        article(f"Report {n}: the ferry Mona sank off Dunmere on Friday.", f"a{n}")
        for n in range(QUOTES + 2)
    ]
    answer = read(sentences, "Where did the ferry Mona sink?", {"Dunmere": 6.0}, *told)
    assert answer.answer == "Dunmere"
    assert [citation.n for citation in answer.citations] == list(range(1, QUOTES + 1))
    assert len({citation.article.id for citation in answer.citations}) == QUOTES
    assert answer.readings == ()


def test_articles_that_disagree_are_all_heard_newest_first(sentences: SentenceAnswers) -> None:
    old = article("The blast in Harwick killed 12 people.", "old", dt.date(2022, 10, 4))
    new = article("The blast in Harwick killed 14 people.", "new", dt.date(2022, 10, 6))
    scores = {"12": 7.0, "14": 6.8}
    answer = read(sentences, "How many people did the blast in Harwick kill?", scores, old, new)
    shown = answer.readings_by_date
    assert ["14" in shown[0].answer, "12" in shown[1].answer] == [True, True]
    assert [one.date for one in shown] == [new.date, old.date]
    assert all(one.citations and one.stories == 1 for one in shown)
    assert answer.readings[0].answer == answer.answer


def test_a_date_is_resolved_by_its_articles_day(sentences: SentenceAnswers) -> None:
    text = "The mayor of Harwick resigned in February after a vote."
    answer = read(
        sentences, "When did the mayor of Harwick resign?", {"February": 6.0}, article(text)
    )
    assert (answer.answer, answer.resolved) == ("February", "February 2022")


def test_too_little_confidence_is_an_abstention(sentences: SentenceAnswers) -> None:
    question = "Where was Omar Zahir killed?"
    answer = read(sentences, question, {"Kelm": -9.0}, article(RAID), abstain_below=0.5)
    assert not answer.answered
    assert (answer.answer, answer.citations, answer.readings) == ("", (), ())
    assert 0 < answer.confidence < 0.5
    assert answer.passages


@pytest.mark.parametrize("passages", [(), (article("…"),)])
def test_nothing_to_read_is_an_abstention(
    sentences: SentenceAnswers, passages: tuple[Article, ...]
) -> None:
    answer = read(sentences, "Where was Omar Zahir killed?", {"Kelm": 9.0}, *passages)
    assert not answer.answered
    assert answer.confidence == 0.0


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Why did Omar Zahir die?", "why"),
        ("Was Omar Zahir killed?", "yes_no"),
        ("What happened to Omar Zahir?", "event"),
    ],
)
def test_questions_that_no_few_words_answer_get_a_sentence(
    sentences: SentenceAnswers, question: str, kind: str
) -> None:
    answer = read(sentences, question, {"a police operation": 4.0}, article(RAID))
    assert answer.answered
    assert answer.kind == kind
    assert answer.answer == answer.citations[0].quote
    assert answer.citations[0].answer_start is None
    assert "Zahir" in answer.answer
