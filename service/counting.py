"""What each question adds to the metrics and the log."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from service.metrics import Metrics
from service.outcomes import Answered, Outcome

_log = logging.getLogger("quoth.questions")


def count_answers(
    metrics: Metrics, answers: Sequence[Answered | Exception], request_id: str
) -> None:
    """Statuses of all; times and reading of what was found for this very request."""
    for answer in answers:
        if isinstance(answer, Exception):
            metrics.questions.labels("failed").inc()
            continue
        outcome = answer.outcome
        metrics.questions.labels(outcome.status).inc()
        metrics.replies.labels(answer.how).inc()
        if outcome.abstained is not None:
            metrics.abstentions.labels(outcome.abstained).inc()
        if answer.cached:
            continue
        for stage in ("wait", "encode", "search"):
            _time(metrics, stage, outcome)
        if outcome.passages_read is not None:
            _count_reading(metrics, outcome, request_id)


def _count_reading(metrics: Metrics, outcome: Outcome, request_id: str) -> None:
    read, to_read = outcome.passages_read, outcome.passages_to_read
    _time(metrics, "read", outcome)
    metrics.passages_read.observe(read)
    metrics.passages_unread.inc(to_read - read)
    line = {
        "request_id": request_id,
        "outcome": outcome.status,
        "reason": outcome.abstained,
        "confidence": outcome.confidence,
        "passages_read": read,
        "passages_to_read": to_read,
        "read_ms": outcome.stages["read"],
        "snapshot": outcome.snapshot,
    }
    _log.info("question read", extra=line)


def _time(metrics: Metrics, stage: str, outcome: Outcome) -> None:
    metrics.stage_seconds.labels(stage).observe(outcome.stages[stage] / 1000)
