"""The road of a question through a running service: computed once, kept where it lasts."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest
from word_reader import WordReader, loaded

from index.errors import CorruptSnapshot
from service.answerer import Question
from service.encoded import Encoded
from service.errors import IndexUnusable, TimedOut
from service.reading.loading import ReadingSettings

pytestmark = pytest.mark.anyio

STATED = "how many American soldiers were sent to Poland?"


@pytest.fixture
async def service(serve):
    async with serve() as client:
        yield client.app.state.service


def hows(answers) -> list[str]:
    return [answer.how for answer in answers]


async def ask(service, *texts):
    questions = [Question(text, 5) for text in texts]
    return await service.answer(questions, service.snapshots.current(), "r")


async def begun(held_encoder) -> None:
    assert await asyncio.to_thread(held_encoder.began.wait, 5)


async def until(holds) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.005)


async def test_a_batch_takes_what_is_kept_and_encodes_the_rest_in_one_call(service, held_encoder):
    """Each different question once, in the order they came."""
    await ask(service, "one")
    answers = await ask(service, "two", "one", "three", "two")
    assert hows(answers) == ["computed", "kept", "computed", "computed"]
    assert held_encoder.calls == [["one"], ["two", "three"]]
    assert answers[0].outcome is answers[3].outcome


async def test_what_is_in_work_is_joined_by_a_batch_too(service, held_encoder):
    """Of two questions one is already being answered, for somebody else."""
    held_encoder.hold()
    first = asyncio.create_task(ask(service, "one"))
    await begun(held_encoder)
    second = asyncio.create_task(ask(service, "one", "two"))
    await until(lambda: service.admission.in_use == 3)
    held_encoder.go.set()
    assert hows(await first) == ["computed"]
    assert hows(await second) == ["shared", "computed"]
    assert held_encoder.calls == [["one"], ["two"]]


async def test_what_is_kept_costs_no_permit_and_no_thread(serve, held_encoder):
    """It is told while the service is full, and even when every thread is busy."""
    async with serve(max_waiting=32) as client:
        service = client.app.state.service
        await ask(service, "one")
        held_encoder.hold()
        inside = [asyncio.create_task(ask(service, str(n))) for n in range(32)]
        await until(lambda: service.admission.in_use == 32)
        assert hows(await ask(service, "one")) == ["kept"]
        held_encoder.go.set()
        await asyncio.gather(*inside)


async def test_a_question_called_off_before_its_turn_is_never_encoded(serve, held_encoder):
    """Who has gone costs nothing; the others are served."""
    async with serve(work_threads=1) as client:
        service = client.app.state.service
        held_encoder.hold()
        first = asyncio.create_task(ask(service, "one"))
        await begun(held_encoder)
        gone, kept = (asyncio.create_task(ask(service, text)) for text in ("two", "three"))
        await until(lambda: service.admission.in_use == 3)
        gone.cancel()
        await asyncio.wait([gone])
        assert service.admission.in_use == 2
        held_encoder.go.set()
        assert hows(await first + await kept) == ["computed"] * 2
        assert held_encoder.calls == [["one"], ["three"]]


@pytest.mark.parametrize("rejoined", [False, True])
async def test_a_question_left_while_it_is_computed_is_finished_and_kept(
    service, held_encoder, rejoined
):
    """Its permit stays out until its thread is back; who asks again meanwhile joins it."""
    held_encoder.hold()
    gone = asyncio.create_task(ask(service, "one"))
    await begun(held_encoder)
    gone.cancel()
    await asyncio.wait([gone])
    assert service.admission.in_use == 1
    again = asyncio.create_task(ask(service, "one")) if rejoined else None
    if again:
        await until(lambda: service.admission.in_use == 2)
    held_encoder.go.set()
    if again:
        assert hows(await again) == ["shared"]
    assert await service.admission.emptied(5)
    await until(lambda: len(service.cache) == 1)
    assert hows(await ask(service, "one")) == ["kept"]
    assert held_encoder.calls == [["one"]]


async def test_one_who_leaves_takes_nothing_from_those_who_wait_for_the_same(service, held_encoder):
    """Also where he came first."""
    held_encoder.hold()
    gone = asyncio.create_task(ask(service, "one"))
    await begun(held_encoder)
    stays = asyncio.create_task(ask(service, "one"))
    await until(lambda: service.admission.in_use == 2)
    gone.cancel()
    await asyncio.wait([gone])
    held_encoder.go.set()
    assert hows(await stays) == ["shared"]
    assert service.admission.in_use == 0


async def test_an_error_is_told_to_all_who_wait_and_not_kept(service, held_encoder):
    """The next to ask tries again."""
    held_encoder.error = RuntimeError("no")
    held_encoder.hold()
    asking = [asyncio.create_task(ask(service, "one")) for _ in range(2)]
    await until(lambda: service.admission.in_use == 2)
    held_encoder.go.set()
    for (answer,) in await asyncio.gather(*asking):
        assert isinstance(answer, RuntimeError)
    held_encoder.error = None
    assert hows(await ask(service, "one")) == ["computed"]


async def test_a_damaged_snapshot_is_told_and_its_replies_are_dropped(service, monkeypatch):
    """Nothing is told any more of what may have been cited wrongly."""
    await ask(service, "one")

    def damaged(*_, **__):
        raise CorruptSnapshot("bad byte")

    monkeypatch.setattr("service.work.answer_question", damaged)
    (answer,) = await ask(service, "two")
    assert isinstance(answer, IndexUnusable)
    assert len(service.cache) == 0
    assert service.snapshots.problem == "bad byte"


async def test_replies_go_with_their_snapshot_and_a_late_one_is_not_kept(service, held_encoder):
    """Switched while one is computed: its asker has it, nobody after."""
    await ask(service, "one")
    held_encoder.hold()
    late = asyncio.create_task(ask(service, "two"))
    await begun(held_encoder)
    service.snapshots.distrust(CorruptSnapshot("open it again"))
    await service.snapshots.refresh()
    assert len(service.cache) == 0
    held_encoder.go.set()
    assert hows(await late) == ["computed"]
    assert len(service.cache) == 0
    assert hows(await ask(service, "one")) == ["computed"]


async def test_a_reading_that_time_cut_short_is_not_kept(serve):
    """Without a budget one passage is read, each time anew; with one all are, and it is kept."""
    for budget, expected in ((0, "computed"), (60_000, "kept")):
        async with serve(loaded(), read_budget_ms=budget) as client:
            service = client.app.state.service
            assert hows(await ask(service, STATED)) == ["computed"]
            assert hows(await ask(service, STATED)) == [expected]


async def test_who_is_alone_has_all_passages_read_and_others_hold_to_the_budget(serve):
    """A budget of nothing lets one passage of four be read while another question is in work."""

    class Slow(WordReader):
        go, begun = threading.Event(), threading.Event()

        def read(self, question, passages, keep_reading):
            if question == "held?":
                self.begun.set()
                assert self.go.wait(10)
            return super().read(question, passages, keep_reading)

    def read_of(answers):
        return [answer.outcome.passages_read for answer in answers]

    reader = Slow()
    async with serve(loaded(reader), read_threads=2, cache_mb=0) as client:
        service = client.app.state.service
        reading = ReadingSettings(4, budget_ms=0.0, alone_ms=60_000.0)
        opened = replace(service.snapshots.current(), reading=reading)
        assert read_of(await service.answer([Question(STATED, 5)], opened, "r")) == [4]
        held = asyncio.create_task(service.answer([Question("held?", 5)], opened, "r"))
        await asyncio.to_thread(reader.begun.wait, 10)
        assert read_of(await service.answer([Question(STATED, 5)], opened, "r")) == [1]
        reader.go.set()
        assert read_of(await held) == [4]


async def test_questions_that_are_not_read_do_not_wait_behind_those_that_are(serve):
    """They have threads of their own."""

    class Held(WordReader):
        go = threading.Event()

        def read(self, question, passages, keep_reading):
            assert self.go.wait(10)
            return super().read(question, passages, keep_reading)

    reader = Held()
    async with serve(loaded(reader), read_budget_ms=60_000, read_threads=1) as client:
        service = client.app.state.service
        reads = [asyncio.create_task(ask(service, text)) for text in ("one", "two")]
        await until(lambda: service.admission.in_use == 2)
        opened = service.snapshots.current()
        (quick,) = await service.answer([Question("one", 5, answer=False)], opened, "r")
        assert quick.outcome.status == "retrieved"
        assert not any(task.done() for task in reads)
        reader.go.set()
        await asyncio.gather(*reads)


async def test_what_takes_too_long_is_refused(serve, held_encoder):
    """After its time, with what the asker can do."""
    async with serve(request_timeout=0.1) as client:
        held_encoder.hold()
        with pytest.raises(TimedOut, match=r"ready within 0\.1 seconds"):
            await ask(client.app.state.service, "one")
        held_encoder.go.set()


def told(answers) -> list[bytes]:
    return [answer.outcome.told for answer in answers]


async def test_questions_that_queue_are_answered_by_the_search_process_too(serve):
    """With the replies they have without it, before it is ready, with it and after its end."""
    texts = [f"how many soldiers were sent to Poland in {year}?" for year in range(1990, 2022)]
    async with serve(search_process=False) as client:
        service = client.app.state.service
        assert service._plain.elsewhere is None
        alone = told(await ask(service, *texts))
    async with serve(cache_mb=0) as client:
        service = client.app.state.service
        assert told(await ask(service, *texts)) == alone
        process = service._plain.elsewhere._process
        await until(lambda: process.ready)
        hear, heard = process._answered, []
        process._answered = lambda *told: heard.append(told) or hear(*told)
        assert told(await ask(service, *texts)) == alone
        assert len(heard) == len(texts)
        process._child.kill()
        assert told(await ask(service, *texts)) == alone
    assert process.ended_at


async def test_the_search_process_goes_with_its_snapshot_and_with_the_service(serve):
    """Nothing is left running when the service has stopped."""
    async with serve() as client:
        service = client.app.state.service
        await ask(service, *"123456")
        first = service._plain.elsewhere._process
        service.snapshots._opened = None
        await service.snapshots.refresh()
        await until(lambda: first.ended_at)
        await ask(service, *"abcdef")
        second = service._plain.elsewhere._process
        assert second.opened is service.snapshots.serving
    assert second.ended_at


async def test_what_comes_back_when_there_are_no_threads_any_more_is_told(service, held_encoder):
    """The asker hears of it, instead of waiting for ever."""
    held_encoder.hold()
    asked = asyncio.create_task(ask(service, "one"))
    await begun(held_encoder)
    (work,) = service._plain._in_flight._computations.values()
    service.work_line.shutdown()
    service._plain._returned(Encoded(work, None, None, 1.0, 2.0, 1))
    (answer,) = await asked
    assert isinstance(answer, RuntimeError)
