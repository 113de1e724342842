"""To which steps a reader's inputs are rounded where it multiplies int8, from what it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import nn

from index.bert_graph import rounded_inputs
from index.rounding import LEAST, MOST, whole_weight
from service.reading.inputs import ReaderTokenizer, Row, batch_of
from service.reading.network import ReaderNetwork, packaged_network
from service.reading.torch_logits import put_weights, write_record
from service.reading.weights import STEPS_FILE, ReaderFiles, sha256_of
from service.training.corpus import TrainingCorpus
from service.training.examples import Examples
from service.training.scores import paragraph_row

# Training questions of each source that steps are found from.
QUESTIONS = 60
# What is tried for an input: how much of its unevenness its steps take on, the rest being left to
# the weights, and which part of the largest value is the largest that is told apart.
SHARES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 1.0)
PARTS = (1.0, 0.85, 0.7)
ROWS_AT_ONCE = 8
# Word pieces of such rows that are tried, beside all of which the largest is known.
TRIED = 30
# No channel is so quiet that its step were nothing.
QUIET = 1e-3


@dataclass(frozen=True, slots=True)
class Seen:
    """Of an input: some of its rows, float32 [rows, channels], and the largest absolute value of
    each channel in all that were seen.
    """

    some: np.ndarray
    largest: np.ndarray


def fit_steps(files: ReaderFiles, loaded: Examples) -> None:
    """Writes the steps of a reader's inputs beside its weights, and their sha256 into its record.

    They are found from what some training questions bring forth; whatever a later one brings forth
    that is larger will be taken for the largest of these.
    """
    rows = _drawn(loaded, ReaderTokenizer(files.base.folder / "tokenizer.json"))
    network = packaged_network(files.base.folder)
    put_weights(network, files.folder)
    steps = input_steps(network.eval(), rows)
    save_file(steps, files.folder / STEPS_FILE)
    found = sha256_of(files.folder / STEPS_FILE)
    write_record(files.folder, replace(files.identity, steps_sha256=found))


def _drawn(loaded: Examples, tokenizer: ReaderTokenizer) -> list[Row]:
    corpus, rng = TrainingCorpus(loaded, tokenizer), np.random.default_rng(0)
    rows = []
    for source in dict.fromkeys(context.source for context in loaded.contexts):
        own = loaded.of("train", source)
        chosen = rng.permutation(len(own))[:QUESTIONS]
        rows += [paragraph_row(corpus, own[at]) for at in chosen]
    return rows


def input_steps(network: ReaderNetwork, rows: Sequence[Row]) -> dict[str, np.ndarray]:
    """The step of each channel of each input of ``rounded_inputs``, float32 [channels]."""
    watched = rounded_inputs(network.encoder.config.num_hidden_layers)
    seen = _seen(network, rows, watched)
    found = {}
    for name, products in watched.items():
        modules = [network.get_submodule(f"encoder.{product}") for product in products]
        weights = np.concatenate([one.weight.detach().numpy() for one in modules])
        found[name] = best_step(seen[name], weights)
    return found


def best_step(seen: Seen, weights: np.ndarray) -> np.ndarray:
    """The step of each channel, float32 [channels], with which the products with ``weights``
    (float32 [outputs, channels]), as both are rounded, come nearest to what they are.

    With X the input and W its weights, channel j is divided by s_j = max|X_j|^a / max|W_j|^(1-a),
    which evens it out (Xiao et al. 2023, SmoothQuant, equation 4), for a one of ``SHARES``; the
    step is s_j times one of ``PARTS`` of the largest |X_j| / s_j of all channels over ``MOST``.
    """
    x = np.maximum(seen.largest, QUIET)
    w = np.maximum(np.abs(weights).max(axis=0), QUIET)
    exact = seen.some @ weights.T
    best, least = x, np.inf
    for share, part in product(SHARES, PARTS):
        scale = x**share / w ** (1 - share)
        step = (scale * (part * (x / scale).max() / MOST)).astype(np.float32)
        whole, unit = whole_weight(weights, step)
        near = np.clip(np.rint(seen.some / step), LEAST, MOST) @ (whole * unit).T
        lost = float(np.square(exact - near).sum())
        if lost < least:
            best, least = step, lost
    return best


@torch.no_grad()
def _seen(network: ReaderNetwork, rows: Sequence[Row], watched: Iterable[str]) -> dict[str, Seen]:
    largest = {name: torch.zeros(1) for name in watched}
    some: dict[str, list[torch.Tensor]] = {name: [] for name in watched}
    present = tried = torch.empty(0)

    def watch(name: str) -> Callable[[nn.Module, tuple[torch.Tensor]], None]:
        def see(_module: nn.Module, given: tuple[torch.Tensor, ...]) -> None:
            shown = given[0][present]
            largest[name] = torch.maximum(largest[name], shown.abs().amax(dim=0))
            some[name].append(shown[tried])

        return see

    drawn = torch.Generator().manual_seed(0)
    with ExitStack() as stack:
        for name in watched:
            module = network.get_submodule(f"encoder.{name}")
            stack.callback(module.register_forward_pre_hook(watch(name)).remove)
        for first in range(0, len(rows), ROWS_AT_ONCE):
            batch = batch_of(rows[first : first + ROWS_AT_ONCE])
            present = torch.from_numpy(batch.attention).bool()
            tried = torch.randperm(int(present.sum()), generator=drawn)[:TRIED]
            arrays = (batch.ids, batch.segments, batch.attention, batch.in_passage)
            network(*(torch.from_numpy(array) for array in arrays))
    return {name: Seen(torch.cat(some[name]).numpy(), largest[name].numpy()) for name in watched}
