"""Questions of several threads → one encoder call: the first that waits encodes for all."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from service.errors import EncodingFailed

MAX_BATCH = 32

# Questions → unit float32 vectors, shape [questions, dimensions].
Encode = Callable[[Sequence[str]], np.ndarray]


@dataclass(slots=True, eq=False)
class _Group:
    """Questions of one caller, which are encoded in one call.

    Its thread is woken either to ``lead`` these groups, its own first, or with the ``vectors``
    or the ``error`` of what another thread has led.
    """

    questions: tuple[str, ...]
    woken: threading.Event = field(default_factory=threading.Event)
    lead: list[_Group] = field(default_factory=list)
    vectors: np.ndarray | None = None
    error: Exception | None = None


class EncodeBatcher:
    """Encodes on the threads that ask; it has none of its own, so nothing changes threads.

    A thread that finds fewer than ``at_once`` calls running encodes at once. Others wait; when a
    call ends, the one that waited longest takes everything that waits, at most MAX_BATCH
    questions, and encodes it for all. ``observe`` is told the size of each call.
    """

    def __init__(
        self,
        encode: Encode,
        at_once: int = 1,
        observe: Callable[[int], None] = lambda _size: None,
    ) -> None:
        self._encode = encode
        self.at_once = at_once
        self._observe = observe
        self._running = 0
        self._waiting: deque[_Group] = deque()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """Questions that no call has taken yet."""
        with self._lock:
            return sum(len(group.questions) for group in self._waiting)

    def encode(self, questions: Sequence[str]) -> np.ndarray:
        """Unit float32 vectors, shape [len(questions), dimensions], from one encoder call.

        Blocks. At most MAX_BATCH questions. Raises EncodingFailed, or whatever the encoder
        raised for these questions.
        """
        if not 1 <= len(questions) <= MAX_BATCH:
            raise ValueError(f"{len(questions)} questions; give 1 to {MAX_BATCH}")
        group = _Group(tuple(questions))
        with self._lock:
            if self._running < self.at_once:  # then nobody waits either
                self._running += 1
                group.lead = [group]
            else:
                self._waiting.append(group)
        if not group.lead:
            group.woken.wait()
        groups, group.lead = group.lead, []
        if groups:
            self._lead(groups)
        if group.error is not None:
            raise group.error
        return group.vectors

    def _lead(self, groups: Sequence[_Group]) -> None:
        """Encodes for all the groups, and lets the next call begin before it tells them."""
        try:
            self._encode_for(groups)
        finally:
            self._hand_on()
            for group in groups[1:]:
                group.woken.set()

    def _hand_on(self) -> None:
        with self._lock:
            taken = self._next_groups()
            if not taken:
                self._running -= 1
                return
        taken[0].lead = taken
        taken[0].woken.set()

    def _next_groups(self) -> list[_Group]:
        """The groups that waited longest and fit one call; whole groups only."""
        taken: list[_Group] = []
        room = MAX_BATCH
        while self._waiting and len(self._waiting[0].questions) <= room:
            taken.append(self._waiting.popleft())
            room -= len(taken[-1].questions)
        return taken

    def _encode_for(self, groups: Sequence[_Group]) -> None:
        """Gives each group its vectors, or the one whose fault it was its error."""
        try:
            vectors = self._call([question for group in groups for question in group.questions])
        except Exception as error:
            if len(groups) == 1:
                groups[0].error = error
                return
            for group in groups:
                self._encode_for([group])
            return
        first = 0
        for group in groups:
            group.vectors = vectors[first : first + len(group.questions)]
            first += len(group.questions)

    def _call(self, questions: Sequence[str]) -> np.ndarray:
        self._observe(len(questions))
        vectors = self._encode(questions)
        if len(vectors) != len(questions):
            raise EncodingFailed(f"{len(questions)} questions gave {len(vectors)} vectors")
        return vectors
