"""How sure an answer is: features of a candidate → the share of such answers that are right.

Logistic models over a few named features (``features.py``) do one thing each: the first chooses
among a question's candidates, the others judge the one chosen. An isotonic step then makes of a
judge's score the share of right answers. Each judge stands for how many passages were searched:
where a document or two are asked, every passage is on the subject and only near misses are to be
told apart; among hundreds and more, much of what is found is on something else. Between two judges
their logits are mixed. All are plain numbers in a JSON file beside the weights, together with what
they were fitted on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from service.errors import ReaderUnavailable
from service.reading.features import FEATURES

FORMAT = 3
# Nothing is ever said to be surer, or less sure, than this: no sample is that large.
SUREST, LEAST_SURE = 0.99, 0.01


@dataclass(frozen=True, slots=True)
class Linear:
    """Logit = (features − means) / scales · weights + bias, of the features it names."""

    features: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float

    def logits(self, features: np.ndarray) -> np.ndarray:
        """float64 [n] of features float64 [n, len(FEATURES)]."""
        own = features[:, [FEATURES.index(name) for name in self.features]]
        scaled = (own - np.asarray(self.means)) / np.asarray(self.scales)
        return scaled @ np.asarray(self.weights) + self.bias


@dataclass(frozen=True, slots=True)
class Judge:
    """Scores answers found where about ``searched`` passages (at least 1) were searched.

    ``steps`` are the isotonic knots (score, share right), both rising; between them it is
    linear. ``threshold`` is the confidence from which on an answer is given there.
    """

    searched: float
    model: Linear
    steps: tuple[tuple[float, float], ...]
    threshold: float

    def logits(self, features: np.ndarray) -> np.ndarray:
        """log(p / (1 - p)) of the share p of such answers that are right, float64 [n], of
        features float64 [n, len(FEATURES)].
        """
        knots = np.asarray(self.steps)
        return _logits(np.interp(self.model.logits(features), knots[:, 0], knots[:, 1]))

    def moved(self, slope: float, intercept: float) -> Judge:
        """As this, with the logit of each share times ``slope`` plus ``intercept``."""
        logits = slope * _logits(np.asarray([share for _, share in self.steps])) + intercept
        shares = 1 / (1 + np.exp(-logits))
        places = (at for at, _ in self.steps)
        steps = zip(places, map(float, shares), strict=True)
        return replace(self, steps=tuple(steps))


def confidences(
    judges: Sequence[Judge], features: np.ndarray, searched: Sequence[int]
) -> np.ndarray:
    """Probabilities float64 [n] that answers with these features are right, each found where
    so many passages were searched, [n].

    ``judges`` stand by how many were, which rises. Between two of them their logits are mixed
    by its logarithm; beyond the ends the nearest judges.
    """
    places = [np.log(judge.searched) for judge in judges]
    by_judge = np.stack([judge.logits(features) for judge in judges])
    own = np.log(np.maximum(searched, 1))
    mixed = [np.interp(at, places, each) for at, each in zip(own, by_judge.T, strict=True)]
    return np.clip(1 / (1 + np.exp(-np.asarray(mixed))), LEAST_SURE, SUREST)


def _logits(shares: np.ndarray) -> np.ndarray:
    clipped = np.clip(shares, LEAST_SURE, SUREST)
    return np.log(clipped / (1 - clipped))


@dataclass(frozen=True, slots=True)
class Calibration:
    """``choosing`` compares the candidates of a question, ``judges`` score the one chosen.

    ``n`` and ``ece`` belong to the questions that ``fitted_on`` names, but for those it says the
    judges of larger corpora were fitted on before.
    """

    reader_sha256: str
    choosing: Linear
    judges: tuple[Judge, ...]
    n: int
    ece: float
    fitted_on: str

    def choice(self, features: np.ndarray) -> np.ndarray:
        """Logits float64 [n], by which the candidates of one question (float64 [n,
        len(FEATURES)]) are compared.
        """
        return self.choosing.logits(features)

    def confidence(self, features: np.ndarray, searched: int) -> np.ndarray:
        """Calibrated probabilities float64 [n] of candidates that were chosen, found where so
        many passages were searched.
        """
        return confidences(self.judges, features, [searched] * len(features))

    def threshold(self, searched: int) -> float:
        """The confidence from which on an answer found among so many passages is given."""
        places = [np.log(judge.searched) for judge in self.judges]
        thresholds = [judge.threshold for judge in self.judges]
        return float(np.interp(np.log(max(searched, 1)), places, thresholds))

    def moved(self, slope: float, intercept: float) -> Calibration:
        """As this, each share p replaced by sigmoid(slope · logit(p) + intercept): a corpus's
        own questions move the whole (Platt 1999).
        """
        return replace(self, judges=tuple(judge.moved(slope, intercept) for judge in self.judges))

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self)}


def save_calibration(calibration: Calibration, path: Path) -> None:
    text = json.dumps(calibration.to_json(), indent=1)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(text + "\n", encoding="utf-8")
    temporary.replace(path)


def load_calibration(path: Path, reader_sha256: str) -> Calibration:
    """Raises ReaderUnavailable where the file is none, or another reader's."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        if value.pop("format") != FORMAT:
            raise ValueError(f"format is not {FORMAT}; fit it again with `quoth evaluate`")
        value["choosing"] = _linear(value["choosing"])
        value["judges"] = tuple(_judge(judge) for judge in value["judges"])
        calibration = Calibration(**value)
        _require_usable(calibration)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReaderUnavailable(f"{path} is no calibration of a reader: {error}") from error
    if calibration.reader_sha256 != reader_sha256:
        raise ReaderUnavailable(
            f"{path} was fitted on the reader {calibration.reader_sha256[:12]}, this one is "
            f"{reader_sha256[:12]}; fit it again with `quoth evaluate`"
        )
    return calibration


