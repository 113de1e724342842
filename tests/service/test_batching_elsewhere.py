"""Batching beside another process: what goes there, what stays, and nobody forgotten."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import replace

import numpy as np
import pytest
from counted_batches import Asked, hold, put, vector_of
from waiting import until

from service.batching import Batches


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

    def make(most: int, threads: int = 1, **options) -> Room:
        room = Room(most)
        room.batches = batches_on(threads, elsewhere=room, **options)
        return room

    return make


def held_batch(counting, room, texts) -> list[Asked]:
    """The questions, encoded together: they came while the thread was busy."""
    (first,) = hold(counting, room.batches)
    asked = put(room.batches, *texts)
    counting.go.set()
    assert vector_of(first) == 0
    return asked


def test_a_question_alone_is_answered_here(room):
    """The way to another process and back would only take time; nor is one begun for few."""
    there = room(9)
    for text in "123":
        (asked,) = put(there.batches, text)
        assert asked.answer.result(10)[1].startswith("work")
    assert there.begun == 0


def test_another_process_is_begun_where_questions_queue(counting, room):
    """From the sixth on that is not answered."""
    there = room(9)
    held_batch(counting, there, "12345")
    until(lambda: there.pending == 5)
    assert there.begun == 0
    put(there.batches, "6")
    assert there.begun == 1


def test_what_is_encoded_together_is_answered_there(counting, room):
    """As much as there is room for, in order; the rest as room comes."""
    there = room(2)
    asked = held_batch(counting, there, "12345")
    until(lambda: there.pending == 2)
    for number in range(5):
        assert [one.asking.text for one in there.has] == [str(n) for n in range(1, 6)][
            number : number + 2
        ]
        there.answer()
    assert [one.answer.result(10)[1] for one in asked] == ["elsewhere"] * 5


def test_what_waits_is_encoded_while_as_much_is_elsewhere(counting, room):
    """With three there, two that come wait for company; the third makes them as many."""
    there = room(9)
    held_batch(counting, there, "123")
    until(lambda: there.pending == 3)
    calls = len(counting.calls)
    put(there.batches, "4")
    put(there.batches, "5")
    time.sleep(0.05)
    assert len(counting.calls) == calls
    put(there.batches, "6")
    until(lambda: there.pending == 6)
    assert counting.calls[calls:] == [["4", "5", "6"]]


def test_a_reply_from_there_gives_what_waits_its_turn(counting, room):
    """With two there and one waiting, the first reply lets it be encoded."""
    there = room(9)
    held_batch(counting, there, "12")
    until(lambda: there.pending == 2)
    (waiting,) = put(there.batches, "3")
    time.sleep(0.05)
    assert counting.calls[-1] == ["1", "2"]
    there.answer()
    until(lambda: counting.calls[-1] == ["3"])
    until(lambda: there.pending == 2)
    there.answer()
    there.answer()
    assert vector_of(waiting) == 3


def test_what_has_no_room_there_is_looked_ahead_for(counting, room):
    """The last first; what was found goes with the question, and what has room is not searched."""
    looked = []

    def ahead(encoded):
        looked.append(encoded.asking.text)
        return replace(encoded, nearest=encoded.vector.astype(int), nearest_seconds=1.5)

    there = room(2, look_ahead=ahead)
    asked = held_batch(counting, there, "12345")
    until(lambda: len(looked) == 3)
    assert looked == ["5", "4", "3"]
    for _ in range(5):
        there.answer()
    found = [one.answer.result(10)[0] for one in asked]
    assert [vector_of(one) for one in asked] == [1, 2, 3, 4, 5]
    assert [one.nearest if one.nearest is None else one.nearest[0] for one in found] == [
        None, None, 3, 4, 5,
    ]  # fmt: skip
    assert [one.nearest_seconds for one in found] == [0, 0, 1.5, 1.5, 1.5]


def test_what_cannot_be_looked_ahead_for_is_answered_as_it_is(counting, room):
    """It is tried once, and so are those before it; a fault is not tried."""
    looked = []

    def ahead(encoded):
        looked.append(encoded.asking.text)
        return encoded if encoded.asking.text == "4" else replace(encoded, nearest=np.array([9]))

    there = room(1, look_ahead=ahead)
    asked = held_batch(counting, there, ["1", "2", "bad", "3", "4"])
    until(lambda: len(looked) == 3)
    for _ in range(4):
        until(lambda: there.pending)
        there.answer()
    found = [one.answer.result(10)[0] for one in asked]
    assert [one.nearest is None for one in found] == [True, False, True, False, True]
    assert looked == ["4", "3", "2"]
    assert str(found[2].error) == "bad question"


def test_one_looks_ahead_at_a_time_and_nobody_while_one_encodes(counting, room):
    """Of two threads; the other has the machine's other processor to leave to the event loop."""
    looking, most, go_on, lock = [0], [0], threading.Event(), threading.Lock()

    def ahead(encoded):
        with lock:
            looking[0] += 1
            most[0] = max(most[0], looking[0])
        assert go_on.wait(10)
        assert counting.go.is_set(), "somebody encodes"
        with lock:
            looking[0] -= 1
        return replace(encoded, nearest=np.array([9]))

    there = room(1, threads=2, look_ahead=ahead)
    asked = put(there.batches, *"1234")
    until(lambda: looking[0])
    there.batches._give_turns(3)
    time.sleep(0.05)
    go_on.set()
    until(lambda: sum(one.looked for one in there.batches._encoded) == 3)
    assert most == [1]
    counting.go.clear()
    more = put(there.batches, *"56789")
    until(lambda: there.batches._encoding)
    there.batches._give_turns(3)
    time.sleep(0.05)
    counting.go.set()
    for _ in range(9):
        until(lambda: there.pending)
        there.answer()
    assert [vector_of(one) for one in asked + more] == list(range(1, 10))


