"""Questions to put into batches, an encoder that counts its calls, and what became of both."""

from __future__ import annotations

import threading
from concurrent.futures import Future

import numpy as np


class CountingEncoder:
    """A question ``"7"`` has the vector [7]; ``"bad"`` fails the call it is in. Can be held."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.go = threading.Event()
        self.go.set()
        self.began = threading.Semaphore(0)

    def __call__(self, texts):
        self.calls.append(list(texts))
        self.began.release()
        assert self.go.wait(10)
        if "bad" in texts:
            raise ValueError("bad question")
        return np.array([[float(text)] for text in texts], dtype=np.float32)


class Asked:
    """A question and, once it is answered, how."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.wanted = True
        self.answer: Future = Future()

    def begin(self) -> bool:
        return self.wanted


def put(batches, *texts) -> list[Asked]:
    asked = [Asked(text) for text in texts]
    batches.put(asked)
    return asked


def vector_of(asked) -> float:
    encoded, _ = asked.answer.result(10)
    assert encoded.error is None
    return float(encoded.vector[0])


def hold(encoder, batches) -> list[Asked]:
    """Occupies one thread with the question "0" until ``encoder.go`` is set."""
    while encoder.began.acquire(blocking=False):
        pass
    encoder.go.clear()
    asked = put(batches, "0")
    assert encoder.began.acquire(timeout=10)
    return asked
