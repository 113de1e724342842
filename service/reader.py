"""Hits → the passages a reader is shown → their readings, in time → what follows from them."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from index.context import context_prefix
from index.records import Hit
from index.runtimes import RuntimeSettings
from index.snapshot import Snapshot, StoredPassage
from service.errors import QuestionTooLong, ReaderUnavailable
from service.headings import headings
from service.reading.calibration import load_calibration
from service.reading.conclusion import Found, conclude
from service.reading.features import Retrieved
from service.reading.loading import (
    CALIBRATION_FILE,
    LoadedReader,
    ReadingSettings,
    load_reader,
)
from service.reading.records import ShownPassage
from service.reading.rows import columns_at

WARM_UP = "What is cited here?"

_WORD = re.compile(r"\S+")
# As ``index/documents`` names the objects of an array and the lines of JSON Lines.
_COUNTED = re.compile(r"\[\d+\]|line \d+")

_log = logging.getLogger("quoth.reader")


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known of the hits after ``read`` of the first ``to_read`` were read.

    ``order`` are the hits to show, best first, by position; ``relevance`` (0 to 1, None for
    a hit that was not read) stands by position. ``best`` is the best answer in all that were
    read; its hit is shown. ``too_long`` where the question left no room for a passage beside it.
    """

    order: tuple[int, ...]
    relevance: tuple[float | None, ...]
    best: Found | None = None
    read: int = 0
    to_read: int = 0
    too_long: bool = False


def open_reader(
    named: Path | Literal["none"] | None, wanted: RuntimeSettings = RuntimeSettings()
) -> LoadedReader | None:
    """The reader that ``QUOTH_READER`` names: of a folder, the shipped one, or none.

    None also where none is shipped. It has read: the first call is its slowest, and would spend
    the first question's budget. Raises ReaderUnavailable, and InvalidSetting where it does not
    run as ``wanted``.
    """
    loaded = None if named == "none" else load_reader(named, wanted)
    if loaded is not None:
        loaded.reader.read(WARM_UP, [ShownPassage("", WARM_UP)], lambda: True)
    return loaded


def calibrated_for(loaded: LoadedReader, index_folder: Path) -> LoadedReader:
    """The reader with the calibration fitted on this corpus, where there is one for it.

    One that is unreadable, or fitted on another reader, is ignored with a line in the log:
    the reader's own still holds.
    """
    path = index_folder / CALIBRATION_FILE
    if not path.exists():
        return loaded
    try:
        own = load_calibration(path, loaded.reader.identity.weights_sha256)
    except ReaderUnavailable as error:
        _log.warning("corpus calibration ignored", extra={"reason": str(error)})
        return loaded
    return LoadedReader(loaded.reader, own)


def unread(hits: Sequence[Hit], kept: int) -> Findings:
    """The first ``kept`` hits as they were retrieved."""
    return Findings(tuple(range(min(kept, len(hits)))), (None,) * len(hits))


def retrieved_passages(snapshot: Snapshot, hits: Sequence[Hit]) -> list[Retrieved]:
    """The hits as a reader is shown them: title and section path, then the passage's text."""
    shown = []
    for hit in hits:
        passage = snapshot.passage(hit.row)
        title = context_prefix(
            snapshot.documents[passage.document_row].title,
            passage.section,
            _words,
            snapshot.manifest.chunking,
        )
        document = snapshot.text(passage.document_row)
        text = passage.span.of(document)
        sentences = tuple(own.start - passage.span.start for own in passage.sentences)
        read = ShownPassage(
            title.rstrip("\n"),
            text,
            _breaks(passage, text),
            sentences,
            columns_at(document, passage.span.start, passage.span.end),
            tuple(at for at, named in enumerate(headings(passage, document)) if named),
            _is_record(passage, snapshot.documents[passage.document_row].media_type),
        )
        shown.append(Retrieved(read, hit.dense, hit.lexical, hit.fused))
    return shown


def _breaks(passage: StoredPassage, text: str) -> tuple[int, ...]:
    """Where a sentence begins on another line than the one before it ended on."""
    start = passage.span.start
    return tuple(
        after.start - start
        for before, after in pairwise(passage.sentences)
        if "\n" in text[before.end - start : after.start - start]
    )


def _is_record(passage: StoredPassage, media_type: str) -> bool:
    """Whether it is one of JSON's array or lines, which its section then counts."""
    counted = bool(passage.section) and _COUNTED.match(passage.section[-1]) is not None
    return counted and media_type in ("application/json", "application/jsonl")


def read_in_time(
    question: str,
    passages: Sequence[Retrieved],
    loaded: LoadedReader,
    settings: ReadingSettings,
    kept: int,
    searched: int,
    clock: Callable[[], float],
    others_wait: Callable[[], bool],
) -> Findings:
    """Reads the first ``settings.depth`` passages until the budget is spent, at least one.

    The budget is the longer one while not ``others_wait``. Of all passages, best first as
    retrieved among ``searched``, ``kept`` are left in their new order.
    """
    shown = [passage.shown for passage in passages[: settings.depth]]
    if not shown:
        return Findings((), ())
    began = clock()

    def in_time() -> bool:
        spent, alone = (clock() - began) * 1000, settings.alone_ms or 0.0
        return spent < settings.budget_ms or (spent < alone and not others_wait())

    try:
        readings = loaded.reader.read(question, shown, in_time)
    except QuestionTooLong:
        order, relevance = tuple(range(len(passages)))[:kept], (None,) * len(passages)
        return Findings(order, relevance, to_read=len(shown), too_long=True)
    concluded = conclude(question, passages, readings, loaded.calibration, kept, searched)
    return Findings(concluded.order, concluded.relevance, concluded.best, len(readings), len(shown))


def _words(text: str) -> list[tuple[int, int]]:
    # The title is cut by words here: the reader cuts it again by its own pieces, and the
    # encoder's tokenizer is not for several threads at once.
    return [match.span() for match in _WORD.finditer(text)]
