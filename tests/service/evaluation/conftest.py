"""A small encoder of words, and one tiny data set of each layout."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from index.build import BuildSettings
from index.encoder import EncoderIdentity
from index.records import Span
from service.errors import QuestionTooLong
from service.evaluation.bench import Bench
from service.evaluation.candidates import unfitted
from service.reading.loading import LoadedReader
from service.reading.records import Candidate, ReaderIdentity, Reading

DIMENSIONS = 64
WORD = re.compile(r"\w+|[^\w\s]")


class WordEncoder:
    """Each word is one direction: texts are near where they share words."""

    identity = EncoderIdentity("words", "0" * 64, DIMENSIONS, 256, "", "")

    def encode_queries(self, questions):
        vectors = np.zeros((len(questions), DIMENSIONS), dtype=np.float32)
        for vector, question in zip(vectors, questions, strict=True):
            for word in WORD.findall(question.lower()):
                vector[sha256(word.encode()).digest()[0] % DIMENSIONS] += 1
            vector /= max(np.linalg.norm(vector), 1e-9)
        return vectors

    def encode_passages(self, texts, _progress=None):
        return self.encode_queries(texts)

    def token_spans(self, text):
        return [match.span() for match in WORD.finditer(text)]

    def count_pieces(self, text):
        return len(WORD.findall(text))

    def count_tokens(self, texts):
        return [len(WORD.findall(text)) for text in texts]


@pytest.fixture(scope="module")
def bench():
    return Bench(encoder=WordEncoder(), build=BuildSettings(keep=1))


@pytest.fixture
def data(tmp_path):
    """One tiny set of each layout, on the weather."""
    beir = tmp_path / "beir"
    (beir / "qrels").mkdir(parents=True)
    corpus = [
        {"_id": "sun", "title": "Sun 😀", "text": "The sun shines over Spain.\n\nIt is warm."},
        {"_id": "rain", "title": "", "text": "Rain falls in Wales all winter."},
        {"_id": "snow", "title": "Snow", "text": ""},
    ]
    queries = [
        {"_id": "1", "text": "where does the sun shine over Spain?"},
        {"_id": "2", "text": "rain falls in which country?"},
        {"_id": "3", "text": "who reigns in Denmark?", "answerable": False},
    ]
    write_lines(beir / "corpus.jsonl", corpus)
    write_lines(beir / "queries.jsonl", queries)
    (beir / "qrels" / "test.tsv").write_text("1\tsun\t1\n2\train\t1\n", encoding="utf-8")
    context = "Rain falls in Wales all winter. The mayor of Cardiff sighs."
    qas = [
        {"id": "1", "question": "where falls rain?", "answers": [{"text": "Wales"}]},
        {"id": "2", "question": "who reigns?", "answers": [], "is_impossible": True},
    ]
    squad = {"data": [{"title": "Rain", "paragraphs": [{"context": context, "qas": qas}]}]}
    (tmp_path / "squad.json").write_text(json.dumps(squad), encoding="utf-8")
    excerpts = tmp_path / "excerpts"
    (excerpts / "corpora").mkdir(parents=True)
    (excerpts / "corpora" / "wales.md").write_text(context, encoding="utf-8")
    reference = {"content": "Rain falls in Wales", "start_index": 0, "end_index": 19}
    question = {"_id": "e", "text": "where falls rain?", "corpus_id": "wales"}
    write_lines(excerpts / "questions.jsonl", [question | {"references": [reference]}])
    return tmp_path


def write_lines(path, records):
    path.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")


class OverlapReader:
    """Reads by words shared with the question: each word that it lacks may be the answer.

    Deterministic, and right on the tiny sets; no knowledge of language is in it.
    """

    identity = ReaderIdentity("overlap", "1" * 64, "2" * 64)

    def __init__(self):
        self.reads = 0

    def read(self, question, passages, keep_reading):
        asked = set(WORD.findall(question.lower()))
        if len(asked) > 60:
            raise QuestionTooLong("the question has too many words")
        readings = []
        for place, passage in enumerate(passages):
            if place and not keep_reading():
                break
            self.reads += 1
            readings.append(self._reading(asked, passage.text))
        return readings

    def _reading(self, asked, text):
        words = list(re.finditer(r"\w+", text))
        shared = sum(match.group().lower() in asked for match in words)
        margin = 2.0 * shared - 5
        # A name is the likeliest, then what stands early.
        others = [match for match in words if match.group().lower() not in asked]
        others.sort(key=lambda match: (not match.group()[0].isupper(), match.start()))
        candidates = [
            Candidate(Span(*match.span()), 0.5 ** (rank + 1), margin - rank)
            for rank, match in enumerate(others[:3])
        ]
        return Reading(margin, margin, tuple(candidates))


@pytest.fixture
def reading_bench(bench):
    """A bench with the overlap reader, confidence being the sigmoid of its margin."""
    reader = OverlapReader()
    loaded = LoadedReader(reader, unfitted(reader.identity.weights_sha256))
    return replace(bench, reader=loaded)
