"""The reader in OpenVINO against the reference, the same network in torch."""

import json
import re
from dataclasses import replace
from functools import partialmethod
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from index.bert_graph import BertShape, quantised_inputs
from index.errors import InvalidSetting
from index.openvino_runtime import CompiledModel, multiplies_bfloat16, multiplies_int8
from index.quantisation import int8_weight
from index.runtimes import RuntimeSettings
from service.errors import ReaderUnavailable
from service.reading import openvino_logits
from service.reading.inputs import ReaderTokenizer, batch_of
from service.reading.loading import load_reader, logits_of, shipped_folder
from service.reading.openvino_logits import OpenVinoLogits
from service.reading.records import ShownPassage
from service.reading.spans import NEVER
from service.reading.torch_logits import TorchLogits
from service.reading.weights import SCALES_FILE, WEIGHTS_FILE, find_reader, stored_scales
from service.training.fake_quantisation import quantise_inputs

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "seeds" / "ukraine-crisis-drills.md").read_text(encoding="utf-8").split("---", 2)[2]
PARAGRAPHS = [part for part in TEXT.split("\n\n") if len(part.split()) > 5]
QUESTIONS = [
    json.loads(line)["question"]
    for line in (ROOT / "tests" / "questions" / "seeds.jsonl").read_text("utf-8").splitlines()
][::9]

# Where the processor multiplies neither bfloat16 nor int8, ``auto`` is float32.
PRECISIONS = ["auto", "float32"] if multiplies_bfloat16() or multiplies_int8() else ["auto"]


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
    for question in QUESTIONS[::2]:
        ours, theirs = (reader.read(question, passages, lambda: True) for reader in readers)
        for one, other in zip(ours, theirs, strict=True):
            assert one.candidates[0].span == other.candidates[0].span
            expected = pytest.approx(other.candidates[0].probability, rel=1e-3)
            assert one.candidates[0].probability == expected


@pytest.mark.parametrize("precision", PRECISIONS)
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


int8_only = pytest.mark.skipif(not multiplies_int8(), reason="this processor has no VNNI")


def quantised_reference(files) -> TorchLogits:
    """The network in torch, its inputs and weights quantised by hand."""
    logits, scales = TorchLogits(files, "float32"), stored_scales(files)
    network = logits._network
    for name, products in quantised_inputs(6).items():
        for product in products:
            weight = network.get_submodule(f"encoder.{product}").weight
            values, outputs = int8_weight(weight.numpy(), scales[name])
            weight.copy_(torch.from_numpy(values * outputs / scales[name]))
    quantise_inputs(network, scales)
    return logits


@int8_only
@torch.no_grad()
def test_int8_logits_are_those_of_the_quantised_network(batch, monkeypatch):
    """Against torch, three times nearer than to the network that is not quantised; all else is in
    float32 here. Not to the last bit: a value half-way between two units may go either way.
    """
    files = find_reader(shipped_folder())
    monkeypatch.setattr(openvino_logits, "chosen_precision", lambda _: "float32")
    ours, theirs = OpenVinoLogits(files), quantised_reference(files)
    assert ours.precision == "int8+float32"
    exact = TorchLogits(files, "float32")(batch)[0]
    found, expected = ours(batch)[0], theirs(batch)[0]
    allowed = expected != NEVER
    off = np.abs(found - expected)[allowed].mean()
    assert off < 0.37 * np.abs(exact - expected)[allowed].mean()


@int8_only
def test_all_products_of_the_encoder_are_of_int8():
    """Six of each layer; the two heads are small."""
    model = OpenVinoLogits(find_reader(shipped_folder()))._model
    runtime = model._compiled(model._model, 1).get_runtime_model()
    told = [node.get_rt_info() for node in runtime.get_ops()]
    products = [one for one in told if str(one["layerType"].value).startswith("FullyConnected")]
    kinds = [str(one["primitiveType"].value) for one in products]
    assert len(kinds) == 6 * 6 + 2
    assert sum(kind.endswith("i8") for kind in kinds) == 6 * 6


@int8_only
def test_int8_changes_few_answers():
    """Of a dozen best answers to the seeds' questions in their paragraphs one or two may be others
    than float32's.
    """
    passages = [ShownPassage("Drills", text) for text in PARAGRAPHS]
    readers = [load_reader(None, RuntimeSettings("openvino", kind)) for kind in ("auto", "float32")]
    assert readers[0].reader.identity.precision.startswith("int8")
    same = []
    for question in QUESTIONS:
        ours, exact = (loaded.reader.read(question, passages, lambda: True) for loaded in readers)
        # Where there is none, which words come first means little.
        said = [at for at, one in enumerate(exact) if one.candidates[0].margin > 0]
        same += [ours[at].candidates[0].span == exact[at].candidates[0].span for at in said]
    assert len(same) > 5
    assert np.mean(same) >= 0.8


@pytest.mark.parametrize(
    ("precision", "fast"), [("auto", True), ("auto", False), ("float32", True)]
)
def test_int8_is_multiplied_where_it_is_fast_and_nothing_else_was_asked(
    monkeypatch, precision, fast
):
    """And told in the identity; without scales nothing is quantised."""
    monkeypatch.setattr(openvino_logits, "multiplies_int8", lambda: fast)
    files = find_reader(shipped_folder())
    plain = "bfloat16" if precision == "auto" and multiplies_bfloat16() else "float32"
    expected = f"int8+{plain}" if precision == "auto" and fast else plain
    assert OpenVinoLogits(files, precision).precision == expected
    bare = replace(files, identity=replace(files.identity, scales_sha256=None))
    assert OpenVinoLogits(bare, precision).precision == plain


@pytest.mark.parametrize("layer", [5, 6])
def test_scales_of_another_network_are_refused(tmp_path, monkeypatch, layer):
    """One that is missing, or that it has no input for, is named."""
    monkeypatch.setattr(openvino_logits, "multiplies_int8", lambda: True)
    shipped = find_reader(shipped_folder())
    scales, name = stored_scales(shipped), f"encoder.layer.{layer}.output.dense"
    if scales.pop(name, None) is None:
        scales[name] = np.ones(3, np.float32)
    save_file(scales, tmp_path / SCALES_FILE)
    (tmp_path / WEIGHTS_FILE).symlink_to(shipped_folder() / WEIGHTS_FILE)
    with pytest.raises(ReaderUnavailable, match=re.escape(name)):
        OpenVinoLogits(replace(shipped, folder=tmp_path))


def test_every_input_has_a_scale():
    """The shipped ones: of this network's inputs each, positive."""
    files = find_reader(shipped_folder())
    scales = stored_scales(files)
    assert scales.keys() == quantised_inputs(BertShape.read(files.base.folder).layers).keys()
    assert all((scale > 0).all() for scale in scales.values())
