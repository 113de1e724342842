"""txtai as its documentation begins: a path, and ``hybrid`` for BM25 beside it.

Content storage stays off, as it does by default: passages come back as ids and scores.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from txtai import Embeddings

from benchmarks.systems.contract import Ask, Build, Given


def dense_builder(model: Path, given: Given, folder: Path) -> Build:
    return _builder(Embeddings(path=str(model)), given, folder)


def hybrid_builder(model: Path, given: Given, folder: Path) -> Build:
    return _builder(Embeddings(path=str(model), hybrid=True), given, folder)


def asker(model: Path, folder: Path) -> Ask:  # noqa: ARG001 the index names its model
    embeddings = Embeddings()
    embeddings.load(str(folder))
    return lambda question, count: [found for found, _ in embeddings.search(question, count)]


def _builder(embeddings: Embeddings, given: Given, folder: Path) -> Build:
    if given.vectors is not None:
        # The documented way to give vectors would replace the encoder of questions as well and
        # take no texts beside them; so the call that encodes passages is answered here.
        by_text = dict(zip(given.texts, given.vectors, strict=True))
        embeddings.model.encode = lambda data, category=None: np.stack(  # noqa: ARG005
            [by_text[text] for text in data]
        )

    def build():
        embeddings.index([(own, text, None) for own, text in given.rows])
        embeddings.save(str(folder))

    return build
