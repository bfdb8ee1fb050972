"""Questions waiting for worker threads."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest

from bot.desk import AnswerDesk, DeskBusyError, DeskClosedError, OpenReplies
from bot.qa.answer import Answer
from index.errors import NoIndexError


class Held:
    """A pipeline that answers once it is let go."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.go = threading.Event()
        self.threads: set[int] = set()

    def ask(self, question: str, /) -> Answer:
        self.threads.add(threading.get_ident())
        self.entered.release()
        assert self.go.wait(30)
        return Answer(question, answered=False, answer="", confidence=0.0)


class Failing:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def ask(self, question: str, /) -> Answer:
        raise self.error


async def test_answers_off_the_event_loop() -> None:
    pipeline = Held()
    pipeline.go.set()
    desk = AnswerDesk(pipeline)
    assert (await desk.ask("why?")).question == "why?"
    assert threading.get_ident() not in pipeline.threads
    desk.close()
    await desk.closed()


async def test_what_the_pipeline_raises_comes_through() -> None:
    desk = AnswerDesk(Failing(NoIndexError("nothing")))
    with pytest.raises(NoIndexError, match="nothing"):
        await desk.ask("why?")
    desk.close()
    await desk.closed()


async def test_refuses_more_than_may_wait_until_there_is_room() -> None:
    pipeline = Held()
    desk = AnswerDesk(pipeline, workers=1, waiting=1)
    asked = [asyncio.create_task(desk.ask(str(n))) for n in range(2)]
    await asyncio.to_thread(pipeline.entered.acquire)
    with pytest.raises(DeskBusyError):
        await desk.ask("one too many")
    pipeline.go.set()
    await asyncio.gather(*asked)
    assert (await desk.ask("room again")).question == "room again"
    desk.close()
    await desk.closed()


async def test_waits_no_longer_than_its_timeout_and_keeps_the_place_taken() -> None:
    pipeline = Held()
    desk = AnswerDesk(pipeline, workers=1, waiting=0, timeout_s=0.01)
    with pytest.raises(TimeoutError):
        await desk.ask("slow?")
    with pytest.raises(DeskBusyError):
        await desk.ask("while the thread still works")
    pipeline.go.set()
    desk.close()
    await desk.closed()


async def test_closing_turns_away_who_waits_and_lets_the_others_finish() -> None:
    pipeline = Held()
    desk = AnswerDesk(pipeline, workers=1, waiting=1)
    first, second = (asyncio.create_task(desk.ask(str(n))) for n in range(2))
    await asyncio.to_thread(pipeline.entered.acquire)
    desk.close()
    with pytest.raises(DeskClosedError):
        await second
    with pytest.raises(DeskClosedError):
        await desk.ask("too late")
    pipeline.go.set()
    assert (await first).question == "0"
    await desk.closed()


async def test_an_asker_who_is_cancelled_is_cancelled() -> None:
    pipeline = Held()
    desk = AnswerDesk(pipeline)
    asked = asyncio.create_task(desk.ask("why?"))
    await asyncio.to_thread(pipeline.entered.acquire)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    pipeline.go.set()
    desk.close()
    await desk.closed()


@pytest.mark.parametrize("error", [NoIndexError("no index"), RuntimeError("broken")])
async def test_warm_up_never_fails(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    desk = AnswerDesk(Failing(error))
    desk.warm_up()
    await desk.closed()
    assert str(error) in caplog.text
    unexpected = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert bool(unexpected) == isinstance(error, RuntimeError)


async def test_open_replies_are_waited_for() -> None:
    replies = OpenReplies()
    go = asyncio.Event()
    inside = asyncio.Event()

    async def reply() -> None:
        with replies:
            inside.set()
            await go.wait()

    task = asyncio.create_task(reply())
    await inside.wait()
    await replies.finished(timeout_s=0.01)
    assert not task.done()
    go.set()
    await replies.finished(timeout_s=30)
    assert task.done()
    await replies.finished(timeout_s=0)
