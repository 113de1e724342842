"""A question's road through a running service: a reply kept, or the same question in work, or
let in and answered on a thread.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from time import perf_counter

from service.admission import Admission
from service.answerer import OpenSnapshot, Question
from service.batching import Batches, Encode
from service.elsewhere import SearchElsewhere
from service.encoded import Encoded
from service.errors import TimedOut
from service.in_flight import InFlight
from service.outcomes import Answered, How, Outcome
from service.reply_cache import Asked, ReplyCache
from service.work import Found, Work, found_here, looked_ahead
from service.workers import Workers


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

    ``encode`` and ``observe`` are those of ``Batches``. ``seconds`` is what a request may take.
    ``serving`` is the snapshot that serves now: replies of another are not kept. ``told`` is
    given what went wrong and returns what the asker is told. ``apart`` is the folder of the index
    where a second process may search (``elsewhere.py``).
    """

    def __init__(
        self,
        workers: Workers,
        encode: Encode,
        observe: Callable[[int], None],
        admission: Admission,
        cache: ReplyCache,
        seconds: float,
        serving: Callable[[], OpenSnapshot | None],
        told: Callable[[Exception], Exception],
        apart: Path | None = None,
    ) -> None:
        self.workers = workers
        self._loop = asyncio.get_running_loop()
        # Of two threads one encodes while the other hands on: neither is free to search.
        self.elsewhere = apart and SearchElsewhere(
            apart, serving, self._answered_elsewhere, self._returned, workers.threads <= 2
        )
        self._batches = Batches(
            workers, encode, self._deliver, observe, self.elsewhere, looked_ahead
        )
        self._admission = admission
        self._cache = cache
        self._seconds = seconds
        self._serving = serving
        self._told = told
        self._in_flight: InFlight[Work] = InFlight(
            Work, lambda work: admission.keep_until_done(workers, work.ended)
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
                    found |= await self._computed(missing)
        return [_answered(*found[one], (perf_counter() - came) * 1000) for one in asked]

    async def _computed(self, missing: Sequence[Asked]) -> dict[Asked, tuple[Found, How]]:
        joined = [self._in_flight.join(one) for one in missing]
        try:
            if new := [work for work, is_new in joined if is_new]:
                self._batches.put(new)
            # Shielded: who is cancelled would cancel the result of all who wait for it.
            waiting = (asyncio.shield(work.result) for work, _ in joined)
            results = await asyncio.gather(*waiting)
        finally:
            for work, _ in joined:
                self._in_flight.leave(work)
        hows: list[How] = ["computed" if is_new else "shared" for _, is_new in joined]
        return dict(zip(missing, zip(results, hows, strict=True), strict=True))

    def _deliver(self, encoded: Encoded[Work]) -> None:
        """On a thread: answers the question and hands the outcome to the event loop."""
        self._hand_over(encoded.asking, found_here(encoded, self._others_wait))

    def _others_wait(self) -> bool:
        """Whether anything is in work but what asks, whatever it is."""
        return self._admission.in_use > 1

    def _answered_elsewhere(self, encoded: Encoded[Work], outcome: Outcome, seconds: float) -> None:
        """On the thread that hears of the search process."""
        try:
            self._batches.go_on()
        finally:
            self.workers.observe(encoded.seconds + seconds)
            self._hand_over(encoded.asking, outcome)

    def _returned(self, encoded: Encoded[Work]) -> None:
        """On that thread, too: the question gets a turn on one of ours."""
        try:
            self._batches.go_on()
            self.workers.submit(self._deliver, encoded)
        except RuntimeError as error:  # there are no threads any more
            self._hand_over(encoded.asking, error)

    def _hand_over(self, work: Work, found: Found) -> None:
        work.end()
        with contextlib.suppress(RuntimeError):  # the loop has ended, and with it the service
            self._loop.call_soon_threadsafe(self._finish, work, found)

    def _finish(self, work: Work, found: Found) -> None:
        if isinstance(found, Exception):
            found = self._told(found)
        elif found.lasting and work.key.opened is self._serving():
            self._cache.keep(work.key, found)
        self._in_flight.finish(work, found)


def _answered(found: Found, how: How, total_ms: float) -> Answered | Exception:
    return found if isinstance(found, Exception) else Answered(found, how, total_ms)
