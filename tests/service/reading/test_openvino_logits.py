"""The reader in OpenVINO against the reference, the same network in torch."""

import json
from dataclasses import replace
from functools import partialmethod
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from index.bert_graph import BertShape, rounded_inputs
from index.errors import InvalidSetting
from index.openvino_runtime import CompiledModel, multiplies_bfloat16, multiplies_int8
from index.rounding import whole_weight
from index.runtimes import RuntimeSettings
from service.errors import ReaderUnavailable
from service.reading import openvino_logits
from service.reading.inputs import ReaderTokenizer, batch_of
from service.reading.loading import load_reader, logits_of, shipped_folder
from service.reading.openvino_logits import OpenVinoLogits
from service.reading.records import ShownPassage
from service.reading.spans import NEVER
from service.reading.torch_logits import TorchLogits
from service.reading.weights import STEPS_FILE, WEIGHTS_FILE, find_reader, stored_steps
from service.training.rounded_inputs import round_inputs

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


def rounded_reference(files) -> TorchLogits:
    """The network in torch, its inputs and weights rounded by hand."""
    logits, steps = TorchLogits(files, "float32"), stored_steps(files)
    network = logits._network
    for name, products in rounded_inputs(6).items():
        for product in products:
            weight = network.get_submodule(f"encoder.{product}").weight
            whole, unit = whole_weight(weight.numpy(), steps[name])
            weight.copy_(torch.from_numpy(whole * unit / steps[name]))
    round_inputs(network, steps)
    return logits


@torch.no_grad()
def test_int8_logits_are_those_of_the_rounded_network(batch, monkeypatch):
    """Against torch, nearer than to the network that is not rounded; all else is in float32 here.
    Not to the last bit: a value half-way between two units may go either way.
    """
    files = find_reader(shipped_folder())
    monkeypatch.setattr(openvino_logits, "multiplies_int8", lambda: True)
    monkeypatch.setattr(openvino_logits, "chosen_precision", lambda _: "float32")
    ours, theirs = OpenVinoLogits(files), rounded_reference(files)
    assert ours.precision == "int8"
    exact = TorchLogits(files, "float32")(batch)[0]
    found, expected = ours(batch)[0], theirs(batch)[0]
    allowed = expected != NEVER
    off = np.abs(found - expected)[allowed].mean()
    assert off < 0.5 * np.abs(exact - expected)[allowed].mean()


def test_rounding_changes_few_answers():
    """Of the seeds' questions and their paragraphs, nineteen of twenty best answers are those of
    float32.
    """
    passages = [ShownPassage("Drills", text) for text in PARAGRAPHS]
    readers = [load_reader(None, RuntimeSettings("openvino", kind)) for kind in ("auto", "float32")]
    same = []
    for question in QUESTIONS:
        ours, exact = (loaded.reader.read(question, passages, lambda: True) for loaded in readers)
        # Where there is none, which words come first means little.
        said = [at for at, one in enumerate(exact) if one.candidates[0].margin > 0]
        same += [ours[at].candidates[0].span == exact[at].candidates[0].span for at in said]
    assert len(same) > 5
    assert np.mean(same) >= 0.95


@pytest.mark.parametrize(
    ("precision", "fast"), [("auto", True), ("auto", False), ("float32", True)]
)
def test_int8_is_multiplied_where_it_is_fast_and_nothing_else_was_asked(
    monkeypatch, precision, fast
):
    """And told in the identity; without steps nothing is rounded."""
    monkeypatch.setattr(openvino_logits, "multiplies_int8", lambda: fast)
    files = find_reader(shipped_folder())
    rounds = precision == "auto" and fast
    plain = "bfloat16" if precision == "auto" and multiplies_bfloat16() else "float32"
    assert OpenVinoLogits(files, precision).precision == ("int8" if rounds else plain)
    bare = replace(files, identity=replace(files.identity, steps_sha256=None))
    assert OpenVinoLogits(bare, precision).precision == plain


@pytest.mark.skipif(not multiplies_int8(), reason="this processor has no instructions for it")
def test_steps_of_another_network_are_refused(tmp_path):
    """What it has no input for is named."""
    shipped = find_reader(shipped_folder())
    steps = stored_steps(shipped) | {"encoder.layer.6.output.dense": np.ones(3, np.float32)}
    save_file(steps, tmp_path / STEPS_FILE)
    (tmp_path / WEIGHTS_FILE).symlink_to(shipped_folder() / WEIGHTS_FILE)
    with pytest.raises(ReaderUnavailable, match=r"encoder\.layer\.6\.output\.dense"):
        OpenVinoLogits(replace(shipped, folder=tmp_path))


def test_every_input_has_a_step():
    """The shipped ones: of this network's inputs each, positive."""
    files = find_reader(shipped_folder())
    steps = stored_steps(files)
    assert steps.keys() == rounded_inputs(BertShape.read(files.base.folder).layers).keys()
    assert all((step > 0).all() for step in steps.values())
