"""Fitting confidence, against made data whose truth is known and against brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from service.evaluation import calibrate
from service.evaluation.answers import auroc
from service.evaluation.calibrate import (
    LEAST_JUDGED,
    SMALL,
    fit_calibration,
)
from service.evaluation.confidences import expected_calibration_error
from service.evaluation.judged import ANSWERABLE, JudgedQuestion, counted_as_asked
from service.evaluation.thresholds import serving_threshold
from service.reading.features import FEATURES

SHA256 = "1" * 64
LARGE = 500


def made(count, seed):
    """Questions whose candidates are right with probability sigmoid(2 margin - 1)."""
    rng = np.random.default_rng(seed)
    questions = []
    for number in range(count):
        answerable = bool(number % 2)
        features = rng.normal(size=(3, len(FEATURES)))
        features[:, 0] -= 1.5 * (not answerable)
        chance = 1 / (1 + np.exp(-(2 * features[:, 0] - 1)))
        right = answerable & (rng.random(3) < chance)
        questions.append(
            JudgedQuestion(str(number), "made", answerable, features, right, right * 1.0, LARGE)
        )
    return questions


def as_asked(questions):
    """All that have an answer, and as many of the others that those are ANSWERABLE of them."""
    known = [question for question in questions if question.answerable]
    others = [question for question in questions if not question.answerable]
    return [*known, *others[: round(len(known) * (1 - ANSWERABLE) / ANSWERABLE)]]


def test_fit():
    """The margin that decides is found, the error held aside is small and like that on new data,
    of which as many have an answer as are taken to have.
    """
    calibration, held = fit_calibration(made(3000, 1), SHA256, "made questions")
    (judge,) = calibration.judges
    assert judge.searched == LARGE
    for model, other in ((calibration.choosing, "lead"), (judge.model, "dense")):
        weights = dict(zip(model.features, np.abs(model.weights), strict=True))
        assert max(weights, key=weights.get) == "margin"
        assert weights["margin"] > 5 * weights[other]
    assert (calibration.n, calibration.ece, calibration.fitted_on) == (
        3000,
        held.ece,
        "made questions",
    )
    confidences, right = [], []
    for question in as_asked(made(3000, 2)):
        sure = calibration.confidence(question.features, question.searched)
        chosen = calibration.choice(question.features).argmax()
        confidences.append(float(sure[chosen]))
        right.append(bool(question.right[chosen]))
    assert expected_calibration_error(confidences, right) == pytest.approx(held.ece, abs=0.03)
    assert held.ece < 0.04


def test_chance_is_not_fitted():
    """Where nothing tells right from wrong, folds say so: nobody is much surer than the share."""
    questions = made(600, 3)
    rng = np.random.default_rng(4)
    for question in questions:
        question.features[:] = rng.normal(size=question.features.shape)
        question.right[:] = question.answerable & (rng.random(3) < 0.8)
    _, held = fit_calibration(questions, SHA256, "chance")
    assert held.ece < 0.08
    assert np.abs(held.confidence - 0.8 * ANSWERABLE).mean() < 0.1


def test_eleven_of_sixteen_count_as_answerable_in_each_group():
    """By hand: of the first group one of three, of weights 2, 1 and 1; of the second both, which
    stay as they are. The sums stay.
    """
    questions = [
        replace(one, answerable=answerable, weight=weight)
        for one, answerable, weight in zip(
            made(5, 1), [True, False, False, True, True], [2.0, 1.0, 1.0, 1.0, 4.0], strict=True
        )
    ]
    weight = counted_as_asked(questions, np.asarray([False, False, False, True, True]))
    assert weight == pytest.approx([4 * 11 / 16, 4 * 5 / 32, 4 * 5 / 32, 1, 4])
    assert counted_as_asked([], np.empty(0, dtype=bool)).tolist() == []


def test_confidence_takes_as_many_to_have_an_answer_as_people_ask():
    """Where nothing tells them apart and every answerable one is answered rightly, eleven of
    sixteen are right, though two of three questions fitted on have no answer.
    """
    rng = np.random.default_rng(12)
    questions = [
        replace(
            one,
            answerable=at % 3 == 0,
            features=rng.normal(size=(1, len(FEATURES))),
            right=np.asarray([at % 3 == 0]),
            f1=np.asarray([float(at % 3 == 0)]),
        )
        for at, one in enumerate(made(900, 13))
    ]
    _, held = fit_calibration(questions, SHA256, "no telling")
    assert held.confidence.mean() == pytest.approx(11 / 16, abs=0.02)


def test_a_question_without_candidates_is_wrong_and_unsure():
    """A passage without words gives none; where no question has any there is nothing to fit."""
    empty = np.empty((0, len(FEATURES)))
    hollow = [
        JudgedQuestion(
            one.question_id, "", one.answerable, empty, np.empty(0, bool), np.empty(0), 9
        )
        for one in made(200, 5)
    ]
    with pytest.raises(ValueError, match="none of the questions"):
        fit_calibration(hollow, SHA256, "nothing read")
    _, held = fit_calibration([*hollow[:20], *made(200, 5)[20:]], SHA256, "some read")
    assert not held.right[:20].any()
    assert set(held.confidence[:20]) == {0.0}


def sized(questions, searched, **changes):
    """The same questions asked of another number of passages, under other ids."""
    return [
        replace(one, question_id=f"{searched}/{one.question_id}", searched=searched, **changes)
        for one in questions
    ]


def by_relevance(count, seed):
    """Questions whose candidates are right with probability sigmoid(2 relevance - 1)."""
    rng = np.random.default_rng(seed)
    questions = made(count, seed)
    for question in questions:
        chance = 1 / (1 + np.exp(1 - 2 * question.features[:, FEATURES.index("relevance")]))
        question.right[:] = rng.random(3) < chance
    return questions


def test_small_and_large_corpora_are_judged_by_what_tells_there():
    """Margin among few passages, relevance among many. The first stands at the largest small
    corpus, the other at the median; who asks few is as well judged as by questions of few alone,
    and each has the threshold that serves its own.
    """
    few = [*sized(made(400, 7), 9), *sized(made(800, 8), 4)]
    many = [*sized(by_relevance(900, 9), 700), *sized(by_relevance(200, 10), 7000)]
    calibration, held = fit_calibration([*few, *many], SHA256, "both")
    assert [judge.searched for judge in calibration.judges] == [9, 700]
    for judge, own in zip(calibration.judges, (slice(1200), slice(1200, None)), strict=True):
        answerable = np.asarray([question.answerable for question in [*few, *many][own]])
        assert judge.threshold == serving_threshold(held.confidence[own], held.f1[own], answerable)
    for judge, decides in zip(calibration.judges, ("margin", "relevance"), strict=True):
        weights = dict(zip(judge.model.features, np.abs(judge.model.weights), strict=True))
        assert max(weights, key=weights.get) == decides
    _, alone = fit_calibration(few, SHA256, "few")
    assert (
        auroc(held.confidence[:1200], held.right[:1200])
        > auroc(alone.confidence, alone.right) - 0.02
    )
    assert held.ece < 0.05


def test_where_one_is_kept_its_judges_of_larger_corpora_stay():
    """What was learnt of margins in small ones gives way to relevance; judge, threshold and error
    are those of the new questions, and what chooses is fitted on them.
    """
    few, many = sized(made(600, 7), 4), sized(made(600, 8), 700)
    before, _ = fit_calibration([*few, *many], SHA256, "both")
    anew = sized(by_relevance(900, 9), 9)
    calibration, held = fit_calibration(anew, SHA256, "anew", before)
    assert calibration.choosing == fit_calibration(anew, SHA256, "alone")[0].choosing
    assert calibration.judges[1:] == before.judges[1:]
    (small, _) = calibration.judges
    weights = dict(zip(small.model.features, np.abs(small.model.weights), strict=True))
    assert max(weights, key=weights.get) == "relevance"
    answerable = np.asarray([question.answerable for question in anew])
    assert small.threshold == serving_threshold(held.confidence, held.f1, answerable)
    assert (small.searched, calibration.n, calibration.fitted_on) == (9, 900, "anew")
    weight = counted_as_asked(anew, np.zeros(900, dtype=bool))
    by_weight = expected_calibration_error(held.confidence, held.right, weights=weight)
    assert calibration.ece == held.ece == by_weight
    assert held.ece < 0.06


def test_a_lone_judge_of_larger_corpora_is_kept_and_their_questions_are_refused():
    """Where so few were small that all went to one judge; and before anything is fitted."""
    before, _ = fit_calibration(sized(made(600, 8), 700), SHA256, "large alone")
    assert len(before.judges) == 1
    calibration, _ = fit_calibration(sized(made(600, 7), 4), SHA256, "anew", before)
    assert [judge.searched for judge in calibration.judges] == [4, 700]
    assert calibration.judges[1:] == before.judges
    with pytest.raises(ValueError, match="more than 20 passages"):
        fit_calibration(sized(made(600, 7), SMALL + 1), SHA256, "large", before)


def test_too_few_of_a_size_have_no_judge_of_their_own():
    """One less than LEAST_JUDGED of small corpora are judged by the large ones' judge."""
    few = sized(made(LEAST_JUDGED, 7), SMALL)
    many = sized(made(600, 8), SMALL + 1)
    assert len(fit_calibration([*few, *many], SHA256, "enough")[0].judges) == 2
    assert len(fit_calibration([*few[1:], *many], SHA256, "too few")[0].judges) == 1


