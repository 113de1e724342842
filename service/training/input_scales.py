"""The scales by which a reader's inputs are quantised, fitted to what they are when it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import nn

from index.bert_graph import quantised_inputs
from index.quantisation import QMAX, QMIN, int8_weight
from service.reading.inputs import Batch, ReaderTokenizer, Row, batch_of
from service.reading.network import ReaderNetwork, packaged_network
from service.reading.torch_logits import put_weights
from service.reading.weights import (
    SCALES_FILE,
    ReaderFiles,
    find_reader,
    sha256_of,
    write_record,
)
from service.training.corpus import TrainingCorpus
from service.training.examples import Examples
from service.training.scores import paragraph_row

# Training questions of each source that scales are fitted to.
QUESTIONS = 60
# What is tried for an input: how much of its unevenness its scales take on, the rest being left to
# the weights, and which part of the largest value is the largest that is told apart.
ALPHAS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 1.0)
CLIPS = (1.0, 0.85, 0.7)
ROWS_AT_ONCE = 8
# Word pieces of so many rows that are tried; of all of them the largest value is known.
TRIED = 30
# No channel is so quiet that its scale were nothing.
QUIET = 1e-3


@dataclass(frozen=True, slots=True)
class Seen:
    """Of an input: some of its rows, float32 [rows, channels], and the largest absolute value of
    each channel in all that were seen.
    """

    some: np.ndarray
    largest: np.ndarray


def fit_scales(files: ReaderFiles, loaded: Examples) -> ReaderFiles:
    """Writes the scales of a reader's inputs beside its weights, and their sha256 into its record.

    They are fitted to what some training questions bring forth; whatever a later one brings forth
    that is larger will be taken for the largest of these.
    """
    rows = _drawn(loaded, ReaderTokenizer(files.base.folder / "tokenizer.json"))
    network = packaged_network(files.base.folder)
    put_weights(network, files.folder)
    scales = input_scales(network.eval(), rows)
    # A record without them is one at any time; one of other scales would be refused.
    write_record(files.folder, replace(files.identity, scales_sha256=None))
    save_file(scales, files.folder / SCALES_FILE)
    found = sha256_of(files.folder / SCALES_FILE)
    write_record(files.folder, replace(files.identity, scales_sha256=found))
    return find_reader(files.folder)


def _drawn(loaded: Examples, tokenizer: ReaderTokenizer) -> list[Row]:
    corpus, rng = TrainingCorpus(loaded, tokenizer), np.random.default_rng(0)
    rows = []
    for source in dict.fromkeys(context.source for context in loaded.contexts):
        own = loaded.of("train", source)
        chosen = rng.permutation(len(own))[:QUESTIONS]
        rows += [paragraph_row(corpus, own[at]) for at in chosen]
    return rows


def input_scales(network: ReaderNetwork, rows: Sequence[Row]) -> dict[str, np.ndarray]:
    """The scale of each channel of each input of ``quantised_inputs``, float32 [channels]."""
    inputs = quantised_inputs(network.encoder.config.num_hidden_layers)
    seen = _seen(network, rows, inputs)
    found = {}
    for name, products in inputs.items():
        modules = [network.get_submodule(f"encoder.{one}") for one in products]
        weights = np.concatenate([one.weight.detach().numpy() for one in modules])
        found[name] = best_scale(seen[name], weights)
    return found


def best_scale(seen: Seen, weights: np.ndarray) -> np.ndarray:
    """The scale of each channel, float32 [channels], with which the products with ``weights``
    (float32 [outputs, channels]), as both are quantised, come nearest to what they are.

    With X the input and W its weights, channel j is divided by s_j = max|X_j|^a / max|W_j|^(1-a),
    which evens it out (Xiao et al. 2023, SmoothQuant, equation 4), for an a of ``ALPHAS``; the
    scale is s_j times one of ``CLIPS`` of the largest |X_j| / s_j of all channels over ``QMAX``.
    """
    x = np.maximum(seen.largest, QUIET)
    w = np.maximum(np.abs(weights).max(axis=0), QUIET)
    exact = seen.some @ weights.T

    def lost(scale: np.ndarray) -> float:
        values, outputs = int8_weight(weights, scale)
        near = np.clip(np.rint(seen.some / scale), QMIN, QMAX) @ (values * outputs).T
        return float(np.square(exact - near).sum())

    even = [x**alpha / w ** (1 - alpha) for alpha in ALPHAS]
    tried = [s * (clip * (x / s).max() / QMAX) for s, clip in product(even, CLIPS)]
    return min((scale.astype(np.float32) for scale in tried), key=lost)


def _seen(network: ReaderNetwork, rows: Sequence[Row], inputs: Iterable[str]) -> dict[str, Seen]:
    some: dict[str, list[np.ndarray]] = {name: [] for name in inputs}
    largest: dict[str, list[np.ndarray]] = {name: [] for name in inputs}
    rng = np.random.default_rng(0)
    for first in range(0, len(rows), ROWS_AT_ONCE):
        found = _inputs_of(network, batch_of(rows[first : first + ROWS_AT_ONCE]), some)
        tried = rng.permutation(len(next(iter(found.values()))))[:TRIED]
        for name, values in found.items():
            some[name].append(values[tried])
            largest[name].append(np.abs(values).max(axis=0))
    return {name: Seen(np.concatenate(some[name]), np.max(largest[name], axis=0)) for name in some}


@torch.no_grad()
def _inputs_of(network: ReaderNetwork, batch: Batch, names: Iterable[str]) -> dict[str, np.ndarray]:
    """What each input is for the word pieces of a batch, float32 [pieces, channels], without what
    fills up rows.
    """
    standing = torch.from_numpy(np.flatnonzero(batch.attention))
    found: dict[str, np.ndarray] = {}

    def kept_as(name: str) -> Callable[[nn.Module, tuple[torch.Tensor, ...]], None]:
        def keep(_module: nn.Module, given: tuple[torch.Tensor, ...]) -> None:
            found[name] = given[0].flatten(0, 1)[standing].numpy()

        return keep

    with ExitStack() as hooks:
        for name in names:
            module = network.get_submodule(f"encoder.{name}")
            hooks.callback(module.register_forward_pre_hook(kept_as(name)).remove)
        arrays = (batch.ids, batch.segments, batch.attention, batch.in_passage)
        network(*(torch.from_numpy(array) for array in arrays))
    return found
