"""Batching: one encoder call for what waits, each answered once, faults contained."""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future

import numpy as np
import pytest

from service.batching import MAX_BATCH, Batches
from service.errors import EncodingFailed
from service.workers import Workers


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


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def batches_on(encoder):
    """Batches on so many threads; the question's answer is its ``Encoded`` and its thread."""
    begun = []

    def make(threads: int, encode=encoder, **options) -> Batches:
        begun.append(Workers("work", threads))

        def answer(encoded):
            encoded.asking.answer.set_result((encoded, threading.current_thread().name))

        return Batches(begun[-1], encode, answer, **options)

    yield make
    encoder.go.set()
    for workers in begun:
        workers.shutdown()


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


def test_a_question_that_comes_alone_is_encoded_at_once(encoder, batches_on):
    """By itself, on the thread that answers it."""
    (asked,) = put(batches_on(2), "7")
    assert vector_of(asked) == 7
    assert encoder.calls == [["7"]]


def test_questions_that_come_while_all_threads_are_busy_are_the_next_call(encoder, batches_on):
    """In the order they came; each has its own vector."""
    batches = batches_on(1)
    first = hold(encoder, batches)
    waiting = [put(batches, str(n))[0] for n in range(1, 6)]
    encoder.go.set()
    assert [vector_of(asked) for asked in first + waiting] == [0, 1, 2, 3, 4, 5]
    assert encoder.calls == [["0"], ["1", "2", "3", "4", "5"]]


def test_a_free_thread_does_not_wait_for_company(encoder, batches_on):
    """The second question is begun while the first is being encoded."""
    batches = batches_on(2)
    first = hold(encoder, batches)
    second = put(batches, "1")
    assert encoder.began.acquire(timeout=10)
    assert encoder.calls == [["0"], ["1"]]
    encoder.go.set()
    assert [vector_of(asked) for asked in first + second] == [0, 1]


def test_a_call_takes_no_more_than_the_largest_batch(encoder, batches_on):
    """Forty that wait are 32 and 8."""
    batches = batches_on(1)
    hold(encoder, batches)
    waiting = put(batches, *map(str, range(40)))
    encoder.go.set()
    assert [vector_of(asked) for asked in waiting] == list(range(40))
    assert [len(call) for call in encoder.calls] == [1, MAX_BATCH, 8]


def test_what_was_encoded_together_is_answered_by_all_threads(encoder):
    """While one answers, the next free thread takes the next: both meet at a barrier."""
    meeting = threading.Barrier(2, timeout=10)
    workers, names = Workers("work", 2), []

    def answer(encoded):
        meeting.wait()
        names.append(threading.current_thread().name)
        encoded.asking.answer.set_result((encoded, ""))

    asked = put(Batches(workers, encoder, answer), "1", "2", "3", "4")
    assert [vector_of(one) for one in asked] == [1, 2, 3, 4]
    assert encoder.calls == [["1", "2", "3", "4"]]
    assert len(set(names)) == 2
    workers.shutdown()


def test_what_waits_is_encoded_before_nothing_is_left_to_answer(encoder):
    """With one ready and two waiting, who is free encodes the two; the one is still answered
    first.
    """
    workers, begun = Workers("work", 2), []
    go_on = {text: threading.Event() for text in "12345"}

    def answer(encoded):
        begun.append(encoded.asking.text)
        assert go_on[encoded.asking.text].wait(10)
        encoded.asking.answer.set_result((encoded, ""))

    batches = Batches(workers, encoder, answer)
    asked = put(batches, "1", "2", "3")
    while len(begun) < 2:
        time.sleep(0.001)
    asked += put(batches, "4", "5")
    encoder.began.acquire(timeout=10)
    go_on["1"].set()
    assert encoder.began.acquire(timeout=10)
    while len(begun) < 3:
        time.sleep(0.001)
    assert encoder.calls == [["1", "2", "3"], ["4", "5"]]
    assert begun[2] == "3"
    for event in go_on.values():
        event.set()
    assert [vector_of(one) for one in asked] == [1, 2, 3, 4, 5]
    workers.shutdown()


def test_what_is_not_wanted_any_more_is_not_encoded(encoder, batches_on):
    """Nor is anything where nobody is left, and later questions are answered as ever."""
    batches = batches_on(1)
    hold(encoder, batches)
    gone, kept = put(batches, "1", "2")
    gone.wanted = False
    encoder.go.set()
    assert vector_of(kept) == 2
    hold(encoder, batches)
    (alone,) = put(batches, "3")
    alone.wanted = False
    encoder.go.set()
    assert vector_of(*put(batches, "4")) == 4
    assert encoder.calls == [["0"], ["2"], ["0"], ["4"]]
    assert not gone.answer.done()


def test_a_fault_fails_only_the_question_it_is_of(encoder, batches_on):
    """Its neighbours in the failed call are encoded again without it."""
    batches = batches_on(1)
    hold(encoder, batches)
    one, bad, three = put(batches, "1", "bad", "3")
    encoder.go.set()
    assert (vector_of(one), vector_of(three)) == (1, 3)
    encoded, _ = bad.answer.result(10)
    assert str(encoded.error) == "bad question"
    assert encoded.vector is None
    assert encoder.calls[1:] == [["1", "bad", "3"], ["1"], ["bad"], ["3"]]


def test_too_few_vectors_are_a_fault(batches_on):
    """An encoder that drops a question must not shift the vectors of the others."""
    batches = batches_on(1, lambda texts: np.zeros((len(texts) - 1, 1)))
    (asked,) = put(batches, "1")
    assert isinstance(asked.answer.result(10)[0].error, EncodingFailed)


