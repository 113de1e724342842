"""The BEIR layout: corpus.jsonl, queries.jsonl and qrels/SPLIT.tsv in one folder."""

from __future__ import annotations

from pathlib import Path

from service.evaluation.datasets import Query, RetrievalSet, document
from service.evaluation.lines import InvalidDataset, records, text_of

# The split that is measured where none is named: the first of these that is there.
SPLITS = ("test", "dev", "val", "train")


def is_beir(path: Path) -> bool:
    return (path / "corpus.jsonl").is_file() and (path / "qrels").is_dir()


def load_beir(folder: Path, split: str | None = None) -> RetrievalSet:
    """Every document of the corpus and the judged queries of one split.

    A query marked ``"answerable": false`` and not judged in any split is unanswerable.
    Raises InvalidDataset, naming file and line, where the folder is not of the layout.
    """
    chosen = split or default_split(folder)
    qrels = read_qrels(folder / "qrels" / f"{chosen}.tsv")
    corpus = folder / "corpus.jsonl"
    documents = []
    seen: set[str] = set()
    for record in records(corpus):
        uri = record.text("_id")
        if uri in seen:
            raise record.wrong(f'a second document with _id "{uri}"')
        seen.add(uri)
        title, text = record.text("title", ""), record.text("text", "")
        if title.strip() or text.strip():
            documents.append(document(uri, title, text))
    queries, unanswerable = [], []
    for record in records(folder / "queries.jsonl"):
        query = Query(record.text("_id"), record.text("text"), record.texts("answers"))
        if query.query_id in qrels:
            queries.append(query)
        elif not record.flag("answerable", True):
            unanswerable.append(query)
    known = {query.query_id for query in queries}
    if missing := sorted(set(qrels) - known):
        raise InvalidDataset(f'{folder}: judged query "{missing[0]}" is not in queries.jsonl')
    return RetrievalSet(tuple(documents), tuple(queries), qrels, tuple(unanswerable))


def default_split(folder: Path) -> str:
    for split in SPLITS:
        if (folder / "qrels" / f"{split}.tsv").is_file():
            return split
    raise InvalidDataset(f"{folder / 'qrels'} holds none of {', '.join(SPLITS)} (.tsv)")


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """query-id → corpus-id → relevance; judgements of 0 or less are left out.

    The header line, known by its last word "score", is optional.
    """
    qrels: dict[str, dict[str, int]] = {}
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if not line.strip():
            continue
        columns = line.split("\t")
        if number == 1 and columns[-1].strip() == "score":
            continue
        try:
            query_id, uri, relevance = columns[0], columns[1], int(columns[2])
        except (IndexError, ValueError) as error:
            shape = "query-id, corpus-id and a whole number, with tabs between"
            raise InvalidDataset(f"{path}, line {number}: expected {shape}") from error
        if relevance > 0:
            qrels.setdefault(query_id, {})[uri] = relevance
    if not qrels:
        raise InvalidDataset(f"{path} judges no document relevant")
    return qrels
