"""A real OpenAI-compatible server on loopback that answers what a test writes, faults included."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]
STREAM = {"Content-Type": "text/event-stream; charset=utf-8"}


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]
    """By lower-case name."""
    body: Any

    @property
    def prompt(self) -> str:
        return "\n".join(message["content"] for message in self.body["messages"])


@dataclass
class ScriptedLLM:
    """Replies in their order; the last one also to every later request."""

    replies: list[Reply] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)
    """Set when a client closes its connection before the reply is complete."""
    address: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(Request(request.path, headers, await request.json()))
        reply = self.replies[min(len(self.requests), len(self.replies)) - 1]
        try:
            return await reply(request)
        except (asyncio.CancelledError, ConnectionError):
            self.left.set()
            raise


def event(
    text: str | None = None, *, usage: tuple[int, int] | None = None, finish: str | None = None
) -> bytes:
    """One event of a stream, as the API has it."""
    delta = {"role": "assistant", "content": text} if text is not None else {}
    chunk: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "scripted",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    if usage is not None:
        read, wrote = usage
        chunk["choices"] = []
        chunk["usage"] = {
            "prompt_tokens": read,
            "completion_tokens": wrote,
            "total_tokens": read + wrote,
        }
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def in_pieces(text: str, size: int = 7) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def says(text: str, *, usage: tuple[int, int] | None = None) -> Reply:
    """A whole answer, in small pieces."""
    events = [*map(event, in_pieces(text)), event(finish="stop")]
    if usage is not None:
        events.append(event(usage=usage))
    return sends(*events, b"data: [DONE]\n\n")


def sends(*blocks: bytes, headers: Mapping[str, str] = STREAM, then: str = "end") -> Reply:
    """Bytes of a stream, which then ends, is cut, stays silent, or repeats its last block."""

    async def reply(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        for block in blocks:
            await response.write(block)
        if then == "cut":
            assert request.transport is not None
            request.transport.abort()
        elif then == "silence":
            await asyncio.Event().wait()
        elif then == "again":
            while True:
                await response.write(blocks[-1])
                await asyncio.sleep(0)
        return response

    return reply


def never_replies() -> Reply:
    async def reply(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError("nothing sets the event")

    return reply


def status(code: int, headers: Mapping[str, str] | None = None) -> Reply:
    body = json.dumps({"error": {"message": "@everyone the server says", "code": code}})

    async def reply(request: web.Request) -> web.StreamResponse:
        return web.Response(
            status=code, text=body, content_type="application/json", headers=headers
        )

    return reply


@contextlib.contextmanager
def scripted_llm(*replies: Reply) -> Iterator[ScriptedLLM]:
    server = ScriptedLLM(list(replies))
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        application = web.Application()
        application.router.add_post("/{path:.*}", server.handle)
        runner = web.AppRunner(application, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        server.address = f"http://{host}:{port}/v1"
        ready.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


def answer_json(sentences: Sequence[tuple[str, Sequence[str]]], *, answerable: bool = True) -> str:
    """What a model is asked to write: texts, each with its quotes."""
    listed = [
        {"text": text, "quotes": [{"passage": 1, "quote": quote} for quote in quotes]}
        for text, quotes in sentences
    ]
    return json.dumps({"answerable": answerable, "sentences": listed}, ensure_ascii=False)