def _judge(value: dict[str, Any]) -> Judge:
    steps = tuple((float(at), float(share)) for at, share in value["steps"])
    places = [at for at, _ in steps]
    if not places or places != sorted(places):
        raise ValueError("its steps do not rise")
    if not np.isfinite(np.asarray(steps)).all():
        raise ValueError("not all its numbers are finite")
    return Judge(**(value | {"model": _linear(value["model"]), "steps": steps}))


def _linear(value: dict[str, Any]) -> Linear:
    """Raises KeyError, TypeError or ValueError where it is no model of today's features."""
    lists = {name: tuple(value[name]) for name in ("features", "means", "scales", "weights")}
    model = Linear(**(value | lists))
    if not model.features or not set(model.features) <= set(FEATURES):
        raise ValueError(f"its features are not among {', '.join(FEATURES)}")
    per_feature = (model.means, model.scales, model.weights)
    if any(len(own) != len(model.features) for own in per_feature) or not all(model.scales):
        raise ValueError("each feature needs a mean, a scale other than 0 and a weight")
    if not np.isfinite([*(x for own in per_feature for x in own), model.bias]).all():
        raise ValueError("not all its numbers are finite")
    return model


def _require_usable(calibration: Calibration) -> None:
    """Raises ValueError or TypeError where it cannot be asked."""
    sizes = [judge.searched for judge in calibration.judges]
    if not sizes or sizes != sorted(set(sizes)) or not sizes[0] >= 1:
        raise ValueError("its judges do not rise from 1 passage on")
    thresholds = [judge.threshold for judge in calibration.judges]
    if not np.isfinite([calibration.ece, *sizes, *thresholds]).all():
        raise ValueError("not all its numbers are finite")
    if not all(0 <= threshold <= 1 for threshold in thresholds):
        raise ValueError(f"its thresholds are {thresholds}, not from 0 to 1")
    if type(calibration.n) is not int or calibration.n < 0:
        raise ValueError(f"its n is {calibration.n!r}, no number of questions")
    if not all(isinstance(x, str) for x in (calibration.reader_sha256, calibration.fitted_on)):
        raise TypeError("it does not say which reader, or on what, it was fitted")
