"""SQuAD-format JSON, version 1 or 2: each distinct paragraph is a document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from index.records import Document
from service.evaluation.datasets import Query, RetrievalSet, document
from service.evaluation.lines import InvalidDataset, text_of


def is_squad(path: Path) -> bool:
    """Whether the beginning of a .json file names SQuAD's outermost key; the rest is not read."""
    if path.suffix != ".json" or not path.is_file():
        return False
    with path.open(encoding="utf-8", errors="replace") as file:
        return '"data"' in file.read(4096)


def load_squad(path: Path) -> RetrievalSet:
    """Unique paragraphs as documents, questions as queries, the paragraph as what is right.

    A question marked impossible, or without answers, is unanswerable. The article's title
    is the document's. Raises InvalidDataset, naming the place, for another layout.
    """
    documents: dict[str, Document] = {}
    queries: dict[str, Query] = {}
    qrels: dict[str, dict[str, int]] = {}
    unanswerable: dict[str, Query] = {}
    for title, paragraph in squad_paragraphs(path):
        context = paragraph["context"]
        if not context.strip():
            continue
        uri = f"paragraph-{len(documents):06d}"
        found = documents.setdefault(context, document(uri, title, context))
        for question in paragraph["qas"]:
            query = squad_query(path, question)
            if query.query_id in queries or query.query_id in unanswerable:
                raise InvalidDataset(f'{path}: a second question with id "{query.query_id}"')
            if question.get("is_impossible") or not query.answers:
                unanswerable[query.query_id] = query
                continue
            queries[query.query_id] = query
            qrels[query.query_id] = {found.uri: 1}
    if not documents:
        raise InvalidDataset(f"{path} holds no paragraph")
    return RetrievalSet(
        tuple(documents.values()),
        tuple(queries.values()),
        qrels,
        tuple(unanswerable.values()),
    )


def squad_paragraphs(path: Path) -> Iterator[tuple[str, Mapping]]:
    """Title and paragraph object, in file order."""
    try:
        articles = json.loads(text_of(path))["data"]
        for article in articles:
            title = (article.get("title") or "").replace("_", " ")
            for paragraph in article["paragraphs"]:
                if not isinstance(paragraph["context"], str):
                    raise TypeError("context is not a string")
                yield title, paragraph
    except json.JSONDecodeError as error:
        reason = f"{error.msg} at column {error.colno}"
        raise InvalidDataset(f"{path}, line {error.lineno} is not JSON: {reason}") from error
    except (KeyError, TypeError, AttributeError) as error:
        shape = '{"data": [{"title", "paragraphs": [{"context", "qas": […]}]}]}'
        raise InvalidDataset(f"{path} is not of the form {shape}: {error!r}") from error


def squad_query(path: Path, question: Mapping) -> Query:
    try:
        answers = tuple(dict.fromkeys(answer["text"] for answer in question["answers"]))
        return Query(str(question["id"]), question["question"], answers)
    except (KeyError, TypeError) as error:
        place = f"question {question.get('id', 'without id')!r}"
        raise InvalidDataset(f"{path}, {place}: {error!r} is missing or not of its type") from error
