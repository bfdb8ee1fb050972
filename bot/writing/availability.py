"""Asking a model that may be slow, down, endless or hostile, within a time that is set."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from bot.writing.breaker import CircuitBreaker
from bot.writing.connecting import Connection
from bot.writing.errors import ModelUnavailableError, UnusableOutputError
from bot.writing.event_loop import LoopThread
from bot.writing.failures import explained
from bot.writing.pieces import Piece, Pieces, Queue, joined
from bot.writing.prompt import Message

if TYPE_CHECKING:
    from llama_index.core.llms import ChatMessage, ChatResponse

ATTEMPTS = 3
FIRST_WAIT = 0.5
"""Seconds before the second attempt; twice as many before the third."""
MOST_CHARACTERS = 40_000
"""Of one answer, as the model writes it."""
MOST_TOKENS = 10**7
"""A server that tells more for one answer is not believed."""

_log = logging.getLogger(__name__)


class LanguageModel:
    """A model behind a connection, with retries, a deadline and a circuit breaker. Thread-safe.

    Retried is what may go better a second time, as long as no text has come.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        seconds: float,
        breaker: CircuitBreaker | None = None,
        first_wait: float = FIRST_WAIT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = connection.name
        self.form = connection.form
        self.breaker = breaker or CircuitBreaker()
        self._connection = connection
        self._seconds = seconds
        self._first_wait = first_wait
        self._clock = clock
        self._loop = LoopThread("language-model")

    @contextlib.contextmanager
    def stream(
        self, messages: Sequence[Message], arguments: Mapping[str, Any] | None = None
    ) -> Iterator[Pieces]:
        """The model's answer, piece by piece; on leaving, the connection is closed.

        Raises ModelUnavailableError where the model is left alone, and what iterating raises.
        """
        with self.breaker.attempt():
            ends_at = self._clock() + self._seconds
            received: Queue = queue.SimpleQueue()
            request = self._loop.submit(self._request(messages, dict(arguments or {}), received))
            try:
                yield Pieces(received, ends_at, self._clock)
            finally:
                request.cancel()

    def complete(
        self,
        messages: Sequence[Message],
        arguments: Mapping[str, Any] | None = None,
        *,
        most: int = MOST_CHARACTERS,
    ) -> Piece:
        """The whole answer at once. Raises what `stream` raises, and UnusableOutputError for one
        of over `most` characters.
        """
        whole = Piece()
        with self.stream(messages, arguments) as pieces:
            for piece in pieces:
                whole = joined(whole, piece)
                if len(whole.text) > most:
                    raise UnusableOutputError("the model writes without end")
        return whole

    def close(self) -> None:
        """Ends every request."""
        self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    async def _request(
        self,
        messages: Sequence[Message],
        arguments: dict[str, Any],
        received: Queue,
    ) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await self._attempts(messages, arguments, received)
        except Exception as error:  # noqa: BLE001 - a model's client may raise anything
            reason = explained(error)
            _log.warning("%s: %s (%s)", self.name, reason, type(error).__name__)
            received.put(reason)
        else:
            received.put(None)

    async def _attempts(
        self,
        messages: Sequence[Message],
        arguments: dict[str, Any],
        received: Queue,
    ) -> None:
        from llama_index.core.llms import ChatMessage
        from tenacity import (
            AsyncRetrying,
            RetryCallState,
            retry_if_exception,
            stop_after_attempt,
            wait_exponential,
        )

        conversation = [ChatMessage(role=one.role, content=one.content) for one in messages]
        ends_at = asyncio.get_running_loop().time() + self._seconds
        backoff = wait_exponential(multiplier=self._first_wait)
        written = 0

        def worth_it(error: BaseException) -> bool:
            left = ends_at - asyncio.get_running_loop().time()
            return (
                isinstance(error, ModelUnavailableError)
                and error.again
                and written == 0
                and (error.retry_after or 0.0) < left
            )

        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = error.retry_after if isinstance(error, ModelUnavailableError) else None
            return max(asked or 0.0, backoff(state))

        async for attempt in AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS),
            retry=retry_if_exception(worth_it),
            wait=wait,
            reraise=True,
        ):
            with attempt:
                try:
                    async with contextlib.aclosing(self._pieces(conversation, arguments)) as pieces:
                        async for piece in pieces:
                            written += len(piece.text)
                            if written > MOST_CHARACTERS:
                                raise UnusableOutputError("the model writes without end")
                            received.put(piece)
                            await asyncio.sleep(0)  # the deadline also ends a client that blocks
                except Exception as error:
                    raise explained(error) from error

    async def _pieces(
        self, conversation: Sequence[ChatMessage], arguments: dict[str, Any]
    ) -> AsyncGenerator[Piece, None]:
        async with self._connection.open() as llm:
            responses = await llm.astream_chat(
                conversation, **self._connection.streaming, **arguments
            )
            async for response in responses:
                yield _piece(response)


def _piece(response: ChatResponse) -> Piece:
    if not isinstance(text := response.delta or "", str):
        raise UnusableOutputError("the model's server sends what is no text")
    told = response.additional_kwargs
    return Piece(text, _count(told.get("prompt_tokens")), _count(told.get("completion_tokens")))


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= MOST_TOKENS else None
