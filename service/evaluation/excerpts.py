"""The chunking-evaluation layout: corpora/*.md and questions.jsonl with exact excerpts.

Published by Smith and Troynikov, "Evaluating Chunking Strategies for Retrieval" (Chroma,
2024): each question carries the character ranges of one corpus that answer it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.records import Span
from service.evaluation.lines import InvalidDataset, Record, records, text_of


@dataclass(frozen=True, slots=True)
class ExcerptQuestion:
    """A question, the corpus file that answers it, and the exact ranges that do."""

    query_id: str
    text: str
    uri: str
    evidence: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ExcerptSet:
    """Questions over the files of one folder, which is indexed whole; ``texts`` goes by uri."""

    corpora: Path
    texts: Mapping[str, str]
    questions: tuple[ExcerptQuestion, ...]


def is_excerpts(path: Path) -> bool:
    return (path / "corpora").is_dir() and (path / "questions.jsonl").is_file()


def load_excerpts(folder: Path) -> ExcerptSet:
    """The questions, each range checked against the words it is said to hold.

    Raises InvalidDataset, naming file and line, where a range and its words disagree.
    """
    corpora = folder / "corpora"
    texts = {path.name: text_of(path) for path in sorted(corpora.glob("*.md"))}
    questions = tuple(_question(record, texts) for record in records(folder / "questions.jsonl"))
    if not questions:
        raise InvalidDataset(f"{folder / 'questions.jsonl'} holds no question")
    return ExcerptSet(corpora, texts, questions)


def _question(record: Record, texts: Mapping[str, str]) -> ExcerptQuestion:
    uri = f"{record.text('corpus_id')}.md"
    if uri not in texts:
        raise record.wrong(f'there is no corpora/{uri}, which "corpus_id" names')
    references = record.get("references")
    if not isinstance(references, list) or not references:
        raise record.wrong('field "references" must be a list that is not empty')
    evidence = []
    for reference in references:
        try:
            span = Span(reference["start_index"], reference["end_index"])
            content = reference["content"]
        except (KeyError, TypeError, ValueError) as error:
            shape = '"content", "start_index" and "end_index"'
            raise record.wrong(f"a reference needs {shape}: {error}") from error
        if span.of(texts[uri]) != content:
            where = f"[{span.start}, {span.end}) of corpora/{uri}"
            raise record.wrong(f"{where} is not the reference's content")
        evidence.append(span)
    return ExcerptQuestion(record.text("_id"), record.text("text"), uri, tuple(sorted(evidence)))
