"""The desk: questions come in on an event loop, wait in turns, and go to worker threads."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, cast, runtime_checkable

from bot.desk.errors import DeskClosedError
from bot.desk.fair_queue import FairQueue
from bot.desk.priority import give_way
from bot.desk.single_flight import Flight, SingleFlight, normalised
from bot.qa.answer import Answer
from bot.qa.question import Question
from index.errors import DatelineError
from index.filtering import SearchFilter

log = logging.getLogger(__name__)

LINGER_S = 0.003
"""How long several questions that wait are held, so that those of the same moment join them."""

WARM_UP = "Is everything loaded?"

Outcome = Answer | BaseException


class Asks(Protocol):
    """What answers questions. Blocking, called from several threads."""

    def ask(self, question: str, /) -> Answer: ...


@runtime_checkable
class AsksMany(Protocol):
    """What answers the questions of one moment together; `AnswerPipeline` does.

    Blocking, called from several threads. The answers are in the order of the questions; in the
    place of one that failed stands why, and the others are answered all the same.
    """

    def ask_many(self, questions: Sequence[Question], /) -> list[Answer | Exception]: ...


@dataclass(frozen=True)
class _Key:
    """What makes two questions the same one."""

    server: int
    words: str
    within: SearchFilter | None
    as_of: dt.date | None
    generation: int | None
    question: Question = field(compare=False)
    """As the first one put it."""


_Flight = Flight[_Key, Answer]


class AnswerDesk:
    """Runs pipelines in its own threads, so that an event loop never waits for a model.

    `workers` batches of up to `batch` questions are answered at once, and `waiting` more questions
    may wait their turn, `per_server` of one server, those being answered included. A batch is of
    one pipeline. A question that waits alone is not held back for others. An answer is awaited for
    at most `timeout_s` seconds, the wait for a worker included; a worker that does not come back
    keeps its places, and the others go on.

    Either one `pipeline` serves all servers, or `pipeline_of` gives that of a server: it may block
    and raise, and is called in the worker threads for each batch anew.
    """

    def __init__(
        self,
        pipeline: Asks | AsksMany | None = None,
        *,
        pipeline_of: Callable[[int], AsksMany] | None = None,
        workers: int = 2,
        waiting: int = 32,
        per_server: int | None = None,
        batch: int = 8,
        timeout_s: float = 600.0,
    ) -> None:
        self._pipeline_of = _one_lookup(pipeline, pipeline_of)
        together = pipeline is None or isinstance(pipeline, AsksMany)
        self._batch = batch if together else 1
        self._free = workers
        self._timeout_s = timeout_s
        self._threads = ThreadPoolExecutor(workers, "answer", give_way)
        self._queue = FairQueue[_Flight](waiting + workers * self._batch, per_server)
        self._flights = SingleFlight[_Key, Answer]()
        self._pipeline_ids: dict[int, int] = {}
        """By server: which of them had one pipeline when they were last asked."""
        self._waking: asyncio.Handle | None = None
        self._closed = False

    async def ask(
        self,
        question: str,
        *,
        server: int = 0,
        within: SearchFilter | None = None,
        as_of: dt.date | None = None,
        generation: int | None = None,
    ) -> Answer:
        """The answer of the server's pipeline, or whatever that raised.

        The same question of the same server that is under way is waited for and not asked again,
        unless `generation`, which the server's archive is known to serve, is another one.

        Raises DeskBusyError, DeskClosedError, or TimeoutError after `timeout_s`.
        """
        if self._closed:
            raise DeskClosedError
        asked = Question(question, within, as_of)
        key = _Key(server, normalised(question), within, as_of, generation, asked)
        flight = self._flights.under_way(key) or self._enqueue(key)
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await flight.wait()
        finally:
            self._give_up(flight)
        if flight.key.question == asked:
            return answer
        return dataclasses.replace(answer, question=question.strip())  # other spaces

    @property
    def waiting(self) -> int:
        """How many questions wait for a worker."""
        return len(self._queue)

    def warm_up(self, server: int = 0) -> None:
        """Load the models in a worker thread, if there is an index to need them."""
        self._threads.submit(self._warm_up, server)

    def close(self) -> None:
        """Refuse new questions and those still waiting; the ones being answered go on."""
        self._closed = True
        if self._waking is not None:
            self._waking.cancel()
        for flight in self._queue.clear():
            self._flights.end(flight, DeskClosedError())
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def closed(self) -> None:
        """Wait until no thread uses a pipeline any more; only after `close`."""
        await asyncio.to_thread(self._threads.shutdown)

    # -- on the event loop -------------------------------------------------------------

    def _enqueue(self, key: _Key) -> _Flight:
        flight = self._flights.begin(key)
        try:
            self._queue.put(key.server, flight)
        except BaseException as error:
            self._flights.end(flight, error)
            raise
        if self._waking is None:
            # After all tasks whose turn it is now, who may be asking as well.
            self._waking = asyncio.get_running_loop().call_soon(self._hand_out)
        return flight

    def _give_up(self, flight: _Flight) -> None:
        """Take the question back if nobody waits for it any more and no worker has it."""
        if flight.waiters or self._flights.under_way(flight.key) is not flight:
            return
        try:
            self._queue.remove(flight.key.server, flight)
        except ValueError:
            return  # a worker has it; who asks the same now still gets its answer
        self._flights.end(flight, DeskClosedError())

    def _hand_out(self, *, held: bool = False) -> None:
        """Give the questions that wait to the workers that are free."""
        self._waking = None
        if self._closed:
            return
        room = self._free * self._batch
        if not held and self._batch > 1 and 1 < len(self._queue) < room:
            loop = asyncio.get_running_loop()
            self._waking = loop.call_later(LINGER_S, partial(self._hand_out, held=True))
            return
        while self._free and self._queue:
            # Among the free workers in equal shares: one with all would leave the others idle.
            share = -(-len(self._queue) // self._free)
            flights = self._queue.take(min(share, self._batch), self._have_one_pipeline)
            self._free -= 1
            job = self._threads.submit(self._answer, [flight.key for flight in flights])
            asyncio.wrap_future(job).add_done_callback(partial(self._take_back, flights))

    def _have_one_pipeline(self, one: int, other: int) -> bool:
        """Two servers of which that is not known do not."""
        ids = self._pipeline_ids
        return one == other or (one in ids and ids[one] == ids.get(other))

    def _take_back(
        self, flights: Sequence[_Flight], job: asyncio.Future[tuple[list[Outcome], dict[int, int]]]
    ) -> None:
        outcomes: Sequence[Outcome]
        if job.cancelled():  # by `close`, before a thread had it
            outcomes = [DeskClosedError() for _ in flights]
        elif error := job.exception():
            outcomes = [error for _ in flights]
        else:
            outcomes, ids = job.result()
            self._pipeline_ids.update(ids)
        for flight, outcome in zip(flights, outcomes, strict=True):
            self._queue.leave(flight.key.server)
            self._flights.end(flight, outcome)
        self._free += 1
        if self._queue and self._waking is None:
            self._hand_out()

    # -- in a worker thread ------------------------------------------------------------

    def _answer(self, keys: Sequence[_Key]) -> tuple[list[Outcome], dict[int, int]]:
        """The outcomes in the order of the keys, and the identities of the servers' pipelines."""
        outcomes: dict[int, Outcome] = {}
        groups: dict[int, tuple[AsksMany, list[int]]] = {}
        found: dict[int, AsksMany | Exception] = {}
        for place, key in enumerate(keys):
            if key.server not in found:
                found[key.server] = self._looked_up(key.server)
            pipeline = found[key.server]
            if isinstance(pipeline, Exception):
                outcomes[place] = pipeline
            else:
                groups.setdefault(id(pipeline), (pipeline, []))[1].append(place)
        for pipeline, places in groups.values():
            questions = [keys[place].question for place in places]
            outcomes.update(zip(places, _asked(pipeline, questions), strict=True))
        ids = {server: id(one) for server, one in found.items() if not isinstance(one, Exception)}
        return [outcomes[place] for place in range(len(keys))], ids

    def _looked_up(self, server: int) -> AsksMany | Exception:
        try:
            return self._pipeline_of(server)
        except Exception as error:  # noqa: BLE001 - it goes to whoever asked
            return error

    def _warm_up(self, server: int) -> None:
        try:
            (outcome,) = self._pipeline_of(server).ask_many([Question(WARM_UP)])
            if isinstance(outcome, Exception):
                raise outcome
        except DatelineError as error:
            log.warning("Not ready to answer yet: %s", error)
        except Exception:
            log.exception("The warm-up question failed")


