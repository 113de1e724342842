"""Concurrent questions → one encoder call: what waits is encoded together, none waits for more."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from service.errors import EncodingFailed, Overloaded, ShuttingDown

MAX_BATCH = 32

# Questions → unit float32 vectors, shape [questions, dimensions].
Encode = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class _Group:
    """Questions of one request, encoded in one call; ``vectors`` is set when they are."""

    questions: tuple[str, ...]
    vectors: asyncio.Future[np.ndarray]


class EncodeBatcher:
    """Collects questions on the event loop; one thread encodes, at most MAX_BATCH at once.

    While a call runs, arriving questions wait and form the next. At most ``max_waiting``
    wait; ``observe`` is told the size of each call.
    """

    def __init__(
        self,
        encode: Encode,
        max_waiting: int,
        observe: Callable[[int], None] = lambda _size: None,
    ) -> None:
        self._encode = encode
        self._max_waiting = max_waiting
        self._observe = observe
        self._waiting: deque[_Group] = deque()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encode")
        self._pump: asyncio.Task[None] | None = None
        self._closed = False

    async def encode(self, questions: Sequence[str]) -> np.ndarray:
        """Unit float32 vectors, shape [len(questions), dimensions], from one encoder call.

        At most MAX_BATCH questions. Raises Overloaded, ShuttingDown, or whatever the encoder
        raised for these questions; a cancelled caller's questions are not encoded any more.
        """
        if not 1 <= len(questions) <= MAX_BATCH:
            raise ValueError(f"{len(questions)} questions; give 1 to {MAX_BATCH}")
        if self._closed:
            raise ShuttingDown("The service is shutting down; ask again in a few seconds.")
        waiting = self.waiting
        if waiting + len(questions) > self._max_waiting:
            raise Overloaded(
                f"{waiting} questions wait for the encoder and {self._max_waiting} may; "
                "ask again in a second."
            )
        group = _Group(tuple(questions), asyncio.get_running_loop().create_future())
        self._waiting.append(group)
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._encode_waiting())
        return await group.vectors

    @property
    def waiting(self) -> int:
        """Questions no call has taken yet, those of cancelled callers left out."""
        return sum(len(group.questions) for group in self._waiting if not group.vectors.done())

    async def close(self) -> None:
        """Finishes what waits, then lets the thread go."""
        self._closed = True
        if self._pump is not None:
            await asyncio.gather(self._pump, return_exceptions=True)
        self._worker.shutdown(wait=False)

    async def _encode_waiting(self) -> None:
        while groups := self._next_groups():
            await self._encode_groups(groups)

    def _next_groups(self) -> list[_Group]:
        """The groups that waited longest and fit one call; whole groups only."""
        taken: list[_Group] = []
        room = MAX_BATCH
        while self._waiting and len(self._waiting[0].questions) <= room:
            group = self._waiting.popleft()
            if not group.vectors.done():
                taken.append(group)
                room -= len(group.questions)
        return taken

    async def _encode_groups(self, groups: Sequence[_Group]) -> None:
        questions = [question for group in groups for question in group.questions]
        try:
            vectors = await asyncio.get_running_loop().run_in_executor(
                self._worker, self._call, questions
            )
        except Exception as error:
            await self._blame(groups, error)
            return
        first = 0
        for group in groups:
            after = first + len(group.questions)
            if not group.vectors.done():
                group.vectors.set_result(vectors[first:after])
            first = after

    async def _blame(self, groups: Sequence[_Group], error: Exception) -> None:
        """Fails the one group a call was for; of several, finds out whose fault it was."""
        if len(groups) == 1:
            if not groups[0].vectors.done():
                groups[0].vectors.set_exception(error)
            return
        for group in groups:
            await self._encode_groups([group])

    def _call(self, questions: Sequence[str]) -> np.ndarray:
        self._observe(len(questions))
        vectors = self._encode(questions)
        if len(vectors) != len(questions):
            raise EncodingFailed(f"{len(questions)} questions gave {len(vectors)} vectors")
        return vectors
