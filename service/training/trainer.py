"""The training loop: bfloat16 network, float32 master weights, averages, checkpoints."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from index.errors import InvalidSetting
from service.reading.network import ReaderNetwork, trained_parameters
from service.training.batches import TrainingBatch
from service.training.dropout import MaskPool, put_dropout


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """What a run is told. The learning rate rises over ``warmup`` steps, stays, and falls
    linearly to 0 over the last ``decay`` of the examples. ``scales``: the sha256 of those by which
    inputs are quantised, None where they are not.
    """

    examples: int = 400_000
    step_examples: int = 32
    learning_rate: float = 1.2e-4
    warmup: int = 300
    decay: float = 0.4
    weight_decay: float = 0.01
    dropout: float = 0.1
    average: float = 0.998
    relevance_weight: float = 0.5
    answerable_weight: float = 0.5
    clip: float = 1.0
    seed: int = 7
    scales: str | None = None


@dataclass(slots=True)
class Progress:
    """Where a run stands: what a checkpoint must hold besides the weights."""

    step: int = 0
    examples: int = 0
    epoch: int = 0
    epoch_step: int = 0
    seconds: float = 0.0


class Trainer:
    """One network in training; ``train`` goes on from wherever ``restore`` put it."""

    def __init__(
        self, network: ReaderNetwork, settings: TrainingSettings, device: str = "cpu"
    ) -> None:
        self.settings = settings
        self.device = device
        torch.manual_seed(settings.seed)
        for parameter in network.parameters():
            parameter.requires_grad_(False)
        self.pool = MaskPool(settings.dropout, settings.seed)
        put_dropout(network, self.pool)
        self.network = network.to(device)
        self.names = list(trained_parameters(network))
        self.master = {
            name: parameter.detach().float().clone()
            for name, parameter in trained_parameters(network).items()
        }
        self.mean = {name: value.clone() for name, value in self.master.items()}
        for parameter in trained_parameters(network).values():
            parameter.requires_grad_(True)
        self.network.to(torch.bfloat16).train()
        decayed = [v for n, v in self.master.items() if v.ndim > 1]
        rest = [v for n, v in self.master.items() if v.ndim <= 1]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": decayed, "weight_decay": settings.weight_decay},
                {"params": rest, "weight_decay": 0.0},
            ],
            lr=settings.learning_rate,
            betas=(0.9, 0.98),
            fused=True,
        )
        self.progress = Progress()

    def train(
        self,
        epochs: Callable[[int], Iterator[list[TrainingBatch]]],
        after_step: Callable[[Trainer, dict[str, float]], None],
    ) -> None:
        """Runs to the settings' number of examples; ``epochs(n)`` gives the n-th epoch's steps."""
        while self.progress.examples < self.settings.examples:
            skip = self.progress.epoch_step
            for at, step in enumerate(epochs(self.progress.epoch)):
                if at < skip:
                    continue
                losses = self.step(step)
                self.progress.epoch_step = at + 1
                after_step(self, losses)
                if self.progress.examples >= self.settings.examples:
                    return
            self.progress.epoch += 1
            self.progress.epoch_step = 0

    def step(self, batches: list[TrainingBatch]) -> dict[str, float]:
        """One update from all the batches; gives the mean losses."""
        began = time.perf_counter()
        self.pool.restart(self.progress.step)
        rows = sum(batch.rows for batch in batches)
        gradients = {name: torch.zeros_like(value) for name, value in self.master.items()}
        totals: dict[str, float] = {}
        parameters = trained_parameters(self.network)
        for batch in batches:
            losses = self.losses(batch)
            share = batch.rows / rows
            (losses["all"] * share).backward()
            for name, parameter in parameters.items():
                # Summed in float32: bfloat16 would lose the small ones.
                gradients[name] += parameter.grad.float()
                parameter.grad = None
            for name, loss in losses.items():
                totals[name] = totals.get(name, 0.0) + float(loss.detach()) * share
        self._update(gradients)
        self.progress.step += 1
        self.progress.examples += rows
        self.progress.seconds += time.perf_counter() - began
        return totals

    def losses(self, made: TrainingBatch) -> dict[str, torch.Tensor]:
        """Cross-entropy of start and end, and of the two verdicts; "all" is their weighted sum."""
        batch = made.batch
        span, verdict = self.network(
            *(self._tensor(x) for x in (batch.ids, batch.segments, batch.attention)),
            self._tensor(batch.in_passage),
        )
        targets = torch.stack([self._tensor(made.starts), self._tensor(made.ends)], dim=2)
        spans = -(targets * functional.log_softmax(span, dim=1)).sum(dim=1).mean()
        judged = self._tensor(made.judged).float()
        verdicts = functional.binary_cross_entropy_with_logits(
            verdict, self._tensor(made.verdicts), reduction="none"
        )
        relevance, answerable = (verdicts * judged).sum(dim=0) / judged.sum(dim=0).clamp(min=1)
        settings = self.settings
        return {
            "all": spans
            + settings.relevance_weight * relevance
            + settings.answerable_weight * answerable,
            "span": spans,
            "relevance": relevance,
            "answerable": answerable,
        }

    def learning_rate(self) -> float:
        """Of the present step."""
        settings, progress = self.settings, self.progress
        rise = min(1.0, (progress.step + 1) / settings.warmup)
        left = max(0.0, 1 - progress.examples / settings.examples)
        return settings.learning_rate * rise * min(1.0, left / max(settings.decay, 1e-9))

    def averaged(self) -> dict[str, torch.Tensor]:
        """The running mean of the weights, float32, by name: what is scored and shipped."""
        return self.mean

    def save(self, folder: Path) -> None:
        """A checkpoint, replaced at once, so that a killed run finds the last whole one."""
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {f"master.{n}": v for n, v in self.master.items()}
        tensors |= {f"mean.{n}": v for n, v in self.mean.items()}
        for name, value in self.master.items():
            state = self.optimizer.state.get(value, {})
            for key in ("exp_avg", "exp_avg_sq", "step"):
                if key in state:
                    tensors[f"{key}.{name}"] = state[key]
        record = {"settings": asdict(self.settings), "progress": asdict(self.progress)}
        temporary = folder / "checkpoint.tmp"
        save_file(tensors, temporary, metadata={"run": json.dumps(record)})
        temporary.replace(folder / "checkpoint.safetensors")

    def restore(self, folder: Path) -> bool:
        """Goes on from a checkpoint, where there is one.

        Only the number of examples may differ from the run's settings (it moves the decay of
        the learning rate). Raises InvalidSetting for another run's checkpoint.
        """
        file = folder / "checkpoint.safetensors"
        if not file.is_file():
            return False
        run = _run_of(file)
        ours = asdict(self.settings)
        other = [
            f"{name} {run['settings'].get(name)} there, {value} here"
            for name, value in ours.items()
            if name != "examples" and run["settings"].get(name) != value
        ]
        if other:
            raise InvalidSetting(
                f"{file} is another run's: {'; '.join(other)}; take another work folder"
            )
        tensors = load_file(file, device=self.device)
        for name in self.master:
            self.master[name].copy_(tensors[f"master.{name}"])
            self.mean[name].copy_(tensors[f"mean.{name}"])
            if f"step.{name}" in tensors:
                self.optimizer.state[self.master[name]] = {
                    key: tensors[f"{key}.{name}"] for key in ("exp_avg", "exp_avg_sq", "step")
                }
        self.progress = Progress(**run["progress"])
        self._show_weights(self.master)
        return True

    def _update(self, gradients: dict[str, torch.Tensor]) -> None:
        norm = math.sqrt(sum(float(g.pow(2).sum()) for g in gradients.values()))
        scale = min(1.0, self.settings.clip / (norm + 1e-6))
        for name, gradient in gradients.items():
            self.master[name].grad = gradient * scale
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate()
        self.optimizer.step()
        # The mean starts with the run: early on it follows the weights closely.
        keep = min(self.settings.average, (1 + self.progress.step) / (10 + self.progress.step))
        for name, value in self.master.items():
            value.grad = None
            self.mean[name].lerp_(value, 1 - keep)
        self._show_weights(self.master)

    @torch.no_grad()
    def _show_weights(self, weights: dict[str, torch.Tensor]) -> None:
        for name, parameter in trained_parameters(self.network).items():
            parameter.copy_(weights[name])

    def _tensor(self, value: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(value).to(self.device)


def _run_of(file: Path) -> dict:
    from safetensors import safe_open

    with safe_open(file, framework="pt") as opened:
        return json.loads(opened.metadata()["run"])
