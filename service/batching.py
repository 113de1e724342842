"""Questions → one encoder call for all that wait → each answered by the next free thread."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Generic, Literal, Protocol

import numpy as np

from service.encoded import A, Encoded
from service.errors import EncodingFailed
from service.workers import Workers

MAX_BATCH = 32
# From so many questions on that are not answered yet, another process is worth its start.
QUEUE = 6

# Questions → unit float32 vectors, shape [questions, dimensions].
Encode = Callable[[Sequence[str]], np.ndarray]


# It takes the question; or it may when it has answered others; or this is for who asks.
Offered = Literal["taken", "full", "never"]


class Elsewhere(Protocol[A]):
    """Another process that may answer what is encoded."""

    @property
    def pending(self) -> int:
        """Questions it has that are not answered."""

    def begin(self) -> None:
        """Told that questions queue."""

    def offer(self, encoded: Encoded[A]) -> Offered: ...


# The same question with its dense candidates, or as it was where they cannot be found ahead.
LookAhead = Callable[[Encoded[A]], Encoded[A]]


class Nowhere(Elsewhere[A]):
    """Where there is no other process."""

    pending = 0

    def begin(self) -> None: ...

    def offer(self, _encoded: Encoded[A]) -> Offered:
        return "never"


class Batches(Generic[A]):
    """Gives each question a turn on the threads of ``workers``.

    Who has a turn answers the question that was encoded longest ago. Where there is none, or as
    many wait as are encoded and nobody is encoding, he first encodes all that wait, at most
    MAX_BATCH, and leaves the others to the next who have a turn. So a question that comes alone
    is encoded at once, on the thread that answers it; those that come while all threads are busy
    are encoded together; and while one thread encodes, which needs no interpreter, the others
    have something to answer, which does. ``answer`` is called on the thread; ``observe`` is told
    the size of each encoder call.

    Where there is another process (``elsewhere``), it is given what is encoded, but for a question
    that comes alone, which is answered sooner here; what it has counts as encoded above. Whoever
    hears of its replies calls ``go_on`` after each. What it has no room for yet is searched in
    part (``look_ahead``) by a thread that has nothing else to do; most of it needs no interpreter.
    """

    def __init__(
        self,
        workers: Workers,
        encode: Encode,
        answer: Callable[[Encoded[A]], None],
        observe: Callable[[int], None] = lambda _size: None,
        elsewhere: Elsewhere[A] | None = None,
        look_ahead: LookAhead[A] = lambda encoded: encoded,
    ) -> None:
        self._workers = workers
        self._encode = encode
        self._answer = answer
        self._observe = observe
        self._elsewhere = elsewhere or Nowhere()
        self._look_ahead = look_ahead
        self._lock = threading.Lock()
        self._waiting: deque[A] = deque()
        self._encoding = 0
        self._encoded: deque[Encoded[A]] = deque()
        self._looking = False

    def put(self, asked: Sequence[A]) -> None:
        """Sees to it that each question has a turn; where no others wait they are encoded
        together.
        """
        with self._lock:
            self._waiting.extend(asked)
            queue = len(self._waiting) + self._at_hand()
            # While the other process has some, its replies give turns: one now would find nothing.
            turns = self._due() if self._elsewhere.pending else len(asked)
        self._give_turns(turns)
        if queue >= QUEUE:
            self._elsewhere.begin()

    def go_on(self) -> None:
        """The other process has room again, or has ended."""
        with self._lock:
            if (ours := self._ours()) is not None:
                self._encoded.appendleft(ours)
            turns = self._due() + (len(self._encoded) if ours else 0)
        self._give_turns(turns)

    def _due(self) -> bool:
        """Whether what waits is to be encoded now, and not what is encoded to be answered first."""
        at_hand = self._at_hand()
        ahead = self._encoding == 0 and len(self._waiting) >= at_hand
        return bool(self._waiting) and (ahead or not at_hand)

    def _at_hand(self) -> int:
        """Questions that are encoded and not answered."""
        return len(self._encoded) + self._elsewhere.pending

    def _give_turns(self, count: int) -> None:
        for _ in range(count):
            self._workers.submit(self._take_turn)

    def _take_turn(self) -> None:
        encoded = self._next()
        # Another has taken the question this turn was given for, or will: a thread, or elsewhere.
        if encoded is None:
            if self._looked_ahead():
                self._give_turns(1)  # behind those who have something to answer
            return
        begun = perf_counter()
        self._answer(encoded)
        self._workers.observe(encoded.seconds + perf_counter() - begun)

    def _next(self) -> Encoded[A] | None:
        with self._lock:
            if not self._due():
                return self._ours()
            count = min(len(self._waiting), MAX_BATCH)
            taken = [self._waiting.popleft() for _ in range(count)]
            self._encoding += 1
        batch = [asking for asking in taken if asking.begin()]
        encoded = self._encode_together(batch) if batch else []
        with self._lock:
            self._encoding -= 1
            alone = len(encoded) == 1 and not self._at_hand()
            self._encoded.extend(encoded)
            first = self._encoded.popleft() if alone else self._ours()
            turns = self._due() + (len(self._encoded) if first else 0)
        self._give_turns(turns)
        return first

    def _ours(self) -> Encoded[A] | None:
        """The first encoded that is to be answered here; those before it are given away."""
        while self._encoded:
            offered = self._elsewhere.offer(self._encoded[0])
            if offered == "full":
                return None
            first = self._encoded.popleft()
            if offered == "never":
                return first
        return None

    def _looked_ahead(self) -> bool:
        """Looks ahead for one of those that wait for the other process, the last first, as the
        next is soon gone. False where there is none, or something better to do.
        """
        with self._lock:
            bare = [one for one in self._encoded if not one.looked and one.error is None]
            if not bare or self._looking or self._encoding or self._due():
                return False
            self._looking, chosen = True, bare[-1]
        found = chosen
        try:
            found = self._look_ahead(chosen)
        finally:
            found = replace(found, looked=True)
            with self._lock:
                self._looking = False
                # Unless it has been handed on meanwhile.
                self._encoded = deque(found if one is chosen else one for one in self._encoded)
        return True

    def _encode_together(self, batch: Sequence[A]) -> list[Encoded[A]]:
        begun = perf_counter()
        vectors, faults = self._vectors([asking.text for asking in batch])
        times = begun, perf_counter(), len(batch)
        return [
            Encoded(asking, vector, fault, *times)
            for asking, vector, fault in zip(batch, vectors, faults, strict=True)
        ]

    def _vectors(
        self, texts: Sequence[str]
    ) -> tuple[Sequence[np.ndarray | None], Sequence[Exception | None]]:
        """A vector or a fault for each text: where a call fails, each is tried by itself."""
        try:
            return self._call(texts), [None] * len(texts)
        except Exception as error:
            if len(texts) == 1:
                return [None], [error]
        alone = [self._vectors([text]) for text in texts]
        return [own[0][0] for own in alone], [own[1][0] for own in alone]

    def _call(self, texts: Sequence[str]) -> np.ndarray:
        self._observe(len(texts))
        vectors = self._encode(texts)
        if len(vectors) != len(texts):
            raise EncodingFailed(f"{len(texts)} questions gave {len(vectors)} vectors")
        return vectors
