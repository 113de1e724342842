"""Hard negatives: passages that our own retriever ranks high for a question and that are wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.build import build_documents
from index.encoder import Encoder
from index.progress import by_documents
from index.records import Document, Span, short_digest
from index.retriever import Retriever
from index.snapshot import Snapshot
from service.evaluation.datasets import document
from service.training.examples import Example, Examples
from service.training.sources import Source

# Passages looked at, and wrong ones kept, for each question.
DEPTH = 12
KEPT = 5
# Questions encoded in one call.
BATCH = 64
# A shorter answer ("5", "no") stands in many a passage by chance; only the gold one is left out.
TELLING_CHARACTERS = 3

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Negative:
    """A span of a context of ``Examples`` that does not answer the question."""

    context: int
    span: Span


def mine(
    loaded: Examples, sources: Sequence[Source], encoder: Encoder, folder: Path, progress: Progress
) -> dict[str, list[Negative]]:
    """For each ``source/question_id`` its hard negatives, hardest first.

    Each source's paragraphs are indexed below ``folder``, as a user's would be; what was
    mined is kept there, a file a source as it is now, and read from there the next time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, list[Negative]] = {}
    for name in sorted(source.name for source in sources if source.mined):
        # Positions are kept relative to the source's first context: which other sources are
        # loaded must not matter.
        first = next(at for at, context in enumerate(loaded.contexts) if context.source == name)
        kept = folder / f"{name}-{_digest(loaded, name)}.json"
        if not kept.is_file():
            mined = _mine_source(loaded, name, encoder, folder / name, progress)
            kept.write_text(json.dumps(_stored(mined, first)), encoding="utf-8")
        stored = json.loads(kept.read_text(encoding="utf-8"))
        for key, places in stored.items():
            rows[key] = [Negative(first + at, Span(a, b)) for at, a, b in places]
    return rows


def _stored(mined: dict[str, list[Negative]], first: int) -> dict[str, list[list[int]]]:
    return {
        key: [[n.context - first, n.span.start, n.span.end] for n in row]
        for key, row in mined.items()
    }


def _digest(loaded: Examples, name: str) -> str:
    """What the positions depend on: the source's texts in order, and its questions."""
    texts = [context.text for context in loaded.contexts if context.source == name]
    questions = [f"{e.question_id} {e.question}" for e in loaded.of("train", name)]
    return short_digest(str(len(texts)), *texts, *questions)


def key_of(example: Example) -> str:
    return f"{example.source}/{example.question_id}"


def _mine_source(
    loaded: Examples, name: str, encoder: Encoder, folder: Path, progress: Progress
) -> dict[str, list[Negative]]:
    retriever, contexts = _retriever(loaded, name, encoder, folder, progress)
    examples = loaded.of("train", name)
    found: dict[str, list[Negative]] = {}
    for first in range(0, len(examples), BATCH):
        batch = examples[first : first + BATCH]
        vectors = encoder.encode_queries([example.question for example in batch])
        for example, vector in zip(batch, vectors, strict=True):
            hits = retriever.rank(example.question, vector, DEPTH)
            passages = [retriever.snapshot.passage(hit.row) for hit in hits]
            places = [(contexts[p.document_row], p.span) for p in passages]
            found[key_of(example)] = _wrong(loaded, example, places)
        progress(f"negatives of {name}", first + len(batch), len(examples))
    return found


def _retriever(
    loaded: Examples, name: str, encoder: Encoder, folder: Path, progress: Progress
) -> tuple[Retriever, list[int]]:
    """The retriever over a source's training paragraphs, and each document's context."""
    first: dict[str, int] = {}
    documents: dict[str, Document] = {}
    for at, context in enumerate(loaded.contexts):
        if context.source == name and context.split == "train" and context.text not in first:
            first[context.text] = at
            uri = f"context-{at:06d}"
            documents[uri] = document(uri, context.title, context.text)
    build_documents(list(documents.values()), folder, encoder, progress=by_documents(progress))
    snapshot = Snapshot.open(folder)
    contexts = [int(entry.uri.rpartition("-")[2]) for entry in snapshot.documents]
    return Retriever(snapshot, encoder), contexts


def _wrong(
    loaded: Examples, example: Example, places: Sequence[tuple[int, Span]]
) -> list[Negative]:
    """Of the passages found those of other paragraphs that hold none of the answers' words."""
    own = loaded.contexts[example.context].text
    answers = {_folded(span.of(own)) for span, _ in example.answers}
    telling = [words for words in answers if len(words) >= TELLING_CHARACTERS]
    wrong = []
    for context, span in places:
        text = loaded.contexts[context].text
        if text == own or any(words in _folded(span.of(text)) for words in telling):
            continue
        wrong.append(Negative(context, span))
    return wrong[:KEPT]


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
