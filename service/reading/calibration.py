"""How sure an answer is: features of a candidate → the share of such answers that are right.

A logistic model over a few named features (``features.py``), then an isotonic step; both are
plain numbers in a JSON file beside the weights, together with what they were fitted on.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from service.errors import ReaderUnavailable
from service.reading.features import FEATURES

FORMAT = 1
# Nothing is ever said to be surer, or less sure, than this: no sample is that large.
SUREST, LEAST_SURE = 0.99, 0.01


@dataclass(frozen=True, slots=True)
class Calibration:
    """``weights`` go with ``features`` by position, after ``(value - means) / scales``.

    ``steps`` are the isotonic knots (score, share right), both rising; between them it is
    linear. ``threshold`` is the confidence from which on an answer is given. ``n`` and
    ``ece`` belong to the questions that ``fitted_on`` names.
    """

    reader_sha256: str
    features: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    steps: tuple[tuple[float, float], ...]
    threshold: float
    n: int
    ece: float
    fitted_on: str

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Logits float64 [n] of features float64 [n, len(self.features)]."""
        scaled = (features - np.asarray(self.means)) / np.asarray(self.scales)
        return scaled @ np.asarray(self.weights) + self.bias

    def confidence(self, features: np.ndarray) -> np.ndarray:
        """Calibrated probabilities float64 [n], rising with the score."""
        knots = np.asarray(self.steps)
        shares = np.interp(self.scores(features), knots[:, 0], knots[:, 1])
        return np.clip(shares, LEAST_SURE, SUREST)

    def moved(self, slope: float, intercept: float) -> Calibration:
        """As this, each share p replaced by sigmoid(slope · logit(p) + intercept): a corpus's
        own questions move the whole (Platt 1999).
        """
        shares = np.clip([share for _, share in self.steps], LEAST_SURE, SUREST)
        logits = slope * np.log(shares / (1 - shares)) + intercept
        steps = zip((at for at, _ in self.steps), 1 / (1 + np.exp(-logits)), strict=True)
        return replace(self, steps=tuple((float(at), float(share)) for at, share in steps))

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
            raise ValueError(f"format is not {FORMAT}")
        lists = ("features", "means", "scales", "weights")
        value |= {name: tuple(value[name]) for name in lists}
        value["steps"] = tuple((float(at), float(share)) for at, share in value["steps"])
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


def _require_usable(calibration: Calibration) -> None:
    """Raises ValueError or TypeError where it cannot judge today's features."""
    if calibration.features != FEATURES:
        raise ValueError(f"its features are not {', '.join(FEATURES)}")
    per_feature = (calibration.means, calibration.scales, calibration.weights)
    places = [at for at, _ in calibration.steps]
    single = (calibration.bias, calibration.threshold, calibration.ece)
    numbers = [*(x for values in per_feature for x in values), *single]
    if any(len(values) != len(FEATURES) for values in per_feature) or not all(calibration.scales):
        raise ValueError("each feature needs a mean, a scale other than 0 and a weight")
    if not places or places != sorted(places):
        raise ValueError("its steps do not rise")
    if not np.isfinite([*numbers, *(x for step in calibration.steps for x in step)]).all():
        raise ValueError("not all its numbers are finite")
    if not 0 <= calibration.threshold <= 1:
        raise ValueError(f"its threshold is {calibration.threshold}, not from 0 to 1")
    if type(calibration.n) is not int or calibration.n < 0:
        raise ValueError(f"its n is {calibration.n!r}, no number of questions")
    if not all(isinstance(x, str) for x in (calibration.reader_sha256, calibration.fitted_on)):
        raise TypeError("it does not say which reader, or on what, it was fitted")
