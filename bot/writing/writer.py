"""A model writes, the prover decides: what is shown is proved, whatever the model does."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Protocol

from bot.proof.prover import Claimed, Problem, Proof, has_markup
from bot.qa.answer import Answer, Citation
from bot.qa.meaning.content import content_words
from bot.writing.availability import LanguageModel
from bot.writing.budget import Budget, Meter, UsageInMemory, estimated_tokens
from bot.writing.errors import ModelUnavailableError, NotWrittenError
from bot.writing.parsing import ParsedSentence, SentenceParser
from bot.writing.pieces import Piece
from bot.writing.prompt import ANSWER_SCHEMA, Message, answer_prompt, response_format
from bot.writing.selection import choose_passages
from bot.writing.written import WrittenAnswer, WrittenSentence
from index.article import ScoredPassage

NOTHING_TO_READ = "there are no passages to write from"
NOT_ANSWERABLE = "the model finds no answer in the passages"
NOTHING_WRITTEN = "the model writes nothing"
NOTHING_PROVED = "none of what the model wrote is proved by the passages"

MOST_QUOTED = 400
"""Code points of a quote that may stand in for a sentence."""
PIECES_AFTER = 8
SECONDS_AFTER = 1.0
"""What is still read when the answer is complete: servers tell last what it took."""

_QUOTED_FOR = (Problem.PARTICULAR_MISSING, Problem.NOT_ENTAILED)
_log = logging.getLogger(__name__)


class Proves(Protocol):
    """See bot.proof.prover.Prover."""

    def prove(
        self, claims: Sequence[Claimed], passages: Sequence[ScoredPassage]
    ) -> Sequence[Proof]: ...


class Writer:
    """Writes answers with `model`. Blocking and thread-safe."""

    def __init__(
        self,
        model: LanguageModel,
        prover: Proves,
        *,
        prompt_tokens: int = 2000,
        answer_tokens: int = 800,
        mark: Callable[[], str] | None = None,
    ) -> None:
        self.model = model
        self._prover = prover
        self._prompt_tokens = prompt_tokens
        self._answer_tokens = answer_tokens
        self._mark = mark

    def write(
        self,
        question: str,
        answer: Answer,
        *,
        budget: Budget | None = None,
        shown: Callable[[WrittenAnswer], None] | None = None,
    ) -> WrittenAnswer:
        """The model's answer from the passages of the reader's, or why that one stands.

        `shown` is called after each sentence with all that is proved by then. Raises nothing
        because of the model; what `shown` raises ends the request and is passed on.
        """
        tokens = self._prompt_tokens - estimated_tokens(question)
        passages = choose_passages(answer, tokens)
        if not passages:
            return self._fallback(NOTHING_TO_READ)
        marked = {"mark": self._mark} if self._mark else {}
        messages = answer_prompt(question, passages, **marked)
        proved = _Proved(self._prover, passages, content_words(question))
        prompt_tokens = sum(estimated_tokens(message.content) for message in messages)
        budget = budget or Budget(UsageInMemory())
        problem = ""
        answerable = True
        try:
            with budget.reserve(prompt_tokens + self._answer_tokens) as meter:
                parser = SentenceParser()
                try:
                    with contextlib.closing(
                        self._claims(messages, parser, meter, prompt_tokens)
                    ) as claimed:
                        for claims in claimed:
                            for _ in proved.add(claims):
                                if shown is not None:
                                    shown(self._written(proved))
                finally:
                    answerable = parser.answerable
        except NotWrittenError as error:
            problem = str(error)
        if proved.sentences:
            return self._written(proved, problem)
        return self._fallback(problem or _reason(answerable, proved.left_out), proved.left_out)

    def _claims(
        self, messages: Sequence[Message], parser: SentenceParser, meter: Meter, prompt_tokens: int
    ) -> Generator[list[ParsedSentence], None, None]:
        """What the model claims, as it comes; the meter is kept by what came."""
        arguments = response_format(self.model.form, ANSWER_SCHEMA)
        written = 0
        left = PIECES_AFTER
        try:
            with self.model.stream(messages, arguments) as pieces:
                try:
                    for piece in pieces:
                        written += estimated_tokens(piece.text)
                        _count(meter, piece, prompt_tokens, written)
                        if claims := parser.feed(piece.text):
                            yield claims
                        if parser.finished:
                            pieces.hurry(SECONDS_AFTER)
                            left -= 1
                        if left == 0:
                            break
                    parser.end()
                except NotWrittenError:
                    if not parser.finished:
                        raise
        except ModelUnavailableError as error:
            if error.may_cost and not meter.prompt_tokens:
                meter.prompt_tokens = prompt_tokens
            raise

    def _written(self, proved: _Proved, problem: str = "") -> WrittenAnswer:
        return WrittenAnswer(
            tuple(proved.sentences), proved.left_out, self.model.name, broken_off=problem
        )

    def _fallback(self, reason: str, left_out: int = 0) -> WrittenAnswer:
        return WrittenAnswer((), left_out, self.model.name, fallback=reason)


class _Proved:
    """The sentences that hold, and the numbers of their citations."""

    def __init__(self, prover: Proves, passages: Sequence[ScoredPassage], asked: set[str]) -> None:
        self.sentences: list[WrittenSentence] = []
        self.left_out = 0
        self._prover = prover
        self._passages = passages
        self._asked = asked
        self._numbers: dict[tuple[str, int, int], int] = {}
        self._texts: set[str] = set()

    def add(self, claims: Sequence[ParsedSentence]) -> Iterator[WrittenSentence]:
        """Those of `claims` that are proved, and quotes in the place of others."""
        new = []
        for claim in claims:
            text = " ".join(claim.text.split())
            if text and text.casefold() not in self._texts:  # small models repeat themselves
                self._texts.add(text.casefold())
                new.append(Claimed(text, tuple(one.quote for one in claim.quotes)))
        for proof in self._proofs(new):
            sentence = self._sentence(proof) if proof else None
            if sentence is None or sentence.is_quote:
                self.left_out += 1
            if sentence is not None:
                self.sentences.append(sentence)
                yield sentence

    def _proofs(self, claims: Sequence[Claimed]) -> Sequence[Proof | None]:
        if not claims:
            return ()
        try:
            return self._prover.prove(claims, self._passages)
        except Exception:  # noqa: BLE001 - what cannot be proved is not shown, for whatever reason
            _log.exception("a proof failed; what it was for is left out")
            return [None] * len(claims)

    def _sentence(self, proof: Proof) -> WrittenSentence | None:
        if proof.problem is None and proof.citations:
            return WrittenSentence(proof.text, self._numbered(proof.citations))
        if proof.problem in _QUOTED_FOR:
            for citation in proof.citations:
                text = " ".join(citation.quote.split())
                if self._stands_in(citation) and not has_markup(text):
                    return WrittenSentence(text, self._numbered([citation]), is_quote=True)
        return None

    def _stands_in(self, quote: Citation) -> bool:
        """Whether it says something of what is asked, and nothing shown has it already."""
        return (
            len(quote.quote) <= MOST_QUOTED
            and not self._asked.isdisjoint(content_words(quote.quote))
            and not any(
                id == quote.article.id and start < quote.end and quote.start < end
                for id, start, end in self._numbers
            )
        )

    def _numbered(self, citations: Sequence[Citation]) -> tuple[Citation, ...]:
        found = []
        for one in citations:
            place = (one.article.id, one.start, one.end)
            n = self._numbers.setdefault(place, len(self._numbers) + 1)
            found.append(dataclasses.replace(one, n=n))
        return tuple(found)


def _count(meter: Meter, piece: Piece, prompt_tokens: int, written: int) -> None:
    """What the server tells; until it does, what is estimated."""
    if piece.prompt_tokens is not None:
        meter.prompt_tokens = piece.prompt_tokens
    elif not meter.prompt_tokens:
        meter.prompt_tokens = prompt_tokens
    if piece.completion_tokens is not None:
        meter.completion_tokens = piece.completion_tokens
    else:
        meter.completion_tokens = max(meter.completion_tokens, written)


def _reason(answerable: bool, left_out: int) -> str:
    if left_out:
        return NOTHING_PROVED
    return NOTHING_WRITTEN if answerable else NOT_ANSWERABLE