def test_a_weight_counts_as_so_many_questions():
    """Models are those of the set with the question written twice. Steps count the weight, too:
    where as many wrong answers as there are others count nine times, the surest are less than half
    as sure as where they count once.
    """
    once, other = sized(made(300, 1), 500), sized(made(300, 2), 501)
    twice, _ = fit_calibration([*once, *(replace(q, weight=2.0) for q in other)], SHA256, "weight")
    written, _ = fit_calibration([*once, *other, *other], SHA256, "written")
    assert (twice.n, written.n) == (600, 900)
    rows = np.concatenate([question.features for question in [*once, *other]])
    # Means and scales are of the rows, not weighted, which the penalty on weights shows a little.
    assert twice.choice(rows) == pytest.approx(written.choice(rows), abs=0.1)
    assert twice.judges[0].model.logits(rows) == pytest.approx(
        written.judges[0].model.logits(rows), abs=0.1
    )
    without, _ = fit_calibration([*once, *other], SHA256, "once each")
    assert np.abs(without.choice(rows) - written.choice(rows)).max() > 0.2
    wrong = [replace(q, right=np.zeros(3, dtype=bool), f1=np.zeros(3), weight=9.0) for q in other]
    heavy, _ = fit_calibration([*once, *wrong], SHA256, "heavy")
    light, _ = fit_calibration([*once, *(replace(q, weight=1.0) for q in wrong)], SHA256, "light")
    assert heavy.judges[0].steps[-1][1] < 0.5 * light.judges[0].steps[-1][1]


