"""A model's JSON, sentence by sentence as it arrives; anything else is refused at once."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.writing.errors import UnusableOutputError

MOST_SENTENCES = 12
MOST_QUOTES = 6
MOST_TEXT = 600
"""Code points of a sentence."""
MOST_QUOTE = 1500
"""Code points of a quote."""
MOST_BEFORE = 80
"""Characters before the JSON: a word of greeting, a code fence."""
MOST_SENTENCE_JSON = 20_000

_HEAD = re.compile(r'\{\s*(?:"answerable"\s*:\s*(true|false)\s*,\s*)?"sentences"\s*:\s*\[')
_TAIL = re.compile(r'\s*(?:,\s*"answerable"\s*:\s*(true|false)\s*)?\}')
_LONGEST_HEAD = 400
_BETWEEN = " \t\r\n,"
_OTHER_FORM = "the model does not answer in the form that was asked for"
_NO_SENTENCE = "the model lists what is no sentence"


class ParsedQuote(BaseModel):
    """As the model gives it: the number is of a passage in the prompt, and may be wrong."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    passage: int = Field(ge=-(2**31), lt=2**31)
    quote: Annotated[str, StringConstraints(max_length=MOST_QUOTE)]


class ParsedSentence(BaseModel):
    """A sentence and what the model says it rests on; nothing of it is checked."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    text: Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT)]
    quotes: Annotated[tuple[ParsedQuote, ...], Field(max_length=MOST_QUOTES)]


class SentenceParser:
    """Fed with the pieces of `{"answerable": …, "sentences": [{"text": …, "quotes": […]}, …]}`.

    `answerable` may stand before or after the sentences, or be missing. A word or a code fence may
    stand before the object; what stands after it is not looked at.
    """

    def __init__(self) -> None:
        self.answerable = True
        self.finished = False
        """The object is complete, or there are as many sentences as there may be."""
        self._problem: UnusableOutputError | None = None
        self._waiting = ""
        self._in_array = False
        self._after_array = False
        self._sentences = 0
        # Of the object at the start of `_waiting`, as far as it has come:
        self._scanned = 0
        self._depth = 0
        self._in_string = False
        self._escaped = False

    def feed(self, piece: str) -> list[ParsedSentence]:
        """The sentences that `piece` completes.

        Raises UnusableOutputError for anything else, after what came before it has been returned:
        then by the next call.
        """
        found: list[ParsedSentence] = []
        if self._problem is not None:
            raise self._problem
        if self.finished:
            return found
        self._waiting += piece
        try:
            self._read(found)
        except UnusableOutputError as error:
            if not found:
                raise
            self._problem = error
        return found

    def end(self) -> None:
        """Raises UnusableOutputError if the object is not complete."""
        if self._problem is not None:
            raise self._problem
        if not (self.finished or self._in_array or self._after_array):
            raise UnusableOutputError(_OTHER_FORM)
        if not self.finished:
            raise UnusableOutputError("the model's answer breaks off")

    def _read(self, found: list[ParsedSentence]) -> None:
        if not (self._in_array or self._after_array):
            self._read_head()
        while self._in_array and (sentence := self._next()) is not None:
            found.append(sentence)
            self._sentences += 1
            if self._sentences == MOST_SENTENCES:
                self.finished = True
                return
        if self._after_array:
            self._read_tail()

    def _read_head(self) -> None:
        before, brace, rest = self._waiting.partition("{")
        head = _HEAD.match(brace + rest)
        if len(before) > MOST_BEFORE or (head is None and len(rest) > _LONGEST_HEAD):
            raise UnusableOutputError(_OTHER_FORM)
        if head:
            self.answerable = head[1] != "false"
            self._in_array = True
            self._waiting = (brace + rest)[head.end() :]

    def _read_tail(self) -> None:
        if tail := _TAIL.match(self._waiting):
            if tail[1]:
                self.answerable = tail[1] == "true"
            self.finished = True
            self._waiting = ""
        elif len(self._waiting) > _LONGEST_HEAD:
            raise UnusableOutputError(_OTHER_FORM)

    def _next(self) -> ParsedSentence | None:
        """The object at the start of what waits, once it is complete."""
        if self._scanned == 0:
            self._waiting = self._waiting.lstrip(_BETWEEN)
            if self._waiting.startswith("]"):
                self._in_array, self._after_array = False, True
                self._waiting = self._waiting[1:]
                return None
            if self._waiting and not self._waiting.startswith("{"):
                raise UnusableOutputError(_NO_SENTENCE)
        end = self._scan()
        if end is None:
            return None
        complete, self._waiting = self._waiting[:end], self._waiting[end:]
        self._scanned = 0
        try:
            return ParsedSentence.model_validate_json(complete)
        except ValidationError:
            raise UnusableOutputError(_NO_SENTENCE) from None

    def _scan(self) -> int | None:
        """Where the object ends; None while it has not."""
        for at in range(self._scanned, len(self._waiting)):
            character = self._waiting[at]
            if self._in_string:
                if self._escaped:
                    self._escaped = False
                elif character == "\\":
                    self._escaped = True
                elif character == '"':
                    self._in_string = False
            elif character == '"':
                self._in_string = True
            elif character in "{[":
                self._depth += 1
            elif character in "}]":
                self._depth -= 1
                if self._depth == 0:
                    return at + 1
        self._scanned = len(self._waiting)
        if self._scanned > MOST_SENTENCE_JSON:
            raise UnusableOutputError("the model writes a sentence without end")
        return None
