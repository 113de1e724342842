"""LangChain with its FAISS vector store, which is flat unless told otherwise."""

from __future__ import annotations

from pathlib import Path

from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings

from benchmarks.systems.contract import Ask, Build, Given


def builder(model: Path, given: Given, folder: Path) -> Build:
    embeddings = HuggingFaceEmbeddings(model_name=str(model))

    def build():
        if given.vectors is None:
            store = FAISS.from_texts(list(given.texts), embeddings, ids=list(given.ids))
        else:
            pairs = zip(given.texts, given.vectors.tolist(), strict=True)
            store = FAISS.from_embeddings(pairs, embeddings, ids=list(given.ids))
        store.save_local(str(folder))

    return build


def asker(model: Path, folder: Path) -> Ask:
    embeddings = HuggingFaceEmbeddings(model_name=str(model))
    # The store saves its texts by pickle and has to be told that they are trusted: we wrote them.
    store = FAISS.load_local(str(folder), embeddings, allow_dangerous_deserialization=True)
    return lambda question, count: [found.id for found in store.similarity_search(question, count)]
