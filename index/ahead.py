"""Work ahead: the next item is made on another thread while the one before it is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from typing import TypeVar

Item = TypeVar("Item")


def ahead(items: Iterable[Item], thread: Executor) -> Iterator[Item]:
    """The items in order, each begun on ``thread`` when the one before it is handed over.

    So at most two exist at once. What making one raises is raised where it is asked for.
    """
    made, end = iter(items), object()
    coming = thread.submit(next, made, end)
    while (item := coming.result()) is not end:
        coming = thread.submit(next, made, end)
        yield item
