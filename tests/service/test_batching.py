"""Batching: one encoder call for what waits, order kept, faults and cancellations contained."""

from __future__ import annotations

import asyncio
import threading

import numpy as np
import pytest

from service.batching import MAX_BATCH, EncodeBatcher
from service.errors import EncodingFailed, Overloaded, ShuttingDown

pytestmark = pytest.mark.anyio


class CountingEncoder:
    """A question ``"7"`` has the vector [7]; ``"bad"`` fails the call it is in. Can be held."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.go = threading.Event()
        self.go.set()
        self.began = threading.Event()

    def __call__(self, questions):
        self.calls.append(list(questions))
        self.began.set()
        assert self.go.wait(5)
        if "bad" in questions:
            raise ValueError("bad question")
        return np.array([[float(question)] for question in questions], dtype=np.float32)


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
async def batcher(encoder):
    batcher = EncodeBatcher(encoder, max_waiting=64)
    yield batcher
    encoder.go.set()
    await batcher.close()


async def hold(encoder, batcher) -> asyncio.Task:
    """Occupies the encoder with the question "0" until ``encoder.go`` is set."""
    encoder.go.clear()
    task = asyncio.create_task(batcher.encode(["0"]))
    await asyncio.to_thread(encoder.began.wait, 5)
    return task


async def test_questions_that_come_together_are_one_call(encoder, batcher):
    """Twenty concurrent questions, one call, each its own vector."""
    asked = [str(n) for n in range(20)]
    vectors = await asyncio.gather(*(batcher.encode([question]) for question in asked))
    assert [float(vector[0, 0]) for vector in vectors] == list(range(20))
    assert encoder.calls == [asked]


async def test_questions_that_come_during_a_call_are_the_next_call(encoder, batcher):
    """What waits is encoded together, in the order it came."""
    first = await hold(encoder, batcher)
    waiting = [asyncio.create_task(batcher.encode([str(n)])) for n in range(1, 6)]
    await asyncio.sleep(0)
    assert batcher.waiting == 5
    encoder.go.set()
    await asyncio.gather(first, *waiting)
    assert encoder.calls == [["0"], ["1", "2", "3", "4", "5"]]
    assert batcher.waiting == 0


async def test_a_call_takes_no_more_than_the_largest_batch(encoder, batcher):
    """Forty that wait are 32 and 8."""
    first = await hold(encoder, batcher)
    waiting = [asyncio.create_task(batcher.encode([str(n)])) for n in range(40)]
    await asyncio.sleep(0)
    encoder.go.set()
    await asyncio.gather(first, *waiting)
    assert [len(call) for call in encoder.calls] == [1, MAX_BATCH, 8]


async def test_a_group_is_never_split(encoder, batcher):
    """20 and 20 do not fit one call of 32, so they are two."""
    first = await hold(encoder, batcher)
    groups = [[str(n) for n in range(20)], [str(n) for n in range(20, 40)]]
    waiting = [asyncio.create_task(batcher.encode(group)) for group in groups]
    await asyncio.sleep(0)
    encoder.go.set()
    await first
    for group, vectors in zip(groups, await asyncio.gather(*waiting), strict=True):
        assert vectors[:, 0].tolist() == [float(question) for question in group]
    assert encoder.calls[1:] == groups


async def test_a_fault_fails_only_the_question_it_is_of(batcher):
    """Its neighbours in the failed call are encoded again without it."""
    results = await asyncio.gather(
        *(batcher.encode([question]) for question in ("1", "bad", "3")), return_exceptions=True
    )
    assert float(results[0][0, 0]) == 1
    assert isinstance(results[1], ValueError)
    assert float(results[2][0, 0]) == 3


async def test_too_few_vectors_are_a_fault():
    """An encoder that drops a question must not shift the vectors of the others."""
    short = EncodeBatcher(lambda questions: np.zeros((len(questions) - 1, 1)), max_waiting=64)
    with pytest.raises(EncodingFailed):
        await short.encode(["1", "2"])
    await short.close()


async def test_more_than_may_wait_is_refused_at_once(encoder):
    """The refused question is not encoded, and those that waited are answered."""
    batcher = EncodeBatcher(encoder, max_waiting=2)
    first = await hold(encoder, batcher)
    waiting = [asyncio.create_task(batcher.encode([str(n)])) for n in (1, 2)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded, match="2 questions wait for the encoder and 2 may"):
        await batcher.encode(["3"])
    encoder.go.set()
    await asyncio.gather(first, *waiting)
    assert encoder.calls == [["0"], ["1", "2"]]
    await batcher.close()


async def test_a_cancelled_question_is_not_encoded_and_frees_its_place(encoder, batcher):
    """Who has gone costs nothing; the others are served."""
    first = await hold(encoder, batcher)
    gone = asyncio.create_task(batcher.encode(["1"]))
    kept = asyncio.create_task(batcher.encode(["2"]))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.wait([gone])
    assert batcher.waiting == 1
    encoder.go.set()
    assert float((await kept)[0, 0]) == 2
    await first
    assert encoder.calls == [["0"], ["2"]]


async def test_cancelling_during_the_call_leaves_the_others_their_vectors(encoder, batcher):
    """The call goes on; only the one who left gets nothing."""
    encoder.go.clear()
    gone = asyncio.create_task(batcher.encode(["1"]))
    kept = asyncio.create_task(batcher.encode(["2"]))
    await asyncio.to_thread(encoder.began.wait, 5)
    gone.cancel()
    await asyncio.wait([gone])
    encoder.go.set()
    assert float((await kept)[0, 0]) == 2
    assert encoder.calls == [["1", "2"]]


async def test_closing_finishes_what_waits_and_takes_nothing_new(encoder, batcher):
    """A stop loses no question that was let in."""
    first = await hold(encoder, batcher)
    waiting = asyncio.create_task(batcher.encode(["1"]))
    await asyncio.sleep(0)
    closing = asyncio.create_task(batcher.close())
    await asyncio.sleep(0)
    with pytest.raises(ShuttingDown):
        await batcher.encode(["2"])
    encoder.go.set()
    await closing
    assert float((await waiting)[0, 0]) == 1
    await first


async def test_the_size_of_each_call_is_observed(encoder):
    """One number a call."""
    sizes: list[int] = []
    batcher = EncodeBatcher(encoder, 64, sizes.append)
    await asyncio.gather(*(batcher.encode([str(n)]) for n in range(3)))
    assert sizes == [3]
    await batcher.close()


@pytest.mark.parametrize("count", [0, MAX_BATCH + 1])
async def test_a_group_has_1_to_32_questions(batcher, count):
    """A larger group could never fit one call."""
    with pytest.raises(ValueError, match="give 1 to 32"):
        await batcher.encode(["1"] * count)
