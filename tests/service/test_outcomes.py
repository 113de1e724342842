"""Outcomes: a reply written once reads as if it had been written for each request."""

from __future__ import annotations

import pytest

from service.outcomes import Answered, outcome_of
from service.schemas.answer import ABSTAINED_EXAMPLE, ASK_RESPONSE_EXAMPLE, AskResponse

ANSWERED = AskResponse.model_validate(ASK_RESPONSE_EXAMPLE)
ABSTAINED = AskResponse.model_validate(ABSTAINED_EXAMPLE)


def reading(read: int, to_read: int = 5):
    complete = read == to_read
    return {"passages_read": read, "passages_to_read": to_read, "complete": complete}


def changed(**fields) -> AskResponse:
    return AskResponse.model_validate(ABSTAINED_EXAMPLE | fields)


@pytest.mark.parametrize("reply", [ANSWERED, ABSTAINED])
def test_the_bytes_are_those_the_model_writes(reply):
    """Field for field in the same order; times are the request's own."""
    times = reply.timings_ms.model_copy(update={"wait": 1.5, "total": 20.25})
    expected = reply.model_copy(update={"request_id": "r-1", "timings_ms": times})
    answered = Answered(outcome_of(reply, 1.5), "computed", 20.25)
    assert answered.to_json("r-1").decode() == expected.model_dump_json()


@pytest.mark.parametrize("how", ["shared", "kept"])
def test_what_was_found_for_another_says_so_and_took_no_time_of_its_own(how):
    """Only the total is left, and ``cached``; the rest is the same."""
    told = AskResponse.model_validate_json(
        Answered(outcome_of(ANSWERED, 3), how, 0.4).to_json("r-2")
    )
    assert told.cached is True
    assert told.timings_ms.model_dump() == {
        "wait": 0,
        "encode": 0,
        "search": 0,
        "read": 0,
        "total": 0.4,
    }
    own = {"request_id", "cached", "timings_ms"}
    assert told.model_dump(exclude=own) == ANSWERED.model_dump(exclude=own)


@pytest.mark.parametrize(
    ("reply", "lasting"),
    [
        (ANSWERED, True),
        (changed(reading=reading(5)), True),
        (changed(reading=None), True),
        (changed(reading=reading(3)), False),
        (changed(reading=reading(0)), False),
        (
            changed(
                reading=reading(0),
                abstention=ABSTAINED_EXAMPLE["abstention"] | {"reason": "question_too_long"},
            ),
            True,
        ),
    ],
)
def test_a_reading_that_time_cut_short_does_not_last(reply, lasting):
    """Asked again under less load, more would be read; a question too long stays too long."""
    assert outcome_of(reply, 0).lasting is lasting


def test_what_log_and_metrics_need_is_taken_from_the_reply():
    """Confidence of the answer, or of the best that was not enough."""
    outcome = outcome_of(ANSWERED, 2)
    assert (outcome.status, outcome.abstained, outcome.confidence) == ("answered", None, 0.94)
    assert (outcome.passages_read, outcome.passages_to_read) == (1, 1)
    assert outcome.stages == {"wait": 2, "encode": 2.9, "search": 0.3, "read": 9.1}
    outcome = outcome_of(ABSTAINED, 0)
    assert (outcome.abstained, outcome.confidence) == ("not_stated", 0.12)
    assert outcome.snapshot == ABSTAINED.snapshot.version
