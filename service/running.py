"""A running service: its models, snapshot, threads and permits, from start to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import ParamSpec, TypeVar

from index.encoder import Encoder
from index.errors import CorruptSnapshot
from index.retriever import Retriever
from index.snapshot import Snapshot
from service.admission import Admission
from service.answerer import EncodedQuestion, OpenSnapshot, Question, answer_question
from service.batching import EncodeBatcher
from service.errors import ShuttingDown, TimedOut
from service.metrics import Metrics
from service.reader import calibrated_for
from service.reading.loading import LoadedReader, ReadingSettings
from service.schemas.answer import AskResponse
from service.settings import Settings, reading_settings
from service.snapshots import SnapshotHolder, unusable

# What the settings name → the model, ready to be asked.
LoadEncoder = Callable[[Settings], Encoder]
LoadReader = Callable[[Settings], LoadedReader | None]

_log = logging.getLogger("quoth.questions")

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
        self.admission = Admission(settings.max_waiting)
        self.snapshots = SnapshotHolder(
            settings.index,
            self._open_published,
            lambda outcome: self.metrics.snapshot_changes.labels(outcome).inc(),
        )
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
        self.batcher = EncodeBatcher(
            self.encoder.encode_queries,
            self.settings.max_waiting,
            self.metrics.encoder_batch.observe,
        )
        self._workers = ThreadPoolExecutor(self.settings.work_threads, thread_name_prefix="work")
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
        await self.batcher.close()
        self._workers.shutdown(wait=False, cancel_futures=True)

    async def answer(
        self, questions: Sequence[Question], opened: OpenSnapshot, request_id: str
    ) -> list[AskResponse | BaseException]:
        """A reply, or what prevented it, for each question: one encoder call for all of them.

        Raises Overloaded, ShuttingDown, TimedOut, or the encoder's error.
        """
        asked_at = perf_counter()
        with self.admission.admit(len(questions)):
            async with self._in_time():
                vectors = await self.batcher.encode([question.text for question in questions])
                encoded_at = perf_counter()
                replies = await asyncio.gather(
                    *(
                        self._on_thread(
                            answer_question,
                            EncodedQuestion(question, vector, asked_at, encoded_at),
                            opened,
                            request_id,
                        )
                        for question, vector in zip(questions, vectors, strict=True)
                    ),
                    return_exceptions=True,
                )
        self._count(replies, request_id)
        return replies

    async def work(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Calls a blocking function on a worker thread, with a permit and in time."""
        with self.admission.admit():
            async with self._in_time():
                return await self._on_thread(function, *args, **kwargs)

    async def _on_thread(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Raises what the function raises; IndexUnusable where it found the snapshot damaged."""
        work = self._workers.submit(function, *args, **kwargs)
        try:
            return await asyncio.wrap_future(work)
        except asyncio.CancelledError:
            # Nobody waits for the thread any more, yet it goes on.
            self.admission.keep_until_done(work)
            raise
        except CorruptSnapshot as error:
            self.snapshots.distrust(error)
            raise unusable("has been damaged since it was opened") from error

    @contextlib.asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        seconds = self.settings.request_timeout
        try:
            async with asyncio.timeout(seconds):
                yield
        except TimeoutError as error:
            raise TimedOut(
                f"The answer was not ready within {seconds:g} seconds; ask again, or for less."
            ) from error

    def _open_published(self, index_folder: Path) -> OpenSnapshot:
        snapshot = Snapshot.open(index_folder)
        reader = self.reader and calibrated_for(self.reader, index_folder)
        return OpenSnapshot(snapshot, Retriever(snapshot, self.encoder), reader, self.reading)

    def _count(self, replies: Sequence[AskResponse | BaseException], request_id: str) -> None:
        for reply in replies:
            if isinstance(reply, BaseException):
                self.metrics.questions.labels("failed").inc()
                continue
            self.metrics.questions.labels(reply.status).inc()
            for stage in ("encode", "search"):
                self._time(stage, reply)
            if reply.abstention is not None:
                self.metrics.abstentions.labels(reply.abstention.reason).inc()
            if reply.reading is not None:
                self._count_reading(reply, request_id)

    def _count_reading(self, reply: AskResponse, request_id: str) -> None:
        reading, answer, abstained = reply.reading, reply.answer, reply.abstention
        self._time("read", reply)
        self.metrics.passages_read.observe(reading.passages_read)
        self.metrics.passages_unread.inc(reading.passages_to_read - reading.passages_read)
        line = {
            "request_id": request_id,
            "outcome": reply.status,
            "reason": abstained.reason if abstained else None,
            "confidence": answer.confidence if answer else abstained.best_confidence,
            "passages_read": reading.passages_read,
            "passages_to_read": reading.passages_to_read,
            "read_ms": reply.timings_ms.read,
            "snapshot": reply.snapshot.version,
        }
        _log.info("question read", extra=line)

    def _time(self, stage: str, reply: AskResponse) -> None:
        seconds = getattr(reply.timings_ms, stage) / 1000
        self.metrics.stage_seconds.labels(stage).observe(seconds)

    def _gauge(self) -> None:
        """Gauges that read the present state when Prometheus asks."""

        def of_serving(name: str) -> Callable[[], float]:
            def read() -> float:
                serving = self.snapshots.serving
                return getattr(serving.snapshot.manifest, name) if serving else 0

            return read

        self.metrics.in_work.set_function(lambda: self.admission.in_use)
        self.metrics.documents.set_function(of_serving("documents"))
        self.metrics.passages.set_function(of_serving("passages"))
