"""A snapshot being written: documents come one by one, and nothing of them is held but counts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from index import snapshot as layout
from index.analyser import Analyser
from index.chunking import ChunkingSettings
from index.closing import Closing
from index.dense import VECTORS, DenseIndex
from index.encoder import EncoderIdentity
from index.entries import DocumentEntry
from index.errors import IndexNotWritable
from index.lexical import LexicalIndex
from index.manifest import Manifest, sums_of
from index.offsets import Offsets
from index.places import PlacesWriter
from index.postings_writer import PostingsWriter
from index.records import Document
from index.row_file import RowWriter
from index.windows import Window, WindowedPassage


class Draft(Closing):
    """The files of a snapshot as they grow in ``folder``.

    Documents are added in the order of their uris; each window's vector follows, in the
    order of the windows, at any time before ``finish``.
    """

    def __init__(
        self,
        folder: Path,
        encoder: EncoderIdentity,
        chunking: ChunkingSettings,
        analyser: Analyser,
        postings_mb: int,
    ) -> None:
        self.folder = folder
        self._encoder, self._chunking = encoder, chunking
        self.documents = self._bytes = self._longest = self._section_rows = 0
        width = (encoder.dimensions,)
        with ExitStack() as files:
            opened, text = files.enter_context, {"encoding": "utf-8", "newline": "\n"}
            self._texts = opened((folder / layout.TEXTS).open("wb"))
            self._lines = opened((folder / layout.DOCUMENTS).open("w", **text))
            self._sections = opened((folder / layout.SECTIONS).open("w", **text))
            self._passages = opened(RowWriter(folder / layout.PASSAGES, layout.PASSAGE))
            self._sentences = opened(RowWriter(folder / layout.SENTENCES, np.dtype("<i4"), (2,)))
            self._windows = opened(RowWriter(folder / layout.WINDOWS, layout.WINDOW))
            self._vectors = opened(RowWriter(folder / VECTORS, np.dtype("<f4"), width))
            self._places = opened(PlacesWriter(folder))
            self._postings = opened(PostingsWriter(folder / layout.LEXICAL, analyser, postings_mb))
            self._files = files.pop_all()

    @property
    def passages(self) -> int:
        return self._passages.rows

    def add(
        self, document: Document, passages: Iterable[WindowedPassage]
    ) -> Iterator[tuple[Sequence[Window], Sequence[bytes]]]:
        """Writes a document and its passages as they come.

        Gives each passage's windows, once they are written, with the keys of their vectors:
        the sha256 of the texts to encode.
        """
        data = document.text.encode("utf-8")
        self._texts.write(data)
        self._places.add(self.documents, document.places)
        first, offsets, sections = self.passages, Offsets(document.text), {}
        for own in passages:
            section = self._section_row(own.passage.section, sections)
            self._add_passage(document, own, offsets, section)
            yield own.windows, self._add_windows(own.windows)
        entry = DocumentEntry(
            doc_id=document.doc_id,
            uri=document.uri,
            title=document.title,
            media_type=document.media_type,
            source_sha256=document.source_sha256,
            text_sha256=sha256(data).hexdigest(),
            metadata=dict(document.metadata),
            characters=len(document.text),
            bytes=range(self._bytes, self._bytes + len(data)),
            passages=range(first, self.passages),
        )
        self._lines.write(entry.to_line())
        self._bytes += len(data)
        self.documents += 1

    def add_vectors(self, vectors: np.ndarray) -> None:
        """Those of the next windows, float32 [n, dimensions]."""
        self._vectors.append(vectors)

    def finish_postings(self) -> None:
        self._postings.finish()

    def finish_vectors(self) -> None:
        """The search index over the vectors. Raises IndexNotWritable where the disk is full."""
        self._vectors.close()
        self._windows.close()
        windows = np.load(self.folder / layout.WINDOWS, mmap_mode="r")
        counts = np.bincount(windows["passage"], minlength=self.passages)
        try:
            self._dense = DenseIndex.build(self.folder, counts).settings()
        except RuntimeError as error:  # FAISS's own for a file it cannot write
            raise IndexNotWritable(f"cannot write the vector index: {error}; make room") from error

    def finish(self, unread: Sequence[dict[str, str]]) -> Manifest:
        """Closes all files and returns what vouches for them."""
        self._sections.write("]\n")
        self.close()
        listed = _json(list(unread)) + "\n"
        (self.folder / layout.UNREAD).write_text(listed, encoding="utf-8")
        files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        names = [path.relative_to(self.folder).as_posix() for path in files]
        return Manifest(
            encoder=self._encoder,
            chunking=self._chunking,
            lexical=LexicalIndex.open(self.folder / layout.LEXICAL).settings(),
            dense=self._dense,
            documents=self.documents,
            passages=self.passages,
            sentences=self._sentences.rows,
            windows=self._windows.rows,
            longest_encoded_tokens=self._longest,
            truncated=0,  # a window over what the encoder reads never came here
            files=sums_of(self.folder, names),
        )

    def close(self) -> None:
        self._files.close()

    def _section_row(self, path: tuple[str, ...], rows: dict[tuple[str, ...], int]) -> int:
        """The path's row in SECTIONS, written where its document's ``rows`` lack it."""
        if path not in rows:
            self._sections.write(f"{', ' if self._section_rows else '['}{_json(path)}")
            rows[path] = self._section_rows
            self._section_rows += 1
        return rows[path]

    def _add_passage(
        self, document: Document, own: WindowedPassage, offsets: Offsets, section: int
    ) -> None:
        passage, sentences = own.passage, own.passage.sentences
        offsets.move_to(passage.span.start)
        first = self._sentences.rows
        row = (
            self.documents,
            passage.span.start,
            passage.span.end,
            offsets.byte,
            offsets.utf16,
            offsets.line,
            section,
            first,
            first + len(sentences),
        )
        self._passages.append([row])
        self._sentences.append([(sentence.start, sentence.end) for sentence in sentences])
        self._postings.add([own.context, *(s.of(document.text) for s in sentences)])

    def _add_windows(self, windows: Sequence[Window]) -> list[bytes]:
        keys = [sha256(window.encoded.encode("utf-8")).digest() for window in windows]
        rows = np.zeros(len(windows), dtype=layout.WINDOW)
        rows["passage"] = self.passages - 1
        rows["start"] = [window.span.start for window in windows]
        rows["end"] = [window.span.end for window in windows]
        rows["tokens"] = [window.tokens for window in windows]
        rows["encoded_sha256"] = np.frombuffer(b"".join(keys), np.uint8).reshape(-1, 32)
        self._windows.append(rows)
        self._longest = max(self._longest, *(window.tokens for window in windows))
        return keys


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
