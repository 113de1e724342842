"""The weights that ship: which they are, that they answer, and that no others pass for them."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256

import pytest
import torch

from service.errors import ReaderUnavailable
from service.reading.loading import LoadedReader, load_reader, shipped_folder
from service.reading.records import ShownPassage
from service.reading.torch_logits import put_weights, save_weights
from service.reading.weights import RECORD_FILE, SCALES_FILE, WEIGHTS_FILE, find_reader

SEED = ShownPassage(
    "Drills › US soldiers for Poland and Romania",
    "The Pentagon confirms the presence of US troops in Poland. About 1,700 US soldiers of the "
    "82nd Airborne Division are bound for Poland, said John Kirby of the Pentagon. The flights "
    "began on Saturday.",
)


@pytest.fixture(scope="module")
def shipped() -> LoadedReader:
    loaded = load_reader(None)
    assert loaded is not None
    return loaded


def test_the_weights_are_the_ones_named_and_small(shipped):
    """At most 25 MB, of the sha256 that the record and the calibration name."""
    data = (shipped_folder() / WEIGHTS_FILE).read_bytes()
    assert len(data) <= 25_000_000
    assert shipped.reader.identity.weights_sha256 == sha256(data).hexdigest()
    assert shipped.calibration.reader_sha256 == sha256(data).hexdigest()
    assert shipped.calibration.n >= 1000


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many US troops are bound for Poland?", "1,700"),
        ("Who spoke for the Pentagon?", "John Kirby"),
        ("When did the flights begin?", "Saturday"),
        ("To which division do the soldiers belong?", "82nd Airborne"),
    ],
)
def test_it_answers(shipped, question, answer):
    """The likeliest words hold the answer, and are likelier than none."""
    (reading,) = shipped.reader.read(question, [SEED], lambda: True)
    best = reading.candidates[0]
    assert answer in best.span.of(SEED.text)
    assert best.margin > 0
    assert reading.relevance > 0


def test_what_is_not_said_is_less_likely(shipped):
    """Of a question about something else altogether, no answer is likelier than any."""
    asked = "Which ingredients does a sponge cake need?"
    (reading,) = shipped.reader.read(asked, [SEED], lambda: True)
    assert reading.candidates[0].margin < 0
    assert reading.relevance < 0


def test_altered_weights_are_refused(tmp_path):
    """One bit turned, or a missing file, and nothing is loaded."""
    folder = tmp_path / "reader"
    shutil.copytree(shipped_folder(), folder)
    data = bytearray((folder / WEIGHTS_FILE).read_bytes())
    data[-1] ^= 1
    (folder / WEIGHTS_FILE).write_bytes(data)
    with pytest.raises(ReaderUnavailable, match="has sha256"):
        load_reader(folder)
    (folder / WEIGHTS_FILE).unlink()
    with pytest.raises(ReaderUnavailable, match="holds no reader"):
        load_reader(folder)


def test_altered_scales_are_refused(tmp_path):
    """Likewise the scales of inputs, which change answers as weights do."""
    folder = tmp_path / "reader"
    shutil.copytree(shipped_folder(), folder)
    data = bytearray((folder / SCALES_FILE).read_bytes())
    data[-1] ^= 1
    (folder / SCALES_FILE).write_bytes(data)
    with pytest.raises(ReaderUnavailable, match=rf"{SCALES_FILE} has sha256"):
        load_reader(folder)
    (folder / SCALES_FILE).unlink()
    with pytest.raises(ReaderUnavailable, match="holds no reader"):
        load_reader(folder)


def test_another_model_below_is_refused(tmp_path):
    """The weights are differences from one model and mean nothing on another."""
    folder = tmp_path / "reader"
    shutil.copytree(shipped_folder(), folder)
    record = json.loads((folder / RECORD_FILE).read_text())
    (folder / RECORD_FILE).write_text(json.dumps(record | {"base_sha256": "0" * 64}))
    with pytest.raises(ReaderUnavailable, match="trained on a packaged model of sha256 000"):
        find_reader(folder)


def test_weights_of_another_network_are_refused(tmp_path):
    """Names must match one to one."""
    save_weights({"span.weight": torch.zeros(2, 4)}, tmp_path, "tiny")
    from service.reading.network import packaged_network

    network = packaged_network(find_reader(tmp_path).base.folder)
    with pytest.raises(ReaderUnavailable, match="does not fit the network"):
        put_weights(network, tmp_path)