def test_what_is_due_is_not_held_up_by_looking_ahead(counting, room):
    """The process ends while one is looked at: those that wait are answered before the next is."""
    order, go_on = [], threading.Event()

    def ahead(encoded):
        order.append("look " + encoded.asking.text)
        assert go_on.wait(10)
        return replace(encoded, nearest=np.array([9]))

    there = room(1, look_ahead=ahead)
    asked = held_batch(counting, there, "1234")
    for one in asked:
        one.answer.add_done_callback(lambda done: order.append(done.result()[0].asking.text))
    until(lambda: order)
    there.ended = True
    there.answer()
    go_on.set()
    assert [vector_of(one) for one in asked] == [1, 2, 3, 4]
    assert order[:3] == ["look 4", "1", "2"]


def test_who_looks_ahead_stops_where_something_is_to_be_encoded(counting, room):
    """Of three that wait one is looked ahead for; then four more come and are encoded before the
    other two.
    """
    looked, go_on = [], threading.Event()

    def ahead(encoded):
        looked.append((encoded.asking.text, len(counting.calls)))
        assert go_on.wait(10)
        return replace(encoded, nearest=encoded.vector.astype(int))

    there = room(1, look_ahead=ahead)
    held_batch(counting, there, "1234")
    until(lambda: looked)
    calls = len(counting.calls)
    put(there.batches, *"5678")
    go_on.set()
    until(lambda: len(looked) == 7)
    assert [text for text, _ in looked] == ["4", "8", "7", "6", "5", "3", "2"]
    assert [seen for _, seen in looked] == [calls, *[calls + 1] * 6]


def test_where_it_ends_the_rest_is_answered_here(counting, room):
    """All that it had no room for, as soon as its end is told."""
    there = room(1)
    asked = held_batch(counting, there, "12345")
    until(lambda: there.pending == 1)
    there.ended = True
    there.answer()
    assert [vector_of(one) for one in asked] == [1, 2, 3, 4, 5]
    assert [one.answer.result(10)[1][:4] for one in asked] == ["else", *["work"] * 4]


def test_a_fault_is_not_sent_there(counting, room):
    """What has no vector is told here, those before and after it there."""
    there = room(9)
    one, bad, three = held_batch(counting, there, ["1", "bad", "3"])
    assert str(bad.answer.result(10)[0].error) == "bad question"
    until(lambda: there.pending == 2)
    there.answer()
    there.answer()
    assert (vector_of(one), vector_of(three)) == (1, 3)


@pytest.mark.parametrize("most", [1, 3, 50])
def test_with_another_process_everybody_has_his_own_vector(counting, room, most):
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
    assert sorted(int(text) for call in counting.calls for text in call) == list(range(600))
