"""Chroma with a collection on disk and its sentence-transformers embedding function."""

from __future__ import annotations

from pathlib import Path

import chromadb
from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

from benchmarks.systems.contract import Ask, Build, Given

COLLECTION = "passages"


def builder(model: Path, given: Given, folder: Path) -> Build:
    function = SentenceTransformerEmbeddingFunction(model_name=str(model))

    def build():
        client = chromadb.PersistentClient(path=str(folder))
        collection = client.create_collection(COLLECTION, embedding_function=function)
        most = client.get_max_batch_size()
        for first in range(0, len(given.ids), most):
            rows = slice(first, first + most)
            collection.add(
                ids=list(given.ids[rows]),
                documents=list(given.texts[rows]),
                embeddings=None if given.vectors is None else given.vectors[rows],
            )

    return build


def asker(model: Path, folder: Path) -> Ask:
    function = SentenceTransformerEmbeddingFunction(model_name=str(model))
    client = chromadb.PersistentClient(path=str(folder))
    collection = client.get_collection(COLLECTION, embedding_function=function)
    return lambda question, count: collection.query(query_texts=[question], n_results=count)["ids"][
        0
    ]
