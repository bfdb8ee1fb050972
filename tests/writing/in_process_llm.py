"""LlamaIndex LLMs of the kind that compute in this process, and hold up whoever asks."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from llama_index.core.llms import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    CustomLLM,
    LLMMetadata,
)

GO_ON = threading.Event()
"""What a Stuck one waits for."""


class Talking(CustomLLM):
    """Says `words`, over and over if `endless`."""

    model: str
    words: str = "one two"
    endless: bool = False

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name=self.model)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text=self.words)

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        raise NotImplementedError

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        def pieces() -> ChatResponseGen:
            while True:
                for word in self.words.split():
                    yield ChatResponse(message=ChatMessage(content=word), delta=word)
                if not self.endless:
                    return

        return pieces()


class Stuck(Talking):
    """Computes, and does not come back."""

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        def pieces() -> ChatResponseGen:
            GO_ON.wait(30)
            yield ChatResponse(message=ChatMessage(content="late"), delta="late")

        return pieces()
