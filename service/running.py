"""A running service: its models, snapshot, threads and permits, from start to stop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ParamSpec, TypeVar

from index.encoder import Encoder
from index.errors import CorruptSnapshot
from index.retriever import Retriever
from index.runtimes import usable_processors
from index.snapshot import Snapshot
from service.admission import Admission
from service.answerer import OpenSnapshot, Question
from service.answering import Answering, in_time
from service.counting import count_answers
from service.errors import ShuttingDown
from service.metrics import Metrics
from service.outcomes import Answered
from service.reader import calibrated_for
from service.reading.loading import LoadedReader, ReadingSettings
from service.reply_cache import ReplyCache
from service.settings import Settings, reading_settings
from service.snapshots import SnapshotHolder, unusable
from service.workers import Workers

# What the settings name → the model, ready to be asked.
LoadEncoder = Callable[[Settings], Encoder]
LoadReader = Callable[[Settings], LoadedReader | None]

P = ParamSpec("P")
T = TypeVar("T")


class Service:
    """What the routes ask of. ``start`` before the first request, ``stop`` after the last."""

    def __init__(
        self, settings: Settings, load_encoder: LoadEncoder, load_reader: LoadReader
    ) -> None:
        self.settings = settings
        self.reading: ReadingSettings = reading_settings(settings)
        self.reader: LoadedReader | None = None
        self.metrics = Metrics()
        self.admission = Admission(settings.max_waiting, settings.wait_seconds)
        processors = usable_processors()
        self.work_line = Workers("work", self.settings.work_threads or processors)
        self.read_line = Workers("read", self.settings.read_threads or processors)
        self.cache = ReplyCache(settings.cache_mb)
        self.snapshots = SnapshotHolder(settings.index, self._open_published, self._on_change)
        self._load_encoder = load_encoder
        self._load_reader = load_reader
        self._watch: asyncio.Task[None] | None = None
        self._gauge()

    async def start(self) -> None:
        """Loads the encoder, the reader and whatever is published.

        Raises EncoderUnavailable, ReaderUnavailable.
        """
        self.encoder = await asyncio.to_thread(self._load_encoder, self.settings)
        self.reader = await asyncio.to_thread(self._load_reader, self.settings)
        several = usable_processors() > 1
        apart = self.settings.index if self.settings.search_process and several else None
        self._plain = self._answering(self.work_line, apart)
        self._reading = self._answering(self.read_line)
        await self.snapshots.refresh()
        self._watch = asyncio.create_task(self.snapshots.watch(self.settings.poll_interval))

    def opened(self) -> OpenSnapshot:
        """The snapshot that a request is answered from, to be taken once.

        Raises ShuttingDown, NoIndex, IndexUnusable.
        """
        if self.admission.stopping:
            raise ShuttingDown("The service is shutting down; ask again in a few seconds.")
        return self.snapshots.current()

    def begin_stop(self) -> None:
        """From now on new requests are refused and ``/readyz`` says so; begun ones go on."""
        self.admission.stop()

    async def stop(self) -> None:
        """Lets begun requests finish, within the time a request is given, then ends the rest."""
        self.begin_stop()
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        await self.admission.emptied(self.settings.request_timeout)
        if self._plain.elsewhere:
            self._plain.elsewhere.close()
        for line in (self.work_line, self.read_line):
            line.shutdown()

    async def answer(
        self, questions: Sequence[Question], opened: OpenSnapshot, request_id: str
    ) -> list[Answered | Exception]:
        """A reply, or what prevented it, for each question: one encoder call for all of them.

        Raises Overloaded, ShuttingDown or TimedOut.
        """
        reads = opened.reader is not None and any(question.answer for question in questions)
        answers = await (self._reading if reads else self._plain).answer(questions, opened)
        count_answers(self.metrics, answers, request_id)
        return answers

    async def work(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Calls a blocking function on a worker thread, with a permit and in time."""
        with self.admission.admit(self.work_line):
            async with in_time(self.settings.request_timeout):
                return await self._on_thread(function, *args, **kwargs)

    async def _on_thread(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Raises what the function raises; IndexUnusable where it found the snapshot damaged."""
        work = self.work_line.submit(function, *args, **kwargs)
        try:
            return await asyncio.wrap_future(work)
        except asyncio.CancelledError:
            # Nobody waits for the thread any more, yet it goes on.
            self.admission.keep_until_done(self.work_line, work)
            raise
        except CorruptSnapshot as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> Exception:
        """What the asker is told of an error; a damaged snapshot is noted first."""
        if not isinstance(error, CorruptSnapshot):
            return error
        self.snapshots.distrust(error)
        self.cache.clear()
        refusal = unusable("has been damaged since it was opened")
        refusal.__cause__ = error
        return refusal

    def _answering(self, workers: Workers, apart: Path | None = None) -> Answering:
        return Answering(
            workers,
            self.encoder.encode_queries,
            self.metrics.encoder_batch.observe,
            self.admission,
            self.cache,
            self.settings.request_timeout,
            lambda: self.snapshots.serving,
            self._told,
            apart,
        )

    def _on_change(self, outcome: str) -> None:
        """Kept replies go with the snapshot they are of."""
        self.metrics.snapshot_changes.labels(outcome).inc()
        if outcome == "switched":
            self.cache.clear()
            if self._plain.elsewhere:
                self._plain.elsewhere.switched()

    def _open_published(self, index_folder: Path) -> OpenSnapshot:
        snapshot = Snapshot.open(index_folder)
        reader = self.reader and calibrated_for(self.reader, index_folder)
        return OpenSnapshot(snapshot, Retriever(snapshot, self.encoder), reader, self.reading)

    def _gauge(self) -> None:
        """Gauges that read the present state when Prometheus asks."""

        def of_serving(name: str) -> Callable[[], float]:
            def read() -> float:
                serving = self.snapshots.serving
                return getattr(serving.snapshot.manifest, name) if serving else 0

            return read

        self.metrics.in_work.set_function(lambda: self.admission.in_use)
        self.metrics.kept_replies.set_function(lambda: len(self.cache))
        self.metrics.kept_bytes.set_function(lambda: self.cache.bytes)
        self.metrics.documents.set_function(of_serving("documents"))
        self.metrics.passages.set_function(of_serving("passages"))
