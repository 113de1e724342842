"""A document's whole road: folder, text, passages, vectors and postings, published snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path

from index.ahead import ahead
from index.analyser import Analyser
from index.build_records import BuildReport, BuildSettings, Unread
from index.chunking import ChunkingSettings
from index.documents.folder import walk
from index.documents.reading import FoundFile, Reader, ReadFile
from index.draft import Draft
from index.encoder import Encoder
from index.encoding import Lot, LotEncoder
from index.errors import InvalidSetting, InvalidSource
from index.journal import EncodingJournal
from index.known_vectors import PublishedVectors
from index.pointer import parent_version
from index.progress import POSTINGS, PUBLISHING, VECTORS, Meter, Progress
from index.publication import exclusive, publish
from index.records import Document
from index.windows import windowed_passages
from index.word_pieces import SPARE_TOKENS

# Shorter passages than this say too little to be found by.
LEAST_TOKENS = 16


def build(
    paths: Sequence[Path],
    index_folder: Path,
    encoder: Encoder,
    settings: BuildSettings = BuildSettings(),
    progress: Progress | None = None,
) -> BuildReport:
    """Indexes every document under ``paths`` and publishes the result in ``index_folder``.

    A file that cannot be read is reported and left out. What an interrupted build has encoded
    is not encoded again. Raises InvalidSource where no document is left, OversizedPassage,
    EncodingFailed, BuildInProgress, IndexNotWritable; what was published stays then.
    """
    _refuse_index_as_source(paths, index_folder)
    with (
        exclusive(index_folder) as folder,
        ThreadPoolExecutor(1, "chunk") as thread,
        Reader(settings.limits, settings.read_bytes) as reader,
    ):
        sources, skipped = walk(paths, exclude=index_folder)
        files = [FoundFile.of(source) for source in sources]
        unread = [
            Unread(item.uri, "failed" if item.is_failure else "skipped", item.reason)
            for item in skipped
        ]
        meter = Meter(progress, len(files), sum(file.bytes for file in files))
        work = _Build(index_folder, folder, encoder, settings, meter, thread)
        report = work.run(reader.read(files), unread)
    if report is None:
        raise InvalidSource(_nothing_to_index(paths, unread, parent_version(index_folder)))
    return report


def build_documents(
    documents: Iterable[Document],
    index_folder: Path,
    encoder: Encoder,
    settings: BuildSettings = BuildSettings(),
    progress: Progress | None = None,
) -> BuildReport:
    """As ``build``, from documents already read; their uris must differ."""
    ordered = sorted(documents, key=lambda document: document.uri)
    for one, other in pairwise(ordered):
        if one.uri == other.uri:
            raise InvalidSource(f"two documents have the uri {one.uri!r}")
    if not ordered:
        raise InvalidSource("no documents were given")
    files = (ReadFile(one.uri, len(one.text), one) for one in ordered)
    with exclusive(index_folder) as folder, ThreadPoolExecutor(1, "chunk") as thread:
        meter = Meter(progress, len(ordered), sum(len(one.text) for one in ordered))
        work = _Build(index_folder, folder, encoder, settings, meter, thread)
        return work.run(files, [])


@dataclass(frozen=True, slots=True)
class _Build:
    """One build at work: ``folder`` is the draft's, ``thread`` makes lots while others encode."""

    index_folder: Path
    folder: Path
    encoder: Encoder
    settings: BuildSettings
    meter: Meter
    thread: Executor

    def run(self, files: Iterable[ReadFile], unread: list[Unread]) -> BuildReport | None:
        """Files to a published snapshot; None where none of them became a document.

        Those that did not are added to ``unread``.
        """
        analyser = Analyser(self.settings.language)
        chunking = _within(self.settings.chunking, self.encoder)
        identity, indexed = self.encoder.identity, []
        with (
            PublishedVectors(self.index_folder, identity) as published,
            EncodingJournal(self.index_folder, identity) as journal,
            Draft(self.folder, identity, chunking, analyser, self.settings.postings_mb) as draft,
        ):
            encoding = LotEncoder(self.encoder, published, journal, self.meter)
            lots = self._lots(files, draft, chunking, indexed, unread)
            for lot in ahead(lots, self.thread):
                draft.add_vectors(encoding.vectors(lot))
                self.meter.add(documents=lot.documents, failed=lot.failed, bytes=lot.bytes)
                if lot.is_last and draft.passages:
                    self.meter.enter(POSTINGS)
            unread.sort(key=lambda item: item.uri)
            if not indexed:
                return None
            if not draft.passages:
                raise InvalidSource("the documents hold no text that can be cited")
            previous = parent_version(self.index_folder)
            version = self._publish(draft, unread)
            journal.discard()
        counts = self.meter.counts
        return BuildReport(
            version=version,
            previous=previous,
            indexed=tuple(indexed),
            unread=tuple(unread),
            passages=draft.passages,
            encoded=counts.encoded,
            reused=counts.reused,
            resumed=counts.resumed,
        )

    def _lots(
        self,
        files: Iterable[ReadFile],
        draft: Draft,
        chunking: ChunkingSettings,
        indexed: list[str],
        unread: list[Unread],
    ) -> Iterator[Lot]:
        """Files chunked and written to the draft; their windows in lots, to be encoded.

        Whoever asks for more than the last finds the postings finished.
        """
        lot, sizes = Lot(), self.settings.lot_sizes()
        most = next(sizes)
        for file in files:
            if file.document is None:
                unread.append(Unread(file.uri, "failed", file.failure))
                lot.failed += 1
            else:
                indexed.append(file.uri)
                passages = windowed_passages(file.document, self.encoder, chunking)
                for windows, keys in draft.add(file.document, passages):
                    lot.windows += windows
                    lot.keys += keys
                    self.meter.add(passages=1, windows=len(windows))
                    if len(lot.windows) >= most:
                        yield lot
                        lot, most = Lot(), next(sizes)
            lot.documents += 1
            lot.bytes += file.bytes
        lot.is_last = True
        yield lot
        if draft.passages:
            draft.finish_postings()  # beside the encoding of the last lot

    def _publish(self, draft: Draft, unread: Sequence[Unread]) -> str:
        self.meter.enter(VECTORS)
        draft.finish_vectors()
        self.meter.enter(PUBLISHING)
        manifest = draft.finish([asdict(item) for item in unread])
        return publish(self.index_folder, self.folder, manifest, self.settings.keep)


