"""The second process: the same replies as here, and nobody left waiting whatever becomes of it."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import Queue

import numpy as np
import pytest
from waiting import until

from index.filters import parse_filter
from index.retriever import Retriever
from index.snapshot import Snapshot
from service.answerer import OpenSnapshot, Question
from service.encoded import Encoded
from service.outcomes import NO_STAGES
from service.reply_cache import Asked
from service.search_process import ROOM, SearchProcess
from service.work import Work, found_here, looked_ahead

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(os.name != "posix", reason="stops and ends a process by signals"),
]
ASKED = Path(__file__).parents[1] / "questions" / "seeds.jsonl"
TEXTS = [json.loads(line)["question"] for line in ASKED.read_text("utf-8").splitlines()]


class Heard:
    """What a process told of the questions it was given."""

    def __init__(self) -> None:
        self.answered: Queue = Queue()
        self.returned: Queue = Queue()

    def begin(self, folder, opened) -> SearchProcess:
        process = SearchProcess(
            folder, opened, lambda *told: self.answered.put(told), self.returned.put
        )
        until(lambda: process.ready or process.ended_at)
        return process


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture(scope="module")
def opened(seeds_index, encoder) -> OpenSnapshot:
    snapshot = Snapshot.open(seeds_index)
    return OpenSnapshot(snapshot, Retriever(snapshot, encoder))


@pytest.fixture
def process(heard, seeds_index, opened):
    process = heard.begin(seeds_index, opened)
    assert process.ready
    yield process
    with suppress(ProcessLookupError):
        os.kill(process._child.pid, signal.SIGCONT)
    process.finish()
    process.join(10)
    assert process.ended_at


@pytest.fixture
def encoded(opened, encoder):
    """A question as the threads hand it on."""

    def make(text="who leads NATO?", vector=..., error=None, of=opened, **asked) -> Encoded:
        question = Question(text, **{"top_k": 5, "answer": False, **asked})
        vector = encoder.encode_queries([text])[0] if vector is ... else vector
        return Encoded(Work(Asked(of, question)), vector, error, 1.0, 2.0, 1)

    return make


def without_times(outcome):
    return replace(outcome, stages=NO_STAGES)


async def test_it_replies_as_this_process_would(heard, process, encoded):
    """Byte for byte, in the order asked, to every question of the seeds."""
    asked = [encoded(text, top_k=1 + n % 9) for n, text in enumerate(TEXTS)]
    for one in asked:
        until(lambda one=one: process.offer(one) == "taken")
    for one in asked:
        answered, outcome, seconds = heard.answered.get(timeout=10)
        assert answered is one
        assert without_times(outcome) == without_times(found_here(one))
        assert 0 < seconds < 10
        assert outcome.stages["encode"] == 1000.0
        assert outcome.stages["wait"] == pytest.approx((1.0 - one.asking.came_at) * 1000, abs=1e-3)
    assert process.pending == 0


async def test_what_was_found_ahead_goes_with_the_question(heard, process, encoded):
    """The same reply, the time it took added; and it is not searched again: where the only
    candidate is the fourth passage, and no word is shared, the fourth is all there is.
    """
    one = looked_ahead(encoded("who leads NATO?"))
    fourth = replace(encoded("xyzzy"), nearest=np.array([3]), nearest_seconds=2.0)
    for each in (one, fourth):
        assert process.offer(each) == "taken"
    _, whole, _ = heard.answered.get(timeout=10)
    assert without_times(whole) == without_times(found_here(encoded("who leads NATO?")))
    _, single, _ = heard.answered.get(timeout=10)
    assert without_times(single) == without_times(found_here(fourth))
    assert single.told.count(b"passage_id") == 1
    assert 2000 < single.stages["search"] < 3000


async def test_only_a_plain_question_is_looked_ahead_for(encoded, opened, monkeypatch):
    """A filter or the reader has a say in the candidates; and what fails is told later."""
    wanted = parse_filter({"op": "eq", "field": "uri", "value": "none"})
    for one in (encoded(answer=True), encoded(wanted=wanted)):
        assert looked_ahead(one) is one
    plain = encoded(top_k=3)
    ahead = looked_ahead(plain)
    assert ahead.nearest.tolist() == opened.retriever.nearest(plain.vector, 3).tolist()
    assert 0 < ahead.nearest_seconds == ahead.seconds - plain.seconds
    monkeypatch.setattr(opened.snapshot.dense, "nearest", lambda *_: 1 / 0)
    assert looked_ahead(plain) is plain


@pytest.mark.parametrize(
    "wanted",
    [
        {"op": "prefix", "field": "uri", "value": "uk"},
        {"op": "eq", "field": "uri", "value": "none"},
    ],
)
async def test_a_filter_goes_with_the_question(heard, process, encoded, wanted):
    """One that all passages pass, and one that none does."""
    one = encoded(wanted=parse_filter(wanted))
    assert process.offer(one) == "taken"
    _, outcome, _ = heard.answered.get(timeout=10)
    assert without_times(outcome) == without_times(found_here(one))
    assert (outcome.told.count(b"passage_id") > 0) == (wanted["op"] == "prefix")


async def test_it_takes_only_what_it_can_answer(process, encoded, opened):
    """Not what is read, what could not be encoded, what is of another snapshot, or what is longer
    than its pipe.
    """
    assert process.offer(encoded(answer=True)) == "never"
    assert process.offer(encoded(vector=None, error=ValueError("no"))) == "never"
    assert process.offer(encoded(of=replace(opened))) == "never"
    assert process.offer(encoded("w" * ROOM)) == "never"
    assert process.pending == 0


async def test_it_never_has_more_than_its_pipe_holds(heard, process, encoded):
    """Stopped, it takes some and then no more, and writing to it never waits; going on, it answers
    those and has room again.
    """
    one = encoded("w" * 1000)
    os.kill(process._child.pid, signal.SIGSTOP)
    taken = 0
    while process.offer(one) == "taken":
        taken += 1
    # A vector of 384 float32, the question and what is told beside it.
    assert taken == process.pending == ROOM // (1000 + 384 * 4 + 150) == 5
    os.kill(process._child.pid, signal.SIGCONT)
    for _ in range(taken):
        heard.answered.get(timeout=10)
    assert process.offer(one) == "taken"


async def test_what_it_had_when_it_ended_is_returned(heard, process, encoded, caplog):
    """Each question once; afterwards it takes none, and the log says what happened."""
    os.kill(process._child.pid, signal.SIGSTOP)
    asked = [encoded(text) for text in TEXTS[:4]]
    assert [process.offer(one) for one in asked] == ["taken"] * 4
    os.kill(process._child.pid, signal.SIGKILL)
    assert [heard.returned.get(timeout=10) for _ in asked] == asked
    until(lambda: process.ended_at)
    assert process.pending == 0
    assert process.offer(asked[0]) == "never"
    assert heard.answered.empty()
    assert "search process ended" in caplog.text


async def test_what_is_offered_while_it_ends_is_answered_or_returned(heard, process, encoded):
    """From four threads, at whatever moment it is ended: no question is lost."""
    one, taken = encoded(), [0] * 4

    def offer(at):
        until(lambda: taken[at] > 5 or process.ended_at)
        while process.ended_at is None:
            taken[at] += process.offer(one) == "taken"

    def first(at):
        while taken[at] <= 5:
            taken[at] += process.offer(one) == "taken"
        offer(at)

    threads = [threading.Thread(target=first, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    until(lambda: min(taken) > 5)
    os.kill(process._child.pid, signal.SIGKILL)
    for thread in threads:
        thread.join(10)
    until(lambda: heard.answered.qsize() + heard.returned.qsize() == sum(taken))
    assert process.pending == 0


async def test_a_question_it_fails_at_is_returned(heard, process, encoded):
    """Whatever it failed at; the next is answered."""
    broken, sound = encoded(top_k="five"), encoded()
    assert process.offer(broken) == process.offer(sound) == "taken"
    assert heard.returned.get(timeout=10) is broken
    assert heard.answered.get(timeout=10)[0] is sound


async def test_told_to_finish_it_answers_what_it_has(heard, seeds_index, opened, encoded):
    """And is quiet about its end."""
    process = heard.begin(seeds_index, opened)
    asked = [encoded(text) for text in TEXTS[:4]]
    assert [process.offer(one) for one in asked] == ["taken"] * 4
    process.finish()
    assert process.offer(asked[0]) == "never"
    process.join(10)
    assert process.ended_at
    assert [heard.answered.get(timeout=1)[0] for _ in asked] == asked


async def test_told_to_finish_before_it_is_ready_it_never_is(seeds_index, opened):
    """As where a snapshot is followed by another at once."""
    process = SearchProcess(seeds_index, opened, print, print)
    process.finish()
    process.join(20)
    assert process.ended_at
    assert not process.ready


async def test_where_its_snapshot_is_gone_it_says_so(heard, seeds_index, opened, caplog):
    """And ends."""
    process = heard.begin(seeds_index.parent, opened)
    until(lambda: process.ended_at)
    assert not process.ready
    (record,) = caplog.records
    assert "there is no snapshot" in record.reason


async def test_when_it_was_published_is_as_the_service_has_it(
    heard, seeds_index, opened, encoder, encoded
):
    """A version that was published twice has two times, and one content."""
    snapshot = Snapshot.open(seeds_index)
    snapshot.created_at = "2001-01-01T00:00:00Z"
    other = replace(opened, snapshot=snapshot, retriever=Retriever(snapshot, encoder))
    process = heard.begin(seeds_index, other)
    assert process.offer(encoded(of=other)) == "taken"
    _, outcome, _ = heard.answered.get(timeout=10)
    assert b'"created_at":"2001-01-01T00:00:00Z"' in outcome.told
    process.finish()
    process.join(10)


async def test_what_was_found_damaged_is_not_answered_from(process, encoded, opened, monkeypatch):
    """By the service's own check, which the other process does not hear of."""
    monkeypatch.setattr(opened.snapshot.check, "problem", "vectors.npy is damaged")
    assert process.offer(encoded()) == "never"


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        ("{'bytes': 50000, 'failed': False}", "it ended with status -9"),  # and 17 bytes of it
        ("{'bytes': 5, 'failed': False}", "KeyError('outcome')"),
        ("[]", "TypeError"),
    ],
)
async def test_a_reply_that_is_not_whole_is_none(
    heard, seeds_index, opened, encoded, monkeypatch, caplog, tmp_path, last, reason
):
    """What it was of is returned with all else that was sent."""
    all_sent = tmp_path / "all sent"
    monkeypatch.setattr(
        "service.search_process.CHILD",
        "import sys, json, os, time\nout = sys.stdout.buffer\nout.write(b'{}\\n')\nout.flush()\n"
        f"while not os.path.exists({str(all_sent)!r}):\n    time.sleep(0.01)\n"
        f'out.write(json.dumps({last}).encode() + b\'\\n{{"question":"half\')\nout.flush()\n'
        "os.kill(os.getpid(), 9)\n",
    )
    process = heard.begin(seeds_index, opened)
    asked = [encoded(text) for text in TEXTS[:3]]
    assert [process.offer(one) for one in asked] == ["taken"] * 3
    all_sent.touch()
    assert [heard.returned.get(timeout=10) for _ in asked] == asked
    until(lambda: process.ended_at)
    assert heard.answered.empty()
    assert process.offer(asked[0]) == "never"
    assert caplog.records[-1].reason.startswith(reason)


async def test_it_is_late_with_what_it_has_had_too_long(heard, process, encoded):
    """Not with nothing to do, nor with what has just come."""
    assert not process.is_late(0.0)
    os.kill(process._child.pid, signal.SIGSTOP)
    assert process.offer(encoded()) == "taken"
    assert not process.is_late(20.0)
    time.sleep(0.02)
    assert process.is_late(0.01)
    process.kill()
    heard.returned.get(timeout=10)
    assert not process.is_late(0.0)
