"""What a reader is shown, and what it says of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from index.records import Span

# Asked before each further batch; False ends the reading.
KeepReading = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage as the reader sees it; ``title`` is its "Title › Section", or ``""``.

    ``breaks`` are the offsets in the text, rising, at which another paragraph, list item or row
    begins: no answer goes over one. ``sentences`` are those at which another sentence begins:
    few answers go over one. ``columns`` are the names of those of the table that the text begins
    within, None where it begins within none. ``headings`` are the sentences that only name a
    section or a table's columns, by position: few answers stand in one. ``is_record`` where all of
    it is one of several records, a line "name: value" for each of its fields.
    """

    title: str
    text: str
    breaks: tuple[int, ...] = ()
    sentences: tuple[int, ...] = ()
    columns: tuple[str, ...] | None = None
    headings: tuple[int, ...] = ()
    is_record: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may answer: ``span`` in code points of the passage's text.

    ``probability`` is p(start) p(end) in the window it stands in, uncalibrated; ``margin``
    the natural log of that over the probability that the window holds no answer.
    """

    span: Span
    probability: float
    margin: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One passage read for one question.

    ``relevance`` and ``answerable`` are logits: that the passage is about what is asked, and
    that it answers. ``candidates`` stand best first and do not overlap; there is one at
    least unless the passage holds no word.
    """

    relevance: float
    answerable: float
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class ReaderIdentity:
    """Which reader: a name, the sha256 of its trained weights, of the model below them and of the
    scales its inputs may be quantised by; and what computes it, which changes logits by rounding
    only, and as ``int8`` so much that one answer in nineteen is another.
    """

    name: str
    weights_sha256: str
    base_sha256: str
    runtime: str = "torch"
    precision: str = "float32"
    scales_sha256: str | None = None

    def trained(self) -> dict[str, Any]:
        """What is recorded beside the weights: all but what computes them."""
        names = ("name", "weights_sha256", "base_sha256", "scales_sha256")
        return {name: getattr(self, name) for name in names}

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Reader(Protocol):
    """Whoever reads a question together with passages."""

    @property
    def identity(self) -> ReaderIdentity: ...

    def read(
        self, question: str, passages: Sequence[ShownPassage], keep_reading: KeepReading
    ) -> list[Reading]:
        """Readings of the first passages, in order: all, or as many as ``keep_reading`` let.

        At least one where there is a passage. A passage longer than a row is read in
        overlapping windows, whole. Raises QuestionTooLong where a question leaves no room
        for a passage.
        """