def _refuse_index_as_source(paths: Sequence[Path], index_folder: Path) -> None:
    place = index_folder.resolve()
    for path in paths:
        if path.resolve().is_relative_to(place):
            raise InvalidSource(
                f"{path} is the index folder {index_folder} or lies in it; name another --index"
            )


def _within(chunking: ChunkingSettings, encoder: Encoder) -> ChunkingSettings:
    """The settings with a budget the encoder reads, prompt, special tokens and prefix included."""
    overhead = encoder.count_tokens([""])[0] + chunking.prefix_tokens
    room = encoder.identity.max_tokens - overhead
    if room >= chunking.max_tokens:
        return chunking
    room -= SPARE_TOKENS
    if room < LEAST_TOKENS:
        raise InvalidSetting(
            f"encoder {encoder.identity.name} reads {encoder.identity.max_tokens} word pieces, "
            f"of which {overhead} are taken before a passage begins; shorten the prefix"
        )
    return replace(chunking, max_tokens=room)


def _nothing_to_index(paths: Sequence[Path], unread: Sequence[Unread], stays: str | None) -> str:
    places = ", ".join(str(path) for path in paths)
    # An empty folder is more often a disk that is not there than one that was emptied.
    old = f"; snapshot {stays} stays published, and answers from what it holds" if stays else ""
    if not unread:
        return f"there is nothing to index in {places}: it holds no files{old}"
    reasons = "; ".join(f"{item.uri}: {item.reason}" for item in unread[:5])
    more = f"; and {len(unread) - 5} more" if len(unread) > 5 else ""
    return f"nothing in {places} could be indexed ({reasons}{more}){old}"