def test_one_question_is_in_one_fold(monkeypatch):
    """Asked of two corpora it is fitted on with neither where it is judged: so what is learnt by
    heart does not show. Here the features say which question it is, and nothing else.
    """
    rng = np.random.default_rng(11)
    questions = []
    for number in range(400):
        answerable = bool(rng.random() < 0.5)
        features, right = rng.normal(size=(1, len(FEATURES))), np.asarray([answerable])
        for searched in (9, 500):
            questions.append(
                JudgedQuestion(
                    str(number), "made", answerable, features, right, right * 1.0, searched
                )
            )
    seen = []
    fitted = calibrate.logistic_regression

    def spy(names, features, labels, weight):
        seen.append({tuple(row) for row in features})
        return fitted(names, features, labels, weight)

    monkeypatch.setattr(calibrate, "logistic_regression", spy)
    fit_calibration(questions, SHA256, "twice")
    # Per fold: what chooses, then what judges few and many; both judges saw the same questions.
    for choosing, few, many in zip(seen[0:15:3], seen[1:15:3], seen[2:15:3], strict=True):
        assert few == many
        assert choosing <= few
        assert 310 < len(few) < 330


def test_questions_without_candidates_make_no_judge():
    """Many of small corpora, of which hardly any has a candidate, go to the others' judge."""
    empty = np.empty((0, len(FEATURES)))
    hollow = [
        replace(one, features=empty, right=np.empty(0, bool), f1=np.empty(0))
        for one in sized(made(LEAST_JUDGED + 9, 5), 4)
    ]
    few = sized(made(LEAST_JUDGED - 1, 6), 5)
    calibration, held = fit_calibration(
        [*hollow, *few, *sized(made(600, 7), 500)], SHA256, "hollow"
    )
    assert len(calibration.judges) == 1
    assert np.isfinite(held.confidence).all()


def test_nothing_to_fit():
    """Only right, only wrong, or hardly any questions are refused."""
    with pytest.raises(ValueError, match="at least 5"):
        fit_calibration(made(4, 1), SHA256, "few")
    wrong = made(40, 1)
    for question in wrong:
        question.right[:] = False
    with pytest.raises(ValueError, match="0 are right"):
        fit_calibration(wrong, SHA256, "wrong")


def test_what_chooses_need_not_judge():
    """Lead says which words are right where any are, relevance whether any are: the first model
    finds the lead, the second both, and confidence orders answers nearly as well as the truth, a
    product that no sum of weights is equal to.
    """
    rng = np.random.default_rng(6)
    lead, relevance = FEATURES.index("lead"), FEATURES.index("relevance")
    questions = []
    for number in range(2000):
        features = rng.normal(size=(3, len(FEATURES)))
        features[:, relevance] = rng.normal()
        answerable = bool(rng.random() < 1 / (1 + np.exp(-3 * features[0, relevance])))
        right = answerable & (rng.random(3) < 1 / (1 + np.exp(-2 * features[:, lead])))
        questions.append(
            JudgedQuestion(str(number), "made", answerable, features, right, right * 1.0, LARGE)
        )
    calibration, held = fit_calibration(questions, SHA256, "made")
    weights = dict(zip(calibration.choosing.features, calibration.choosing.weights, strict=True))
    assert weights["lead"] > 10 * max(abs(weights[x]) for x in weights if x != "lead")
    (judge,) = calibration.judges
    weights = dict(zip(judge.model.features, judge.model.weights, strict=True))
    others = max(abs(weights[x]) for x in weights if x not in ("lead", "relevance"))
    assert min(weights["lead"], weights["relevance"]) > 4 * others
    best = [one.features[one.features[:, lead].argmax()] for one in questions]
    truth = [1 / (1 + np.exp(-3 * x[relevance])) / (1 + np.exp(-2 * x[lead])) for x in best]
    assert auroc(held.confidence, held.right) > auroc(np.asarray(truth), held.right) - 0.03
