"""Batching: one encoder call for what waits, order kept, faults contained, no thread changed."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from service.batching import MAX_BATCH, EncodeBatcher
from service.errors import EncodingFailed


class CountingEncoder:
    """A question ``"7"`` has the vector [7]; ``"bad"`` fails the call it is in. Can be held."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.threads: list[str] = []
        self.most_at_once = self._at_once = 0
        self.go = threading.Event()
        self.go.set()
        self.began = threading.Semaphore(0)

    def __call__(self, questions):
        self.calls.append(list(questions))
        self.threads.append(threading.current_thread().name)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        self.began.release()
        assert self.go.wait(10)
        self._at_once -= 1
        if "bad" in questions:
            raise ValueError("bad question")
        return np.array([[float(question)] for question in questions], dtype=np.float32)


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def batcher(encoder) -> EncodeBatcher:
    return EncodeBatcher(encoder)


@pytest.fixture
def threads(encoder):
    """As many as a test may need; what is held is let go at its end."""
    with ThreadPoolExecutor(64) as pool:
        yield pool
        encoder.go.set()


def hold(threads, encoder, batcher):
    """Occupies the encoder with the question "0" until ``encoder.go`` is set."""
    encoder.go.clear()
    asked = threads.submit(batcher.encode, ["0"])
    assert encoder.began.acquire(timeout=10)
    return asked


def wait_in_line(threads, batcher, groups):
    """Each group from a thread of its own, in this order."""
    asked, expected = [], batcher.waiting
    for group in groups:
        asked.append(threads.submit(batcher.encode, group))
        expected += len(group)
        ends = time.monotonic() + 10
        while batcher.waiting < expected:
            assert time.monotonic() < ends
            time.sleep(0.001)
    return asked


def numbers(asked) -> list[float]:
    return asked.result(10)[:, 0].tolist()


def test_a_question_that_comes_alone_is_encoded_on_its_own_thread(encoder, batcher):
    """Nothing is handed to another thread, and nothing waits for company."""
    assert batcher.encode(["7"]).tolist() == [[7.0]]
    assert encoder.threads == [threading.current_thread().name]


def test_questions_that_come_during_a_call_are_the_next_call(threads, encoder, batcher):
    """What waits is encoded together, in the order it came, by the thread that waited longest."""
    first = hold(threads, encoder, batcher)
    waiting = wait_in_line(threads, batcher, [[str(n)] for n in range(1, 6)])
    encoder.go.set()
    assert numbers(first) == [0]
    assert [numbers(asked) for asked in waiting] == [[1], [2], [3], [4], [5]]
    assert encoder.calls == [["0"], ["1", "2", "3", "4", "5"]]
    assert len(set(encoder.threads)) == 2
    assert batcher.waiting == 0


def test_a_call_takes_no_more_than_the_largest_batch(threads, encoder, batcher):
    """Forty that wait are 32 and 8."""
    hold(threads, encoder, batcher)
    waiting = wait_in_line(threads, batcher, [[str(n)] for n in range(40)])
    encoder.go.set()
    assert [numbers(asked) for asked in waiting] == [[n] for n in range(40)]
    assert [len(call) for call in encoder.calls] == [1, MAX_BATCH, 8]


def test_a_group_is_never_split(threads, encoder, batcher):
    """20 and 20 do not fit one call of 32, so they are two."""
    hold(threads, encoder, batcher)
    groups = [[str(n) for n in range(20)], [str(n) for n in range(20, 40)]]
    waiting = wait_in_line(threads, batcher, groups)
    encoder.go.set()
    for group, asked in zip(groups, waiting, strict=True):
        assert numbers(asked) == [float(question) for question in group]
    assert encoder.calls[1:] == groups


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_so_many_calls_run_side_by_side(threads, encoder, at_once):
    """The next one waits, and is the first to follow."""
    batcher = EncodeBatcher(encoder, at_once)
    encoder.go.clear()
    running = [threads.submit(batcher.encode, [str(n)]) for n in range(at_once)]
    for _ in running:
        assert encoder.began.acquire(timeout=10)
    waiting = wait_in_line(threads, batcher, [["7"], ["8"]])
    encoder.go.set()
    assert [numbers(asked) for asked in running] == [[n] for n in range(at_once)]
    assert [numbers(asked) for asked in waiting] == [[7], [8]]
    assert encoder.most_at_once == at_once
    assert ["7", "8"] in encoder.calls


def test_a_fault_fails_only_the_question_it_is_of(threads, encoder, batcher):
    """Its neighbours in the failed call are encoded again without it, and later ones as ever."""
    hold(threads, encoder, batcher)
    one, bad, three = wait_in_line(threads, batcher, [["1"], ["bad"], ["3"]])
    encoder.go.set()
    assert (numbers(one), numbers(three)) == ([1], [3])
    with pytest.raises(ValueError, match="bad question"):
        bad.result(10)
    assert encoder.calls[1:] == [["1", "bad", "3"], ["1"], ["bad"], ["3"]]
    assert batcher.encode(["4"]).tolist() == [[4.0]]


def test_too_few_vectors_are_a_fault():
    """An encoder that drops a question must not shift the vectors of the others."""
    short = EncodeBatcher(lambda questions: np.zeros((len(questions) - 1, 1)))
    with pytest.raises(EncodingFailed):
        short.encode(["1", "2"])


def test_whatever_comes_when_everybody_has_his_own_vector(threads, encoder):
    """200 questions from 32 threads, two calls at once: none lost, none mixed up, none twice."""
    batcher = EncodeBatcher(encoder, 2)
    asked = [threads.submit(batcher.encode, [str(n), str(n + 0.5)]) for n in range(200)]
    assert [numbers(one) for one in asked] == [[n, n + 0.5] for n in range(200)]
    assert sum(len(call) for call in encoder.calls) == 400
    assert batcher.waiting == 0


def test_the_size_of_each_call_is_observed(encoder):
    """One number a call."""
    sizes: list[int] = []
    EncodeBatcher(encoder, observe=sizes.append).encode(["1", "2", "3"])
    assert sizes == [3]


@pytest.mark.parametrize("count", [0, MAX_BATCH + 1])
def test_a_group_has_1_to_32_questions(batcher, count):
    """A larger group could never fit one call."""
    with pytest.raises(ValueError, match="give 1 to 32"):
        batcher.encode(["1"] * count)
