"""Mined from the towns by an encoder that knows words only."""

from __future__ import annotations

import pytest
from tiny_sets import TOWNS, town_source, town_text, towns, write_squad

from service.training.examples import load_examples
from service.training.negatives import KEPT, key_of, mine
from word_encoder import WordEncoder


def no_progress(*_) -> None:
    pass


@pytest.fixture(scope="module")
def sources():
    return (
        town_source("towns"),
        town_source("unmined", mined=False),
    )


@pytest.fixture(scope="module")
def mined(tmp_path_factory, sources):
    """Examples of two sets, of which one is mined; its last town is for tests, one comes twice."""
    data = tmp_path_factory.mktemp("data")
    again = [("Arlen_again", town_text(0), [])]
    write_squad(data / "towns" / "towns.json", [*towns(), *again])
    write_squad(data / "towns" / "test.json", [("T", "Zeist lies on a wide river.", [])])
    write_squad(data / "unmined" / "towns.json", towns(3))
    files = {"towns.json": "train", "test.json": "test"}
    loaded = load_examples(data, (town_source(files=files), sources[1]))
    folder = tmp_path_factory.mktemp("mined")
    return loaded, folder, mine(loaded, sources, WordEncoder(), folder, no_progress)


def test_every_training_question_of_a_mined_set_is_looked_up(mined):
    """Its key is source and id; the other set has none."""
    loaded, _, found = mined
    assert found.keys() == {key_of(e) for e in loaded.examples if e.source == "towns"}
    assert "towns/Arlen-0" in found


def test_no_negative_is_of_the_gold_paragraph_or_holds_the_answer(mined):
    """Nor of a paragraph with the same text, nor of one that no training sees."""
    loaded, _, found = mined
    count = 0
    for example in loaded.examples:
        if example.source != "towns":
            continue
        own = loaded.contexts[example.context].text
        assert len(found[key_of(example)]) <= KEPT
        for negative in found[key_of(example)]:
            context = loaded.contexts[negative.context]
            assert context.text != own
            assert (context.source, context.split) == ("towns", "train")
            shown = negative.span.of(context.text)
            assert shown.strip()
            assert not any(span.of(own) in shown for span, _ in example.answers)
            count += 1
    assert count > 100


def test_the_hardest_stands_first(mined):
    """Who asks for a town's fair finds other towns' fairs of another month."""
    loaded, _, found = mined
    for name in TOWNS[:3]:
        first = found[f"towns/{name}-3"][0]
        assert "fair" in first.span.of(loaded.contexts[first.context].text)


def test_what_was_mined_is_kept(mined, sources):
    """The second time the file is read, and nothing is encoded."""
    loaded, folder, found = mined
    encoder = WordEncoder()
    assert mine(loaded, sources, encoder, folder, no_progress) == found
    assert encoder.encoded == []


def test_a_set_that_changed_is_mined_anew(tmp_path):
    """A paragraph put before the others shifts where all stand: with the places of before, what is
    wrong for a town's question would be the town itself.
    """
    data, folder = tmp_path / "data", tmp_path / "mined"
    sources = (town_source(),)
    for paragraphs in (towns(), [towns()[-1], *towns()[:-1]]):
        write_squad(data / "towns" / "towns.json", paragraphs)
        loaded = load_examples(data, sources)
        found = mine(loaded, sources, WordEncoder(), folder, no_progress)
        for example in loaded.examples:
            assert all(one.context != example.context for one in found[key_of(example)])