def _one_lookup(
    pipeline: Asks | AsksMany | None, pipeline_of: Callable[[int], AsksMany] | None
) -> Callable[[int], AsksMany]:
    if (pipeline is None) == (pipeline_of is None):
        raise ValueError("a desk has one pipeline, or looks them up: give one of the two")
    if pipeline_of is not None:
        return pipeline_of
    many = pipeline if isinstance(pipeline, AsksMany) else _OneByOne(cast(Asks, pipeline))
    return lambda _: many


def _asked(pipeline: AsksMany, questions: Sequence[Question]) -> Sequence[Outcome]:
    """One outcome a question, also from a pipeline that breaks its promise."""
    try:
        outcomes = pipeline.ask_many(questions)
    except Exception as error:  # noqa: BLE001 - it goes to those who asked
        return [error for _ in questions]
    if len(outcomes) != len(questions):
        broken = f"{len(outcomes)} answers came to {len(questions)} questions"
        return [RuntimeError(broken) for _ in questions]
    return outcomes


class _OneByOne:
    """What only answers single questions."""

    def __init__(self, pipeline: Asks) -> None:
        self._pipeline = pipeline

    def ask_many(self, questions: Sequence[Question], /) -> list[Answer | Exception]:
        return [self._outcome(question) for question in questions]

    def _outcome(self, question: Question) -> Answer | Exception:
        try:
            if question != Question(question.text):
                raise ValueError("this pipeline takes no filter and no day")
            return self._pipeline.ask(question.text)
        except Exception as error:  # noqa: BLE001 - it goes to whoever asked
            return error
