"""Admission: permits are bounded, come back, and end at a stop; a long line is refused."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future

import pytest

from service.admission import Admission
from service.errors import Overloaded, ShuttingDown
from service.workers import Workers

pytestmark = pytest.mark.anyio


@pytest.fixture
def workers():
    workers = Workers("work", 1)
    yield workers
    workers.shutdown()


async def test_the_last_permit_is_given_and_one_more_refused(workers):
    """Two of three, then one, then none; a refusal takes nothing."""
    admission = Admission(3, 60)
    with admission.admit(workers, 2), admission.admit(workers):
        with pytest.raises(Overloaded, match="3 of 3 requests are in work and 1 more came"):
            admission.admit(workers).__enter__()
        assert (admission.in_use, workers.in_line) == (3, 3)
        assert isinstance(admission.closed(), Overloaded)
    assert admission.closed(3) is None
    assert (admission.in_use, workers.in_line) == (0, 0)


async def test_a_wait_that_would_be_too_long_is_refused_at_once(workers):
    """A thread that takes .5 s each: the fourth would wait for three, 1.5 s, and 1.2 are allowed.

    Who has nobody before him is let in, however long one takes; and another line is its own.
    """
    admission = Admission(100, 1.2)
    workers.observe(0.5)
    with admission.admit(workers), admission.admit(workers), admission.admit(workers):
        with pytest.raises(Overloaded, match=r"wait 1\.5 seconds for its turn, and 1\.2 are"):
            admission.admit(workers).__enter__()
        assert admission.closed() is None
        other = Workers("read", 1)
        other.observe(100)
        assert admission.refusal(other, 32) is None
        other.shutdown()
    assert admission.refusal(workers) is None


async def test_permits_come_back_when_the_work_fails(workers):
    """A leak would in time refuse everybody."""
    admission = Admission(1, 60)
    with pytest.raises(KeyError), admission.admit(workers):
        raise KeyError
    assert (admission.in_use, workers.in_line) == (0, 0)


async def test_work_that_goes_on_alone_keeps_its_permit(workers):
    """Until it has ended, or was called off."""
    admission, ended, off = Admission(2, 60), Future(), Future()
    admission.keep_until_done(workers, ended)
    admission.keep_until_done(workers, off)
    assert (admission.in_use, workers.in_line) == (2, 2)
    off.cancel()
    ended.set_result(None)
    assert await admission.emptied(5)
    assert (admission.in_use, workers.in_line) == (0, 0)


async def test_after_a_stop_nothing_is_let_in_and_the_last_out_is_noticed(workers):
    """Begun work ends by itself, and whoever waits for it is told."""
    admission = Admission(2, 60)
    with admission.admit(workers):
        admission.stop()
        with pytest.raises(ShuttingDown):
            admission.admit(workers).__enter__()
        assert not await admission.emptied(0.01)
        emptied = asyncio.create_task(admission.emptied(5))
        await asyncio.sleep(0)
        assert not emptied.done()
    assert await emptied
