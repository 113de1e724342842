"""A question's road through a running service: a reply kept, or the same question in work, or
let in and answered on a thread.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from time import perf_counter

from service.admission import Admission
from service.answerer import EncodedQuestion, OpenSnapshot, Question, answer_question
from service.batching import EncodeBatcher
from service.errors import TimedOut
from service.in_flight import Computation, InFlight, Job
from service.outcomes import Answered, How, Outcome, outcome_of
from service.reply_cache import Asked, ReplyCache
from service.workers import Workers

Found = Outcome | Exception
Work = Computation[Asked, Found]


@contextlib.asynccontextmanager
async def in_time(seconds: float) -> AsyncIterator[None]:
    """Raises TimedOut where what is inside takes longer."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise TimedOut(
            f"The answer was not ready within {seconds:g} seconds; ask again, or for less."
        ) from error


class Answering:
    """Answers questions on the threads of ``workers``; used on the event loop.

    ``seconds`` is what a request may take. ``serving`` is the snapshot that serves now: replies
    of another are not kept. ``told`` is given what went wrong and returns what the asker is told.
    """

    def __init__(
        self,
        workers: Workers,
        admission: Admission,
        batcher: EncodeBatcher,
        cache: ReplyCache,
        seconds: float,
        serving: Callable[[], OpenSnapshot | None],
        told: Callable[[Exception], Exception],
    ) -> None:
        self.workers = workers
        self._admission = admission
        self._batcher = batcher
        self._cache = cache
        self._seconds = seconds
        self._serving = serving
        self._told = told
        self._in_flight: InFlight[Asked, Found] = InFlight(
            lambda work: admission.keep_until_done(workers, work.ended)
        )

    async def answer(
        self, questions: Sequence[Question], opened: OpenSnapshot
    ) -> list[Answered | Exception]:
        """A reply, or what prevented it, for each question; what is to be encoded is one call.

        Raises Overloaded, ShuttingDown or TimedOut.
        """
        came = perf_counter()
        asked = [Asked.of(question, opened) for question in questions]
        found: dict[Asked, tuple[Found, How]] = {
            one: (kept, "kept") for one in asked if (kept := self._cache.get(one)) is not None
        }
        # Each once, however often a batch asks it.
        missing = [one for one in dict.fromkeys(asked) if one not in found]
        if missing:
            with self._admission.admit(self.workers, len(missing)):
                async with in_time(self._seconds):
                    found |= await self._computed(missing, came)
        return [_answered(*found[one], (perf_counter() - came) * 1000) for one in asked]

    async def _computed(
        self, missing: Sequence[Asked], came: float
    ) -> dict[Asked, tuple[Found, How]]:
        joined = [self._in_flight.join(one) for one in missing]
        try:
            if new := [work for work, is_new in joined if is_new]:
                loop = asyncio.get_running_loop()
                Job(new, self.workers.submit(self._compute, new, came, loop))
            # Shielded: who is cancelled would cancel the result of all who wait for it.
            waiting = (asyncio.shield(work.result) for work, _ in joined)
            results = await asyncio.gather(*waiting)
        finally:
            for work, _ in joined:
                self._in_flight.leave(work)
        hows: list[How] = ["computed" if is_new else "shared" for _, is_new in joined]
        return dict(zip(missing, zip(results, hows, strict=True), strict=True))

    def _compute(self, works: Sequence[Work], came: float, loop: asyncio.AbstractEventLoop) -> None:
        """On a thread: encodes the questions together and answers one after the other."""
        begun = [work for work in works if work.begin()]
        if not begun:
            return
        started = perf_counter()
        try:
            vectors = self._batcher.encode([work.key.question.text for work in begun])
        except Exception as error:
            for work in begun:
                self._deliver(work, error, loop)
            return
        encoded_at = perf_counter()
        for work, vector in zip(begun, vectors, strict=True):
            encoded = EncodedQuestion(work.key.question, vector, started, encoded_at)
            self._deliver(work, _outcome(encoded, work.key.opened, started - came), loop)
        self.workers.observe((perf_counter() - started) / len(begun))

    def _deliver(self, work: Work, found: Found, loop: asyncio.AbstractEventLoop) -> None:
        work.end()
        with contextlib.suppress(RuntimeError):  # the loop has ended, and with it the service
            loop.call_soon_threadsafe(self._finish, work, found)

    def _finish(self, work: Work, found: Found) -> None:
        if isinstance(found, Exception):
            found = self._told(found)
        elif found.lasting and work.key.opened is self._serving():
            self._cache.keep(work.key, found)
        self._in_flight.finish(work, found)


def _outcome(encoded: EncodedQuestion, opened: OpenSnapshot, wait: float) -> Found:
    try:
        return outcome_of(answer_question(encoded, opened, ""), wait * 1000)
    except Exception as error:
        return error


def _answered(found: Found, how: How, total_ms: float) -> Answered | Exception:
    return found if isinstance(found, Exception) else Answered(found, how, total_ms)
