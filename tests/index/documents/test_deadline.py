"""The clock over work that comes often: it strikes when it must, and then only."""

from threading import Event
from threading import enumerate as threads
from time import monotonic

import pytest

from index.documents.deadline import Deadline

LONG, SHORT = 60.0, 0.05
# What a busy machine may take for what should come at once.
PATIENCE = 30


@pytest.fixture
def deadline():
    with Deadline() as deadline:
        yield deadline


def test_it_ends_what_takes_too_long_and_not_before(deadline):
    """From another thread, after the time told."""
    ended, begun = Event(), monotonic()
    deadline.begin(SHORT, ended.set)
    assert ended.wait(PATIENCE)
    assert monotonic() - begun >= SHORT


@pytest.mark.parametrize("before", ["nothing", "cancelled", "running", "struck"])
def test_a_deadline_holds_whatever_was_before_it(deadline, before):
    """A longer one that was cancelled or replaced leaves the thread asleep: it is woken."""
    first, second = Event(), Event()
    if before == "struck":
        deadline.begin(SHORT, first.set)
        assert first.wait(PATIENCE)
    elif before != "nothing":
        deadline.begin(LONG, first.set)
        if before == "cancelled":
            deadline.cancel()
    deadline.begin(SHORT, second.set)
    assert second.wait(PATIENCE)
    assert first.is_set() == (before == "struck")


def test_what_was_cancelled_is_not_ended(deadline):
    """Not when its own time comes, nor when the next one's does."""
    first, second = Event(), Event()
    deadline.begin(SHORT, first.set)
    deadline.cancel()
    deadline.begin(2 * SHORT, second.set)
    assert second.wait(PATIENCE)
    assert not first.is_set()


def test_one_thread_serves_and_goes(deadline):
    """Many begin and cancel, also after it was closed; no thread is left behind."""

    def watching():
        return sum(thread.name == "deadline" for thread in threads())

    others = watching()
    for _ in range(2):
        for _ in range(200):
            deadline.begin(LONG, pytest.fail)
            deadline.cancel()
        assert watching() == others + 1
        deadline.close()
        deadline.close()
        assert watching() == others
