"""Batching: one encoder call for what waits, each answered once, faults contained."""

from __future__ import annotations

import threading
import time

import numpy as np
from counted_batches import hold, put, vector_of

from service.batching import MAX_BATCH, Batches
from service.errors import EncodingFailed
from service.workers import Workers


def test_a_question_that_comes_alone_is_encoded_at_once(counting, batches_on):
    """By itself, on the thread that answers it."""
    (asked,) = put(batches_on(2), "7")
    assert vector_of(asked) == 7
    assert counting.calls == [["7"]]


def test_questions_that_come_while_all_threads_are_busy_are_the_next_call(counting, batches_on):
    """In the order they came; each has its own vector."""
    batches = batches_on(1)
    first = hold(counting, batches)
    waiting = [put(batches, str(n))[0] for n in range(1, 6)]
    counting.go.set()
    assert [vector_of(asked) for asked in first + waiting] == [0, 1, 2, 3, 4, 5]
    assert counting.calls == [["0"], ["1", "2", "3", "4", "5"]]


def test_a_free_thread_does_not_wait_for_company(counting, batches_on):
    """The second question is begun while the first is being encoded."""
    batches = batches_on(2)
    first = hold(counting, batches)
    second = put(batches, "1")
    assert counting.began.acquire(timeout=10)
    assert counting.calls == [["0"], ["1"]]
    counting.go.set()
    assert [vector_of(asked) for asked in first + second] == [0, 1]


def test_a_call_takes_no_more_than_the_largest_batch(counting, batches_on):
    """Forty that wait are 32 and 8."""
    batches = batches_on(1)
    hold(counting, batches)
    waiting = put(batches, *map(str, range(40)))
    counting.go.set()
    assert [vector_of(asked) for asked in waiting] == list(range(40))
    assert [len(call) for call in counting.calls] == [1, MAX_BATCH, 8]


def test_what_was_encoded_together_is_answered_by_all_threads(counting):
    """While one answers, the next free thread takes the next: both meet at a barrier."""
    meeting = threading.Barrier(2, timeout=10)
    workers, names = Workers("work", 2), []

    def answer(encoded):
        meeting.wait()
        names.append(threading.current_thread().name)
        encoded.asking.answer.set_result((encoded, ""))

    asked = put(Batches(workers, counting, answer), "1", "2", "3", "4")
    assert [vector_of(one) for one in asked] == [1, 2, 3, 4]
    assert counting.calls == [["1", "2", "3", "4"]]
    assert len(set(names)) == 2
    workers.shutdown()


def test_what_waits_is_encoded_before_nothing_is_left_to_answer(counting):
    """With one ready and two waiting, who is free encodes the two; the one is still answered
    first.
    """
    workers, begun = Workers("work", 2), []
    go_on = {text: threading.Event() for text in "12345"}

    def answer(encoded):
        begun.append(encoded.asking.text)
        assert go_on[encoded.asking.text].wait(10)
        encoded.asking.answer.set_result((encoded, ""))

    batches = Batches(workers, counting, answer)
    asked = put(batches, "1", "2", "3")
    while len(begun) < 2:
        time.sleep(0.001)
    asked += put(batches, "4", "5")
    counting.began.acquire(timeout=10)
    go_on["1"].set()
    assert counting.began.acquire(timeout=10)
    while len(begun) < 3:
        time.sleep(0.001)
    assert counting.calls == [["1", "2", "3"], ["4", "5"]]
    assert begun[2] == "3"
    for event in go_on.values():
        event.set()
    assert [vector_of(one) for one in asked] == [1, 2, 3, 4, 5]
    workers.shutdown()


def test_what_is_not_wanted_any_more_is_not_encoded(counting, batches_on):
    """Nor is anything where nobody is left, and later questions are answered as ever."""
    batches = batches_on(1)
    hold(counting, batches)
    gone, kept = put(batches, "1", "2")
    gone.wanted = False
    counting.go.set()
    assert vector_of(kept) == 2
    hold(counting, batches)
    (alone,) = put(batches, "3")
    alone.wanted = False
    counting.go.set()
    assert vector_of(*put(batches, "4")) == 4
    assert counting.calls == [["0"], ["2"], ["0"], ["4"]]
    assert not gone.answer.done()


def test_a_fault_fails_only_the_question_it_is_of(counting, batches_on):
    """Its neighbours in the failed call are encoded again without it."""
    batches = batches_on(1)
    hold(counting, batches)
    one, bad, three = put(batches, "1", "bad", "3")
    counting.go.set()
    assert (vector_of(one), vector_of(three)) == (1, 3)
    encoded, _ = bad.answer.result(10)
    assert str(encoded.error) == "bad question"
    assert encoded.vector is None
    assert counting.calls[1:] == [["1", "bad", "3"], ["1"], ["bad"], ["3"]]


def test_too_few_vectors_are_a_fault(batches_on):
    """An encoder that drops a question must not shift the vectors of the others."""
    batches = batches_on(1, lambda texts: np.zeros((len(texts) - 1, 1)))
    (asked,) = put(batches, "1")
    assert isinstance(asked.answer.result(10)[0].error, EncodingFailed)


def test_whatever_comes_when_everybody_has_his_own_vector(counting, batches_on):
    """400 questions put from 8 threads on 3: none lost, none mixed up, none encoded twice."""
    batches, found = batches_on(3), {}

    def ask(first: int) -> None:
        for n in range(first, 400, 8):
            found[n] = put(batches, str(n))[0]
            time.sleep(0.0001)

    askers = [threading.Thread(target=ask, args=(first,)) for first in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join(10)
    assert [vector_of(found[n]) for n in range(400)] == list(range(400))
    assert sorted(int(text) for call in counting.calls for text in call) == list(range(400))


def test_each_question_tells_its_times_and_its_share(batches_on):
    """Four encoded together for what one call took; the line before the threads learns of it."""
    sizes: list[int] = []
    batches = batches_on(1, observe=sizes.append)
    asked = put(batches, "1", "2", "3", "4")
    told = [one.answer.result(10)[0] for one in asked]
    assert sizes == [4]
    assert {one.together for one in told} == {4}
    assert len({(one.begun_at, one.encoded_at) for one in told}) == 1
    assert told[0].begun_at <= told[0].encoded_at
