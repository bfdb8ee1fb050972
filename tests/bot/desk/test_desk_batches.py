"""Questions of one moment, of several servers, and of people who leave."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from bot.desk import AnswerDesk, DeskBusyError, DeskClosedError
from bot.qa.answer import Answer
from bot.qa.question import Question
from index.errors import NoIndexError
from index.filtering import SearchFilter


class Batches:
    """A pipeline that notes its batches, and answers once it is let go."""

    def __init__(self, *, held: bool = False) -> None:
        self.batches: list[list[str]] = []
        self.entered = threading.Semaphore(0)
        self.go = threading.Event()
        if not held:
            self.go.set()

    def ask_many(self, questions: Sequence[Question], /) -> list[Answer | Exception]:
        self.batches.append([question.text for question in questions])
        self.entered.release()
        assert self.go.wait(30)
        return [self._outcome(question) for question in questions]

    def _outcome(self, question: Question) -> Answer | Exception:
        if question.text == "bad":
            return NoIndexError("nothing")
        return Answer(question.text, answered=False, answer="", confidence=0.0)

    async def working(self) -> None:
        assert await asyncio.to_thread(self.entered.acquire, timeout=30)


def asking(desk: AnswerDesk, *questions: str, server: int = 0) -> list[asyncio.Task[Answer]]:
    return [asyncio.create_task(desk.ask(question, server=server)) for question in questions]


async def ended(desk: AnswerDesk) -> None:
    desk.close()
    await desk.closed()


async def test_questions_of_one_moment_are_one_batch() -> None:
    pipeline = Batches()
    desk = AnswerDesk(pipeline, workers=1)
    answers = await asyncio.gather(*asking(desk, "a", "b", "c"))
    assert [answer.question for answer in answers] == ["a", "b", "c"]
    assert pipeline.batches == [["a", "b", "c"]]
    await ended(desk)


async def test_free_workers_share_and_no_batch_is_larger_than_it_may() -> None:
    pipeline = Batches()
    desk = AnswerDesk(pipeline, workers=2, batch=4)
    await asyncio.gather(*asking(desk, *"abcdef"))
    assert sorted(map(len, pipeline.batches)) == [3, 3]
    pipeline.batches.clear()
    await asyncio.gather(*asking(desk, *"abcdefghijklm"))
    assert sum(map(len, pipeline.batches)) == 13
    assert max(map(len, pipeline.batches)) == 4
    await ended(desk)


async def test_a_lone_question_is_not_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.desk.desk.LINGER_S", 3600.0)
    pipeline = Batches()
    desk = AnswerDesk(pipeline, workers=1, batch=2)
    assert (await desk.ask("alone")).question == "alone"
    # And a full batch has nothing to be held back for.
    await asyncio.gather(*asking(desk, "a", "b"))
    assert pipeline.batches == [["alone"], ["a", "b"]]
    await ended(desk)


async def test_one_bad_question_is_the_trouble_of_its_asker_alone() -> None:
    pipeline = Batches()
    desk = AnswerDesk(pipeline, workers=1)
    good, bad, other = await asyncio.gather(*asking(desk, "a", "bad", "c"), return_exceptions=True)
    assert isinstance(bad, NoIndexError)
    assert isinstance(good, Answer) and isinstance(other, Answer)
    assert len(pipeline.batches) == 1
    await ended(desk)


async def test_the_same_question_is_computed_once() -> None:
    pipeline = Batches(held=True)
    desk = AnswerDesk(pipeline, workers=1, waiting=0, batch=1)
    asked = asking(desk, "where is it?", "where  is it?\n")
    await pipeline.working()
    late = asking(desk, "where is it?")  # while there is no place for another question
    await asyncio.sleep(0)
    asked[0].cancel()
    pipeline.go.set()
    with pytest.raises(asyncio.CancelledError):
        await asked[0]
    assert (await asked[1]).question == "where  is it?"
    assert (await late[0]).question == "where is it?"
    assert pipeline.batches == [["where is it?"]]
    await desk.ask("where is it?")
    assert len(pipeline.batches) == 2, "it had been answered"
    await ended(desk)


async def test_what_only_looks_the_same_is_asked_by_itself() -> None:
    pipeline = Batches()
    desk = AnswerDesk(pipeline, workers=1)
    await asyncio.gather(
        desk.ask("a"),
        desk.ask("a", server=1),
        desk.ask("a", within=SearchFilter(sources=("Newswire",))),
        desk.ask("a", generation=2),
        desk.ask("a", generation=3),
        desk.ask("A"),
    )
    assert sum(map(len, pipeline.batches)) == 6
    await ended(desk)


async def test_whom_nobody_waits_for_any_more_leaves_the_queue() -> None:
    pipeline = Batches(held=True)
    desk = AnswerDesk(pipeline, workers=1, waiting=1, batch=1)
    (first,) = asking(desk, "first")
    await pipeline.working()
    leaving = asking(desk, "second", "second")
    await asyncio.sleep(0)
    with pytest.raises(DeskBusyError):
        await desk.ask("third")
    leaving[0].cancel()
    await asyncio.wait([leaving[0]])
    with pytest.raises(DeskBusyError):
        await desk.ask("third")  # one still waits for the second
    leaving[1].cancel()
    await asyncio.wait([leaving[1]])
    (third,) = asking(desk, "third")
    await asyncio.sleep(0)
    pipeline.go.set()
    assert (await first).question == "first"
    assert (await third).question == "third"
    assert pipeline.batches == [["first"], ["third"]]
    await ended(desk)


async def test_servers_take_turns_and_one_may_not_take_all_places() -> None:
    pipeline = Batches(held=True)
    desk = AnswerDesk(pipeline, workers=1, waiting=6, per_server=3, batch=1)
    asked = asking(desk, "a1", server=1)
    await pipeline.working()
    asked += asking(desk, "a2", "a3", server=1) + asking(desk, "b1", "b2", server=2)
    await asyncio.sleep(0)
    with pytest.raises(DeskBusyError):
        await desk.ask("a4", server=1)
    asked += asking(desk, "c1", server=3)
    await asyncio.sleep(0)
    pipeline.go.set()
    await asyncio.gather(*asked)
    assert [batch[0] for batch in pipeline.batches] == ["a1", "a2", "b1", "c1", "a3", "b2"]
    await ended(desk)


async def test_a_batch_is_of_one_pipeline() -> None:
    own, shared = Batches(), Batches()
    pipelines = {1: own, 2: shared, 3: shared}
    desk = AnswerDesk(pipeline_of=pipelines.__getitem__, workers=1)
    # Which servers share a pipeline is learned by asking.
    await asyncio.gather(*(desk.ask("first", server=server) for server in pipelines))
    for pipeline in (own, shared):
        pipeline.batches.clear()
    await asyncio.gather(
        *asking(desk, "a", server=1), *asking(desk, "b", server=2), *asking(desk, "c", server=3)
    )
    assert own.batches == [["a"]]
    assert shared.batches == [["b", "c"]]
    # And it may change at any time.
    pipelines[3] = own
    await asyncio.gather(*asking(desk, "d", server=2), *asking(desk, "e", server=3))
    assert shared.batches[1:] == [["d"]]
    assert own.batches[1:] == [["e"]]
    await ended(desk)


async def test_a_server_without_a_pipeline_is_the_trouble_of_that_server_alone() -> None:
    pipeline = Batches()

    def look_up(server: int) -> Batches:
        assert threading.current_thread() is not threading.main_thread()
        if server == 2:
            raise NoIndexError("no archive")
        return pipeline

    desk = AnswerDesk(pipeline_of=look_up, workers=1)
    good, bad = await asyncio.gather(
        desk.ask("a", server=1), desk.ask("a", server=2), return_exceptions=True
    )
    assert isinstance(good, Answer)
    assert isinstance(bad, NoIndexError)
    await ended(desk)


async def test_a_stuck_worker_holds_up_nobody_else() -> None:
    stuck, quick = Batches(held=True), Batches()
    desk = AnswerDesk(
        pipeline_of={1: stuck, 2: quick}.__getitem__, workers=2, waiting=4, timeout_s=30.0
    )
    (lost,) = asking(desk, "lost", server=1)
    await stuck.working()
    for text in "abc":
        assert (await desk.ask(text, server=2)).question == text
    assert not lost.done()
    stuck.go.set()
    await lost
    await ended(desk)


class Broken:
    """A pipeline that gives back what it is made with, or raises it."""

    def __init__(self, outcome: list[Answer | Exception] | BaseException) -> None:
        self.outcome = outcome

    def ask_many(self, _: Sequence[Question], /) -> list[Answer | Exception]:
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ([], "0 answers came to 1 questions"),
        (MemoryError("full"), "full"),
        (StopIteration("odd"), "odd"),
        (GeneratorExit("gone"), "gone"),
    ],
)
async def test_a_pipeline_that_breaks_costs_no_worker(
    outcome: list[Answer | Exception] | BaseException, told: str
) -> None:
    desk = AnswerDesk(Broken(outcome), workers=1, waiting=0, batch=1)
    for _ in range(3):
        with pytest.raises(BaseException, match=told):
            await desk.ask("a")
    await ended(desk)


async def test_closing_turns_away_all_who_wait() -> None:
    pipeline = Batches(held=True)
    desk = AnswerDesk(pipeline, workers=1, batch=1)
    (first,) = asking(desk, "a", server=1)
    await pipeline.working()
    others = asking(desk, "b", "b", "c", server=1) + asking(desk, "d", server=2)
    await asyncio.sleep(0)
    desk.close()
    for outcome in await asyncio.gather(*others, return_exceptions=True):
        assert isinstance(outcome, DeskClosedError)
    pipeline.go.set()
    assert (await first).question == "a"
    await desk.closed()


async def test_closing_while_questions_are_held_for_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.desk.desk.LINGER_S", 3600.0)
    pipeline = Batches()
    desk = AnswerDesk(pipeline, workers=1)
    held = asking(desk, "a", "b")
    for _ in range(3):
        await asyncio.sleep(0)
    desk.close()
    for outcome in await asyncio.gather(*held, return_exceptions=True):
        assert isinstance(outcome, DeskClosedError)
    assert pipeline.batches == []
    await desk.closed()


async def test_a_desk_has_one_pipeline_or_looks_them_up() -> None:
    pipeline = Batches()
    with pytest.raises(ValueError, match="one of the two"):
        AnswerDesk()
    with pytest.raises(ValueError, match="one of the two"):
        AnswerDesk(pipeline, pipeline_of=lambda _: pipeline)
