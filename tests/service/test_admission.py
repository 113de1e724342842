"""Admission: permits are bounded, come back, and end at a stop."""

from __future__ import annotations

import asyncio

import pytest

from service.admission import Admission
from service.errors import Overloaded, ShuttingDown

pytestmark = pytest.mark.anyio


async def test_the_last_permit_is_given_and_one_more_refused():
    """Two of three, then one, then none; a refusal takes nothing."""
    admission = Admission(3)
    with admission.admit(2), admission.admit():
        with pytest.raises(Overloaded, match="3 of 3 requests are in work and 1 more came"):
            admission.admit().__enter__()
        assert admission.in_use == 3
    assert admission.in_use == 0


async def test_permits_come_back_when_the_work_fails():
    """A leak would in time refuse everybody."""
    admission = Admission(1)
    with pytest.raises(KeyError), admission.admit():
        raise KeyError
    assert admission.in_use == 0


async def test_after_a_stop_nothing_is_let_in_and_the_last_out_is_noticed():
    """Begun work ends by itself, and whoever waits for it is told."""
    admission = Admission(2)
    with admission.admit():
        admission.stop()
        with pytest.raises(ShuttingDown):
            admission.admit().__enter__()
        assert not await admission.emptied(0.01)
        emptied = asyncio.create_task(admission.emptied(5))
        await asyncio.sleep(0)
        assert not emptied.done()
    assert await emptied
