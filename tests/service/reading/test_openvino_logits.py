"""The reader in OpenVINO against the reference, the same network in torch."""

import json
from dataclasses import replace
from functools import partialmethod
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from index.errors import InvalidSetting
from index.openvino_runtime import CompiledModel, multiplies_bfloat16
from index.runtimes import RuntimeSettings
from service.errors import ReaderUnavailable
from service.reading.inputs import ReaderTokenizer, batch_of
from service.reading.loading import load_reader, logits_of, shipped_folder
from service.reading.openvino_logits import OpenVinoLogits
from service.reading.records import ShownPassage
from service.reading.spans import NEVER
from service.reading.weights import WEIGHTS_FILE, find_reader

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "seeds" / "ukraine-crisis-drills.md").read_text(encoding="utf-8").split("---", 2)[2]
PARAGRAPHS = [part for part in TEXT.split("\n\n") if len(part.split()) > 5]
QUESTIONS = [
    json.loads(line)["question"]
    for line in (ROOT / "tests" / "questions" / "seeds.jsonl").read_text("utf-8").splitlines()
][::9]


@pytest.fixture(scope="module")
def readers():
    """Ours and the reference, both in float32."""
    wanted = (RuntimeSettings("openvino", "float32"), RuntimeSettings("torch", "float32"))
    return [load_reader(None, each).reader for each in wanted]


@pytest.fixture(scope="module")
def batch():
    """Rows of different lengths: each question beside another paragraph."""
    tokenizer = ReaderTokenizer(find_reader(shipped_folder()).base.folder / "tokenizer.json")
    return batch_of(
        [
            tokenizer.row(*(tokenizer.tokens(part).ids for part in (question, "Drills", text)))
            for question, text in zip(QUESTIONS, PARAGRAPHS, strict=False)
        ]
    )


def test_logits_agree_with_the_reference(batch):
    """Within rounding, and -10,000 in the same places."""
    files = find_reader(shipped_folder())
    ours, theirs = (
        logits_of(files, RuntimeSettings(name, "float32"))(batch) for name in ("openvino", "torch")
    )
    assert np.array_equal(ours[0] == NEVER, theirs[0] == NEVER)
    np.testing.assert_allclose(ours[0], theirs[0], atol=2e-4)
    np.testing.assert_allclose(ours[1], theirs[1], atol=2e-4)


def test_answers_are_the_reference_s(readers):
    """Of every question and paragraph the same words stand first, with the same probability."""
    passages = [ShownPassage("Drills", text) for text in PARAGRAPHS]
    for question in QUESTIONS:
        ours, theirs = (reader.read(question, passages, lambda: True) for reader in readers)
        for one, other in zip(ours, theirs, strict=True):
            assert one.candidates[0].span == other.candidates[0].span
            expected = pytest.approx(other.candidates[0].probability, rel=1e-3)
            assert one.candidates[0].probability == expected


@pytest.mark.parametrize("precision", ["float32", "auto"])
def test_a_row_does_not_depend_on_its_neighbours(batch, precision, monkeypatch):
    """The same bits alone as together with shorter rows and longer ones, on one processor as on
    all; rows half as long as the longest run with it.
    """
    asked: list[int] = []
    run = CompiledModel.run

    def noted(self, inputs, soon=False):
        asked.append(len(inputs.present))
        return run(self, inputs, soon)

    monkeypatch.setattr(CompiledModel, "run", noted)
    logits = OpenVinoLogits(find_reader(shipped_folder()), precision)
    filled = sorted(-(-batch.attention.sum(axis=1) // 16) * 16)
    span, verdict = logits(batch)
    longest = sum(2 * length >= filled[-1] for length in filled)
    assert asked[0] == longest > 1
    assert sum(asked) == len(filled)
    for on_one in (False, True):
        if on_one:
            monkeypatch.setattr(CompiledModel, "run", partialmethod(_unhurried, run))
        for at in range(len(batch.ids)):
            own = slice(at, at + 1)
            alone = replace(
                batch,
                ids=batch.ids[own],
                segments=batch.segments[own],
                attention=batch.attention[own],
                in_passage=batch.in_passage[own],
            )
            found = logits(alone)
            assert np.array_equal(found[0][0], span[at])
            assert np.array_equal(found[1][0], verdict[at])


def _unhurried(self, run, inputs, soon):
    """On one processor, whoever is in a hurry."""
    assert soon
    return run(self, inputs)


def test_weights_of_another_network_are_refused(tmp_path):
    """What is missing is named, not made up."""
    stored = load_file(shipped_folder() / WEIGHTS_FILE)
    del stored["span.bias"]
    save_file(stored, tmp_path / WEIGHTS_FILE)
    shipped = find_reader(shipped_folder())
    with pytest.raises(ReaderUnavailable, match=r"span\.bias"):
        OpenVinoLogits(replace(shipped, folder=tmp_path), "float32")


def test_the_identity_tells_what_computes_it(readers):
    """The same weights, other runtimes; bfloat16 is refused where it is not multiplied."""
    ours, theirs = (reader.identity for reader in readers)
    assert (ours.runtime, theirs.runtime) == ("openvino", "torch")
    assert ours.trained() == theirs.trained()
    if not multiplies_bfloat16():
        with pytest.raises(InvalidSetting, match="QUOTH_PRECISION is 'bfloat16'"):
            load_reader(None, RuntimeSettings("openvino", "bfloat16"))