def test_whatever_comes_when_everybody_has_his_own_vector(encoder, batches_on):
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
    assert sorted(int(text) for call in encoder.calls for text in call) == list(range(400))


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


class Room:
    """Another process with room for ``most``, which answers when told, or ends."""

    def __init__(self, most: int) -> None:
        self.most, self.begun, self.ended = most, 0, False
        self.has: deque = deque()
        self.batches: Batches | None = None

    @property
    def pending(self) -> int:
        return len(self.has)

    def begin(self) -> None:
        self.begun += 1

    def offer(self, encoded):
        if self.ended or encoded.error is not None:
            return "never"
        if len(self.has) == self.most:
            return "full"
        self.has.append(encoded)
        return "taken"

    def answer(self) -> None:
        encoded = self.has.popleft()
        self.batches.go_on()
        encoded.asking.answer.set_result((encoded, "elsewhere"))


@pytest.fixture
def room(batches_on):
    """Batches on one thread, or more, with another process beside them."""

    def make(most: int, threads: int = 1) -> Room:
        room = Room(most)
        room.batches = batches_on(threads, elsewhere=room)
        return room

    return make


def held_batch(encoder, room, texts) -> list[Asked]:
    """The questions, encoded together: they came while the thread was busy."""
    (first,) = hold(encoder, room.batches)
    asked = put(room.batches, *texts)
    encoder.go.set()
    assert vector_of(first) == 0
    return asked


def until(holds) -> None:
    late = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < late
        time.sleep(0.001)


def test_a_question_alone_is_answered_here(room):
    """The way to another process and back would only take time; nor is one begun for few."""
    there = room(9)
    for text in "123":
        (asked,) = put(there.batches, text)
        assert asked.answer.result(10)[1].startswith("work")
    assert there.begun == 0


def test_another_process_is_begun_where_questions_queue(encoder, room):
    """From the sixth on that is not answered."""
    there = room(9)
    held_batch(encoder, there, "12345")
    until(lambda: there.pending == 5)
    assert there.begun == 0
    put(there.batches, "6")
    assert there.begun == 1


def test_what_is_encoded_together_is_answered_there(encoder, room):
    """As much as there is room for, in order; the rest as room comes."""
    there = room(2)
    asked = held_batch(encoder, there, "12345")
    until(lambda: there.pending == 2)
    for number in range(5):
        assert [one.asking.text for one in there.has] == [str(n) for n in range(1, 6)][
            number : number + 2
        ]
        there.answer()
    assert [one.answer.result(10)[1] for one in asked] == ["elsewhere"] * 5


def test_what_waits_is_encoded_while_as_much_is_elsewhere(encoder, room):
    """With three there, two that come wait for company; the third makes them as many."""
    there = room(9)
    held_batch(encoder, there, "123")
    until(lambda: there.pending == 3)
    calls = len(encoder.calls)
    put(there.batches, "4")
    put(there.batches, "5")
    time.sleep(0.05)
    assert len(encoder.calls) == calls
    put(there.batches, "6")
    until(lambda: there.pending == 6)
    assert encoder.calls[calls:] == [["4", "5", "6"]]


def test_a_reply_from_there_gives_what_waits_its_turn(encoder, room):
    """With two there and one waiting, the first reply lets it be encoded."""
    there = room(9)
    held_batch(encoder, there, "12")
    until(lambda: there.pending == 2)
    (waiting,) = put(there.batches, "3")
    time.sleep(0.05)
    assert encoder.calls[-1] == ["1", "2"]
    there.answer()
    until(lambda: encoder.calls[-1] == ["3"])
    until(lambda: there.pending == 2)
    there.answer()
    there.answer()
    assert vector_of(waiting) == 3


def test_where_it_ends_the_rest_is_answered_here(encoder, room):
    """All that it had no room for, as soon as its end is told."""
    there = room(1)
    asked = held_batch(encoder, there, "12345")
    until(lambda: there.pending == 1)
    there.ended = True
    there.answer()
    assert [vector_of(one) for one in asked] == [1, 2, 3, 4, 5]
    assert [one.answer.result(10)[1][:4] for one in asked] == ["else", *["work"] * 4]


def test_a_fault_is_not_sent_there(encoder, room):
    """What has no vector is told here, those before and after it there."""
    there = room(9)
    one, bad, three = held_batch(encoder, there, ["1", "bad", "3"])
    assert str(bad.answer.result(10)[0].error) == "bad question"
    until(lambda: there.pending == 2)
    there.answer()
    there.answer()
    assert (vector_of(one), vector_of(three)) == (1, 3)


@pytest.mark.parametrize("most", [1, 3, 50])
def test_with_another_process_everybody_has_his_own_vector(encoder, room, most):
    """600 questions put from 6 threads, answered there until it ends halfway: none is lost."""
    there, found = room(most, threads=3), {}

    def ask(first: int) -> None:
        for n in range(first, 600, 6):
            found[n] = put(there.batches, str(n))[0]
            time.sleep(0.0002)

    def serve() -> None:
        answered = 0
        while answered < 200:
            if there.has:
                there.answer()
                answered += 1
            elif sum(asked.answer.done() for asked in list(found.values())) == 600:
                return
        there.ended = True
        while there.has:
            there.answer()
        there.batches.go_on()

    threads = [threading.Thread(target=ask, args=(first,)) for first in range(6)]
    threads.append(threading.Thread(target=serve))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert [vector_of(found[n]) for n in range(600)] == list(range(600))
    assert sorted(int(text) for call in encoder.calls for text in call) == list(range(600))
