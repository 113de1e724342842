"""LlamaIndex with its FAISS vector store: a flat index, as its documentation shows it."""

from __future__ import annotations

from pathlib import Path

import faiss
from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.faiss import FaissVectorStore

from benchmarks.systems.contract import Ask, Build, Given

DIMENSIONS = 384


def builder(model: Path, given: Given, folder: Path) -> Build:
    embedding = HuggingFaceEmbedding(model_name=str(model))

    def build():
        nodes = [TextNode(id_=own, text=text) for own, text in given.rows]
        if given.vectors is not None:
            for node, vector in zip(nodes, given.vectors, strict=True):
                node.embedding = vector.tolist()
        store = FaissVectorStore(faiss_index=faiss.IndexFlatL2(DIMENSIONS))
        storage = StorageContext.from_defaults(vector_store=store)
        index = VectorStoreIndex(nodes, storage_context=storage, embed_model=embedding)
        index.storage_context.persist(str(folder))

    return build


def asker(model: Path, folder: Path) -> Ask:
    store = FaissVectorStore.from_persist_dir(str(folder))
    storage = StorageContext.from_defaults(vector_store=store, persist_dir=str(folder))
    embedding = HuggingFaceEmbedding(model_name=str(model))
    index = load_index_from_storage(storage, embed_model=embedding)
    retrievers = {}

    def ask(question, count):
        if count not in retrievers:
            retrievers[count] = index.as_retriever(similarity_top_k=count)
        return [found.node.node_id for found in retrievers[count].retrieve(question)]

    return ask
