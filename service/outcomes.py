"""What was found for a question, written once, and each request's own reply made of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from service.schemas.answer import AskResponse, TimingsModel

# What of a reply is the request's own; the rest is the same for all who ask the same.
OWN = frozenset({"request_id", "cached", "timings_ms"})
# What a request spent that waited for another's computation, or for none.
NO_STAGES = {"wait": 0.0, "encode": 0.0, "search": 0.0, "read": 0.0}

How = Literal["computed", "shared", "kept"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``told`` is the reply as a JSON object in UTF-8, without the request's OWN.

    ``lasting`` unless time ran out while passages were read: under less load more would have
    been. ``stages`` are the milliseconds it took; the others are for log and metrics.
    """

    told: bytes
    status: str
    lasting: bool
    stages: Mapping[str, float]
    abstained: str | None
    confidence: float | None
    passages_read: int | None
    passages_to_read: int | None
    snapshot: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An outcome as one request has it, ``total_ms`` after the request came.

    It was ``computed`` for this request, ``shared`` with one that asked the same a moment
    before, or ``kept`` from an earlier one.
    """

    outcome: Outcome
    how: How
    total_ms: float

    @property
    def cached(self) -> bool:
        return self.how != "computed"

    def to_json(self, request_id: str) -> bytes:
        """The reply as ``AskResponse`` is written: the same fields in the same order."""
        stages = NO_STAGES if self.cached else self.outcome.stages
        timings = TimingsModel(**stages, total=round(self.total_ms, 3))
        return b'{"request_id":%s,%s,"cached":%s,"timings_ms":%s}' % (
            json.dumps(request_id).encode(),
            self.outcome.told[1:-1],
            b"true" if self.cached else b"false",
            timings.model_dump_json().encode(),
        )


def outcome_of(reply: AskResponse, wait_ms: float) -> Outcome:
    """What a reply says to whoever asks; ``wait_ms`` passed before it was begun."""
    reading, answer, abstained = reply.reading, reply.answer, reply.abstention
    timings, cut = reply.timings_ms, reading is not None and not reading.complete
    confidence = answer.confidence if answer else abstained.best_confidence if abstained else None
    return Outcome(
        told=reply.model_dump_json(exclude=set(OWN)).encode(),
        status=reply.status,
        # A question that is too long to be read beside a passage is so at any time.
        lasting=not cut or (abstained is not None and abstained.reason == "question_too_long"),
        stages={
            "wait": round(wait_ms, 3),
            "encode": timings.encode,
            "search": timings.search,
            "read": timings.read,
        },
        abstained=abstained.reason if abstained else None,
        confidence=confidence,
        passages_read=reading.passages_read if reading else None,
        passages_to_read=reading.passages_to_read if reading else None,
        snapshot=reply.snapshot.version,
    )
