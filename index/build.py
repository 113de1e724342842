"""A document's whole road: folder, text, passages, vectors and postings, published snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from index.analyser import Analyser
from index.chunking import ChunkingSettings, chunk
from index.documents import read_document
from index.documents.folder import Source, walk
from index.documents.sandbox import ParseLimits, Sandbox
from index.encoder import Encoder
from index.encoder import Progress as StageProgress
from index.errors import InvalidSetting, InvalidSource, UnreadableDocument
from index.pointer import parent_version
from index.publication import Draft, exclusive, publish
from index.records import Document, Passage
from index.vectors import place, window_vectors, windows_of
from index.word_pieces import SPARE_TOKENS

# Shorter passages than this say too little to be found by.
LEAST_TOKENS = 16

# Called with the stage ("documents", "passages", "vectors"), done and total.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """What a build may be told; all of it is in the manifest but ``keep``, how many older
    snapshots stay, and ``limits``, what parsing one file may take.
    """

    chunking: ChunkingSettings = field(default_factory=ChunkingSettings)
    language: str = "english"
    keep: int = 3
    limits: ParseLimits = field(default_factory=ParseLimits)


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that did not become a document: ``skipped`` by rule, or ``failed``."""

    uri: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. Of the vectors (one a window, ``windows.py``) some were ``encoded``, the
    ``reused`` ones taken from the previous snapshot or from an equal text.
    """

    version: str
    previous: str | None
    indexed: tuple[str, ...]
    unread: tuple[Unread, ...]
    passages: int
    encoded: int
    reused: int

    @property
    def failed(self) -> tuple[Unread, ...]:
        return tuple(item for item in self.unread if item.status == "failed")


def build(
    paths: Sequence[Path],
    index_folder: Path,
    encoder: Encoder,
    settings: BuildSettings = BuildSettings(),
    progress: Progress | None = None,
) -> BuildReport:
    """Indexes every document under ``paths`` and publishes the result in ``index_folder``.

    A file that cannot be read is reported and left out. Raises InvalidSource where no
    document is left (what was published stays), OversizedPassage, BuildInProgress.
    """
    _refuse_index_as_source(paths, index_folder)
    with exclusive(index_folder):
        sources, skipped = walk(paths, exclude=index_folder)
        unread = [
            Unread(item.uri, "failed" if item.is_failure else "skipped", item.reason)
            for item in skipped
        ]
        with Sandbox(settings.limits) as sandbox:
            documents = _read_all(sources, unread, sandbox, progress)
        if not documents:
            raise InvalidSource(_nothing_to_index(paths, unread))
        return _publish(documents, unread, index_folder, encoder, settings, progress)


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
    with exclusive(index_folder):
        return _publish(ordered, [], index_folder, encoder, settings, progress)


def _refuse_index_as_source(paths: Sequence[Path], index_folder: Path) -> None:
    place = index_folder.resolve()
    for path in paths:
        if path.resolve().is_relative_to(place):
            raise InvalidSource(
                f"{path} is the index folder {index_folder} or lies in it; name another --index"
            )


def _read_all(
    sources: Sequence[Source], unread: list[Unread], sandbox: Sandbox, progress: Progress | None
) -> list[Document]:
    documents = []
    for done, source in enumerate(sources, start=1):
        try:
            documents.append(read_document(source, sandbox.parse))
        except UnreadableDocument as error:
            reason = str(error).removeprefix(f"{source.uri}: ")
            unread.append(Unread(source.uri, "failed", reason))
        if progress is not None:
            progress("documents", done, len(sources))
    unread.sort(key=lambda item: item.uri)
    return documents


def _publish(
    documents: Sequence[Document],
    unread: Sequence[Unread],
    index_folder: Path,
    encoder: Encoder,
    settings: BuildSettings,
    progress: Progress | None,
) -> BuildReport:
    analyser = Analyser(settings.language)
    chunking = _within(settings.chunking, encoder)
    passages = _chunk_all(documents, encoder, chunking, progress)
    placed = place(documents, passages, encoder, chunking)
    if not placed:
        raise InvalidSource("the documents hold no text that can be cited")
    windows = windows_of(placed, encoder, chunking.window_tokens)
    vectors = window_vectors(windows, index_folder, encoder, _stage("vectors", progress))
    draft = Draft(
        documents=documents,
        passages=passages,
        windows=windows,
        vectors=vectors,
        searched=(item.searched() for item in placed),
        analyser=analyser,
        encoder=encoder.identity,
        chunking=chunking,
        unread=[asdict(item) for item in unread],
    )
    previous = parent_version(index_folder)
    return BuildReport(
        version=publish(index_folder, draft, settings.keep),
        previous=previous,
        indexed=tuple(document.uri for document in documents),
        unread=tuple(unread),
        passages=len(placed),
        encoded=vectors.encoded,
        reused=len(vectors.values) - vectors.encoded,
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


def _chunk_all(
    documents: Sequence[Document],
    encoder: Encoder,
    chunking: ChunkingSettings,
    progress: Progress | None,
) -> list[list[Passage]]:
    passages = []
    for done, document in enumerate(documents, start=1):
        passages.append(chunk(document, encoder.token_spans, chunking))
        if progress is not None:
            progress("passages", done, len(documents))
    return passages


def _stage(name: str, progress: Progress | None) -> StageProgress | None:
    if progress is None:
        return None
    return lambda done, total: progress(name, done, total)


def _nothing_to_index(paths: Sequence[Path], unread: Sequence[Unread]) -> str:
    places = ", ".join(str(path) for path in paths)
    if not unread:
        return f"there is nothing to index in {places}: it holds no files"
    reasons = "; ".join(f"{item.uri}: {item.reason}" for item in unread[:5])
    more = f"; and {len(unread) - 5} more" if len(unread) > 5 else ""
    return f"nothing in {places} could be indexed ({reasons}{more})"
