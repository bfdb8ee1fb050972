"""An answer as a language model wrote it, as far as it is proved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.qa.answer import Citation


@dataclass(frozen=True)
class WrittenSentence:
    """A sentence that its quotes prove. Its text is the model's: no markup or mention in it means
    anything. Raises ValueError without a citation.
    """

    text: str
    citations: tuple[Citation, ...]
    """Numbered over the whole answer; the same quote has the same number."""
    is_quote: bool = False
    """Whether the articles' own words stand in for a sentence that was not proved."""

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError(f"the sentence {self.text!r} rests on nothing")


@dataclass(frozen=True)
class WrittenAnswer:
    """Without sentences, the reader's answer stands, and `fallback` says why; never both."""

    sentences: tuple[WrittenSentence, ...]
    left_out: int
    """How many of the model's sentences were not proved; quotes may stand in for some."""
    model: str
    """Its name, as it is set."""
    fallback: str = ""
    """Such as "the model did not answer in time"."""
    broken_off: str = ""
    """Why there may be fewer sentences than the model would have written; "" if it finished."""

    def __post_init__(self) -> None:
        if bool(self.sentences) == bool(self.fallback):
            raise ValueError("an answer has either sentences or a reason for having none")

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Each once, by their numbers."""
        found = {one.n: one for sentence in self.sentences for one in sentence.citations}
        return tuple(found[n] for n in sorted(found))

    def to_json(self) -> dict[str, Any]:
        """The published JSON form: keys are added over time, never renamed."""
        return {
            "model": self.model,
            "sentences": [
                {
                    "text": sentence.text,
                    "citations": [one.n for one in sentence.citations],
                    "is_quote": sentence.is_quote,
                }
                for sentence in self.sentences
            ],
            "citations": [one.to_json() for one in self.citations],
            "left_out": self.left_out,
            "fallback": self.fallback,
            "broken_off": self.broken_off,
        }
