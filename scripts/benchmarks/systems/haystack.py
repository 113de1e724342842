"""Haystack with its FAISS document store: an embedder and a retriever in a pipeline."""

from __future__ import annotations

from pathlib import Path

from haystack import Document, Pipeline
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.retrievers.faiss import FAISSEmbeddingRetriever
from haystack_integrations.document_stores.faiss import FAISSDocumentStore

from benchmarks.systems.contract import Ask, Build, Given

DIMENSIONS = 384


def builder(model: Path, given: Given, folder: Path) -> Build:
    embedder = None
    if given.vectors is None:
        embedder = SentenceTransformersDocumentEmbedder(model=str(model), progress_bar=False)
        embedder.warm_up()

    def build():
        documents = [Document(id=own, content=text) for own, text in given.rows]
        if embedder is None:
            for document, vector in zip(documents, given.vectors, strict=True):
                document.embedding = vector.tolist()
        else:
            documents = embedder.run(documents)["documents"]
        store = FAISSDocumentStore(index_path=_place(folder), embedding_dim=DIMENSIONS)
        store.write_documents(documents)
        store.save(_place(folder))

    return build


def asker(model: Path, folder: Path) -> Ask:
    store = FAISSDocumentStore(index_path=_place(folder), embedding_dim=DIMENSIONS)
    pipeline = Pipeline()
    # Its progress bar would cost a question more than the search does.
    embedder = SentenceTransformersTextEmbedder(model=str(model), progress_bar=False)
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("retriever", FAISSEmbeddingRetriever(document_store=store))
    pipeline.connect("embedder.embedding", "retriever.query_embedding")

    def ask(question, count):
        asked = {"embedder": {"text": question}, "retriever": {"top_k": count}}
        return [document.id for document in pipeline.run(asked)["retriever"]["documents"]]

    return ask


def _place(folder: Path) -> str:
    return str(folder / "store")
