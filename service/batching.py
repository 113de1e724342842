"""Questions → one encoder call for all that wait → each answered by the next free thread."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Generic, Protocol, TypeVar

import numpy as np

from service.errors import EncodingFailed
from service.workers import Workers

MAX_BATCH = 32

# Questions → unit float32 vectors, shape [questions, dimensions].
Encode = Callable[[Sequence[str]], np.ndarray]


class Asking(Protocol):
    """A question that waits for a thread."""

    @property
    def text(self) -> str: ...

    def begin(self) -> bool:
        """Whether it is still wanted. Called once, by the thread that takes it."""


A = TypeVar("A", bound=Asking)


@dataclass(frozen=True, slots=True)
class Encoded(Generic[A]):
    """A question with its unit vector (float32 [dimensions]), or what the encoder raised; when
    its batch was begun and encoded, in the clock's seconds; how many it was encoded with.
    """

    asking: A
    vector: np.ndarray | None
    error: Exception | None
    begun_at: float
    encoded_at: float
    together: int


class Batches(Generic[A]):
    """Gives each question a turn on the threads of ``workers``.

    Who has a turn answers the question that was encoded longest ago. Where there is none, or as
    many wait as are encoded and nobody is encoding, he first encodes all that wait, at most
    MAX_BATCH, and leaves the others to the next who have a turn. So a question that comes alone
    is encoded at once, on the thread that answers it; those that come while all threads are busy
    are encoded together; and while one thread encodes, which needs no interpreter, the others
    have something to answer, which does. ``answer`` is called on the thread; ``observe`` is told
    the size of each encoder call.
    """

    def __init__(
        self,
        workers: Workers,
        encode: Encode,
        answer: Callable[[Encoded[A]], None],
        observe: Callable[[int], None] = lambda _size: None,
    ) -> None:
        self._workers = workers
        self._encode = encode
        self._answer = answer
        self._observe = observe
        self._lock = threading.Lock()
        self._waiting: deque[A] = deque()
        self._encoding = 0
        self._encoded: deque[Encoded[A]] = deque()

    def put(self, asked: Sequence[A]) -> None:
        """Gives each of the questions a turn; where no others wait they are encoded together."""
        with self._lock:
            self._waiting.extend(asked)
        self._give_turns(len(asked))

    def _give_turns(self, count: int) -> None:
        for _ in range(count):
            self._workers.submit(self._take_turn)

    def _take_turn(self) -> None:
        encoded = self._next()
        # Another may have taken the question this turn was given for, and will see to it.
        if encoded is None:
            return
        begun = perf_counter()
        self._answer(encoded)
        encoding = (encoded.encoded_at - encoded.begun_at) / encoded.together
        self._workers.observe(encoding + perf_counter() - begun)

    def _next(self) -> Encoded[A] | None:
        with self._lock:
            ahead = self._encoding == 0 and len(self._waiting) >= len(self._encoded)
            if self._encoded and not ahead:
                return self._encoded.popleft()
            count = min(len(self._waiting), MAX_BATCH)
            taken = [self._waiting.popleft() for _ in range(count)]
            self._encoding += 1
        batch = [asking for asking in taken if asking.begin()]
        encoded = self._encode_together(batch) if batch else []
        with self._lock:
            self._encoding -= 1
            self._encoded.extend(encoded)
            first = self._encoded.popleft() if self._encoded else None
        self._give_turns(len(encoded) - 1)
        return first

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
