"""Replies kept for who asks the same again: the latest asked for, within so many bytes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

from service.answerer import OpenSnapshot, Question
from service.outcomes import Outcome

MEGABYTE = 2**20
# What a kept reply takes beside its own bytes: its key, its place, the objects around them.
OVERHEAD = 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """All that a reply depends on, but for the time there is to read.

    ``opened`` counts as itself: the snapshot's version, the calibration and the settings of
    reading are those it was opened with, and whatever changes them opens another.
    """

    opened: OpenSnapshot
    question: Question

    @classmethod
    def of(cls, question: Question, opened: OpenSnapshot) -> Asked:
        if question.answer and opened.reader is None:
            question = replace(question, answer=False)
        return cls(opened, question)


class ReplyCache:
    """The kept replies; used on the event loop only. ``megabytes`` 0 keeps none."""

    def __init__(self, megabytes: int) -> None:
        self._room = megabytes * MEGABYTE
        self._kept: OrderedDict[Asked, Outcome] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, asked: Asked) -> Outcome | None:
        outcome = self._kept.get(asked)
        if outcome is not None:
            self._kept.move_to_end(asked)
        return outcome

    def keep(self, asked: Asked, outcome: Outcome) -> None:
        """Keeps it, unless it is larger than all there is room for; the longest unasked go."""
        size = _size(asked, outcome)
        if size > self._room:
            return
        if asked in self._kept:
            self._drop(asked)
        self._kept[asked] = outcome
        self.bytes += size
        while self.bytes > self._room:
            self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        self._kept.clear()
        self.bytes = 0

    def _drop(self, asked: Asked) -> None:
        self.bytes -= _size(asked, self._kept.pop(asked))


def _size(asked: Asked, outcome: Outcome) -> int:
    question = asked.question
    wanted = question.wanted.source if question.wanted else ""
    # A character takes up to four bytes.
    return len(outcome.told) + 4 * (len(question.text) + len(wanted)) + OVERHEAD
