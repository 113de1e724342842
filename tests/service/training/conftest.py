"""The tiny sets loaded, in the packaged model's word pieces."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from index.model_files import packaged_folder
from index.records import Span
from service.reading.inputs import ReaderTokenizer
from service.training.corpus import TrainingCorpus
from service.training.examples import Examples, load_examples
from service.training.items import ItemReader
from service.training.negatives import Negative, key_of

# pytest imports test files one by one; what they share is found by its place.
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "index"))
from tiny_sets import town_source, towns, write_squad


@pytest.fixture(scope="session")
def tokenizer() -> ReaderTokenizer:
    return ReaderTokenizer(packaged_folder() / "tokenizer.json")


@pytest.fixture(scope="session")
def town_examples(tmp_path_factory) -> Examples:
    """Twelve towns, five questions each, all for training."""
    data = tmp_path_factory.mktemp("data")
    write_squad(data / "towns" / "towns.json", towns())
    return load_examples(data, (town_source(),))


@pytest.fixture(scope="session")
def corpus(town_examples, tokenizer) -> TrainingCorpus:
    return TrainingCorpus(town_examples, tokenizer)


@pytest.fixture(scope="session")
def negatives(corpus) -> dict[str, list[Negative]]:
    """For each question the first sentences of the two towns that follow."""
    contexts = corpus.loaded.contexts
    found = {}
    for example in corpus.loaded.examples:
        after = [(example.context + step) % len(contexts) for step in (1, 2)]
        found[key_of(example)] = (
            [Negative(at, Span(0, contexts[at].text.index(".") + 1)) for at in after]
            if example.answers
            else []
        )
    return found


@pytest.fixture(scope="session")
def item_reader(corpus, negatives) -> ItemReader:
    return ItemReader(corpus, corpus.loaded.examples, negatives)
