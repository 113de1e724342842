"""Confidence by hand arithmetic; the file there and back."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import ReaderUnavailable
from service.reading.calibration import (
    LEAST_SURE,
    SUREST,
    Calibration,
    Judge,
    Linear,
    confidences,
    load_calibration,
    save_calibration,
)
from service.reading.features import FEATURES

READER = "ab" * 32
COUNT = len(FEATURES)
# Two features count, each with its own mean, scale and weight, and those that judge are others.
CHOOSING = Linear(("margin", "dense"), (0.0, 1.0), (1.0, 2.0), (1.0, 4.0), -3.0)
JUDGING = Linear(("margin", "lead"), (1.0, -2.0), (2.0, 4.0), (3.0, -1.0), 0.5)
JUDGE = Judge(8.0, JUDGING, ((0.0, 0.1), (2.0, 0.5), (4.0, 1.0)), 0.4)
FITTED = Calibration(READER, CHOOSING, (JUDGE,), 9, 0.02, "hand")


def row(margin: float, lead: float, dense: float = 7.0) -> list[float]:
    told = {"margin": margin, "lead": lead, "dense": dense}
    return [told.get(name, 7.0) for name in FEATURES]


def test_logits_are_the_logistic_model_s():
    """Each feature less its mean, by its scale, times its weight, and the bias."""
    rows = np.asarray([row(1, -2), row(3, 2)])
    # (1-1)/2*3 + (-2+2)/4*-1 + .5 = .5;  (3-1)/2*3 - (2+2)/4 + .5 = 3 - 1 + .5 = 2.5
    assert JUDGING.logits(rows).tolist() == pytest.approx([0.5, 2.5])
    # 1 + (7-1)/2*4 - 3 = 10;  3 + 12 - 3 = 12
    assert FITTED.choice(rows).tolist() == pytest.approx([10.0, 12.0])


def test_confidence_is_read_off_between_the_steps():
    """Linear between two knots, level beyond them, never surer than is allowed."""
    found = FITTED.confidence(np.asarray([row(1, -2), row(3, 2), row(-9, -2), row(99, -2)]), 9)
    # .5 lies a quarter of the way from .1 to .5; 2.5 a quarter from .5 to 1; then below and above.
    assert found.tolist() == pytest.approx([0.2, 0.625, 0.1, SUREST])
    never = replace(FITTED, judges=(replace(JUDGE, steps=((0.0, 0.0),)),))
    assert never.confidence(np.asarray([row(0, 0)]), 9) == pytest.approx([LEAST_SURE])


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=9))
def test_confidence_rises_with_the_score(values):
    """A higher score is never less sure."""
    features = np.asarray([row(value, 0) for value in values])
    order = np.argsort(JUDGING.logits(features), kind="stable")
    assert (np.diff(FITTED.confidence(features, 9)[order]) >= 0).all()


def test_a_calibration_is_moved_in_logits():
    """Slope 1 and intercept 0 change nothing but the clipped ends; else Platt's sigmoid. Every
    judge is moved.
    """
    (same,) = FITTED.moved(1.0, 0.0).judges
    assert [at for at, _ in same.steps] == [0.0, 2.0, 4.0]
    assert [share for _, share in same.steps] == pytest.approx([0.1, 0.5, SUREST])
    (moved,) = FITTED.moved(2.0, np.log(3)).judges
    # logit(.1) = log(1/9), twice and with log 3: log(3/81) → 1/28;  logit(.5) = 0 → 3/4.
    assert [share for _, share in moved.steps[:2]] == pytest.approx([1 / 28, 3 / 4])
    assert replace(moved, steps=JUDGE.steps) == JUDGE
    both = replace(FITTED, judges=(JUDGE, replace(JUDGE, searched=9.0)))
    assert both.moved(2.0, np.log(3)).judges == (moved, replace(moved, searched=9.0))


def test_between_two_judges_their_logits_are_mixed():
    """Logits log(1/9) among 8 passages and log(9) among 512: after two of six doublings a third of
    the way, -log(9) / 3, and no further than either outside.
    """
    few, many = (
        replace(JUDGE, searched=at, steps=((0.0, p),)) for at, p in ((8.0, 0.1), (512.0, 0.9))
    )
    searched, features = [0, 8, 32, 512, 10**6], np.zeros((5, COUNT))
    expected = [0.1, 0.1, 1 / (1 + 9 ** (1 / 3)), 0.9, 0.9]
    assert confidences([few, many], features, searched) == pytest.approx(expected)
    both = replace(FITTED, judges=(few, many))
    assert [both.confidence(features[:1], at)[0] for at in searched] == pytest.approx(expected)


def test_the_threshold_is_mixed_likewise():
    """.4 among 8 passages, .1 among 512: after two of six doublings .3, and no further outside."""
    both = replace(FITTED, judges=(JUDGE, replace(JUDGE, searched=512.0, threshold=0.1)))
    found = [both.threshold(searched) for searched in (0, 8, 32, 512, 10**6)]
    assert found == pytest.approx([0.4, 0.4, 0.3, 0.1, 0.1])
    assert both.moved(0.5, 1.0).threshold(32) == pytest.approx(0.3)


def test_what_was_saved_is_loaded(tmp_path):
    """Saved and loaded it is equal, moved or not, and nothing else is left in the folder."""
    path = tmp_path / "calibration.json"
    for calibration in (FITTED, FITTED.moved(0.7, -0.3)):
        save_calibration(calibration, path)
        assert load_calibration(path, READER) == calibration
    assert list(tmp_path.iterdir()) == [path]


def test_another_reader_s_calibration_is_refused(tmp_path):
    """It says both readers and the remedy."""
    path = tmp_path / "calibration.json"
    save_calibration(FITTED, path)
    with pytest.raises(ReaderUnavailable, match=r"abababababab.*cdcdcdcdcdcd.*quoth evaluate"):
        load_calibration(path, "cd" * 32)


def spoilt(**changes) -> str:
    return json.dumps({**FITTED.to_json(), **changes})


def spoilt_judge(**changes) -> str:
    return spoilt(judges=[{**FITTED.to_json()["judges"][0], **changes}])


def spoilt_model(**changes) -> str:
    return spoilt_judge(model={**FITTED.to_json()["judges"][0]["model"], **changes})


@pytest.mark.parametrize(
    "text",
    [
        "", "{}", "[]", "7", '"text"', "null", spoilt(format=99), spoilt(more=1),
        spoilt(choosing=None), spoilt(judges={}), spoilt(judges=[1.0]), spoilt_model(more=1),
        spoilt(judges=[]), spoilt(judges=[*FITTED.to_json()["judges"]] * 2), spoilt_judge(more=1),
        spoilt_judge(searched=0.5), spoilt_judge(searched="many"),
        spoilt_judge(searched=float("nan")),
        spoilt_model(features=["margin"]), spoilt_model(features=["margin", "luck"]),
        spoilt_model(features=[], means=[], scales=[], weights=[]),
        spoilt_model(means=[0.0]), spoilt_model(scales=[0.0, 1.0]),
        spoilt_model(weights=["x", "y"]), spoilt_model(bias=None),
        spoilt_model(bias=float("nan")), spoilt_judge(steps=[]), spoilt_judge(steps=[[1.0]]),
        spoilt_judge(steps=[[2.0, 0.5], [1.0, 0.6]]), spoilt_judge(threshold="high"),
        spoilt_judge(threshold=1.5), spoilt_judge(threshold=-0.1), spoilt(threshold=0.5),
        spoilt(n="many"), spoilt(n=-1), spoilt(ece=float("nan")), spoilt(ece="low"),
        spoilt(fitted_on=None), spoilt(reader_sha256=None),
    ],
)  # fmt: skip
def test_a_spoilt_file_is_a_named_error(tmp_path, text):
    """Whatever the file holds, it is a calibration or ReaderUnavailable."""
    path = tmp_path / "calibration.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReaderUnavailable, match=r"calibration\.json"):
        load_calibration(path, READER)


def test_a_missing_file_is_a_named_error(tmp_path):
    """No file is no calibration."""
    with pytest.raises(ReaderUnavailable, match="is no calibration"):
        load_calibration(tmp_path / "none.json", READER)
